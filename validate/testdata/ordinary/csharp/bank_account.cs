using System;
using System.Collections.Generic;
using System.Linq;

class InsufficientFundsException : Exception
{
    public decimal Missing { get; }
    public InsufficientFundsException(decimal missing) : base($"{missing:F2} too little") => Missing = missing;
}

abstract class Account
{
    private static int next = 1;
    private readonly List<(DateTime When, decimal Amount)> history = new();

    public int Id { get; } = next++;
    public string Owner { get; init; } = "nobody";
    public decimal Balance => history.Sum(h => h.Amount);
    protected virtual decimal Limit => 0m;

    public void Deposit(decimal amount)
    {
        if (amount <= 0) throw new ArgumentOutOfRangeException(nameof(amount), "must be positive");
        history.Add((DateTime.UtcNow, amount));
    }

    public void Withdraw(decimal amount)
    {
        if (Balance - amount < -Limit) throw new InsufficientFundsException(amount - Balance - Limit);
        history.Add((DateTime.UtcNow, -amount));
    }

    public override string ToString() => $"{GetType().Name} #{Id} {Owner}: {Balance:F2}";
}

class Savings : Account { }

class Checking : Account
{
    protected override decimal Limit => 100m;
}

static class Program
{
    static int Main()
    {
        Account[] accounts = { new Savings { Owner = "Ann" }, new Checking { Owner = "Bob" } };
        foreach (var account in accounts)
        {
            account.Deposit(50m);
            try
            {
                account.Withdraw(80m);
            }
            catch (InsufficientFundsException e) when (e.Missing > 0)
            {
                Console.WriteLine($"Sorry {account.Owner}: {e.Message}");
            }
            finally
            {
                Console.WriteLine(account);
            }
        }
        return accounts.Any(a => a.Balance < -100) ? 1 : 0;
    }
}
