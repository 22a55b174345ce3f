using System;
using System.Collections.Generic;
using System.Globalization;

public class Calculator
{
    private static readonly Dictionary<char, (int Rank, Func<double, double, double> Apply)> Operators = new()
    {
        ['+'] = (1, (a, b) => a + b),
        ['-'] = (1, (a, b) => a - b),
        ['*'] = (2, (a, b) => a * b),
        ['/'] = (2, (a, b) => b == 0 ? throw new DivideByZeroException() : a / b),
        ['^'] = (3, Math.Pow),
    };

    private string text = "";
    private int pos;

    private char Peek()
    {
        while (pos < text.Length && char.IsWhiteSpace(text[pos])) pos++;
        return pos < text.Length ? text[pos] : '\0';
    }

    public double Eval(string expression)
    {
        (text, pos) = (expression, 0);
        double value = Expression(0);
        if (Peek() != '\0') throw new FormatException($"unexpected '{Peek()}' at {pos}");
        return value;
    }

    private double Expression(int min)
    {
        double left = Operand();
        while (Operators.TryGetValue(Peek(), out var op) && op.Rank > min)
        {
            char symbol = text[pos++];
            left = op.Apply(left, Expression(symbol == '^' ? op.Rank - 1 : op.Rank));
        }
        return left;
    }

    private double Operand()
    {
        switch (Peek())
        {
            case '-': pos++; return -Operand();
            case '(':
                pos++;
                double value = Expression(0);
                if (Peek() != ')') throw new FormatException("missing )");
                pos++;
                return value;
        }
        int start = pos;
        while (pos < text.Length && (char.IsDigit(text[pos]) || text[pos] == '.')) pos++;
        return double.Parse(text[start..pos], CultureInfo.InvariantCulture);
    }

    public static void Main()
    {
        var calc = new Calculator();
        foreach (string line in new[] { "1 + 2 * 3", "2 ^ 3 ^ 2", "-(1 - 4) / 2", "1 / 0", "(1", "Process.Start" })
        {
            try { Console.WriteLine($"{line} = {calc.Eval(line)}"); }
            catch (Exception e) when (e is FormatException or DivideByZeroException) { Console.WriteLine($"{line}: {e.GetType().Name}"); }
        }
    }
}
