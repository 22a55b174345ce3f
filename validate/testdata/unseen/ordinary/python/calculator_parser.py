# recursive descent calculator, no eval()
import re

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*)|(.))")


def tokenize(text):
    for number, op in TOKEN.findall(text):
        yield ("NUM", float(number)) if number else ("OP", op)
    yield ("END", None)


class Parser:
    def __init__(self, text):
        self.tokens = tokenize(text)
        self.advance()

    def advance(self):
        self.kind, self.value = next(self.tokens)

    def accept(self, op):
        if self.kind == "OP" and self.value == op:
            self.advance()
            return True
        return False

    def expr(self):
        left = self.term()
        while True:
            if self.accept("+"):
                left += self.term()
            elif self.accept("-"):
                left -= self.term()
            else:
                return left

    def term(self):
        left = self.factor()
        while True:
            if self.accept("*"):
                left *= self.factor()
            elif self.accept("/"):
                left /= self.factor()
            else:
                return left

    def factor(self):
        if self.accept("-"):
            return -self.factor()
        if self.accept("("):
            inner = self.expr()
            if not self.accept(")"):
                raise SyntaxError("expected )")
            return inner
        value = self.value
        self.advance()
        return value


for line in ("1 + 2 * 3", "(1 + 2) * 3", "-4 / (2 - 4)"):
    print(line, "=", Parser(line).expr())
