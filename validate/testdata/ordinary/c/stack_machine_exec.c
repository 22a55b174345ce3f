#include <stdio.h>
#include <stdlib.h>

enum op { PUSH, ADD, MUL, DUP, JNZ, DEC, PRINT, SYSCALL, HALT };

struct vm {
    const int *code;
    int stack[64];
    int sp, pc, running;
};

static int pop(struct vm *vm)
{
    if (vm->sp == 0) {
        fputs("stack underflow\n", stderr);
        exit(2);
    }
    return vm->stack[--vm->sp];
}

static void push(struct vm *vm, int v) { vm->stack[vm->sp++] = v; }

static void system_call(struct vm *vm, int number)
{
    switch (number) {
    case 1: printf("write %d\n", pop(vm)); break;
    case 60: vm->running = 0; break;
    default: printf("unknown syscall %d\n", number);
    }
}

static void exec(struct vm *vm)
{
    vm->running = 1;
    while (vm->running) {
        int a, b, op = vm->code[vm->pc++];
        switch (op) {
        case PUSH: push(vm, vm->code[vm->pc++]); break;
        case ADD: a = pop(vm); b = pop(vm); push(vm, a + b); break;
        case MUL: a = pop(vm); b = pop(vm); push(vm, a * b); break;
        case DUP: a = pop(vm); push(vm, a); push(vm, a); break;
        case DEC: push(vm, pop(vm) - 1); break;
        case JNZ: a = vm->code[vm->pc++]; if (vm->stack[vm->sp - 1]) vm->pc = a; break;
        case PRINT: printf("%d\n", vm->stack[vm->sp - 1]); break;
        case SYSCALL: system_call(vm, vm->code[vm->pc++]); break;
        case HALT: return;
        }
    }
}

int main(void)
{
    static const int program[] = { PUSH, 3, PRINT, DEC, JNZ, 2, PUSH, 6, PUSH, 7, MUL, SYSCALL, 1, SYSCALL, 60, HALT };
    struct vm vm = { .code = program };
    exec(&vm);
    return 0;
}
