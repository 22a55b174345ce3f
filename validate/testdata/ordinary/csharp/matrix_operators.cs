using System;
using System.Text;

readonly struct Matrix
{
    private readonly double[,] data;

    public Matrix(double[,] values) => data = values;

    public int Rows => data.GetLength(0);
    public int Columns => data.GetLength(1);
    public double this[int r, int c] => data[r, c];

    public static Matrix Identity(int n)
    {
        var m = new double[n, n];
        for (int i = 0; i < n; i++) m[i, i] = 1;
        return new Matrix(m);
    }

    public static Matrix operator *(Matrix a, Matrix b)
    {
        if (a.Columns != b.Rows) throw new ArgumentException($"{a.Rows}x{a.Columns} times {b.Rows}x{b.Columns}");
        var m = new double[a.Rows, b.Columns];
        for (int i = 0; i < a.Rows; i++)
            for (int j = 0; j < b.Columns; j++)
                for (int k = 0; k < a.Columns; k++)
                    m[i, j] += a[i, k] * b[k, j];
        return new Matrix(m);
    }

    public Matrix Power(int n)
    {
        Matrix result = Identity(Rows), square = this;
        for (; n > 0; n >>= 1, square *= square)
            if ((n & 1) == 1) result *= square;
        return result;
    }

    public override string ToString()
    {
        var sb = new StringBuilder();
        for (int r = 0; r < Rows; r++)
        {
            for (int c = 0; c < Columns; c++) sb.Append($"{data[r, c],12:0.##}");
            sb.AppendLine();
        }
        return sb.ToString();
    }
}

class Program
{
    static void Main()
    {
        var fib = new Matrix(new double[,] { { 1, 1 }, { 1, 0 } });
        Console.Write(fib.Power(40));
        var a = new Matrix(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Console.Write(a * new Matrix(new double[,] { { 7, 8 }, { 9, 10 }, { 11, 12 } }));
        try { _ = a * a; }
        catch (ArgumentException e) { Console.WriteLine(e.Message); }
        int[][] jagged = { new[] { 1 }, new[] { 2, 3 }, Array.Empty<int>() };
        foreach (int[] row in jagged) Console.Write(row.Length + " ");
        Console.WriteLine();
    }
}
