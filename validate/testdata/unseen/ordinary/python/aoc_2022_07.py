import sys
from collections import defaultdict

# --- Day 7: No Space Left On Device ---
lines = sys.stdin.read().strip().split("\n")

path = []
sizes = defaultdict(int)

for line in lines:
    words = line.split()
    if words[:2] == ["$", "cd"]:
        if words[2] == "..":
            path.pop()
        elif words[2] == "/":
            path = ["/"]
        else:
            path.append(words[2])
    elif words[:2] == ["$", "ls"] or words[0] == "dir":
        continue
    else:
        size = int(words[0])
        for i in range(1, len(path) + 1):
            sizes["/".join(path[:i])] += size

print("part 1:", sum(s for s in sizes.values() if s <= 100_000))

free = 70_000_000 - sizes["/"]
needed = 30_000_000 - free
print("part 2:", min(s for s in sizes.values() if s >= needed))
