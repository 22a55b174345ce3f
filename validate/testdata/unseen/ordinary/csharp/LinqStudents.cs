using System;
using System.Collections.Generic;
using System.Linq;

record Student(string Name, int Year, double[] Grades)
{
    public double Average => Grades.Average();
}

static class Program
{
    static void Main()
    {
        var students = new List<Student>
        {
            new("Anna", 1, new[] { 1.3, 2.0 }),
            new("Boris", 2, new[] { 2.7, 3.3, 1.0 }),
            new("Chen", 1, new[] { 1.0 }),
        };

        var query = from s in students
                    where s.Average < 3
                    group s by s.Year into g
                    orderby g.Key
                    select new { Year = g.Key, Best = g.MinBy(s => s.Average)!.Name, Count = g.Count() };

        foreach (var row in query)
            Console.WriteLine($"{row.Year,4} {row.Best,-10} {row.Count}");

        var words = "the quick brown fox jumps over the lazy dog".Split(' ');
        var byLength = words.ToLookup(w => w.Length);
        Console.WriteLine(string.Join(", ", byLength[3].Distinct()));
        Console.WriteLine(Enumerable.Range(1, 10).Aggregate(1L, (a, b) => a * b));
    }
}
