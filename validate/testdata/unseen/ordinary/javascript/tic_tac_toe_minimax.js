const WINS = [[0,1,2],[3,4,5],[6,7,8],[0,3,6],[1,4,7],[2,5,8],[0,4,8],[2,4,6]];

function winner(b) {
  for (const [x, y, z] of WINS)
    if (b[x] && b[x] === b[y] && b[y] === b[z]) return b[x];
  return b.every(Boolean) ? 'draw' : null;
}

function minimax(b, player) {
  const w = winner(b);
  if (w === 'X') return { score: 1 };
  if (w === 'O') return { score: -1 };
  if (w === 'draw') return { score: 0 };
  let best = { score: player === 'X' ? -Infinity : Infinity };
  for (let i = 0; i < 9; i++) {
    if (b[i]) continue;
    b[i] = player;
    const { score } = minimax(b, player === 'X' ? 'O' : 'X');
    b[i] = null;
    if (player === 'X' ? score > best.score : score < best.score) best = { score, move: i };
  }
  return best;
}

const board = Array(9).fill(null);
let turn = 'X';
while (!winner(board)) {
  board[minimax(board, turn).move] = turn;
  turn = turn === 'X' ? 'O' : 'X';
  console.log(board.map((c) => c || '.').join('').replace(/(...)/g, '$1\n'));
}
console.log('result:', winner(board));
