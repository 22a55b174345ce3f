#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Praktikum 2: Zahlenraten mit Bestenliste */

#define OBERGRENZE 100

int einlesen(void)
{
    int zahl, c;
    while (scanf("%d", &zahl) != 1) {
        while ((c = getchar()) != '\n' && c != EOF)
            ;
        if (c == EOF)
            exit(EXIT_SUCCESS);
        printf("Bitte eine Zahl eingeben: ");
    }
    return zahl;
}

int main(void)
{
    int geheim, tipp, versuche, rekord = 0;
    char nochmal;

    srand((unsigned)time(NULL));
    do {
        geheim = rand() % OBERGRENZE + 1;
        versuche = 0;
        printf("Ich denke mir eine Zahl zwischen 1 und %d.\n", OBERGRENZE);
        do {
            printf("Dein Tipp: ");
            tipp = einlesen();
            versuche++;
            if (tipp < geheim)
                puts("zu klein");
            else if (tipp > geheim)
                puts("zu gross");
        } while (tipp != geheim);
        if (rekord == 0 || versuche < rekord)
            rekord = versuche;
        printf("Richtig nach %d Versuchen (Rekord: %d)!\n", versuche, rekord);
        printf("Noch einmal (j/n)? ");
        scanf(" %c", &nochmal);
    } while (nochmal == 'j' || nochmal == 'J');
    return 0;
}
