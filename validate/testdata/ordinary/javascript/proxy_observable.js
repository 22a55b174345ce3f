// Proxy and Reflect: validation, default values, observed objects.
const withDefault = (target, fallback) => new Proxy(target, {
  get: (obj, prop, receiver) => (Reflect.has(obj, prop) ? Reflect.get(obj, prop, receiver) : fallback),
});

function observe(target, onChange) {
  return new Proxy(target, {
    set(obj, prop, value) {
      const old = obj[prop];
      const ok = Reflect.set(obj, prop, value);
      if (old !== value) onChange(prop, old, value);
      return ok;
    },
    deleteProperty(obj, prop) {
      onChange(prop, obj[prop], undefined);
      return delete obj[prop];
    },
  });
}

function mixin(constructor, ...sources) {
  for (const source of sources) {
    for (const key of Reflect.ownKeys(source)) {
      Object.defineProperty(constructor.prototype, key, Object.getOwnPropertyDescriptor(source, key));
    }
  }
}

class Robot { constructor(name) { this.name = name; } }
mixin(Robot, { walk() { return `${this.name} walks`; }, get shout() { return this.name.toUpperCase(); } });

const counts = withDefault({}, 0);
for (const c of 'mississippi') counts[c]++;
console.log({ ...counts });

const state = observe({ lives: 3 }, (k, a, b) => console.log(`${k}: ${a} -> ${b}`));
state.lives--;
state.weapon = 'fork';
delete state.weapon;
const r = new Robot('marvin');
console.log(r.walk(), r.shout, Robot.prototype.isPrototypeOf(r), r.__proto__ === Robot.prototype);
console.log(typeof globalThis, Function.prototype.call.call(function () { return this.n; }, { n: 1 }));
