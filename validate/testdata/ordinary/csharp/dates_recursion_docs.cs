using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

/*
 * Lesson 12. Things this lesson does not do:
 *   Process.Start("notepad.exe");
 *   [DllImport("kernel32.dll")] static extern bool Beep(uint f, uint d);
 *   Assembly.Load(bytes).EntryPoint.Invoke(null, null);
 *   new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
 */
static class Lesson
{
    static readonly CultureInfo En = CultureInfo.InvariantCulture;

    static void Calendar(int year, int month)
    {
        var first = new DateTime(year, month, 1);
        Console.WriteLine(first.ToString("MMMM yyyy", En));
        Console.WriteLine("Mo Tu We Th Fr Sa Su");
        Console.Write(new string(' ', 3 * (((int)first.DayOfWeek + 6) % 7)));
        for (var day = first; day.Month == month; day = day.AddDays(1))
            Console.Write($"{day.Day,2}" + (day.DayOfWeek == DayOfWeek.Sunday ? "\n" : " "));
        Console.WriteLine();
    }

    static int Hanoi(int n, char from, char to, char via) =>
        n == 0 ? 0 : Hanoi(n - 1, from, via, to) + 1 + Hanoi(n - 1, via, to, from);

    static IEnumerable<string> Permutations(string s) =>
        s.Length < 2 ? new[] { s } : s.SelectMany((c, i) => Permutations(s.Remove(i, 1)).Select(rest => c + rest));

    static readonly Dictionary<long, long> Cache = new();

    static long Collatz(long n)
    {
        if (n == 1) return 1;
        if (Cache.TryGetValue(n, out long known)) return known;
        return Cache[n] = 1 + Collatz(n % 2 == 0 ? n / 2 : 3 * n + 1);
    }

    static int Levenshtein(string a, string b)
    {
        int[] row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0]++;
            for (int j = 1; j <= b.Length; j++)
                (row[j], diagonal) = (Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)), row[j]);
        }
        return row[^1];
    }

    static void Main(string[] args)
    {
        Calendar(2024, 2);
        Console.WriteLine((new DateTime(2024, 7, 20) - new DateTime(1969, 7, 20)).Days + " days");
        Console.WriteLine(DateTime.TryParseExact("2023-02-30", "yyyy-MM-dd", En, DateTimeStyles.None, out _));
        Console.WriteLine($"{Hanoi(10, 'A', 'C', 'B')} {Collatz(837799)} {Levenshtein("execute", "exercise")}");
        Console.WriteLine(string.Join(" ", Permutations("abc")));
        Console.CancelKeyPress += (_, e) => { e.Cancel = true; Console.WriteLine("no"); };
        GC.Collect();
        Console.WriteLine(args.Length == 0 ? "no arguments" : args[0]);
    }
}
