/// Sieve of Eratosthenes, as a collection of algorithms has it.
pub fn sieve(num: usize) -> Vec<usize> {
    let mut result = Vec::new();
    if num < 2 {
        return result;
    }
    let mut composite = vec![false; num + 1];
    for i in 2..=num {
        if composite[i] {
            continue;
        }
        result.push(i);
        let mut k = i * i;
        while k <= num {
            composite[k] = true;
            k += i;
        }
    }
    result
}

fn main() {
    println!("{:?}", sieve(50));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small() {
        assert_eq!(sieve(1), Vec::<usize>::new());
        assert_eq!(sieve(10), vec![2, 3, 5, 7]);
    }
}
