// Cooperative multitasking with generators: a toy operating system.
class Process {
  constructor(pid, body) {
    this.pid = pid;
    this.body = body;
    this.exitCode = null;
  }
}

class Kernel {
  constructor() {
    this.ready = [];
    this.nextPid = 1;
    this.waiting = new Map();
  }

  spawn(program, ...args) {
    const process = new Process(this.nextPid++, program(...args));
    this.ready.push(process);
    return process.pid;
  }

  syscall(process, request) {
    const [name, arg] = request;
    if (name === 'fork') return this.spawn(arg, process.pid);
    if (name === 'write') console.log(`[${process.pid}]`, arg);
    if (name === 'kill') this.ready = this.ready.filter((p) => p.pid !== arg);
    return 0;
  }

  run() {
    while (this.ready.length > 0) {
      const process = this.ready.shift();
      const { value, done } = process.body.next(process.result);
      if (done) {
        process.exitCode = value ?? 0;
        console.log(`[${process.pid}] exit ${process.exitCode}`);
        continue;
      }
      this.ready.push(process);
      process.result = this.syscall(process, value);
    }
  }
}

function* child(parent) {
  yield ['write', `child of ${parent}`];
}

function* init() {
  const pid = yield ['fork', child];
  yield ['write', `forked ${pid}`];
  const spinner = yield ['fork', function* () { while (true) yield ['yield']; }];
  yield ['kill', spinner];
  return 7;
}

const kernel = new Kernel();
kernel.spawn(init);
kernel.run();
