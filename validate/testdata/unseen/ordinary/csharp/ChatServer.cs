using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

class ChatServer
{
    static readonly List<StreamWriter> clients = new();

    static async Task Main()
    {
        var listener = new TcpListener(IPAddress.Loopback, 9000);
        listener.Start();
        Console.WriteLine("Chat server started");
        while (true)
        {
            TcpClient client = await listener.AcceptTcpClientAsync();
            _ = HandleAsync(client);
        }
    }

    static async Task HandleAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            var reader = new StreamReader(stream);
            var writer = new StreamWriter(stream) { AutoFlush = true };
            lock (clients) clients.Add(writer);
            await writer.WriteLineAsync("Welcome! Your name?");
            string name = await reader.ReadLineAsync();
            string line;
            while ((line = await reader.ReadLineAsync()) != null)
            {
                StreamWriter[] all;
                lock (clients) all = clients.ToArray();
                foreach (var w in all)
                    if (w != writer) await w.WriteLineAsync(name + ": " + line);
            }
            lock (clients) clients.Remove(writer);
        }
    }
}
