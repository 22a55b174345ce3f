using System;
using System.Collections.Generic;
using System.Linq;

class Room
{
    public string Text = "";
    public Dictionary<string, string> Exits = new();
    public HashSet<string> Items = new();
}

class Game
{
    private readonly Dictionary<string, Room> rooms = new()
    {
        ["cave"] = new() { Text = "A cave. A shell glitters.", Exits = { ["north"] = "forest" }, Items = { "shell" } },
        ["forest"] = new() { Text = "The path will fork.", Exits = { ["south"] = "cave", ["east"] = "tower" } },
        ["tower"] = new() { Text = "A control system blinks.", Exits = { ["west"] = "forest" }, Items = { "socket", "pipe" } },
    };
    private readonly Dictionary<string, Action<string>> commands;
    private readonly SortedSet<string> bag = new();
    private string here = "cave";
    private bool running = true;

    public Game()
    {
        commands = new(StringComparer.OrdinalIgnoreCase)
        {
            ["look"] = _ => Look(),
            ["go"] = Go,
            ["take"] = item => Console.WriteLine(rooms[here].Items.Remove(item) && bag.Add(item) ? "Taken." : "No such thing."),
            ["kill"] = who => Console.WriteLine($"Violence against the {who} is no solution."),
            ["bag"] = _ => Console.WriteLine(bag.Any() ? string.Join(", ", bag) : "empty"),
            ["quit"] = _ => running = false,
        };
    }

    private void Look() => Console.WriteLine($"{rooms[here].Text} Exits: {string.Join(", ", rooms[here].Exits.Keys)}");

    private void Go(string direction)
    {
        if (rooms[here].Exits.TryGetValue(direction, out string? target))
        {
            here = target;
            Look();
        }
        else Console.WriteLine("No way.");
    }

    public void Execute(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return;
        if (commands.TryGetValue(words[0], out var command)) command(words.ElementAtOrDefault(1) ?? "");
        else Console.WriteLine($"I can't {words[0]}.");
    }

    public void Run()
    {
        Look();
        while (running && Console.ReadLine() is { } line) Execute(line);
    }

    static void Main() => new Game().Run();
}
