const prompt = require('prompt-sync')({ sigint: true });

const secret = Math.floor(Math.random() * 100) + 1;
let attempts = 0;
let found = false;

console.log("I'm thinking of a number between 1 and 100.");

while (!found) {
  let guess = Number(prompt('Your guess: '));
  attempts++;
  if (Number.isNaN(guess)) {
    console.log('That is not a number!');
  } else if (guess < secret) {
    console.log('Too low.');
  } else if (guess > secret) {
    console.log('Too high.');
  } else {
    found = true;
    console.log('Correct! It took you ' + attempts + ' attempts.');
  }
}
