import operator as op
import math


def tokenize(s):
    return s.replace("(", " ( ").replace(")", " ) ").split()


def parse(program):
    return read_from(tokenize(program))


def read_from(tokens):
    if not tokens:
        raise SyntaxError("unexpected EOF")
    token = tokens.pop(0)
    if token == "(":
        L = []
        while tokens[0] != ")":
            L.append(read_from(tokens))
        tokens.pop(0)
        return L
    return atom(token)


def atom(token):
    for conv in (int, float):
        try:
            return conv(token)
        except ValueError:
            pass
    return str(token)


class Env(dict):
    def __init__(self, params=(), args=(), outer=None):
        self.update(zip(params, args))
        self.outer = outer

    def find(self, var):
        return self if var in self else self.outer.find(var)


global_env = Env()
global_env.update(vars(math))
global_env.update({"+": op.add, "-": op.sub, "*": op.mul, "<": op.lt, "=": op.eq, "list": lambda *x: list(x)})


def eval(x, env=global_env):
    if isinstance(x, str):
        return env.find(x)[x]
    if not isinstance(x, list):
        return x
    if x[0] == "if":
        _, test, conseq, alt = x
        return eval(conseq if eval(test, env) else alt, env)
    if x[0] == "define":
        env[x[1]] = eval(x[2], env)
        return None
    if x[0] == "lambda":
        return lambda *args: eval(x[2], Env(x[1], args, env))
    proc, *args = [eval(e, env) for e in x]
    return proc(*args)


eval(parse("(define fact (lambda (n) (if (< n 2) 1 (* n (fact (- n 1))))))"))
print(eval(parse("(fact 10)")))
