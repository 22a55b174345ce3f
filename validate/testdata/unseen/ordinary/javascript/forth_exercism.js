export class Forth {
  #stack = [];
  #words = new Map(Object.entries({
    '+': () => this.#binary((a, b) => a + b),
    '-': () => this.#binary((a, b) => a - b),
    '*': () => this.#binary((a, b) => a * b),
    '/': () => this.#binary((a, b) => {
      if (b === 0) throw new Error('Division by zero');
      return Math.trunc(a / b);
    }),
    dup: () => { const a = this.#pop(); this.#stack.push(a, a); },
    drop: () => { this.#pop(); },
    swap: () => { const b = this.#pop(), a = this.#pop(); this.#stack.push(b, a); },
  }));

  get stack() {
    return this.#stack;
  }

  evaluate(program) {
    const tokens = program.toLowerCase().split(/\s+/).filter(Boolean);
    while (tokens.length) {
      const t = tokens.shift();
      if (t === ':') this.#define(tokens);
      else if (/^-?\d+$/.test(t)) this.#stack.push(Number(t));
      else if (this.#words.has(t)) this.#words.get(t)();
      else throw new Error('Unknown command');
    }
  }

  #define(tokens) {
    const name = tokens.shift();
    if (/^-?\d+$/.test(name)) throw new Error('Invalid definition');
    const end = tokens.indexOf(';');
    const body = tokens.splice(0, end + 1).slice(0, -1).join(' ');
    this.#words.set(name, () => this.evaluate(body));
  }

  #pop() {
    if (!this.#stack.length) throw new Error('Stack empty');
    return this.#stack.pop();
  }

  #binary(f) {
    const b = this.#pop();
    const a = this.#pop();
    this.#stack.push(f(a, b));
  }
}
