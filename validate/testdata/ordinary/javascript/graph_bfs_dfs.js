class Graph {
  constructor(edges = []) {
    this.adj = new Map();
    for (const [u, v] of edges) this.addEdge(u, v);
  }

  addEdge(u, v) {
    for (const x of [u, v]) if (!this.adj.has(x)) this.adj.set(x, []);
    this.adj.get(u).push(v);
    this.adj.get(v).push(u);
  }

  *bfs(start) {
    const seen = new Set([start]);
    const queue = [start];
    while (queue.length) {
      const node = queue.shift();
      yield node;
      for (const next of this.adj.get(node)) {
        if (!seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
      }
    }
  }

  dfs(node, seen = new Set(), visit = console.log) {
    seen.add(node);
    visit(node);
    this.adj.get(node).forEach((n) => seen.has(n) || this.dfs(n, seen, visit));
    return seen;
  }

  components() {
    const seen = new Set();
    let count = 0;
    for (const node of this.adj.keys()) {
      if (seen.has(node)) continue;
      count++;
      this.dfs(node, seen, () => {});
    }
    return count;
  }
}

const g = new Graph([['a', 'b'], ['b', 'c'], ['a', 'd'], ['x', 'y']]);
console.log([...g.bfs('a')].join(' '));
g.dfs('a');
console.log('components', g.components());
console.assert(g.components() === 2, 'two parts');
