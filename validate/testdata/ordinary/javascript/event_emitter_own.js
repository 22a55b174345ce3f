// A small EventEmitter and a queue server on top of it.
class Emitter {
  #listeners = new Map();

  on(name, fn) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
    this.#listeners.get(name).add(fn);
    return () => this.#listeners.get(name).delete(fn);
  }

  once(name, fn) {
    const off = this.on(name, (...args) => {
      off();
      fn.apply(this, args);
    });
  }

  emit(name, ...args) {
    for (const fn of this.#listeners.get(name) ?? []) fn.call(this, ...args);
  }
}

class Server extends Emitter {
  constructor() {
    super();
    this.queue = [];
  }

  listen() {
    this.emit('listening');
    while (true) {
      const request = this.queue.shift();
      if (!request) break;
      this.emit('request', request, (body) => console.log(request.url, '=>', body));
    }
    this.emit('close');
  }
}

const server = new Server();
server.once('listening', () => console.log('listening'));
server.on('request', (req, reply) => reply(req.url.split('/').reverse().join(',')));
server.on('close', () => console.log(server.constructor.name, 'closed'));
server.queue.push({ url: '/a/b' }, { url: '/users/7' });
server.listen();
