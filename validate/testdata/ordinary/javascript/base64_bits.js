const ABC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function encode(bytes) {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const n = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += ABC[n >> 18] + ABC[(n >> 12) & 63];
    out += i + 1 < bytes.length ? ABC[(n >> 6) & 63] : '=';
    out += i + 2 < bytes.length ? ABC[n & 63] : '=';
  }
  return out;
}

function decode(text) {
  const out = [];
  let bits = 0, n = 0;
  for (const c of text.replace(/=+$/, '')) {
    n = ((n << 6) | ABC.indexOf(c)) & 0xffffff;
    bits += 6;
    if (bits >= 8) out.push((n >> (bits -= 8)) & 0xff);
  }
  return Uint8Array.from(out);
}

function crc32(bytes) {
  let crc = ~0;
  for (const b of bytes) {
    crc ^= b;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (~crc >>> 0).toString(16);
}

const text = 'Polyfon zwitschernd aßen Mäxchens Vögel';
const bytes = new TextEncoder().encode(text);
console.log(encode(bytes) === Buffer.from(text).toString('base64'));
console.log(new TextDecoder().decode(decode(encode(bytes))) === text);
console.log(crc32(new TextEncoder().encode('123456789')), '\x48\x65\x6c\x6c\x6f \u0041');
console.log(require('crypto').createHash('sha256').update('abc').digest('hex').slice(0, 16));
