use std::fmt;

#[derive(Clone, Debug)]
enum Expr {
    Num(f64),
    Add(Box<Expr>, Box<Expr>),
    Mul(Box<Expr>, Box<Expr>),
    Neg(Box<Expr>),
}

use Expr::*;

impl Expr {
    fn eval(&self) -> f64 {
        match self {
            Num(n) => *n,
            Add(a, b) => a.eval() + b.eval(),
            Mul(a, b) => a.eval() * b.eval(),
            Neg(a) => -a.eval(),
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Num(n) => write!(f, "{n}"),
            Add(a, b) => write!(f, "({a} + {b})"),
            Mul(a, b) => write!(f, "{a} * {b}"),
            Neg(a) => write!(f, "-{a}"),
        }
    }
}

fn main() {
    let e = Mul(
        Box::new(Add(Box::new(Num(1.0)), Box::new(Num(2.0)))),
        Box::new(Neg(Box::new(Num(4.0)))),
    );
    println!("{e} = {}", e.eval());
}
