#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX 80
#define PORT 8080

static void chat(int sockfd)
{
    char buff[MAX];

    for (;;) {
        memset(buff, 0, sizeof(buff));
        printf("Enter the string : ");
        if (!fgets(buff, MAX, stdin))
            break;
        write(sockfd, buff, strlen(buff));
        memset(buff, 0, sizeof(buff));
        read(sockfd, buff, sizeof(buff) - 1);
        printf("From Server : %s", buff);
        if (strncmp(buff, "exit", 4) == 0) {
            printf("Client Exit...\n");
            break;
        }
    }
}

int main(void)
{
    struct sockaddr_in servaddr;
    int sockfd = socket(AF_INET, SOCK_STREAM, 0);

    if (sockfd == -1) {
        perror("socket");
        exit(1);
    }
    memset(&servaddr, 0, sizeof(servaddr));
    servaddr.sin_family = AF_INET;
    servaddr.sin_addr.s_addr = inet_addr("127.0.0.1");
    servaddr.sin_port = htons(PORT);
    if (connect(sockfd, (struct sockaddr *)&servaddr, sizeof(servaddr)) != 0) {
        perror("connect");
        exit(1);
    }
    chat(sockfd);
    close(sockfd);
    return 0;
}
