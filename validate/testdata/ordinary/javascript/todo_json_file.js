const fs = require('fs');
const os = require('os');
const path = require('path');

const file = process.env.TODO_FILE || path.join(os.tmpdir(), `todo-${process.pid}.json`);

function load() {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (err) {
    if (err.code !== 'ENOENT') throw err;
    return [];
  }
}

function save(items) {
  fs.writeFileSync(file, JSON.stringify(items, null, 2) + '\n');
}

const commands = {
  add(...words) {
    save([...load(), { text: words.join(' '), done: false }]);
  },
  done(n) {
    const items = load();
    items[n - 1].done = true;
    save(items);
  },
  list() {
    load().forEach((item, i) => console.log(`${i + 1}. [${item.done ? 'x' : ' '}] ${item.text}`));
  },
  clear() {
    fs.unlinkSync(file);
  },
};

function run([command = 'list', ...args]) {
  const action = commands[command];
  if (!action) {
    console.error('usage: todo add TEXT | done N | list | clear');
    process.exitCode = 2;
    return;
  }
  action(...args);
}

if (process.argv.length > 2) {
  run(process.argv.slice(2));
} else {
  ['add buy milk', 'add kill the weeds', 'done 1', 'list', 'clear'].forEach((line) => run(line.split(' ')));
}
