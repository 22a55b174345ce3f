class Trie {
  constructor() { this.root = { children: new Map(), end: false }; }

  insert(word) {
    let node = this.root;
    for (const ch of word) {
      if (!node.children.has(ch)) node.children.set(ch, { children: new Map(), end: false });
      node = node.children.get(ch);
    }
    node.end = true;
    return this;
  }

  find(prefix) {
    let node = this.root;
    for (const ch of prefix) {
      node = node.children.get(ch);
      if (!node) return null;
    }
    return node;
  }

  has(word) { return Boolean(this.find(word)?.end); }

  *complete(prefix, node = this.find(prefix)) {
    if (!node) return;
    if (node.end) yield prefix;
    for (const [ch, child] of node.children) yield* this.complete(prefix + ch, child);
  }

  remove(word, node = this.root, depth = 0) {
    if (depth === word.length) {
      node.end = false;
    } else {
      const child = node.children.get(word[depth]);
      if (child) {
        this.remove(word, child, depth + 1);
        if (!child.end && child.children.size === 0) node.children.delete(word[depth]);
      }
    }
    return this;
  }
}

const trie = new Trie();
for (const w of 'exec execute executor exit export eval evaluate fork format'.split(' ')) trie.insert(w);
console.log([...trie.complete('exe')], trie.has('ev'), trie.has('eval'));
console.log([...trie.remove('exec').complete('e')]);
