"""Singly linked list with dunder methods; saving with pickle and struct."""
import copy
import pickle
import struct
import io


class LinkedList:
    class _Node:
        __slots__ = ("value", "next")

        def __init__(self, value, next=None):
            self.value, self.next = value, next

    def __init__(self, items=()):
        self._head, self._size = None, 0
        for item in items:
            self.push(item)

    def push(self, value):
        self._head = self._Node(value, self._head)
        self._size += 1

    def pop(self):
        if self._head is None:
            raise IndexError("pop from empty list")
        node, self._head = self._head, self._head.next
        self._size -= 1
        return node.value

    def reverse(self):
        prev, node = None, self._head
        while node:
            node.next, prev, node = prev, node, node.next
        self._head = prev

    def __iter__(self):
        node = self._head
        while node:
            yield node.value
            node = node.next

    def __len__(self):
        return self._size

    def __reduce__(self):
        return (self.__class__, (list(self)[::-1],))

    def __eq__(self, other):
        return list(self) == list(other)


numbers = LinkedList(range(5))
numbers.reverse()
print(list(numbers), len(numbers), numbers.pop())
saved = pickle.dumps(numbers)
assert pickle.loads(saved) == numbers == copy.deepcopy(numbers)
buffer = io.BytesIO()
for n in numbers:
    buffer.write(struct.pack("<i", n))
buffer.seek(0)
print([struct.unpack("<i", chunk)[0] for chunk in iter(lambda: buffer.read(4), b"")])
