// A calculator with a method that happens to be called eval, and a regular expression that is asked with exec.
class Calculator {
  constructor(text) {
    this.tokens = [];
    const token = /\s*(\d+(?:\.\d+)?|[-+*\/()])/y;
    for (let m; (m = token.exec(text)) !== null; ) {
      this.tokens.push(m[1]);
    }
  }

  eval() {
    let value = this.term();
    while (this.tokens[0] === "+" || this.tokens[0] === "-") {
      value = this.tokens.shift() === "+" ? value + this.term() : value - this.term();
    }
    return value;
  }

  term() {
    let value = this.factor();
    while (this.tokens[0] === "*" || this.tokens[0] === "/") {
      value = this.tokens.shift() === "*" ? value * this.factor() : value / this.factor();
    }
    return value;
  }

  factor() {
    const token = this.tokens.shift();
    if (token !== "(") {
      return Number(token);
    }
    const value = this.eval();
    this.tokens.shift();
    return value;
  }
}

console.log(new Calculator("2 * (3 + 4) - 1").eval());
