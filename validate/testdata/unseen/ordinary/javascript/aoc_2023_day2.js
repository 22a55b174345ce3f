const input = require('fs').readFileSync(0, 'utf8').trim().split('\n');

const limits = { red: 12, green: 13, blue: 14 };
let part1 = 0, part2 = 0;

for (const line of input) {
  const [head, tail] = line.split(': ');
  const id = +head.match(/\d+/)[0];
  const max = { red: 0, green: 0, blue: 0 };
  for (const [, n, color] of tail.matchAll(/(\d+) (red|green|blue)/g)) {
    max[color] = Math.max(max[color], +n);
  }
  if (Object.keys(limits).every((c) => max[c] <= limits[c])) part1 += id;
  part2 += max.red * max.green * max.blue;
}

console.log({ part1, part2 });
