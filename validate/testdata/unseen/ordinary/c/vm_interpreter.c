#include <stdbool.h>
#include <stdio.h>

typedef enum { PSH, ADD, MUL, POP, SET, JNZ, DEC, PRN, HLT } Op;

const int program[] = {
    PSH, 5,
    SET, 0,
    PSH, 1,
    SET, 1,
    PRN,
    DEC,
    JNZ, 8,
    HLT
};

static int ip = 0, sp = -1;
static int stack[256];
static int reg[4];
static bool running = true;

static void eval(int instr)
{
    switch (instr) {
    case PSH: stack[++sp] = program[++ip]; break;
    case ADD: { int a = stack[sp--]; stack[sp] += a; break; }
    case MUL: { int a = stack[sp--]; stack[sp] *= a; break; }
    case POP: printf("popped %d\n", stack[sp--]); break;
    case SET: reg[program[++ip]] = stack[sp--]; break;
    case DEC: reg[0]--; break;
    case JNZ: { int to = program[++ip]; if (reg[0]) ip = to - 1; break; }
    case PRN: printf("r0=%d r1=%d\n", reg[0], reg[1]); break;
    case HLT: running = false; break;
    }
}

int main(void)
{
    while (running) {
        eval(program[ip]);
        ip++;
    }
    return 0;
}
