"""LRU cache from scratch (hash map + doubly linked list), LeetCode 146."""
from __future__ import annotations
from dataclasses import dataclass, field
from typing import Any, Optional


@dataclass
class Node:
    key: Any = None
    value: Any = None
    prev: Optional[Node] = field(default=None, repr=False)
    next: Optional[Node] = field(default=None, repr=False)


class LRUCache:
    def __init__(self, capacity: int):
        self.capacity = capacity
        self.table: dict[Any, Node] = {}
        self.head, self.tail = Node(), Node()
        self.head.next, self.tail.prev = self.tail, self.head

    def _unlink(self, node: Node) -> None:
        node.prev.next, node.next.prev = node.next, node.prev

    def _push(self, node: Node) -> None:
        node.prev, node.next = self.head, self.head.next
        self.head.next.prev = node
        self.head.next = node

    def get(self, key, default=-1):
        node = self.table.get(key)
        if node is None:
            return default
        self._unlink(node)
        self._push(node)
        return node.value

    def put(self, key, value):
        if key in self.table:
            self._unlink(self.table[key])
        elif len(self.table) >= self.capacity:
            oldest = self.tail.prev
            self._unlink(oldest)
            del self.table[oldest.key]
        self.table[key] = node = Node(key, value)
        self._push(node)

    def __repr__(self):
        return f"{self.__class__.__name__}({list(self.table)})"


cache = LRUCache(2)
cache.put(1, "one")
cache.put(2, "two")
assert cache.get(1) == "one"
cache.put(3, "three")
assert cache.get(2) == -1
print(cache)
