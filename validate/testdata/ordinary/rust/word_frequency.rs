use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{self, Read};

fn frequencies(text: &str) -> BTreeMap<String, usize> {
    let mut map = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
        *map.entry(word.to_lowercase()).or_default() += 1;
    }
    map
}

fn input() -> io::Result<String> {
    match env::args().nth(1) {
        Some(path) => fs::read_to_string(path),
        None => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text)?;
            Ok(text)
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let top: usize = env::var("TOP").ok().and_then(|v| v.parse().ok()).unwrap_or(10);
    let mut text = input()?;
    if text.is_empty() {
        text = "The unsafe keyword is safe to count; the word fork too.".into();
    }
    let map = frequencies(&text);
    let mut list: Vec<_> = map.iter().collect();
    list.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    for (word, n) in list.into_iter().take(top) {
        println!("{word:<12}{n:>4} {}", "*".repeat(*n));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_case_insensitively() {
        assert_eq!(frequencies("Go go GO!")["go"], 3);
    }
}
