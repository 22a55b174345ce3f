const assert = require('assert');

const twoFer = (name = 'you') => `One for ${name}, one for me.`;

const reverseString = (text) => [...text].reverse().join('');

const isPangram = (text) => new Set(text.toLowerCase().match(/[a-z]/g)).size === 26;

const toRna = (dna) => dna.replace(/[GCTA]/g, (c) => ({ G: 'C', C: 'G', T: 'A', A: 'U' })[c]);

function isLeap(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const tests = {
  'two fer'() {
    assert.strictEqual(twoFer(), 'One for you, one for me.');
    assert.strictEqual(twoFer('Do-yun'), 'One for Do-yun, one for me.');
  },
  'reverse'() {
    assert.strictEqual(reverseString('robot'), 'tobor');
  },
  'pangram'() {
    assert.ok(isPangram('The quick brown fox jumps over the lazy dog'));
    assert.ok(!isPangram('abc'));
  },
  'rna'() {
    assert.strictEqual(toRna('ACGTGGTCTTAA'), 'UGCACCAGAAUU');
  },
  'leap'() {
    assert.deepStrictEqual([1900, 1996, 2000, 2001].filter(isLeap), [1996, 2000]);
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    test();
    console.log('ok', name);
  } catch (e) {
    failed++;
    console.log('not ok', name, e.message);
  }
}
process.exit(failed ? 1 : 0);
