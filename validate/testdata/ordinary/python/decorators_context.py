"""Decorators, context managers and generators, lesson 9."""
import contextlib
import functools
import inspect
import time


def trace(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        print("call", func.__name__, args, kwargs)
        result = func(*args, **kwargs)
        print("  ->", result)
        return result
    return wrapper


def retry(times, errors=(Exception,)):
    def decorate(func):
        @functools.wraps(func)
        def wrapper(*args):
            for attempt in range(1, times + 1):
                try:
                    return func(*args)
                except errors as exc:
                    print(f"attempt {attempt} failed: {exc}")
            raise RuntimeError("gave up")
        return wrapper
    return decorate


@contextlib.contextmanager
def timer(label):
    start = time.time()
    try:
        yield
    finally:
        print(label, "took", round(time.time() - start, 1), "s")


@trace
def power(base, exponent=2):
    """Raise base to exponent."""
    return base ** exponent


attempts = iter([ConnectionError("no route"), TimeoutError("slow"), None])


@retry(5, errors=(OSError,))
def connect(host):
    problem = next(attempts)
    if problem:
        raise problem
    return f"connected to {host}"


with timer("lesson"):
    power(3)
    power(2, exponent=10)
    print(connect("example.test"))
print(inspect.signature(power), power.__doc__, power.__wrapped__.__code__.co_varnames)
print(globals()["power"] is power, sorted(k for k in globals() if k.startswith("t")))
