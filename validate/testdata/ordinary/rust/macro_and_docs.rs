//! Notes printed by a teaching tool.
//!
//! To start a program from Rust one would write `std::process::Command::new("ls").spawn()`;
//! to call C: `extern "C" { fn system(s: *const i8) -> i32; }` inside `unsafe { }`. Not here.
use std::collections::BTreeMap;

macro_rules! notes {
    ($($key:literal => $text:literal),+ $(,)?) => {{
        let mut map = BTreeMap::new();
        $(map.insert($key, $text);)+
        map
    }};
}

macro_rules! max {
    ($x:expr) => { $x };
    ($x:expr, $($rest:expr),+) => {{ let (a, b) = ($x, max!($($rest),+)); if a > b { a } else { b } }};
}

trait Describe {
    fn describe(&self) -> String;
}

impl<T: std::fmt::Debug> Describe for [T] {
    fn describe(&self) -> String {
        match self {
            [] => "empty".into(),
            [one] => format!("only {one:?}"),
            [first, .., last] => format!("from {first:?} to {last:?}"),
        }
    }
}

fn compose<A, B, C>(f: impl Fn(A) -> B, g: impl Fn(B) -> C) -> impl Fn(A) -> C {
    move |x| g(f(x))
}

fn main() {
    let sheet = notes! {
        "delete a folder" => "rm -rf target/",
        "listen" => "nc -l 127.0.0.1 9000",
        "environment" => "env | sort",
        "unsafe" => "unsafe { *ptr }",
    };
    for (what, how) in &sheet {
        println!("{what:>16}: `{how}`");
    }
    println!("{}", max!(3, 9, 4));
    println!("{} / {} / {}", [0u8; 0].describe(), ["x"].describe(), [1, 2, 3].describe());
    println!("{}", compose(|x: i32| x + 1, |y| format!("<{y}>"))(41));
    let mut operations: Vec<(&str, Box<dyn Fn(f64, f64) -> f64>)> = vec![("+", Box::new(|a, b| a + b))];
    operations.push(("^", Box::new(f64::powf)));
    operations.iter().for_each(|(name, op)| println!("2 {name} 8 = {}", op(2.0, 8.0)));
}
