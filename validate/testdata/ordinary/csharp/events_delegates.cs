using System;
using System.Collections.Generic;

public class TemperatureEventArgs : EventArgs
{
    public double Old { get; init; }
    public double New { get; init; }
}

public class Thermostat
{
    private double temperature = 20;
    public event EventHandler<TemperatureEventArgs>? Changed;
    public event Action<string>? Alarm;

    public double Temperature
    {
        get => temperature;
        set
        {
            if (Math.Abs(value - temperature) < 0.01) return;
            var args = new TemperatureEventArgs { Old = temperature, New = value };
            temperature = value;
            OnChanged(args);
            if (value > 30) Alarm?.Invoke($"{value:0.0} degrees, kill the heating!");
        }
    }

    protected virtual void OnChanged(TemperatureEventArgs e) => Changed?.Invoke(this, e);
}

public sealed class EventBus
{
    private readonly Dictionary<Type, List<Delegate>> handlers = new();

    public void Subscribe<T>(Action<T> handler)
    {
        if (!handlers.TryGetValue(typeof(T), out var list)) handlers[typeof(T)] = list = new List<Delegate>();
        list.Add(handler);
    }

    public void Publish<T>(T message)
    {
        foreach (Delegate d in handlers.GetValueOrDefault(typeof(T)) ?? new()) ((Action<T>)d)(message);
    }
}

public static class Program
{
    private delegate int Operation(int a, int b);

    public static void Main()
    {
        var t = new Thermostat();
        t.Changed += (sender, e) => Console.WriteLine($"{sender!.GetType().Name}: {e.Old} -> {e.New}");
        t.Alarm += Console.WriteLine;
        foreach (double x in new[] { 20.0, 25, 31.5, 22 }) t.Temperature = x;

        var bus = new EventBus();
        bus.Subscribe<string>(s => Console.WriteLine("text " + s));
        bus.Subscribe<int>(n => Console.WriteLine("number " + n));
        bus.Publish("exec");
        bus.Publish(42);
        Operation op = (a, b) => a + b;
        op += (a, b) => a * b;
        foreach (Operation single in op.GetInvocationList()) Console.Write(single(3, 4) + " ");
        Func<int, Func<int, int>> add = a => b => a + b;
        Console.WriteLine(add(1)(2));
    }
}
