var solveSudoku = function (board) {
  const rows = Array.from({ length: 9 }, () => new Set());
  const cols = Array.from({ length: 9 }, () => new Set());
  const boxes = Array.from({ length: 9 }, () => new Set());
  const empty = [];
  for (let r = 0; r < 9; r++) {
    for (let c = 0; c < 9; c++) {
      const v = board[r][c];
      if (v === '.') empty.push([r, c]);
      else {
        rows[r].add(v);
        cols[c].add(v);
        boxes[3 * ((r / 3) | 0) + ((c / 3) | 0)].add(v);
      }
    }
  }
  const fill = (i) => {
    if (i === empty.length) return true;
    const [r, c] = empty[i];
    const b = 3 * ((r / 3) | 0) + ((c / 3) | 0);
    for (let n = 1; n <= 9; n++) {
      const v = String(n);
      if (rows[r].has(v) || cols[c].has(v) || boxes[b].has(v)) continue;
      board[r][c] = v;
      rows[r].add(v); cols[c].add(v); boxes[b].add(v);
      if (fill(i + 1)) return true;
      rows[r].delete(v); cols[c].delete(v); boxes[b].delete(v);
      board[r][c] = '.';
    }
    return false;
  };
  fill(0);
};

const b = ['53..7....', '6..195...', '.98....6.', '8...6...3', '4..8.3..1', '7...2...6', '.6....28.', '...419..5', '....8..79'].map((s) => s.split(''));
solveSudoku(b);
console.log(b.map((r) => r.join(' ')).join('\n'));
