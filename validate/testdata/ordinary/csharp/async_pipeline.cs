using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

class Program
{
    static async Task<int> WorkAsync(int n, CancellationToken token)
    {
        await Task.Delay(n % 3, token);
        if (n == 13) throw new InvalidOperationException("unlucky");
        return n * n;
    }

    static async Task Main()
    {
        var watch = Stopwatch.StartNew();
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(5));

        int[] squares = await Task.WhenAll(Enumerable.Range(1, 10).Select(n => WorkAsync(n, cancel.Token)));
        Console.WriteLine(squares.Sum());

        try
        {
            await Task.Run(() => WorkAsync(13, cancel.Token));
        }
        catch (InvalidOperationException e)
        {
            Console.WriteLine("failed: " + e.Message);
        }

        using var queue = new BlockingCollection<int>(boundedCapacity: 4);
        int total = 0;
        var consumers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            foreach (int item in queue.GetConsumingEnumerable())
                Interlocked.Add(ref total, item);
        })).ToArray();
        for (int i = 1; i <= 100; i++) queue.Add(i);
        queue.CompleteAdding();
        await Task.WhenAll(consumers);
        Console.WriteLine($"total {total}");

        object gate = new();
        int counter = 0;
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            for (int k = 0; k < 1000; k++)
                lock (gate) counter++;
        }) { Name = $"worker {i}", IsBackground = true }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Console.WriteLine($"{counter} {(watch.Elapsed < TimeSpan.FromSeconds(10) ? "in time" : "late")} {Environment.ProcessorCount > 0}");
        Debug.Assert(counter == 4000);
    }
}
