using System;
using System.Text;

public readonly struct Matrix : IEquatable<Matrix>
{
    private readonly double[,] m;
    public Matrix(double[,] values) => m = (double[,])values.Clone();
    public int Rows => m.GetLength(0);
    public int Columns => m.GetLength(1);
    public double this[int r, int c] => m[r, c];

    public static Matrix operator *(Matrix a, Matrix b)
    {
        if (a.Columns != b.Rows) throw new ArgumentException("sizes do not match");
        var r = new double[a.Rows, b.Columns];
        for (int i = 0; i < a.Rows; i++)
            for (int j = 0; j < b.Columns; j++)
                for (int k = 0; k < a.Columns; k++)
                    r[i, j] += a[i, k] * b[k, j];
        return new Matrix(r);
    }

    public bool Equals(Matrix other) => ToString() == other.ToString();

    public override string ToString()
    {
        var sb = new StringBuilder();
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++) sb.Append($"{m[i, j],8:0.##}");
            sb.AppendLine();
        }
        return sb.ToString();
    }

    public static void Main()
    {
        var a = new Matrix(new double[,] { { 1, 2 }, { 3, 4 } });
        Console.Write(a * a);
        unsafe { Console.WriteLine(sizeof(double)); }
    }
}
