from collections import namedtuple
from math import atan2, hypot, inf

Point = namedtuple("Point", "x y")


def cross(o, a, b):
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x)


def convex_hull(points):
    """Andrew's monotone chain, counter-clockwise."""
    points = sorted(set(points))
    if len(points) <= 2:
        return points

    def half(seq):
        chain = []
        for p in seq:
            while len(chain) >= 2 and cross(chain[-2], chain[-1], p) <= 0:
                chain.pop()
            chain.append(p)
        return chain[:-1]

    return half(points) + half(reversed(points))


def area(polygon):
    return abs(sum(a.x * b.y - b.x * a.y for a, b in zip(polygon, polygon[1:] + polygon[:1]))) / 2


def closest_pair(points):
    best = inf
    points = sorted(points)
    for i, p in enumerate(points):
        for q in points[i + 1:]:
            if q.x - p.x >= best:
                break
            best = min(best, hypot(p.x - q.x, p.y - q.y))
    return best


pts = [Point(*p) for p in [(0, 0), (4, 0), (4, 3), (0, 3), (2, 1), (1, 2), (3, 1)]]
hull = convex_hull(pts)
print(hull)
print("area", area(hull), "closest", round(closest_pair(pts), 3))
print(sorted(pts, key=lambda p: atan2(p.y - 1.5, p.x - 2))[0])
