"""Discrete event simulation of one elevator with a priority queue of events."""
import heapq
import itertools
import logging
import random

logging.basicConfig(format="%(levelname)s %(message)s", level=logging.INFO)
log = logging.getLogger("elevator")


class Simulation:
    def __init__(self, seed=42):
        self.now = 0.0
        self.events = []
        self.order = itertools.count()
        self.random = random.Random(seed)

    def schedule(self, delay, action, *args):
        heapq.heappush(self.events, (self.now + delay, next(self.order), action, args))

    def run(self, until):
        while self.events and self.events[0][0] <= until:
            self.now, _, action, args = heapq.heappop(self.events)
            action(*args)


class Elevator:
    def __init__(self, sim, floors=6):
        self.sim, self.floors, self.floor, self.queue, self.busy = sim, floors, 0, [], False
        self.waits = []

    def call(self):
        floor = self.sim.random.randrange(self.floors)
        self.queue.append((floor, self.sim.now))
        self.sim.schedule(self.sim.random.expovariate(0.2), self.call)
        if not self.busy:
            self.start()

    def start(self):
        self.busy = True
        floor, asked = self.queue.pop(0)
        self.sim.schedule(abs(floor - self.floor) + 0.5, self.arrive, floor, asked)

    def arrive(self, floor, asked):
        self.floor, self.busy = floor, False
        self.waits.append(self.sim.now - asked)
        log.info("%6.2f at floor %d, waited %.2f", self.sim.now, floor, self.waits[-1])
        if self.queue:
            self.start()


sim = Simulation()
lift = Elevator(sim)
sim.schedule(0, lift.call)
sim.run(until=60)
log.warning("mean wait %.2f over %d rides", sum(lift.waits) / len(lift.waits), len(lift.waits))
