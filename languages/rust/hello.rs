fn main() {
    println!("Hello from Paddock");
}
