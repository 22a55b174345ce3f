const express = require('express');
const app = express();
app.use(express.json());

let books = [
  { id: 1, title: 'Dune', author: 'Frank Herbert' },
  { id: 2, title: 'Emma', author: 'Jane Austen' },
];
let nextId = 3;

app.get('/books', (req, res) => {
  const { author } = req.query;
  res.json(author ? books.filter((b) => b.author === author) : books);
});

app.get('/books/:id', (req, res) => {
  const book = books.find((b) => b.id === parseInt(req.params.id, 10));
  if (!book) return res.status(404).json({ error: 'not found' });
  res.json(book);
});

app.post('/books', (req, res) => {
  const book = { id: nextId++, ...req.body };
  books.push(book);
  res.status(201).json(book);
});

app.delete('/books/:id', (req, res) => {
  books = books.filter((b) => b.id !== Number(req.params.id));
  res.sendStatus(204);
});

const port = process.env.PORT || 3000;
app.listen(port, () => console.log(`listening on ${port}`));
