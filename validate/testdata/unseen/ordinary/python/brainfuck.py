import sys

def build_jumps(code):
    stack, jumps = [], {}
    for pos, c in enumerate(code):
        if c == "[":
            stack.append(pos)
        elif c == "]":
            start = stack.pop()
            jumps[start], jumps[pos] = pos, start
    return jumps

def execute(code):
    tape, ptr, pc = [0] * 30000, 0, 0
    jumps = build_jumps(code)
    while pc < len(code):
        command = code[pc]
        if command == ">":
            ptr += 1
        elif command == "<":
            ptr -= 1
        elif command == "+":
            tape[ptr] = (tape[ptr] + 1) % 256
        elif command == "-":
            tape[ptr] = (tape[ptr] - 1) % 256
        elif command == ".":
            sys.stdout.write(chr(tape[ptr]))
        elif command == ",":
            tape[ptr] = ord(sys.stdin.read(1) or "\0")
        elif command == "[" and not tape[ptr]:
            pc = jumps[pc]
        elif command == "]" and tape[ptr]:
            pc = jumps[pc]
        pc += 1

HELLO = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."
if len(sys.argv) > 1:
    with open(sys.argv[1]) as f:
        execute(f.read())
else:
    execute(HELLO)
