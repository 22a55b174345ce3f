pub fn raindrops(n: u32) -> String {
    let sounds: String = [(3, "Pling"), (5, "Plang"), (7, "Plong")]
        .iter()
        .filter(|(d, _)| n % d == 0)
        .map(|&(_, s)| s)
        .collect();
    if sounds.is_empty() { n.to_string() } else { sounds }
}

pub fn nth_prime(n: usize) -> u32 {
    (2..).filter(|c| (2..*c).take_while(|d| d * d <= *c).all(|d| c % d != 0)).nth(n).unwrap()
}

pub fn brackets_are_balanced(s: &str) -> bool {
    let mut open = vec![];
    for c in s.chars() {
        match c {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' if open.pop() != Some(c) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

pub fn luhn(code: &str) -> bool {
    let digits: Option<Vec<u32>> = code.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(10)).collect();
    digits.filter(|d| d.len() > 1).map_or(false, |d| {
        d.iter().rev().enumerate().map(|(i, &x)| if i % 2 == 1 { x * 2 - if x > 4 { 9 } else { 0 } } else { x }).sum::<u32>() % 10 == 0
    })
}

pub fn is_armstrong(n: u64) -> bool {
    let s = n.to_string();
    s.bytes().map(|b| u64::from(b - b'0').pow(s.len() as u32)).sum::<u64>() == n
}

fn main() {
    assert_eq!(raindrops(105), "PlingPlangPlong");
    assert_eq!(nth_prime(5), 13);
    assert!(brackets_are_balanced("fn main() { v[0](x) }"));
    assert!(!brackets_are_balanced("([)]"));
    assert!(luhn("4539 3195 0343 6467"));
    assert_eq!((1..1000).filter(|&n| is_armstrong(n)).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 153, 370, 371, 407]);
    println!("all exercises pass");
}
