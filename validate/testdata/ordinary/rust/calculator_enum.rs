use std::collections::HashMap;
use std::fmt;

#[derive(Debug, Clone)]
enum Expr {
    Num(f64),
    Var(String),
    Op(char, Box<Expr>, Box<Expr>),
}

#[derive(Debug, PartialEq)]
enum EvalError {
    Undefined(String),
    DivisionByZero,
}

impl Expr {
    fn eval(&self, env: &HashMap<String, f64>) -> Result<f64, EvalError> {
        match self {
            Expr::Num(n) => Ok(*n),
            Expr::Var(name) => env.get(name).copied().ok_or_else(|| EvalError::Undefined(name.clone())),
            Expr::Op(op, l, r) => {
                let (a, b) = (l.eval(env)?, r.eval(env)?);
                match op {
                    '+' => Ok(a + b),
                    '-' => Ok(a - b),
                    '*' => Ok(a * b),
                    '/' if b == 0.0 => Err(EvalError::DivisionByZero),
                    '/' => Ok(a / b),
                    _ => unreachable!("operator {op}"),
                }
            }
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Num(n) => write!(f, "{n}"),
            Expr::Var(v) => write!(f, "{v}"),
            Expr::Op(op, l, r) => write!(f, "({l} {op} {r})"),
        }
    }
}

fn main() {
    let env = HashMap::from([("x".to_string(), 4.0)]);
    let op = |c, l, r| Expr::Op(c, Box::new(l), Box::new(r));
    let e = op('/', op('+', Expr::Var("x".into()), Expr::Num(2.0)), Expr::Num(3.0));
    println!("{e} = {:?}", e.eval(&env));
    assert_eq!(op('/', Expr::Num(1.0), Expr::Num(0.0)).eval(&env), Err(EvalError::DivisionByZero));
    println!("{:?}", Expr::Var("system".into()).eval(&env));
}
