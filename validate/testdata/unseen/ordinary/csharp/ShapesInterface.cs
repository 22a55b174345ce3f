using System;

interface IShape
{
    double Area();
    double Perimeter();
}

abstract class Shape : IShape
{
    public string Name { get; protected set; }
    public abstract double Area();
    public abstract double Perimeter();

    public override string ToString()
    {
        return String.Format("{0}: area={1:F2}, perimeter={2:F2}", Name, Area(), Perimeter());
    }
}

class Circle : Shape
{
    private double radius;
    public Circle(double r) { Name = "Circle"; radius = r; }
    public override double Area() { return Math.PI * radius * radius; }
    public override double Perimeter() { return 2 * Math.PI * radius; }
}

class Rectangle : Shape
{
    private double w, h;
    public Rectangle(double w, double h) { Name = "Rectangle"; this.w = w; this.h = h; }
    public override double Area() { return w * h; }
    public override double Perimeter() { return 2 * (w + h); }
}

class Program
{
    static void Main()
    {
        Shape[] shapes = { new Circle(2.5), new Rectangle(3, 4) };
        foreach (Shape s in shapes)
            Console.WriteLine(s);
        Console.WriteLine(shapes[0].GetType().Name);
    }
}
