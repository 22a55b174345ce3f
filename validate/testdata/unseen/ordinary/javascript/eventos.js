const EventEmitter = require('events');
const readline = require('readline');

class Temporizador extends EventEmitter {
  constructor(segundos) {
    super();
    this.restante = segundos;
  }

  iniciar() {
    this.id = setInterval(() => {
      this.restante -= 1;
      this.emit('tick', this.restante);
      if (this.restante <= 0) {
        clearInterval(this.id);
        this.emit('fin');
      }
    }, 1000);
  }
}

const rl = readline.createInterface({ input: process.stdin, output: process.stdout });

rl.question('¿Cuántos segundos? ', (respuesta) => {
  const t = new Temporizador(parseInt(respuesta, 10) || 3);
  t.on('tick', (n) => console.log(`quedan ${n}`));
  t.on('fin', () => {
    console.log('¡Tiempo!');
    rl.close();
  });
  t.iniciar();
});
