// exercises from a chapter about unsafe code
use std::alloc::{alloc, dealloc, Layout};
use std::mem;
use std::ptr;

extern "C" {
    fn abs(input: i32) -> i32;
}

static mut COUNTER: u32 = 0;

fn add_to_count(inc: u32) {
    unsafe {
        COUNTER += inc;
    }
}

fn split_at(slice: &mut [i32], mid: usize) -> (&mut [i32], &mut [i32]) {
    let len = slice.len();
    let p = slice.as_mut_ptr();
    assert!(mid <= len);
    unsafe {
        (
            std::slice::from_raw_parts_mut(p, mid),
            std::slice::from_raw_parts_mut(p.add(mid), len - mid),
        )
    }
}

fn main() {
    let mut v = [1, 2, 3, 4, 5];
    let (a, b) = split_at(&mut v, 2);
    mem::swap(&mut a[0], &mut b[0]);
    println!("{v:?}");
    add_to_count(3);
    unsafe {
        println!("abs(-3) = {}", abs(-3));
        let layout = Layout::new::<u64>();
        let p = alloc(layout) as *mut u64;
        ptr::write(p, 42);
        println!("{}", *p);
        dealloc(p as *mut u8, layout);
    }
}
