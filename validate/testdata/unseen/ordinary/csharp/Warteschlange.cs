using System;
using System.Collections.Concurrent;
using System.Threading;

// Übung 9: Erzeuger und Verbraucher
class Warteschlange
{
    static readonly BlockingCollection<int> puffer = new BlockingCollection<int>(5);

    static void Erzeuger(int nummer)
    {
        for (int i = 0; i < 5; i++)
        {
            puffer.Add(nummer * 100 + i);
            Thread.Sleep(10);
        }
    }

    static void Verbraucher()
    {
        foreach (int wert in puffer.GetConsumingEnumerable())
            Console.WriteLine("verarbeitet: {0} (Thread {1})", wert, Thread.CurrentThread.ManagedThreadId);
    }

    static void Main()
    {
        var verbraucher = new Thread(Verbraucher);
        verbraucher.Start();

        var erzeuger = new Thread[3];
        for (int i = 0; i < erzeuger.Length; i++)
        {
            int nummer = i;
            erzeuger[i] = new Thread(() => Erzeuger(nummer));
            erzeuger[i].Start();
        }
        foreach (var t in erzeuger) t.Join();
        puffer.CompleteAdding();
        verbraucher.Join();
    }
}
