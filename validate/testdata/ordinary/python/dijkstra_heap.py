import heapq
from collections import defaultdict
from typing import Dict, List, Tuple

Graph = Dict[str, List[Tuple[str, int]]]


def dijkstra(graph: Graph, source: str):
    """
    >>> dijkstra({"a": [("b", 2)], "b": []}, "a")[0]
    {'a': 0, 'b': 2}
    """
    dist = {source: 0}
    parent = {source: None}
    heap = [(0, source)]
    while heap:
        d, node = heapq.heappop(heap)
        if d > dist.get(node, float("inf")):
            continue
        for nxt, weight in graph[node]:
            nd = d + weight
            if nd < dist.get(nxt, float("inf")):
                dist[nxt] = nd
                parent[nxt] = node
                heapq.heappush(heap, (nd, nxt))
    return dist, parent


def path(parent, target):
    route = []
    while target is not None:
        route.append(target)
        target = parent[target]
    return route[::-1]


if __name__ == "__main__":
    import doctest
    doctest.testmod()
    edges = [("A", "B", 7), ("A", "C", 3), ("C", "B", 1), ("B", "D", 2), ("C", "D", 8)]
    g = defaultdict(list)
    for u, v, w in edges:
        g[u].append((v, w))
        g[v].append((u, w))
    dist, parent = dijkstra(g, "A")
    for node in sorted(dist):
        print(node, dist[node], "->".join(path(parent, node)))
