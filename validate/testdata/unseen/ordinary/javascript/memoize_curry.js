const memoize = (fn) => {
  const cache = new Map();
  return (...args) => {
    const key = JSON.stringify(args);
    if (!cache.has(key)) cache.set(key, fn.apply(null, args));
    return cache.get(key);
  };
};

const curry = (fn) =>
  function curried(...args) {
    return args.length >= fn.length
      ? fn.call(this, ...args)
      : (...more) => curried.call(this, ...args, ...more);
  };

const debounce = (fn, ms) => {
  let timer;
  return function () {
    clearTimeout(timer);
    timer = setTimeout(() => fn.apply(this, arguments), ms);
  };
};

const fib = memoize((n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)));
const add3 = curry((a, b, c) => a + b + c);

console.time('fib');
console.log(fib(80));
console.timeEnd('fib');
console.log(add3(1)(2)(3), add3(1, 2)(3));

const hello = debounce((name) => console.log('hello', name), 50);
hello('a'); hello('b'); hello('c');
