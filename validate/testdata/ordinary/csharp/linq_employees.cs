using System;
using System.Collections.Generic;
using System.Linq;

record Employee(string Name, string Department, decimal Salary, int Since);

class Program
{
    static IEnumerable<int> Fibonacci()
    {
        (int a, int b) = (0, 1);
        while (true)
        {
            yield return a;
            (a, b) = (b, a + b);
        }
    }

    static void Main()
    {
        var staff = new List<Employee>
        {
            new("Ann", "IT", 5200m, 2015),
            new("Bob", "IT", 4100m, 2019),
            new("Cid", "Sales", 3900m, 2020),
            new("Dee", "Security", 6100m, 2012),
        };

        var byDepartment = from e in staff
                           group e by e.Department into g
                           orderby g.Key
                           select new { Department = g.Key, Mean = g.Average(e => e.Salary), Names = string.Join(", ", g.Select(e => e.Name)) };
        foreach (var d in byDepartment)
            Console.WriteLine($"{d.Department,-10}{d.Mean,10:N2}  {d.Names}");

        Console.WriteLine(staff.OrderByDescending(e => e.Salary).ThenBy(e => e.Name).First());
        Console.WriteLine(staff.Aggregate(0m, (sum, e) => sum + e.Salary));
        Console.WriteLine(staff.Any(e => e.Since < 2013) && staff.All(e => e.Salary > 1000));
        var promoted = staff[1] with { Salary = 4500m };
        Console.WriteLine(promoted == staff[1]);

        Console.WriteLine(string.Join(" ", Fibonacci().Where(n => n % 2 == 0).TakeWhile(n => n < 1000)));
        Console.WriteLine(string.Join(" ", Enumerable.Range(1, 15).Select(i => (i % 3, i % 5) switch
        {
            (0, 0) => "FizzBuzz",
            (0, _) => "Fizz",
            (_, 0) => "Buzz",
            _ => i.ToString(),
        })));
        var lookup = "the system will fork the shell".Split(' ').ToLookup(w => w.Length);
        Console.WriteLine(string.Join("; ", lookup.Select(g => $"{g.Key}: {string.Join(',', g)}")));
        var primes = Enumerable.Range(2, 48).Where(n => Enumerable.Range(2, (int)Math.Sqrt(n) - 1).All(d => n % d != 0));
        Console.WriteLine(string.Join(" ", primes.Zip(primes.Skip(1), (a, b) => b - a)));
    }
}
