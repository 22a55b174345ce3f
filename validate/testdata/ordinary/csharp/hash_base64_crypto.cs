using System;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

static class Program
{
    static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();

    static string Caesar(string text, int shift) => new(text.Select(c => char.IsLetter(c)
        ? (char)((char.ToLower(c) - 'a' + shift + 26) % 26 + (char.IsUpper(c) ? 'A' : 'a'))
        : c).ToArray());

    static uint Crc32(byte[] data)
    {
        uint crc = ~0u;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int k = 0; k < 8; k++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }

    static (byte[] Salt, byte[] Key) HashPassword(string password, byte[]? salt = null)
    {
        salt ??= RandomNumberGenerator.GetBytes(16);
        return (salt, Rfc2898DeriveBytes.Pbkdf2(password, salt, 1000, HashAlgorithmName.SHA256, 32));
    }

    static void Main()
    {
        byte[] data = Encoding.UTF8.GetBytes("hello");
        Console.WriteLine(Hex(SHA256.HashData(data)));
        Console.WriteLine(Hex(MD5.HashData(data)));
        Console.WriteLine($"{Crc32(Encoding.ASCII.GetBytes("123456789")):x8}");

        string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes("powershell -enc is not run here"));
        Console.WriteLine(encoded + " " + Encoding.UTF8.GetString(Convert.FromBase64String(encoded)).Length);
        Console.WriteLine(Caesar("Hello, World", 3) + " " + Caesar(Caesar("Hello, World", 3), -3));

        var (salt, key) = HashPassword("hunter2");
        Console.WriteLine(CryptographicOperations.FixedTimeEquals(key, HashPassword("hunter2", salt).Key));

        using Aes aes = Aes.Create();
        byte[] cipher = aes.EncryptCbc(data, aes.IV);
        Console.WriteLine(Encoding.UTF8.GetString(aes.DecryptCbc(cipher, aes.IV)));

        byte[] magic = { 0x4D, 0x5A, 0x90, 0x00, 0xCD, 0x80 };
        Console.WriteLine(BitConverter.ToString(magic) + " " + BitConverter.IsLittleEndian);
        Console.WriteLine(WebUtility.HtmlEncode("<script>alert('x')</script>") + " " + Uri.EscapeDataString("a b&c"));
        Console.WriteLine(MemoryMarshal.Cast<byte, ushort>(magic).Length);
    }
}
