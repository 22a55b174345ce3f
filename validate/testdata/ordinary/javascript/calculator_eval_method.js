// Recursive descent calculator. No eval(), no new Function(): a grammar.
//   expr   = term { ("+" | "-") term }
//   term   = power { ("*" | "/") power }
//   power  = factor [ "^" power ]
class Calculator {
  static functions = { sqrt: Math.sqrt, sin: Math.sin, max: Math.max };

  eval(text) {
    this.tokens = text.match(/\d+\.?\d*|[a-z]+|[-+*/^(),]/g) || [];
    this.i = 0;
    const value = this.expr();
    if (this.i < this.tokens.length) throw new Error(`unexpected ${this.tokens[this.i]}`);
    return value;
  }

  accept(...ops) {
    return ops.includes(this.tokens[this.i]) ? this.tokens[this.i++] : null;
  }

  expr() {
    let value = this.term(), op;
    while ((op = this.accept('+', '-'))) value = op === '+' ? value + this.term() : value - this.term();
    return value;
  }

  term() {
    let value = this.power(), op;
    while ((op = this.accept('*', '/'))) value = op === '*' ? value * this.power() : value / this.power();
    return value;
  }

  power() {
    const base = this.factor();
    return this.accept('^') ? Math.pow(base, this.power()) : base;
  }

  factor() {
    if (this.accept('-')) return -this.factor();
    if (this.accept('(')) {
      const value = this.expr();
      if (!this.accept(')')) throw new Error('missing )');
      return value;
    }
    const token = this.tokens[this.i++];
    const fn = Calculator.functions[token];
    if (!fn) return Number(token);
    const args = [];
    this.accept('(');
    do args.push(this.expr()); while (this.accept(','));
    this.accept(')');
    return fn(...args);
  }
}

const calc = new Calculator();
for (const line of ['1+2*3', '2^3^2', 'max(1, sqrt(16), 3)', '-(4-6)/2']) {
  console.log(line, '=', calc.eval(line));
}
