import java.util.*;
import java.util.function.Consumer;

class BinarySearchTree<T extends Comparable<T>> implements Iterable<T> {
    private class Node {
        T value;
        Node left, right;
        Node(T value) { this.value = value; }
    }

    private Node root;
    private int size;

    public void add(T value) { root = insert(root, value); }

    private Node insert(Node node, T value) {
        if (node == null) { size++; return new Node(value); }
        int c = value.compareTo(node.value);
        if (c < 0) node.left = insert(node.left, value);
        else if (c > 0) node.right = insert(node.right, value);
        return node;
    }

    public int height() { return height(root); }
    private int height(Node n) { return n == null ? 0 : 1 + Math.max(height(n.left), height(n.right)); }

    private void inorder(Node n, Consumer<T> visit) {
        if (n == null) return;
        inorder(n.left, visit);
        visit.accept(n.value);
        inorder(n.right, visit);
    }

    @Override public Iterator<T> iterator() {
        List<T> out = new ArrayList<>(size);
        inorder(root, out::add);
        return out.iterator();
    }
}

class Main {
    public static void main(String[] args) {
        BinarySearchTree<String> tree = new BinarySearchTree<>();
        for (String w : "the quick brown fox jumps over the lazy dog".split(" ")) tree.add(w);
        for (String w : tree) System.out.print(w + " ");
        System.out.println("\nheight " + tree.height());
        BinarySearchTree<Integer> numbers = new BinarySearchTree<>();
        new Random(1).ints(20, 0, 100).forEach(numbers::add);
        StringJoiner joiner = new StringJoiner(", ", "[", "]");
        numbers.forEach(n -> joiner.add(n.toString()));
        System.out.println(joiner);
    }
}
