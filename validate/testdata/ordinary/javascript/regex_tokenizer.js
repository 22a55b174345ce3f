'use strict';
// Tokenizer built on RegExp.prototype.exec and the sticky flag.

const RULES = [
  ['number', /\d+(?:\.\d+)?/y],
  ['string', /"(?:[^"\\]|\\.)*"/y],
  ['name', /[A-Za-z_]\w*/y],
  ['op', /[-+*\/=<>!]=?|[(){};,]/y],
  ['space', /\s+/y],
];

function* tokenize(source) {
  let pos = 0;
  while (pos < source.length) {
    let found = null;
    for (const [type, re] of RULES) {
      re.lastIndex = pos;
      const match = re.exec(source);
      if (match) {
        found = { type, text: match[0], pos };
        break;
      }
    }
    if (!found) throw new SyntaxError(`unexpected '${source[pos]}' at ${pos}`);
    pos += found.text.length;
    if (found.type !== 'space') yield found;
  }
}

const code = 'let eval1 = system("rm -rf /tmp/x"); if (eval1 >= 3.5) { print(eval1); }';
for (const token of tokenize(code)) {
  console.log(token.type.padEnd(8), token.text);
}

const dates = /(\d{4})-(\d\d)-(\d\d)/g;
let m;
while ((m = dates.exec('from 2023-01-05 to 2024-12-31')) !== null) {
  console.log(m[3] + '.' + m[2] + '.' + m[1], 'at', m.index);
}
