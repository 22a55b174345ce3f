import queue
import random
import threading
import time

q = queue.Queue(maxsize=10)
DONE = object()


class Producer(threading.Thread):
    def __init__(self, n):
        super().__init__(name=f"producer-{n}")

    def run(self):
        for i in range(5):
            time.sleep(random.random() / 10)
            item = (self.name, i)
            q.put(item)
            print("+", item)


class Consumer(threading.Thread):
    def run(self):
        while True:
            item = q.get()
            if item is DONE:
                q.put(DONE)
                break
            print("-", item)
            q.task_done()


producers = [Producer(i) for i in range(3)]
consumers = [Consumer() for _ in range(2)]
for t in producers + consumers:
    t.start()
for t in producers:
    t.join()
q.put(DONE)
for t in consumers:
    t.join()
