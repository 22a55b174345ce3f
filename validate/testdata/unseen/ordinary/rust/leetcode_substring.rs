use std::collections::HashMap;

struct Solution;

impl Solution {
    pub fn length_of_longest_substring(s: String) -> i32 {
        let mut last: HashMap<char, usize> = HashMap::new();
        let mut start = 0;
        let mut best = 0;
        for (i, c) in s.chars().enumerate() {
            if let Some(&j) = last.get(&c) {
                if j >= start {
                    start = j + 1;
                }
            }
            last.insert(c, i);
            best = best.max(i - start + 1);
        }
        best as i32
    }

    pub fn max_profit(prices: Vec<i32>) -> i32 {
        prices
            .iter()
            .fold((i32::MAX, 0), |(low, gain), &p| (low.min(p), gain.max(p - low.min(p))))
            .1
    }
}

fn main() {
    assert_eq!(Solution::length_of_longest_substring("abcabcbb".to_string()), 3);
    assert_eq!(Solution::max_profit(vec![7, 1, 5, 3, 6, 4]), 5);
    println!("ok");
}
