#!/usr/bin/env node
// Prints a month like cal(1) and does some date arithmetic.
const DAY = 24 * 60 * 60 * 1000;

function calendar(year, month, locale = 'en-GB') {
  const first = new Date(Date.UTC(year, month - 1, 1));
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const title = first.toLocaleString(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const offset = (first.getUTCDay() + 6) % 7;
  const cells = [...Array(offset).fill(''), ...Array.from({ length: days }, (_, i) => i + 1)];
  const lines = [title.padStart(14), 'Mo Tu We Th Fr Sa Su'];
  while (cells.length) lines.push(cells.splice(0, 7).map((c) => String(c).padStart(2)).join(' '));
  return lines.join('\n');
}

const daysBetween = (a, b) => Math.round((Date.parse(b) - Date.parse(a)) / DAY);

function easter(y) {
  const a = y % 19, b = Math.floor(y / 100), c = y % 100;
  const h = (19 * a + b - (b >> 2) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * (c >> 2) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return new Date(Date.UTC(y, Math.floor(n / 31) - 1, (n % 31) + 1)).toISOString().slice(0, 10);
}

const [, , year = '2024', month = '2'] = process.argv;
console.log(calendar(+year, +month));
console.log(daysBetween('2024-01-01', '2024-12-31'), 'days');
console.log([2023, 2024, 2025].map(easter).join(' '));
