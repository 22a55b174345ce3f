use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{mpsc, Arc, Mutex, RwLock};
use std::thread;
use std::time::Duration;

fn is_prime(n: u64) -> bool {
    n > 1 && (2..).take_while(|d| d * d <= n).all(|d| n % d != 0)
}

fn main() {
    let (tx, rx) = mpsc::channel();
    let handles: Vec<_> = (0..4u64)
        .map(|id| {
            let tx = tx.clone();
            thread::spawn(move || {
                for n in (id * 250)..((id + 1) * 250) {
                    if is_prime(n) {
                        tx.send((id, n)).unwrap();
                    }
                }
            })
        })
        .collect();
    drop(tx);
    let mut primes: Vec<u64> = rx.iter().map(|(_, n)| n).collect();
    for handle in handles {
        handle.join().expect("worker panicked");
    }
    primes.sort_unstable();
    println!("{} primes, last {:?}", primes.len(), primes.last());

    let counter = Arc::new(Mutex::new(0));
    let hits = AtomicUsize::new(0);
    let table = RwLock::new(vec![0; 4]);
    thread::scope(|s| {
        for i in 0..4 {
            let counter = Arc::clone(&counter);
            let (hits, table) = (&hits, &table);
            thread::Builder::new().name(format!("child-{i}")).spawn_scoped(s, move || {
                *counter.lock().unwrap() += i;
                hits.fetch_add(1, Ordering::SeqCst);
                table.write().unwrap()[i] = i * i;
                thread::sleep(Duration::from_millis(1));
            }).unwrap();
        }
    });
    println!("{} {} {:?}", counter.lock().unwrap(), hits.load(Ordering::SeqCst), table.read().unwrap());
}
