const sqlite3 = require('sqlite3').verbose();
const db = new sqlite3.Database(':memory:');

db.serialize(() => {
  db.run('CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, body TEXT)');

  const stmt = db.prepare('INSERT INTO notes (title, body) VALUES (?, ?)');
  for (let i = 0; i < 5; i++) {
    stmt.run('Note ' + i, 'body of note ' + i);
  }
  stmt.finalize();

  db.exec('CREATE INDEX idx_title ON notes (title)');
  db.each('SELECT id, title FROM notes WHERE id > ?', [2], (err, row) => {
    if (err) throw err;
    console.log(row.id + ': ' + row.title);
  });
  db.run('DELETE FROM notes WHERE id = ?', 1, function (err) {
    if (!err) console.log('deleted', this.changes);
  });
});

db.close();
