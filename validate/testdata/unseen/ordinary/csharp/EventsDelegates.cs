using System;
using System.Timers;

public class TemperatureChangedEventArgs : EventArgs
{
    public double Old { get; init; }
    public double New { get; init; }
}

public class Thermostat
{
    private double temperature = 20;
    public event EventHandler<TemperatureChangedEventArgs> Changed;
    public delegate bool Check(double t);

    public double Temperature
    {
        get => temperature;
        set
        {
            if (Math.Abs(value - temperature) < 0.01) return;
            var e = new TemperatureChangedEventArgs { Old = temperature, New = value };
            temperature = value;
            Changed?.Invoke(this, e);
        }
    }
}

class Program
{
    static void Main()
    {
        var thermostat = new Thermostat();
        thermostat.Changed += (sender, e) => Console.WriteLine($"{e.Old} -> {e.New}");
        Thermostat.Check tooHot = t => t > 25;
        Func<double, double> toF = c => c * 9 / 5 + 32;
        Action<string> log = Console.WriteLine;

        foreach (var t in new[] { 21.5, 21.5, 26 })
        {
            thermostat.Temperature = t;
            if (tooHot.Invoke(t)) log("too hot: " + toF(t));
        }

        using var timer = new Timer(100) { AutoReset = false };
        timer.Elapsed += (s, e) => log("tick");
        timer.Start();
        System.Threading.Thread.Sleep(200);
    }
}
