import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import process from 'node:process';

const file = process.argv[2];
if (!file) {
  console.error('usage: node linecount.mjs FILE');
  process.exit(2);
}

const started = performance.now();
let lines = 0;
let longest = '';

const rl = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
for await (const line of rl) {
  lines++;
  if (line.length > longest.length) longest = line;
}

console.log(`${lines} lines in ${(performance.now() - started).toFixed(1)} ms`);
console.log(`longest has ${longest.length} characters`);
