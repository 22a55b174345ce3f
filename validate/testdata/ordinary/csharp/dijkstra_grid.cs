using System;
using System.Collections.Generic;
using System.Linq;

class Program
{
    static readonly (int Dr, int Dc)[] Steps = { (0, 1), (1, 0), (0, -1), (-1, 0) };

    static (int Cost, List<(int R, int C)> Path)? Shortest(string[] grid)
    {
        var start = Find(grid, 'S');
        var end = Find(grid, 'E');
        var cost = new Dictionary<(int, int), int> { [start] = 0 };
        var parent = new Dictionary<(int, int), (int, int)>();
        var open = new PriorityQueue<(int R, int C), int>();
        open.Enqueue(start, 0);
        while (open.TryDequeue(out var cell, out int d))
        {
            if (cell == end)
            {
                var path = new List<(int, int)> { end };
                while (parent.TryGetValue(path[^1], out var previous)) path.Add(previous);
                path.Reverse();
                return (d, path);
            }
            foreach (var (dr, dc) in Steps)
            {
                var next = (R: cell.R + dr, C: cell.C + dc);
                if (next.R < 0 || next.C < 0 || next.R >= grid.Length || next.C >= grid[0].Length) continue;
                char c = grid[next.R][next.C];
                if (c == '#') continue;
                int total = d + (char.IsDigit(c) ? c - '0' : 1);
                if (cost.TryGetValue(next, out int known) && known <= total) continue;
                cost[next] = total;
                parent[next] = cell;
                open.Enqueue(next, total);
            }
        }
        return null;
    }

    static (int, int) Find(string[] grid, char what)
    {
        for (int r = 0; r < grid.Length; r++)
            if (grid[r].IndexOf(what) is >= 0 and var c) return (r, c);
        throw new ArgumentException($"no {what} in the grid");
    }

    static void Main()
    {
        string[] grid = { "S.#....", "..9..#.", ".###.#.", "...9.#E" };
        if (Shortest(grid) is var (cost, path))
        {
            Console.WriteLine($"cost {cost}, {path.Count} cells");
            for (int r = 0; r < grid.Length; r++)
                Console.WriteLine(new string(grid[r].Select((c, i) => path.Contains((r, i)) && c != 'S' && c != 'E' ? '*' : c).ToArray()));
        }
        Console.WriteLine(Shortest(new[] { "S#E" }) is null ? "no way" : "strange");
    }
}
