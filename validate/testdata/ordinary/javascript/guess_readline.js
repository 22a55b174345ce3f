const readline = require('readline');

const rl = readline.createInterface({ input: process.stdin, output: process.stdout });
const secret = Math.floor(Math.random() * 100) + 1;
let tries = 0;

function ask() {
  rl.question('Guess a number between 1 and 100: ', (answer) => {
    if (/^(q|quit|exit)$/i.test(answer)) {
      console.log('The number was', secret);
      rl.close();
      return;
    }
    const guess = parseInt(answer, 10);
    tries++;
    if (Number.isNaN(guess)) {
      console.log('Not a number!');
    } else if (guess === secret) {
      console.log(`Correct after ${tries} ${tries === 1 ? 'try' : 'tries'}`);
      rl.close();
      return;
    } else {
      console.log(guess < secret ? 'Higher' : 'Lower');
    }
    ask();
  });
}

rl.on('close', () => process.exit(0));
ask();
