import_stdin();

function import_stdin() {
  let text = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk) => { text += chunk; });
  process.stdin.on('end', () => main(text || 'the cat and the hat and the bat'));
}

function frequencies(text) {
  const counts = Object.create(null);
  for (const word of text.toLowerCase().split(/[^\p{L}']+/u).filter(Boolean)) {
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

function main(text) {
  const counts = Object.entries(frequencies(text));
  counts.sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
  const width = Math.max(...counts.map(([w]) => w.length));
  for (const [word, n] of counts.slice(0, 20)) {
    console.log(`${word.padEnd(width)} ${String(n).padStart(4)} ${'#'.repeat(n)}`);
  }
  console.log(`${text.length} characters, ${counts.length} different words`);
}
