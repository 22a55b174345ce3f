const VALUES = [
  ['M', 1000], ['CM', 900], ['D', 500], ['CD', 400],
  ['C', 100], ['XC', 90], ['L', 50], ['XL', 40],
  ['X', 10], ['IX', 9], ['V', 5], ['IV', 4], ['I', 1],
];

const toRoman = (n) =>
  VALUES.reduce((out, [letters, value]) => {
    const times = Math.floor(n / value);
    n %= value;
    return out + letters.repeat(times);
  }, '');

const fromRoman = (s) => {
  const map = Object.fromEntries(VALUES);
  let sum = 0;
  for (let i = 0; i < s.length; i++) {
    const here = map[s[i]], next = map[s[i + 1]];
    sum += here < next ? -here : here;
  }
  return sum;
};

for (const n of [1, 4, 9, 14, 40, 90, 400, 1994, 3999]) {
  const r = toRoman(n);
  console.assert(fromRoman(r) === n, r);
  console.log(String(n).padStart(5), r);
}
