"""Teaching virtual machine: assemble text, then execute it."""

PROGRAM = """
    push 10
    store n
    push 1
    store acc
loop:
    load n
    jz done
    load acc
    load n
    mul
    store acc
    load n
    push -1
    add
    store n
    jmp loop
done:
    load acc
    print
    halt
"""


def compile(source):
    labels, code = {}, []
    for line in source.splitlines():
        line = line.strip()
        if line.endswith(":"):
            labels[line[:-1]] = len(code)
        elif line:
            op, *args = line.split()
            code.append([op, *args])
    for ins in code:
        if ins[0].startswith("j"):
            ins[1] = labels[ins[1]]
    return code


class Machine:
    def __init__(self, code):
        self.code, self.pc, self.stack, self.memory = code, 0, [], {}

    def system(self, call):
        if call == "print":
            print(self.stack.pop())

    def execute(self):
        while True:
            op, *args = self.code[self.pc]
            self.pc += 1
            if op == "push": self.stack.append(int(args[0]))
            elif op == "store": self.memory[args[0]] = self.stack.pop()
            elif op == "load": self.stack.append(self.memory[args[0]])
            elif op == "add": self.stack.append(self.stack.pop() + self.stack.pop())
            elif op == "mul": self.stack.append(self.stack.pop() * self.stack.pop())
            elif op == "jmp": self.pc = args[0]
            elif op == "jz": self.pc = self.pc if self.stack.pop() else args[0]
            elif op == "halt": return
            else: self.system(op)


Machine(compile(PROGRAM)).execute()
