using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

class Lexer
{
    private static readonly Regex Pattern = new(@"
        (?<number>\d+(\.\d+)?)
      | (?<string>""[^""]*"")
      | (?<keyword>\b(if|while|unsafe|extern|exec)\b)
      | (?<name>[A-Za-z_]\w*)
      | (?<symbol>[-+*/=<>(){};,.])
      | (?<space>\s+)
      | (?<error>.)", RegexOptions.IgnorePatternWhitespace | RegexOptions.Compiled);

    public static IEnumerable<(string Kind, string Text)> Tokenize(string source)
    {
        foreach (Match match in Pattern.Matches(source))
        {
            string kind = Pattern.GetGroupNames().Skip(1).First(g => !char.IsDigit(g[0]) && match.Groups[g].Success);
            if (kind == "space") continue;
            if (kind == "error") throw new FormatException($"unexpected {match.Value} at {match.Index}");
            yield return (kind, match.Value);
        }
    }
}

static class Program
{
    static void Main()
    {
        const string source = "unsafe { var p = Process.Start(\"cmd.exe\", \"/c del *.*\"); } exec x1 + 3.14;";
        foreach (var (kind, text) in Lexer.Tokenize(source))
            Console.WriteLine($"{kind,-8} {text}");

        string log = "2024-01-05 ERROR disk full\n2024-01-06 INFO started\n2024-02-01 ERROR timeout";
        var errors = Regex.Matches(log, @"^(\d{4})-(\d\d)-\d\d ERROR (.+)$", RegexOptions.Multiline);
        foreach (var group in errors.GroupBy(m => m.Groups[2].Value))
            Console.WriteLine($"month {group.Key}: {string.Join(", ", group.Select(m => m.Groups[3].Value))}");

        Console.WriteLine(Regex.Replace("12 dollars and 30 cents", @"\d+", m => (int.Parse(m.Value) * 2).ToString()));
        Console.WriteLine(string.Join("|", Regex.Split("a, b;c ,d", @"\s*[,;]\s*")));
        Console.WriteLine(Regex.IsMatch("ann@example.com", @"^\S+@\S+\.\w+$"));
        try { Lexer.Tokenize("a # b").ToList(); }
        catch (FormatException e) { Console.WriteLine(e.Message); }
    }
}
