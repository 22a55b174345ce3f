// A state machine as data, with guards and actions.
const machine = {
  initial: 'idle',
  states: {
    idle: { on: { COIN: 'ready', KICK: 'broken' } },
    ready: { on: { PUSH: 'brewing', REFUND: 'idle' }, entry: (ctx) => { ctx.coins += 1; } },
    brewing: { on: { DONE: [{ target: 'empty', guard: (ctx) => ctx.cups <= 1 }, { target: 'idle' }] }, exit: (ctx) => { ctx.cups -= 1; } },
    empty: { on: { REFILL: 'idle' } },
    broken: {},
  },
};

function* interpret({ initial, states }, context) {
  let state = initial;
  for (;;) {
    const event = yield state;
    const found = [states[state].on?.[event] ?? []].flat()
      .map((t) => (typeof t === 'string' ? { target: t } : t))
      .find(({ guard = () => true }) => guard(context));
    if (!found) continue;
    states[state].exit?.(context);
    state = found.target;
    states[state].entry?.(context);
  }
}

const context = { coins: 0, cups: 2 };
const service = interpret(machine, context);
console.log('start', service.next().value);
for (const event of ['PUSH', 'COIN', 'PUSH', 'DONE', 'COIN', 'PUSH', 'DONE', 'REFILL', 'KICK', 'COIN']) {
  console.log(event.padEnd(8), service.next(event).value);
}
console.log(context);
