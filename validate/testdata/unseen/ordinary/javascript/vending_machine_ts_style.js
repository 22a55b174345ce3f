const States = Object.freeze({ IDLE: 'idle', HAS_COINS: 'hasCoins', SOLD: 'sold' });

class VendingMachine {
  static PRICES = { cola: 150, water: 100, juice: 180 };

  constructor() {
    this.state = States.IDLE;
    this.amount = 0;
    this.log = [];
  }

  insert(cents) {
    if (![10, 20, 50, 100, 200].includes(cents)) throw new RangeError(`bad coin: ${cents}`);
    this.amount += cents;
    this.state = States.HAS_COINS;
  }

  select(product) {
    const price = VendingMachine.PRICES[product];
    if (price === undefined) throw new Error('unknown product ' + product);
    if (this.amount < price) return { product: null, missing: price - this.amount };
    this.amount -= price;
    this.state = States.SOLD;
    this.log.push({ product, price, at: new Date().toISOString() });
    return { product, change: this.refund() };
  }

  refund() {
    const coins = [];
    for (const coin of [200, 100, 50, 20, 10]) {
      while (this.amount >= coin) {
        coins.push(coin);
        this.amount -= coin;
      }
    }
    this.state = States.IDLE;
    return coins;
  }
}

const m = new VendingMachine();
m.insert(200);
console.log(m.select('cola'));
try {
  m.insert(3);
} catch (e) {
  console.log(e instanceof RangeError, e.message);
}
