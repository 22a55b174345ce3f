using System;
using System.Collections.Generic;
using System.Linq;

/// A small virtual machine. Execute and SystemCall are its own; no Process.Start, no DllImport.
class VirtualMachine
{
    private readonly Stack<long> stack = new();
    private readonly Dictionary<string, long> memory = new();
    private readonly List<string[]> code = new();
    private readonly Dictionary<string, int> labels = new();
    private readonly Dictionary<string, Action<string>> ops;
    private int ip;

    public VirtualMachine(string source)
    {
        foreach (string line in source.Split('\n').Select(l => l.Split(';')[0].Trim()).Where(l => l != ""))
        {
            if (line.EndsWith(':')) labels[line.TrimEnd(':')] = code.Count;
            else code.Add(line.Split(' ', 2));
        }
        ops = new()
        {
            ["push"] = a => stack.Push(long.Parse(a)),
            ["load"] = a => stack.Push(memory[a]),
            ["store"] = a => memory[a] = stack.Pop(),
            ["add"] = _ => stack.Push(stack.Pop() + stack.Pop()),
            ["mul"] = _ => stack.Push(stack.Pop() * stack.Pop()),
            ["jmp"] = a => ip = labels[a],
            ["jz"] = a => ip = stack.Pop() == 0 ? labels[a] : ip,
            ["syscall"] = SystemCall,
        };
    }

    private void SystemCall(string name)
    {
        if (name == "write") Console.WriteLine(stack.Pop());
        else if (name == "exit") ip = code.Count;
        else throw new NotSupportedException(name);
    }

    public void Execute()
    {
        while (ip < code.Count)
        {
            string[] instruction = code[ip++];
            if (!ops.TryGetValue(instruction[0], out var run)) throw new InvalidOperationException($"bad instruction {instruction[0]}");
            run(instruction.Length > 1 ? instruction[1] : "");
        }
    }

    static void Main()
    {
        const string factorial = "push 10\nstore n\npush 1\nstore acc\nloop:\nload n\njz done\nload acc\nload n\nmul\nstore acc\nload n\npush -1\nadd\nstore n\njmp loop\ndone:\nload acc\nsyscall write\nsyscall exit";
        new VirtualMachine(factorial).Execute();
        try { new VirtualMachine("push 1\nsyscall execve").Execute(); }
        catch (NotSupportedException e) { Console.WriteLine("refused: " + e.Message); }
    }
}
