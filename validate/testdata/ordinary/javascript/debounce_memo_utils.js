/** Utility belt: debounce, throttle, memoize, curry, compose, deepEqual. */
export const debounce = (fn, ms) => {
  let timer = null;
  return function (...args) {
    clearTimeout(timer);
    timer = setTimeout(() => fn.apply(this, args), ms);
  };
};

export function memoize(fn, key = (...args) => JSON.stringify(args)) {
  const cache = new Map();
  return (...args) => {
    const k = key(...args);
    if (!cache.has(k)) cache.set(k, fn(...args));
    return cache.get(k);
  };
}

export const curry = (fn) => function curried(...args) {
  return args.length >= fn.length ? fn(...args) : (...more) => curried(...args, ...more);
};

export const compose = (...fns) => (x) => fns.reduceRight((v, f) => f(v), x);

export function deepEqual(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (a.constructor !== b.constructor) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => deepEqual(a[k], b[k]));
}

const fib = memoize((n) => (n < 2n ? n : fib(n - 1n) + fib(n - 2n)), String);
console.log(fib(90n));
console.log(curry((a, b, c) => a + b + c)(1)(2, 3));
console.log(compose(Math.sqrt, Math.abs)(-49));
console.log(deepEqual({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }));
debounce(console.log, 5)('debounced');
