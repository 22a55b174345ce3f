const inventory = [
  { item: 'hammer', category: 'tools', price: 19.5, stock: 4 },
  { item: 'shell', category: 'toys', price: 0.5, stock: 120 },
  { item: 'fork', category: 'kitchen', price: 2.25, stock: 60 },
  { item: 'socket set', category: 'tools', price: 45, stock: 2 },
  { item: 'pipe', category: 'plumbing', price: 7.8, stock: 0 },
];

const groupBy = (list, key) => list.reduce((groups, x) => {
  (groups[x[key]] ||= []).push(x);
  return groups;
}, {});

const sum = (list, fn) => list.map(fn).reduce((a, b) => a + b, 0);

console.table(inventory);
for (const [category, items] of Object.entries(groupBy(inventory, 'category'))) {
  console.log(`${category}: ${items.map(({ item }) => item).join(', ')}, worth ${sum(items, (i) => i.price * i.stock).toFixed(2)}`);
}
console.log('sold out:', inventory.filter((i) => !i.stock).map((i) => i.item));
console.log('cheapest:', [...inventory].sort((a, b) => a.price - b.price)[0].item);
console.log('any above 40?', inventory.some((i) => i.price > 40), 'all below 50?', inventory.every((i) => i.price < 50));

const { tools: [firstTool, ...restTools], ...others } = groupBy(inventory, 'category');
console.log(firstTool.item, restTools.length, Object.keys(others));
const csv = [Object.keys(inventory[0]), ...inventory.map(Object.values)].map((r) => r.join(';')).join('\n');
console.log(csv);
const back = csv.split('\n').slice(1).map((line) => line.split(';'));
console.log(back.length === inventory.length);
