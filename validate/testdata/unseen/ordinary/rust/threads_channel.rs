use std::collections::HashMap;
use std::sync::{mpsc, Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let start = Instant::now();
    let counter = Arc::new(Mutex::new(HashMap::new()));
    let (tx, rx) = mpsc::channel();

    let handles: Vec<_> = (0..4)
        .map(|id| {
            let tx = tx.clone();
            let counter = Arc::clone(&counter);
            thread::spawn(move || {
                for i in 0..5 {
                    *counter.lock().unwrap().entry(id).or_insert(0) += i;
                    tx.send((id, i)).unwrap();
                    thread::sleep(Duration::from_millis(5));
                }
            })
        })
        .collect();
    drop(tx);

    for (id, i) in rx {
        println!("worker {} sent {}", id, i);
    }
    for h in handles {
        h.join().unwrap();
    }
    println!("{:?} in {:?}", counter.lock().unwrap(), start.elapsed());
}
