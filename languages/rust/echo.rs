use std::io::stdin;
use std::process::exit;

fn main() {
    for arg in std::env::args().skip(1) {
        println!("arg: {arg}");
    }
    for line in stdin().lines() {
        println!("stdin: {}", line.expect("stdin is UTF-8"));
    }
    exit(3);
}
