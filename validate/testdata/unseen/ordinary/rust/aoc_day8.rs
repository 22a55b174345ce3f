use std::io::{self, Read};

fn main() -> io::Result<()> {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let (dirs, rest) = input.split_once("\n\n").expect("two parts");
    let nodes: std::collections::HashMap<&str, (&str, &str)> = rest
        .lines()
        .map(|l| (&l[0..3], (&l[7..10], &l[12..15])))
        .collect();

    let steps = |start: &str, done: &dyn Fn(&str) -> bool| -> u64 {
        let mut at = start;
        let mut n = 0;
        for d in dirs.trim().chars().cycle() {
            if done(at) {
                break;
            }
            let (l, r) = nodes[at];
            at = if d == 'L' { l } else { r };
            n += 1;
        }
        n
    };

    println!("{}", steps("AAA", &|s| s == "ZZZ"));
    let all = nodes
        .keys()
        .filter(|k| k.ends_with('A'))
        .map(|k| steps(k, &|s| s.ends_with('Z')))
        .fold(1, lcm);
    println!("{all}");
    Ok(())
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn lcm(a: u64, b: u64) -> u64 {
    a / gcd(a, b) * b
}
