const LINES = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]];

function winner(b) {
  const line = LINES.find(([x, y, z]) => b[x] !== ' ' && b[x] === b[y] && b[y] === b[z]);
  return line ? b[line[0]] : null;
}

const moves = (b) => b.flatMap((c, i) => (c === ' ' ? [i] : []));

function minimax(board, player, depth = 0) {
  const w = winner(board);
  if (w) return { score: w === 'X' ? 10 - depth : depth - 10 };
  const free = moves(board);
  if (!free.length) return { score: 0 };
  let best = null;
  for (const move of free) {
    board[move] = player;
    const { score } = minimax(board, player === 'X' ? 'O' : 'X', depth + 1);
    board[move] = ' ';
    const better = best === null || (player === 'X' ? score > best.score : score < best.score);
    if (better) best = { move, score };
  }
  return best;
}

function show(b) {
  console.log([0, 3, 6].map((i) => b.slice(i, i + 3).join('|')).join('\n-+-+-\n') + '\n');
}

const board = Array(9).fill(' ');
board[0] = 'X';
let player = 'O';
while (true) {
  if (winner(board) || !moves(board).length) break;
  board[minimax(board, player).move] = player;
  player = player === 'X' ? 'O' : 'X';
}
show(board);
console.log(winner(board) ?? 'draw');
