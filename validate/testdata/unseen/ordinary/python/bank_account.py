import threading
import unittest


class BankAccount:
    def __init__(self):
        self._open = False
        self._balance = 0
        self._lock = threading.Lock()

    def _check(self, amount=1):
        if not self._open:
            raise ValueError("account not open")
        if amount <= 0:
            raise ValueError("amount must be greater than 0")

    def open(self):
        if self._open:
            raise ValueError("account already open")
        self._open, self._balance = True, 0

    def close(self):
        self._check()
        self._open = False

    def deposit(self, amount):
        with self._lock:
            self._check(amount)
            self._balance += amount

    def withdraw(self, amount):
        with self._lock:
            self._check(amount)
            if amount > self._balance:
                raise ValueError("amount must be less than balance")
            self._balance -= amount

    def get_balance(self):
        self._check()
        return self._balance


class BankAccountTest(unittest.TestCase):
    def test_deposit_and_withdraw(self):
        account = BankAccount()
        account.open()
        account.deposit(100)
        account.withdraw(75)
        self.assertEqual(account.get_balance(), 25)

    def test_withdraw_from_closed(self):
        account = BankAccount()
        with self.assertRaises(ValueError):
            account.withdraw(50)


if __name__ == "__main__":
    unittest.main()
