'use strict';

function compile(source) {
  const program = [...source].filter((c) => '+-<>.,[]'.includes(c));
  const jump = {};
  const stack = [];
  program.forEach((c, i) => {
    if (c === '[') stack.push(i);
    if (c === ']') {
      const j = stack.pop();
      if (j === undefined) throw new SyntaxError('unbalanced ]');
      jump[i] = j;
      jump[j] = i;
    }
  });
  return { program, jump };
}

function execute({ program, jump }, input = '') {
  const tape = new Uint8Array(30000);
  let p = 0, ip = 0, read = 0, out = '';
  const exec = {
    '+': () => tape[p]++,
    '-': () => tape[p]--,
    '>': () => p++,
    '<': () => p--,
    '.': () => { out += String.fromCharCode(tape[p]); },
    ',': () => { tape[p] = input.charCodeAt(read++) || 0; },
    '[': () => { if (!tape[p]) ip = jump[ip]; },
    ']': () => { if (tape[p]) ip = jump[ip]; },
  };
  for (; ip < program.length; ip++) exec[program[ip]]();
  return out;
}

const HELLO = '++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++.';
process.stdout.write(execute(compile(HELLO)));
console.log(execute(compile(',[.,]'), 'echo'));
