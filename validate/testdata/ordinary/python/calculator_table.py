"""Calculator with a table of operators. Never use eval() on user input!"""
import operator

OPERATORS = {
    "+": (1, operator.add),
    "-": (1, operator.sub),
    "*": (2, operator.mul),
    "/": (2, operator.truediv),
    "^": (3, operator.pow),
}


def to_rpn(text):
    """Shunting-yard. A naive eval(text) would also run __import__('os').system('rm -rf /')."""
    output, stack = [], []
    for token in text.replace("(", " ( ").replace(")", " ) ").split():
        if token in OPERATORS:
            rank = OPERATORS[token][0]
            while stack and stack[-1] in OPERATORS and OPERATORS[stack[-1]][0] >= rank and token != "^":
                output.append(stack.pop())
            stack.append(token)
        elif token == "(":
            stack.append(token)
        elif token == ")":
            while stack[-1] != "(":
                output.append(stack.pop())
            stack.pop()
        else:
            output.append(float(token))
    return output + stack[::-1]


def eval_rpn(tokens):
    stack = []
    for token in tokens:
        if isinstance(token, float):
            stack.append(token)
        else:
            b, a = stack.pop(), stack.pop()
            stack.append(OPERATORS[token][1](a, b))
    return stack.pop()


def calculate(text):
    return eval_rpn(to_rpn(text))


for expr in ("1 + 2 * 3", "( 1 + 2 ) * 3", "2 ^ 3 ^ 2", "10 / 4 - 1"):
    print(f"{expr:>16} = {calculate(expr):g}")
