using System;
using System.Threading;

public class BankAccount
{
    private readonly object _lock = new object();
    private decimal _balance;
    private bool _isOpen;

    public void Open()
    {
        lock (_lock)
        {
            if (_isOpen) throw new InvalidOperationException();
            _isOpen = true;
            _balance = 0;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            EnsureOpen();
            _isOpen = false;
        }
    }

    public decimal Balance
    {
        get
        {
            lock (_lock)
            {
                EnsureOpen();
                return _balance;
            }
        }
    }

    public void Deposit(decimal change)
    {
        lock (_lock)
        {
            EnsureOpen();
            if (change <= 0) throw new InvalidOperationException("must be positive");
            _balance += change;
        }
    }

    private void EnsureOpen()
    {
        if (!_isOpen) throw new InvalidOperationException("account is closed");
    }
}
