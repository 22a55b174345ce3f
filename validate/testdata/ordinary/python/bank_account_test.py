import threading
import unittest


class BankAccount:
    def __init__(self):
        self._open = False
        self._balance = 0
        self._lock = threading.Lock()

    def open(self):
        if self._open:
            raise ValueError("account already open")
        self._open, self._balance = True, 0

    def close(self):
        if not self._open:
            raise ValueError("account not open")
        self._open = False

    def get_balance(self):
        if not self._open:
            raise ValueError("account not open")
        return self._balance

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("amount must be greater than 0")
        with self._lock:
            self._balance += amount

    def withdraw(self, amount):
        with self._lock:
            if amount > self._balance:
                raise ValueError("amount must be less than balance")
            self._balance -= amount


class BankAccountTest(unittest.TestCase):
    def test_concurrent_transactions(self):
        account = BankAccount()
        account.open()
        account.deposit(1000)

        def transact():
            for _ in range(100):
                account.deposit(5)
                account.withdraw(5)

        threads = [threading.Thread(target=transact) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(account.get_balance(), 1000)

    def test_closed(self):
        with self.assertRaises(ValueError):
            BankAccount().get_balance()


if __name__ == "__main__":
    unittest.main()
