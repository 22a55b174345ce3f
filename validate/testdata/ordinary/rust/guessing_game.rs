use std::cmp::Ordering;
use std::io::{self, BufRead, Write};
use std::process;
use std::time::{SystemTime, UNIX_EPOCH};

fn secret_number() -> u32 {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).expect("clock before 1970").subsec_nanos();
    nanos % 100 + 1
}

fn main() {
    println!("Guess the number!");
    let secret = secret_number();
    let stdin = io::stdin();
    let mut tries = 0;

    loop {
        print!("Please input your guess: ");
        io::stdout().flush().unwrap();

        let mut guess = String::new();
        if stdin.lock().read_line(&mut guess).expect("Failed to read line") == 0 {
            println!("\nThe number was {secret}");
            process::exit(0);
        }
        if guess.trim() == "quit" {
            break;
        }
        let guess: u32 = match guess.trim().parse() {
            Ok(num) => num,
            Err(_) => continue,
        };
        tries += 1;
        match guess.cmp(&secret) {
            Ordering::Less => println!("Too small!"),
            Ordering::Greater => println!("Too big!"),
            Ordering::Equal => {
                println!("You win after {tries} tries!");
                break;
            }
        }
    }
}
