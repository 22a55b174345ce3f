import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

public class HuffmanCoding {
    static abstract class Tree implements Comparable<Tree> {
        final int freq;
        Tree(int freq) { this.freq = freq; }
        public int compareTo(Tree t) { return Integer.compare(freq, t.freq); }
    }

    static class Leaf extends Tree {
        final char value;
        Leaf(int f, char v) { super(f); value = v; }
    }

    static class Inner extends Tree {
        final Tree left, right;
        Inner(Tree l, Tree r) { super(l.freq + r.freq); left = l; right = r; }
    }

    static void codes(Tree t, StringBuilder prefix, Map<Character, String> out) {
        if (t instanceof Leaf) {
            out.put(((Leaf) t).value, prefix.toString());
        } else {
            Inner n = (Inner) t;
            codes(n.left, prefix.append('0'), out);
            prefix.deleteCharAt(prefix.length() - 1);
            codes(n.right, prefix.append('1'), out);
            prefix.deleteCharAt(prefix.length() - 1);
        }
    }

    public static void main(String[] args) {
        String text = "this is an example for huffman encoding";
        int[] freqs = new int[256];
        for (char c : text.toCharArray()) freqs[c]++;
        PriorityQueue<Tree> trees = new PriorityQueue<>();
        for (int i = 0; i < freqs.length; i++)
            if (freqs[i] > 0) trees.offer(new Leaf(freqs[i], (char) i));
        while (trees.size() > 1) trees.offer(new Inner(trees.poll(), trees.poll()));
        Map<Character, String> table = new HashMap<>();
        codes(trees.poll(), new StringBuilder(), table);
        table.forEach((c, code) -> System.out.println(c + "\t" + code));
    }
}
