using System;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;

public class AsyncDownloads
{
    private static readonly HttpClient client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };

    public static async Task Main(string[] args)
    {
        var stopwatch = Stopwatch.StartNew();
        var urls = args.Length > 0 ? args : new[] { "https://example.com", "https://example.org" };
        try
        {
            int[] sizes = await Task.WhenAll(urls.Select(SizeOf));
            foreach (var (url, size) in urls.Zip(sizes))
                Console.WriteLine($"{url,-40} {size,10:N0}");
            Console.WriteLine($"Total: {sizes.Sum():N0} bytes in {stopwatch.Elapsed}");
        }
        catch (HttpRequestException e)
        {
            Console.Error.WriteLine(e.Message);
            Environment.Exit(1);
        }
    }

    private static async Task<int> SizeOf(string url)
    {
        byte[] content = await client.GetByteArrayAsync(url);
        return content.Length;
    }
}
