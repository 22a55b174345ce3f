class Matrix {
  constructor(rows) { this.rows = rows; }

  static identity(n) {
    return new Matrix(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => +(i === j))));
  }

  get size() { return [this.rows.length, this.rows[0].length]; }

  multiply(other) {
    const [n, m] = this.size, [m2, p] = other.size;
    if (m !== m2) throw new TypeError(`cannot multiply ${n}x${m} with ${m2}x${p}`);
    return new Matrix(this.rows.map((row) =>
      Array.from({ length: p }, (_, j) => row.reduce((sum, x, k) => sum + x * other.rows[k][j], 0))));
  }

  power(n) {
    let result = Matrix.identity(this.rows.length), base = this;
    for (; n > 0; n >>= 1, base = base.multiply(base)) if (n & 1) result = result.multiply(base);
    return result;
  }

  determinant() {
    const a = this.rows.map((r) => r.slice());
    let det = 1;
    for (let c = 0; c < a.length; c++) {
      const pivot = a.findIndex((r, i) => i >= c && r[c] !== 0);
      if (pivot < 0) return 0;
      if (pivot !== c) { [a[c], a[pivot]] = [a[pivot], a[c]]; det = -det; }
      det *= a[c][c];
      for (let r = c + 1; r < a.length; r++) {
        const f = a[r][c] / a[c][c];
        for (let k = c; k < a.length; k++) a[r][k] -= f * a[c][k];
      }
    }
    return det;
  }

  toString() { return this.rows.map((r) => r.join('\t')).join('\n'); }
}

const fib = new Matrix([[1, 1], [1, 0]]);
console.log(String(fib.power(30)));
console.log(new Matrix([[2, 0, 1], [1, 3, 2], [1, 1, 4]]).determinant());
try { fib.multiply(new Matrix([[1]])); } catch ({ name, message }) { console.log(name, message); }
