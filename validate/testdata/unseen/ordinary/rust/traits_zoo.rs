use std::fmt::Display;

trait Animal {
    fn name(&self) -> String;
    fn noise(&self) -> &'static str;
    fn speak(&self) {
        println!("{} says {}", self.name(), self.noise());
    }
}

struct Dog;
struct Cat {
    lives: u8,
}

impl Animal for Dog {
    fn name(&self) -> String {
        "Dog".into()
    }
    fn noise(&self) -> &'static str {
        "woof"
    }
}

impl Animal for Cat {
    fn name(&self) -> String {
        format!("Cat with {} lives", self.lives)
    }
    fn noise(&self) -> &'static str {
        "meow"
    }
}

fn largest<T: PartialOrd + Copy + Display>(list: &[T]) -> T {
    let mut max = list[0];
    for &item in list {
        if item > max {
            max = item;
        }
    }
    max
}

fn main() {
    let zoo: Vec<Box<dyn Animal>> = vec![Box::new(Dog), Box::new(Cat { lives: 9 })];
    zoo.iter().for_each(|a| a.speak());
    println!("{} {}", largest(&[3, 9, 4]), largest(&['x', 'b']));
}
