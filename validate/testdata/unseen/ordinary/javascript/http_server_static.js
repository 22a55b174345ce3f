const http = require('http');
const fs = require('fs');
const path = require('path');
const url = require('url');

const types = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.png': 'image/png',
};

const root = path.resolve('public');

const server = http.createServer((req, res) => {
  let { pathname } = url.parse(req.url);
  if (pathname === '/') pathname = '/index.html';
  const file = path.join(root, path.normalize(pathname));
  fs.readFile(file, (err, data) => {
    if (err) {
      res.writeHead(404, { 'Content-Type': 'text/plain' });
      res.end('404 Not Found\n');
      return;
    }
    res.writeHead(200, { 'Content-Type': types[path.extname(file)] || 'application/octet-stream' });
    res.end(data);
  });
});

server.listen(8080, '127.0.0.1', () => {
  console.log('Server running at http://127.0.0.1:8080/');
});
