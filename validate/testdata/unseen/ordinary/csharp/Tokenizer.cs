using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

public static class Calculator
{
    private static readonly Regex Token = new Regex(@"\s*(?<num>\d+(\.\d+)?)|\s*(?<op>[-+*/()])", RegexOptions.Compiled);

    public static double Evaluate(string text)
    {
        var tokens = new Queue<string>();
        foreach (Match m in Token.Matches(text))
            tokens.Enqueue(m.Value.Trim());
        double result = Sum(tokens);
        if (tokens.Count > 0) throw new FormatException($"unexpected '{tokens.Peek()}'");
        return result;
    }

    private static double Sum(Queue<string> t)
    {
        double v = Product(t);
        while (t.TryPeek(out var op) && (op == "+" || op == "-"))
            v = t.Dequeue() == "+" ? v + Product(t) : v - Product(t);
        return v;
    }

    private static double Product(Queue<string> t)
    {
        double v = Atom(t);
        while (t.TryPeek(out var op) && (op == "*" || op == "/"))
            v = t.Dequeue() == "*" ? v * Atom(t) : v / Atom(t);
        return v;
    }

    private static double Atom(Queue<string> t)
    {
        string s = t.Dequeue();
        if (s == "-") return -Atom(t);
        if (s != "(") return double.Parse(s, CultureInfo.InvariantCulture);
        double v = Sum(t);
        t.Dequeue();
        return v;
    }

    public static void Main()
    {
        for (string line; (line = Console.ReadLine()) != null;)
        {
            try { Console.WriteLine(Evaluate(line)); }
            catch (Exception e) when (e is FormatException or InvalidOperationException) { Console.WriteLine("error: " + e.Message); }
        }
    }
}
