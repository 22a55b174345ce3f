using System;

namespace GuessNumber
{
    class Program
    {
        static void Main(string[] args)
        {
            var random = new Random();
            int secret = random.Next(1, 101);
            int tries = 0;

            while (true)
            {
                Console.Write("Your guess (q quits): ");
                string line = Console.ReadLine();
                if (line == null || line.Trim().ToLower() == "q")
                {
                    Console.WriteLine("\nThe number was " + secret);
                    Environment.Exit(0);
                }
                if (!int.TryParse(line, out int guess))
                {
                    Console.Error.WriteLine("Not a number: {0}", line);
                    continue;
                }
                tries++;
                if (guess < secret)
                    Console.WriteLine("Too low");
                else if (guess > secret)
                    Console.WriteLine("Too high");
                else
                {
                    Console.WriteLine($"Right after {tries} {(tries == 1 ? "try" : "tries")}!");
                    break;
                }
            }
        }
    }
}
