use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

type Graph<'a> = BTreeMap<&'a str, Vec<(&'a str, u32)>>;

fn dijkstra<'a>(graph: &Graph<'a>, start: &'a str) -> BTreeMap<&'a str, u32> {
    let mut dist = BTreeMap::new();
    let mut heap = BinaryHeap::new();
    heap.push(Reverse((0, start)));
    while let Some(Reverse((d, u))) = heap.pop() {
        if dist.contains_key(u) {
            continue;
        }
        dist.insert(u, d);
        if let Some(edges) = graph.get(u) {
            for &(v, w) in edges {
                heap.push(Reverse((d + w, v)));
            }
        }
    }
    dist
}

fn main() {
    let mut g = Graph::new();
    for (a, b, w) in [("a", "b", 7), ("a", "c", 9), ("a", "f", 14), ("b", "c", 10), ("c", "f", 2), ("f", "e", 9)] {
        g.entry(a).or_default().push((b, w));
        g.entry(b).or_default().push((a, w));
    }
    for (node, d) in dijkstra(&g, "a") {
        println!("{node}: {d}");
    }
}
