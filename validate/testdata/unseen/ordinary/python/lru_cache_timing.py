import functools
import time
from collections import OrderedDict


def timer(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        start = time.time()
        result = func(*args, **kwargs)
        print(f"{func.__name__!r} took {time.time() - start:.4f}s")
        return result
    return wrapper


class LRUCache:
    def __init__(self, capacity: int):
        self.capacity = capacity
        self.cache = OrderedDict()

    def get(self, key: int) -> int:
        if key not in self.cache:
            return -1
        self.cache.move_to_end(key)
        return self.cache[key]

    def put(self, key: int, value: int) -> None:
        self.cache[key] = value
        self.cache.move_to_end(key)
        if len(self.cache) > self.capacity:
            self.cache.popitem(last=False)


@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@timer
def main():
    c = LRUCache(2)
    c.put(1, 1); c.put(2, 2)
    print(c.get(1))
    c.put(3, 3)
    print(c.get(2), getattr(c, "capacity"))
    print(fib(200))


main()
