using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

public class BinaryTree<T> : IEnumerable<T> where T : IComparable<T>
{
    private sealed class Node
    {
        public readonly T Value;
        public Node? Left, Right;
        public Node(T value) => Value = value;
    }

    private Node? root;
    public int Count { get; private set; }

    public bool Add(T value)
    {
        ref Node? at = ref root;
        while (at != null)
        {
            int c = value.CompareTo(at.Value);
            if (c == 0) return false;
            if (c < 0) at = ref at.Left; else at = ref at.Right;
        }
        at = new Node(value);
        Count++;
        return true;
    }

    public int Height => HeightOf(root);
    private static int HeightOf(Node? n) => n is null ? 0 : 1 + Math.Max(HeightOf(n.Left), HeightOf(n.Right));

    public IEnumerator<T> GetEnumerator()
    {
        var stack = new Stack<Node>();
        Node? node = root;
        while (node != null || stack.Count > 0)
        {
            for (; node != null; node = node.Left) stack.Push(node);
            node = stack.Pop();
            yield return node.Value;
            node = node.Right;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public static class Program
{
    public static void Main()
    {
        var tree = new BinaryTree<string>();
        foreach (string word in "the quick brown fox jumps over the lazy dog".Split()) tree.Add(word);
        Console.WriteLine(string.Join(" ", tree));
        Console.WriteLine($"{tree.Count} nodes, height {tree.Height}");
        var numbers = new BinaryTree<int>();
        var random = new Random(1);
        for (int i = 0; i < 100; i++) numbers.Add(random.Next(1000));
        Console.WriteLine(numbers.SequenceEqual(numbers.OrderBy(n => n)));
        Console.WriteLine(typeof(BinaryTree<int>).GetGenericArguments()[0].Name + " " + (tree is IEnumerable<object>));
    }
}
