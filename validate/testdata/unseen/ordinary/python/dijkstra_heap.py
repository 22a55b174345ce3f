"""
Dijkstra's algorithm with a binary heap.

https://en.wikipedia.org/wiki/Dijkstra%27s_algorithm
"""
from __future__ import annotations

import heapq


def dijkstra(graph: dict[str, list[tuple[str, int]]], start: str, end: str) -> int:
    """
    >>> dijkstra(G, "E", "C")
    6
    >>> dijkstra(G2, "E", "F")
    3
    >>> dijkstra(G, "A", "Z")
    -1
    """
    heap = [(0, start)]  # cost from start node, end node
    visited = set()
    while heap:
        cost, u = heapq.heappop(heap)
        if u in visited:
            continue
        visited.add(u)
        if u == end:
            return cost
        for v, c in graph[u]:
            if v in visited:
                continue
            heapq.heappush(heap, (cost + c, v))
    return -1


G = {
    "A": [("B", 2), ("C", 5)],
    "B": [("A", 2), ("D", 3), ("E", 1), ("F", 1)],
    "C": [("A", 5), ("F", 3)],
    "D": [("B", 3)],
    "E": [("B", 4), ("F", 3)],
    "F": [("C", 3), ("E", 3)],
}
G2 = {"B": [("C", 1)], "C": [("D", 1)], "D": [("F", 1)], "E": [("B", 1), ("F", 3)], "F": []}

if __name__ == "__main__":
    import doctest

    doctest.testmod()
    print(dijkstra(G, "E", "C"))
