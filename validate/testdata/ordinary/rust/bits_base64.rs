const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode(data: &[u8]) -> String {
    data.chunks(3)
        .flat_map(|chunk| {
            let n = chunk.iter().fold(0u32, |n, &b| n << 8 | u32::from(b)) << (8 * (3 - chunk.len()));
            (0..4).map(move |i| if i <= chunk.len() { ALPHABET[(n >> (18 - 6 * i) & 63) as usize] as char } else { '=' })
        })
        .collect()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut buffer, mut bits) = (Vec::new(), 0u32, 0);
    for c in text.bytes().filter(|&c| c != b'=') {
        let value = ALPHABET.iter().position(|&a| a == c)? as u32;
        buffer = buffer << 6 | value;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    Some(out)
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xEDB8_8320 } else { c >> 1 })
    })
}

fn main() {
    let samples: [&[u8]; 4] = [b"", b"f", b"foobar", b"\x90\x90\xcd\x80\xff"];
    for s in samples {
        let e = encode(s);
        println!("{e:<10} {}", decode(&e).as_deref() == Some(s));
    }
    println!("{:08x} {:?}", crc32(b"123456789"), decode("a*b"));
    let x = 0b1011_0110u8;
    println!("{} {} {} {:#010b}", x.count_ones(), x.leading_zeros(), x.trailing_zeros(), x.rotate_left(3));
    println!("{:?} {}", 3.5f32.to_be_bytes(), u32::from_le_bytes([0xef, 0xbe, 0xad, 0xde]));
    println!("{:?}", i32::MAX.checked_add(1).map_or("overflow".to_string(), |n| n.to_string()));
}
