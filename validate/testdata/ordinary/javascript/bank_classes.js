class InsufficientFunds extends Error {
  constructor(account, amount) {
    super(`${account.owner} cannot withdraw ${amount.toFixed(2)}`);
    this.name = this.constructor.name;
  }
}

class Account {
  static #next = 1;
  #balance = 0;

  constructor(owner) {
    this.owner = owner;
    this.id = Account.#next++;
  }

  get balance() { return this.#balance; }

  deposit(amount) {
    if (!(amount > 0)) throw new RangeError('amount must be positive');
    this.#balance += amount;
    return this;
  }

  withdraw(amount) {
    if (amount > this.#balance) throw new InsufficientFunds(this, amount);
    this.#balance -= amount;
    return this;
  }

  toString() { return `#${this.id} ${this.owner}: ${this.#balance.toFixed(2)}`; }
}

class Savings extends Account {
  constructor(owner, rate) {
    super(owner);
    this.rate = rate;
  }

  addInterest() { return this.deposit(this.balance * this.rate); }
}

const a = new Account('Ada').deposit(100);
const s = new Savings('Bob', 0.05).deposit(200).addInterest();
console.log(`${a}\n${s}`);
try {
  a.withdraw(500);
} catch (err) {
  console.log(err instanceof InsufficientFunds, err.name, err.message);
}
console.log(Object.getPrototypeOf(s) === Savings.prototype, s.hasOwnProperty('rate'));
