"""A small library catalogue with sqlite3 and placeholders."""
import sqlite3

SCHEMA = """
CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE book (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    author_id INTEGER REFERENCES author(id),
    lent INTEGER DEFAULT 0
);
"""


class Library:
    def __init__(self, path=":memory:"):
        self.db = sqlite3.connect(path)
        self.db.row_factory = sqlite3.Row
        self.db.executescript(SCHEMA)

    def add(self, title, author):
        cur = self.db.cursor()
        cur.execute("SELECT id FROM author WHERE name = ?", (author,))
        row = cur.fetchone()
        if row is None:
            cur.execute("INSERT INTO author(name) VALUES (?)", (author,))
            author_id = cur.lastrowid
        else:
            author_id = row["id"]
        cur.execute("INSERT INTO book(title, author_id) VALUES (?, ?)", (title, author_id))
        self.db.commit()

    def lend(self, title):
        with self.db:
            done = self.db.execute("UPDATE book SET lent = 1 WHERE title = ? AND lent = 0", (title,))
        return done.rowcount == 1

    def remove_lent(self):
        self.db.execute("DELETE FROM book WHERE lent = 1")

    def __iter__(self):
        query = """SELECT b.title, a.name FROM book b JOIN author a ON a.id = b.author_id ORDER BY 1"""
        yield from self.db.execute(query)


lib = Library()
lib.db.executemany("INSERT INTO author(name) VALUES (?)", [("Knuth",), ("Lem",)])
lib.add("Solaris", "Lem")
lib.add("TAOCP", "Knuth")
lib.add("Robert'); DROP TABLE book;--", "Little Bobby")
print(lib.lend("Solaris"), lib.lend("Solaris"))
lib.remove_lent()
for title, name in lib:
    print(title, "by", name)
