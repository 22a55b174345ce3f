using System;
using System.Collections.Generic;

namespace OperatingSystems.Scheduling
{
    enum ProcessState { Ready, Running, Terminated }

    /// <summary>A simulated process, not System.Diagnostics.Process.</summary>
    class Process
    {
        private static int lastId;
        public int Id { get; } = ++lastId;
        public string Name { get; }
        public int Remaining { get; private set; }
        public ProcessState State { get; private set; } = ProcessState.Ready;

        public Process(string name, int burst)
        {
            Name = name;
            Remaining = burst;
        }

        public Process Fork() => new Process(Name + "'", Remaining);
        public void Kill() => State = ProcessState.Terminated;

        public int Start(int quantum)
        {
            State = ProcessState.Running;
            int used = Math.Min(quantum, Remaining);
            Remaining -= used;
            State = Remaining == 0 ? ProcessState.Terminated : ProcessState.Ready;
            return used;
        }
    }

    class Scheduler
    {
        private readonly Queue<Process> ready = new Queue<Process>();
        private int clock;

        public void Add(Process process) => ready.Enqueue(process);

        public void Run(int quantum)
        {
            while (ready.Count > 0)
            {
                Process process = ready.Dequeue();
                if (process.State == ProcessState.Terminated) continue;
                clock += process.Start(quantum);
                Console.WriteLine($"{clock,4} {process.Id}:{process.Name,-8} {process.State}");
                if (process.State != ProcessState.Terminated) ready.Enqueue(process);
            }
        }
    }

    static class Program
    {
        static void Main()
        {
            var scheduler = new Scheduler();
            var shell = new Process("shell", 5);
            var endless = new Process("loop", int.MaxValue);
            scheduler.Add(shell);
            scheduler.Add(shell.Fork());
            scheduler.Add(endless);
            endless.Kill();
            scheduler.Run(2);
        }
    }
}
