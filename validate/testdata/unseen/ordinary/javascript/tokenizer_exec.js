'use strict';

const TOKEN_TYPES = [
  ['number', /^\d+(\.\d+)?/],
  ['ident', /^[A-Za-z_]\w*/],
  ['op', /^[+\-*\/=()]/],
  ['space', /^\s+/],
];

function tokenize(source) {
  const tokens = [];
  let rest = source;
  outer: while (rest.length) {
    for (const [type, pattern] of TOKEN_TYPES) {
      const m = pattern.exec(rest);
      if (m) {
        if (type !== 'space') tokens.push({ type, value: m[0] });
        rest = rest.slice(m[0].length);
        continue outer;
      }
    }
    throw new SyntaxError('unexpected ' + JSON.stringify(rest[0]));
  }
  return tokens;
}

const re = /(\w+)=(\d+)/g;
let match;
while ((match = re.exec('a=1, b=22, c=333')) !== null) {
  console.log(match[1], Number(match[2]), re.lastIndex);
}
console.log(tokenize('x = 3 * (y + 4.5)'));
