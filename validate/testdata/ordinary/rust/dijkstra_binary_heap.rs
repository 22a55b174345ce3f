use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};

type Graph = HashMap<&'static str, Vec<(&'static str, u32)>>;

fn build(edges: &[(&'static str, &'static str, u32)]) -> Graph {
    let mut graph = Graph::new();
    for &(a, b, w) in edges {
        graph.entry(a).or_default().push((b, w));
        graph.entry(b).or_default().push((a, w));
    }
    graph
}

fn shortest(graph: &Graph, from: &'static str, to: &'static str) -> Option<(u32, Vec<&'static str>)> {
    let mut heap = BinaryHeap::from([Reverse((0, from))]);
    let mut best = HashMap::from([(from, (0, None))]);
    while let Some(Reverse((cost, node))) = heap.pop() {
        if node == to {
            let mut path = vec![to];
            while let Some(prev) = best[path.last()?].1 {
                path.push(prev);
            }
            path.reverse();
            return Some((cost, path));
        }
        if cost > best[node].0 {
            continue;
        }
        for &(next, weight) in &graph[node] {
            let total = cost + weight;
            if best.get(next).map_or(true, |&(c, _)| total < c) {
                best.insert(next, (total, Some(node)));
                heap.push(Reverse((total, next)));
            }
        }
    }
    None
}

fn bfs(graph: &Graph, start: &'static str) -> Vec<&'static str> {
    let (mut seen, mut queue, mut order) = (HashSet::from([start]), VecDeque::from([start]), vec![]);
    while let Some(node) = queue.pop_front() {
        order.push(node);
        queue.extend(graph[node].iter().map(|e| e.0).filter(|n| seen.insert(n)));
    }
    order
}

fn main() {
    let g = build(&[("home", "park", 4), ("home", "shop", 1), ("shop", "park", 2), ("park", "school", 5), ("x", "y", 1)]);
    println!("{:?}", shortest(&g, "home", "school"));
    println!("{:?}", shortest(&g, "home", "x"));
    println!("{:?}", bfs(&g, "home"));
}
