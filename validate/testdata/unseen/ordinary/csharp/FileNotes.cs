using System;
using System.IO;
using System.Text.Json;
using System.Collections.Generic;

class Note
{
    public string Title { get; set; } = "";
    public string Text { get; set; } = "";
    public DateTime Created { get; set; } = DateTime.Now;
}

class FileNotes
{
    const string FileName = "notes.json";

    static List<Note> Load() =>
        File.Exists(FileName)
            ? JsonSerializer.Deserialize<List<Note>>(File.ReadAllText(FileName))
            : new List<Note>();

    static void Main()
    {
        List<Note> notes = Load();
        while (true)
        {
            Console.Write("[a]dd [l]ist [d]elete [q]uit: ");
            switch (Console.ReadLine())
            {
                case "a":
                    Console.Write("Title: ");
                    string title = Console.ReadLine();
                    Console.Write("Text: ");
                    notes.Add(new Note { Title = title, Text = Console.ReadLine() });
                    break;
                case "l":
                    for (int i = 0; i < notes.Count; i++)
                        Console.WriteLine("{0}. {1} ({2:d})\n   {3}", i + 1, notes[i].Title, notes[i].Created, notes[i].Text);
                    break;
                case "d":
                    if (int.TryParse(Console.ReadLine(), out int n) && n > 0 && n <= notes.Count)
                        notes.RemoveAt(n - 1);
                    break;
                case "q":
                case null:
                    File.WriteAllText(FileName, JsonSerializer.Serialize(notes));
                    return;
            }
        }
    }
}
