use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::Hash;
use std::rc::{Rc, Weak};

struct Cacher<F, K, V> where F: Fn(&K) -> V {
    compute: F,
    values: RefCell<HashMap<K, V>>,
    misses: Cell<u32>,
}

impl<F: Fn(&K) -> V, K: Eq + Hash + Clone, V: Clone> Cacher<F, K, V> {
    fn new(compute: F) -> Self {
        Cacher { compute, values: RefCell::default(), misses: Cell::new(0) }
    }

    fn get(&self, key: K) -> V {
        if let Some(v) = self.values.borrow().get(&key) {
            return v.clone();
        }
        self.misses.set(self.misses.get() + 1);
        let v = (self.compute)(&key);
        self.values.borrow_mut().insert(key, v.clone());
        v
    }
}

#[derive(Debug)]
struct TreeNode {
    name: String,
    parent: RefCell<Weak<TreeNode>>,
    children: RefCell<Vec<Rc<TreeNode>>>,
}

impl TreeNode {
    fn new(name: &str, children: Vec<Rc<TreeNode>>) -> Rc<Self> {
        let node = Rc::new(TreeNode { name: name.into(), parent: RefCell::default(), children: RefCell::new(children) });
        for child in node.children.borrow().iter() {
            *child.parent.borrow_mut() = Rc::downgrade(&node);
        }
        node
    }

    fn path(&self) -> String {
        let above = self.parent.borrow().upgrade().map(|p| p.path()).unwrap_or_default();
        format!("{above}/{}", self.name)
    }
}

fn main() {
    let lengths = Cacher::new(|s: &String| s.len());
    for word in ["proc", "self", "exe", "proc"] {
        print!("{} ", lengths.get(word.to_string()));
    }
    println!("with {} misses", lengths.misses.get());
    let leaf = TreeNode::new("passwd", vec![]);
    let root = TreeNode::new("etc", vec![leaf.clone()]);
    println!("{} {} {}", leaf.path(), Rc::strong_count(&leaf), root.children.borrow().len());
}
