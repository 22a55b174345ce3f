#include <stdio.h>
void hanoi(int n,char from,char to,char aux)
{
  if(n==1){printf("Move disk 1 from %c to %c\n",from,to);return;}
  hanoi(n-1,from,aux,to);
  printf("Move disk %d from %c to %c\n",n,from,to);
  hanoi(n-1,aux,to,from);
}
int gcd(int a,int b){return b==0?a:gcd(b,a%b);}
long power(int b,int e){long r=1;while(e-->0)r*=b;return r;}
int main()
{
  int n;
  printf("Number of disks: ");
  scanf("%d",&n);
  if(n<1||n>20){printf("too many\n");return 1;}
  hanoi(n,'A','C','B');
  printf("%ld moves\n",power(2,n)-1);
  printf("gcd(84,36)=%d\n",gcd(84,36));
  getchar();
  return 0;
}
