"""Producer and consumers around an asyncio queue."""
import asyncio
import random


async def producer(queue: asyncio.Queue, count: int):
    for n in range(count):
        await asyncio.sleep(random.random() / 100)
        await queue.put(n)
        print("produced", n)


async def worker(name: str, queue: asyncio.Queue, results: dict):
    while True:
        item = await queue.get()
        try:
            await asyncio.sleep(0.005)
            results.setdefault(name, []).append(item ** 2)
        finally:
            queue.task_done()


async def main():
    queue = asyncio.Queue(maxsize=4)
    results = {}
    workers = [asyncio.create_task(worker(f"w{i}", queue, results)) for i in range(3)]
    await producer(queue, 12)
    await queue.join()
    for task in workers:
        task.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    total = sorted(sum(results.values(), []))
    print(total)
    assert total == [n * n for n in range(12)]


if __name__ == "__main__":
    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())
    loop.close()
