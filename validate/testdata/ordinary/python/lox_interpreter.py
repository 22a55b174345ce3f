"""A tiny expression language with its own eval() and exec() methods."""
import re

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*)|(==|[A-Za-z_]\w*|.))")


class Interpreter:
    def __init__(self):
        self.env = {}
        self.tokens = []

    def tokenize(self, source):
        self.tokens = [(float(n) if n else op) for n, op in TOKEN.findall(source)]

    def peek(self):
        return self.tokens[0] if self.tokens else None

    def take(self):
        return self.tokens.pop(0)

    def exec(self, line):
        """Run one statement: `let x = expr` or `print expr`."""
        self.tokenize(line)
        word = self.take()
        if word == "let":
            name = self.take()
            assert self.take() == "="
            self.env[name] = self.eval()
        elif word == "print":
            print(self.eval())
        else:
            raise SyntaxError(f"cannot exec {word!r}")

    def eval(self):
        value = self.term()
        while self.peek() in ("+", "-"):
            value = value + self.term() if self.take() == "+" else value - self.term()
        return value

    def term(self):
        value = self.factor()
        while self.peek() in ("*", "/"):
            value = value * self.factor() if self.take() == "*" else value / self.factor()
        return value

    def factor(self):
        token = self.take()
        if isinstance(token, float):
            return token
        if token == "(":
            value = self.eval()
            self.take()
            return value
        return self.env[token]


interp = Interpreter()
for line in ["let x = 3 * (2 + 4)", "let y = x / 2", "print x + y"]:
    interp.exec(line)
