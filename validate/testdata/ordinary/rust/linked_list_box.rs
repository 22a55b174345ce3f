#[derive(Debug)]
pub struct Stack<T> {
    head: Option<Box<Node<T>>>,
    len: usize,
}

#[derive(Debug)]
struct Node<T> {
    elem: T,
    next: Option<Box<Node<T>>>,
}

impl<T> Stack<T> {
    pub fn new() -> Self {
        Stack { head: None, len: 0 }
    }

    pub fn push(&mut self, elem: T) {
        let next = self.head.take();
        self.head = Some(Box::new(Node { elem, next }));
        self.len += 1;
    }

    pub fn pop(&mut self) -> Option<T> {
        self.head.take().map(|node| {
            self.head = node.next;
            self.len -= 1;
            node.elem
        })
    }

    pub fn reverse(&mut self) {
        let mut done = None;
        while let Some(mut node) = self.head.take() {
            self.head = node.next.take();
            node.next = done;
            done = Some(node);
        }
        self.head = done;
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> + '_ {
        let mut at = self.head.as_deref();
        std::iter::from_fn(move || {
            at.map(|node| {
                at = node.next.as_deref();
                &node.elem
            })
        })
    }
}

impl<T> Drop for Stack<T> {
    // Without unsafe, and without deep recursion.
    fn drop(&mut self) {
        while self.pop().is_some() {}
    }
}

fn main() {
    let mut stack = Stack::new();
    (0..5).for_each(|n| stack.push(n * n));
    stack.reverse();
    println!("{:?} {}", stack.iter().collect::<Vec<_>>(), stack.len);
    assert_eq!(stack.pop(), Some(0));
    let mut big = Stack::new();
    for i in 0..100_000 { big.push(i); }
}
