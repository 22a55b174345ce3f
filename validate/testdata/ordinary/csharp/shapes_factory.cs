using System;
using System.Collections.Generic;
using System.Linq;

interface IShape : IComparable<IShape>
{
    double Area { get; }
    string Describe() => $"{GetType().Name} of {Area:F2}";
    int IComparable<IShape>.CompareTo(IShape? other) => Area.CompareTo(other?.Area ?? 0);
}

class Circle : IShape
{
    private readonly double radius;
    public Circle(double r) => radius = r;
    public double Area => Math.PI * radius * radius;
}

class Rectangle : IShape
{
    public double Width { get; }
    public double Height { get; }
    public Rectangle(double w, double h) => (Width, Height) = (w, h);
    public void Deconstruct(out double w, out double h) => (w, h) = (Width, Height);
    public virtual double Area => Width * Height;
}

sealed class Square : Rectangle
{
    public Square(double a) : base(a, a) { }
}

static class ShapeFactory
{
    private static readonly Dictionary<string, Func<double[], IShape>> Makers = new()
    {
        ["circle"] = a => new Circle(a[0]),
        ["rectangle"] = a => new Rectangle(a[0], a[1]),
        ["square"] = a => new Square(a[0]),
    };

    public static IShape Parse(string line)
    {
        string[] words = line.Split(' ');
        return Makers.TryGetValue(words[0], out var make)
            ? make(words.Skip(1).Select(double.Parse).ToArray())
            : throw new KeyNotFoundException(words[0]);
    }
}

class Program
{
    static string Classify(IShape shape) => shape switch
    {
        Square => "square",
        Rectangle(var w, var h) when w > 2 * h => "long",
        Rectangle { Width: > 5 } => "wide",
        Circle { Area: < 1 } => "dot",
        _ => "plain",
    };

    static void Main()
    {
        var shapes = "circle 1.5;rectangle 9 2;square 3;circle 0.2".Split(';').Select(ShapeFactory.Parse).ToList();
        shapes.Sort();
        shapes.ForEach(s => Console.WriteLine($"{s.Describe()} is {Classify(s)}"));
        try { ShapeFactory.Parse("System.Diagnostics.Process 1"); }
        catch (KeyNotFoundException e) { Console.WriteLine("unknown shape " + e.Message); }
    }
}
