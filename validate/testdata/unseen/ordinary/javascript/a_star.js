class PriorityQueue {
  constructor() { this.items = []; }
  push(item, priority) {
    this.items.push({ item, priority });
    this.items.sort((a, b) => a.priority - b.priority);
  }
  pop() { return this.items.shift().item; }
  get empty() { return this.items.length === 0; }
}

const key = ([x, y]) => `${x},${y}`;
const manhattan = ([ax, ay], [bx, by]) => Math.abs(ax - bx) + Math.abs(ay - by);

function astar(grid, start, goal) {
  const open = new PriorityQueue();
  const from = { [key(start)]: null };
  const cost = { [key(start)]: 0 };
  open.push(start, 0);
  while (!open.empty) {
    const cur = open.pop();
    if (key(cur) === key(goal)) {
      const path = [];
      for (let n = cur; n; n = from[key(n)]) path.unshift(n);
      return path;
    }
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      const next = [cur[0] + dx, cur[1] + dy];
      if (grid[next[1]]?.[next[0]] !== '.') continue;
      const c = cost[key(cur)] + 1;
      if (!(key(next) in cost) || c < cost[key(next)]) {
        cost[key(next)] = c;
        from[key(next)] = cur;
        open.push(next, c + manhattan(next, goal));
      }
    }
  }
  return null;
}

const grid = ['....#', '.##..', '...#.', '.#...'];
console.log(astar(grid, [0, 0], [4, 3]));
