using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

[AttributeUsage(AttributeTargets.Method)]
sealed class TestAttribute : Attribute { }

static class Sorts
{
    public static int[] Bubble(int[] a)
    {
        for (int n = a.Length - 1; n > 0; n--)
            for (int i = 0; i < n; i++)
                if (a[i] > a[i + 1]) (a[i], a[i + 1]) = (a[i + 1], a[i]);
        return a;
    }

    public static int[] Quick(int[] a) => a.Length < 2 ? a :
        Quick(a.Skip(1).Where(x => x < a[0]).ToArray()).Append(a[0]).Concat(Quick(a.Skip(1).Where(x => x >= a[0]).ToArray())).ToArray();

    public static int PopCount(uint x)
    {
        int n = 0;
        for (; x != 0; x &= x - 1) n++;
        return n;
    }

    public static string Roman(int n)
    {
        var table = new (int, string)[] { (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I") };
        string s = "";
        foreach (var (value, sign) in table)
            for (; n >= value; n -= value) s += sign;
        return s;
    }
}

class Tests
{
    private readonly int[] data = Enumerable.Range(0, 100).Select(i => i * 37 % 101).ToArray();

    private static void AreEqual<T>(T want, T got)
    {
        if (!EqualityComparer<T>.Default.Equals(want, got)) throw new Exception($"want {want}, got {got}");
    }

    [Test] public void BubbleSorts() => AreEqual(true, Sorts.Bubble((int[])data.Clone()).SequenceEqual(data.OrderBy(x => x)));
    [Test] public void QuickSorts() => AreEqual(true, Sorts.Quick(data).SequenceEqual(data.OrderBy(x => x)));
    [Test] public void CountsBits() => AreEqual(24, Sorts.PopCount(0xDEADBEEF));
    [Test] public void WritesRoman() => AreEqual("MCMXCIV", Sorts.Roman(1994));

    static int Main()
    {
        int failed = 0;
        foreach (MethodInfo method in typeof(Tests).GetMethods().Where(m => m.GetCustomAttribute<TestAttribute>() != null))
        {
            try { method.Invoke(new Tests(), null); Console.WriteLine("ok   " + method.Name); }
            catch (TargetInvocationException e) { failed++; Console.WriteLine($"FAIL {method.Name}: {e.InnerException?.Message}"); }
        }
        return failed;
    }
}
