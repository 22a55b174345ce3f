// Generates the README of our project: shell and SQL are text here.
const steps = [
  ['Clean the output', 'rm -rf dist && mkdir dist'],
  ['Install', 'npm install --save-dev eslint'],
  ['Run a server', 'node server.js & curl http://localhost:3000/'],
  ['Stop it', 'kill $(cat server.pid)'],
];

const notes = `
To run another program use \`child_process.spawn()\` or \`execFile()\`; avoid \`exec()\` with
user input, and never \`eval()\` it. See https://nodejs.org/api/child_process.html
`;

const sql = (strings, ...values) => ({
  text: strings.reduce((out, s, i) => out + (i ? `$${i}` : '') + s, ''),
  values,
});

function markdown(title) {
  const lines = [`# ${title}`, notes.trim(), ''];
  steps.forEach(([what, command], i) => {
    lines.push(`${i + 1}. ${what}`, '', '   ```sh', `   ${command}`, '   ```', '');
  });
  return lines.join('\n');
}

console.log(markdown('Widget factory'));
const name = "x'; DROP TABLE users; --";
const query = sql`SELECT * FROM users WHERE name = ${name} AND age > ${18}`;
console.log(query.text, query.values);
console.log(markdown('x').match(/`(\w+)\(\)`/g));
