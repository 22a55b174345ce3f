const swap = (a, i, j) => { [a[i], a[j]] = [a[j], a[i]]; };

const sorts = {
  bubble(a) {
    for (let n = a.length; n > 1; n--) {
      for (let i = 1; i < n; i++) if (a[i - 1] > a[i]) swap(a, i - 1, i);
    }
    return a;
  },
  quick(a, lo = 0, hi = a.length - 1) {
    if (lo < hi) {
      const pivot = a[(lo + hi) >> 1];
      let i = lo, j = hi;
      while (i <= j) {
        while (a[i] < pivot) i++;
        while (a[j] > pivot) j--;
        if (i <= j) swap(a, i++, j--);
      }
      sorts.quick(a, lo, j);
      sorts.quick(a, i, hi);
    }
    return a;
  },
  merge(a) {
    if (a.length < 2) return a;
    const mid = a.length >>> 1;
    const left = sorts.merge(a.slice(0, mid)), right = sorts.merge(a.slice(mid));
    const out = [];
    while (left.length && right.length) out.push(left[0] <= right[0] ? left.shift() : right.shift());
    return out.concat(left, right);
  },
  counting(a) {
    const counts = [];
    a.forEach((x) => { counts[x] = (counts[x] || 0) + 1; });
    return counts.flatMap((n, x) => Array(n).fill(x));
  },
};

const data = Array.from({ length: 200 }, () => (Math.random() * 1000) | 0);
const expected = [...data].sort((x, y) => x - y).join();
for (const [name, sort] of Object.entries(sorts)) {
  console.time(name);
  const ok = sort([...data]).join() === expected;
  console.timeEnd(name);
  console.log(name, ok ? 'ok' : 'WRONG');
}
