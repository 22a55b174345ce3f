const fs = require('fs');
const path = require('path');

const FILE = path.join(__dirname, 'todos.json');

function load() {
  if (!fs.existsSync(FILE)) return [];
  return JSON.parse(fs.readFileSync(FILE, 'utf8'));
}

function save(todos) {
  fs.writeFileSync(FILE, JSON.stringify(todos, null, 2));
}

function usage() {
  console.log(`Usage:
  node todo.js add "buy milk"
  node todo.js list
  node todo.js done <number>
  node todo.js remove <number>`);
}

const [, , command, ...args] = process.argv;
const todos = load();

switch (command) {
  case 'add':
    todos.push({ text: args.join(' '), done: false });
    save(todos);
    break;
  case 'list':
    todos.forEach((t, i) => console.log(`${i + 1}. [${t.done ? 'x' : ' '}] ${t.text}`));
    break;
  case 'done':
    if (todos[args[0] - 1]) todos[args[0] - 1].done = true;
    save(todos);
    break;
  case 'remove':
    todos.splice(Number(args[0]) - 1, 1);
    save(todos);
    break;
  default:
    usage();
    process.exit(1);
}
