using System;

class GuessGame
{
    static void Main(string[] args)
    {
        Random random = new Random();
        bool playAgain = true;

        while (playAgain)
        {
            int number = random.Next(1, 101);
            int guess = 0;
            int guesses = 0;

            while (guess != number)
            {
                Console.WriteLine("Guess a number between 1 - 100 : ");
                if (!int.TryParse(Console.ReadLine(), out guess))
                {
                    Console.WriteLine("Not a number");
                    continue;
                }
                guesses++;
                if (guess > number)
                {
                    Console.WriteLine(guess + " is too high!");
                }
                else if (guess < number)
                {
                    Console.WriteLine(guess + " is too low!");
                }
            }
            Console.WriteLine("YOU WIN! Guesses: " + guesses);
            Console.WriteLine("Would you like to play again (Y/N): ");
            string response = Console.ReadLine().ToUpper();
            playAgain = response == "Y";
        }
        Console.ReadKey();
    }
}
