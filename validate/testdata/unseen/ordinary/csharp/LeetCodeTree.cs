using System;
using System.Collections.Generic;

public class TreeNode
{
    public int val;
    public TreeNode left, right;
    public TreeNode(int val = 0, TreeNode left = null, TreeNode right = null)
    {
        this.val = val;
        this.left = left;
        this.right = right;
    }
}

public class Solution
{
    public IList<IList<int>> LevelOrder(TreeNode root)
    {
        var res = new List<IList<int>>();
        if (root == null) return res;
        var q = new Queue<TreeNode>();
        q.Enqueue(root);
        while (q.Count > 0)
        {
            var level = new List<int>();
            for (int i = q.Count; i > 0; i--)
            {
                var n = q.Dequeue();
                level.Add(n.val);
                if (n.left != null) q.Enqueue(n.left);
                if (n.right != null) q.Enqueue(n.right);
            }
            res.Add(level);
        }
        return res;
    }

    public bool IsValidBST(TreeNode root) => Check(root, long.MinValue, long.MaxValue);

    private bool Check(TreeNode n, long lo, long hi) =>
        n == null || (n.val > lo && n.val < hi && Check(n.left, lo, n.val) && Check(n.right, n.val, hi));

    public static void Main()
    {
        var t = new TreeNode(3, new TreeNode(1), new TreeNode(5, new TreeNode(4)));
        foreach (var l in new Solution().LevelOrder(t)) Console.WriteLine(string.Join(" ", l));
        Console.WriteLine(new Solution().IsValidBST(t));
    }
}
