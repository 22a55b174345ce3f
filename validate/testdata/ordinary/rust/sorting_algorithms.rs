fn bubble_sort<T: PartialOrd>(a: &mut [T]) {
    for end in (1..a.len()).rev() {
        let mut swapped = false;
        for i in 0..end {
            if a[i] > a[i + 1] {
                a.swap(i, i + 1);
                swapped = true;
            }
        }
        if !swapped {
            return;
        }
    }
}

fn quick_sort<T: Ord>(a: &mut [T]) {
    if a.len() <= 1 {
        return;
    }
    let (mut store, last) = (0, a.len() - 1);
    a.swap(last / 2, last);
    for i in 0..last {
        if a[i] < a[last] {
            a.swap(i, store);
            store += 1;
        }
    }
    a.swap(store, last);
    let (left, right) = a.split_at_mut(store);
    quick_sort(left);
    quick_sort(&mut right[1..]);
}

fn merge_sort<T: Ord + Clone>(a: &[T]) -> Vec<T> {
    if a.len() <= 1 {
        return a.to_vec();
    }
    let (l, r) = a.split_at(a.len() / 2);
    let (l, r) = (merge_sort(l), merge_sort(r));
    let (mut l, mut r) = (l.into_iter().peekable(), r.into_iter().peekable());
    let mut out = Vec::with_capacity(a.len());
    while let (Some(x), Some(y)) = (l.peek(), r.peek()) {
        out.push(if x <= y { l.next() } else { r.next() }.unwrap());
    }
    out.extend(l.chain(r));
    out
}

fn main() {
    let mut seed = 42u32;
    let data: Vec<u32> = std::iter::repeat_with(|| { seed = seed.wrapping_mul(1664525).wrapping_add(1013904223); seed >> 16 }).take(500).collect();
    let mut expected = data.clone();
    expected.sort();
    let sorts: [(&str, fn(&mut [u32])); 2] = [("bubble", bubble_sort), ("quick", quick_sort)];
    for (name, sort) in sorts {
        let mut copy = data.clone();
        sort(&mut copy);
        println!("{name}: {}", copy == expected);
    }
    println!("merge: {}", merge_sort(&data) == expected);
}
