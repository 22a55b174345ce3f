"""Graceful shutdown: a worker loop that stops on SIGINT or SIGTERM."""
import os
import queue
import signal
import sys
import threading

stop = threading.Event()
jobs: "queue.Queue[int]" = queue.Queue()


def handle(signum, frame):
    print("got", signal.Signals(signum).name, "- finishing the queue")
    stop.set()


def server():
    """Serve our own queue forever, until asked to stop."""
    served = 0
    while True:
        try:
            n = jobs.get(timeout=0.01)
        except queue.Empty:
            if stop.is_set():
                break
            continue
        served += 1
        print("job", n, "=>", sum(range(n + 1)))
    print("served", served, file=sys.stderr)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
    print(f"pid {os.getpid()}, stop me with: kill -TERM {os.getpid()}")
    thread = threading.Thread(target=server, name="server", daemon=True)
    thread.start()
    for n in range(5):
        jobs.put(n * 10)
    signal.raise_signal(signal.SIGTERM)
    thread.join(timeout=5)
    sys.exit(0 if not thread.is_alive() else 1)
