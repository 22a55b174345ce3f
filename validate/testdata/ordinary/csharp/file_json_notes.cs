using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

class Note
{
    public string Title { get; set; } = "";
    public List<string> Tags { get; set; } = new();
    public DateTime Created { get; set; }
}

class Program
{
    static void Main(string[] args)
    {
        string path = Path.Combine(Path.GetTempPath(), $"notes-{Guid.NewGuid():N}.json");
        var notes = new List<Note>
        {
            new() { Title = "rm -rf is dangerous", Tags = { "shell", "linux" }, Created = new DateTime(2024, 3, 1) },
            new() { Title = "cmd.exe and powershell", Tags = { "windows" }, Created = new DateTime(2023, 5, 2) },
        };
        try
        {
            File.WriteAllText(path, JsonSerializer.Serialize(notes, new JsonSerializerOptions { WriteIndented = true }), Encoding.UTF8);
            var back = JsonSerializer.Deserialize<List<Note>>(File.ReadAllText(path));
            foreach (Note note in back!)
                Console.WriteLine($"{note.Created:yyyy-MM-dd} {note.Title} [{string.Join(", ", note.Tags)}]");

            using (StreamWriter writer = File.AppendText(path))
                writer.WriteLine("// end");
            int number = 0;
            using var reader = new StreamReader(path);
            for (string? line; (line = reader.ReadLine()) != null;)
                if (line.Contains("Title")) Console.WriteLine($"{++number}: {line.Trim()}");
            Console.WriteLine(new FileInfo(path).Length > 100 ? "long" : "short");

            using JsonDocument document = JsonDocument.Parse("{\"exec\": [1, 2, {\"eval\": true}]}");
            Console.WriteLine(document.RootElement.GetProperty("exec")[2].GetProperty("eval").GetBoolean());
            JsonDocument.Parse("{broken");
        }
        catch (JsonException e)
        {
            Console.WriteLine("bad JSON: line " + e.LineNumber);
        }
        finally
        {
            if (File.Exists(path)) File.Delete(path);
        }
        Console.WriteLine(File.Exists(path) + " " + Path.GetExtension(path) + " " + (Environment.GetEnvironmentVariable("NO_SUCH_VARIABLE") ?? "unset"));
    }
}
