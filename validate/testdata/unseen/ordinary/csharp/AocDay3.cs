using System;
using System.IO;
using System.Linq;

var lines = File.ReadAllLines(args.Length > 0 ? args[0] : "input.txt");

int Priority(char c) => char.IsLower(c) ? c - 'a' + 1 : c - 'A' + 27;

int part1 = lines
    .Select(l => l[..(l.Length / 2)].Intersect(l[(l.Length / 2)..]).Single())
    .Sum(Priority);

int part2 = lines
    .Chunk(3)
    .Select(g => g.Aggregate<string, string>(g[0], (a, b) => new string(a.Intersect(b).ToArray()))[0])
    .Sum(Priority);

Console.WriteLine($"Part 1: {part1}");
Console.WriteLine($"Part 2: {part2}");
