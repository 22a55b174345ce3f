#include <iomanip>
#include <iostream>
#include <limits>
#include <string>
#include <vector>
using namespace std;

class Account {
private:
    string owner;
    double balance;
    static int count;

public:
    Account(const string& owner, double balance = 0) : owner(owner), balance(balance) { ++count; }
    void deposit(double amount) { balance += amount; }
    bool withdraw(double amount) {
        if (amount > balance) return false;
        balance -= amount;
        return true;
    }
    double getBalance() const { return balance; }
    const string& getOwner() const { return owner; }
    static int getCount() { return count; }
};

int Account::count = 0;

int main() {
    vector<Account> accounts = {{"Alice", 100}, {"Bob"}};
    int choice = 0;
    while (true) {
        cout << "1. Show  2. Deposit  3. Withdraw  4. Exit\nChoice: ";
        if (!(cin >> choice)) {
            if (cin.eof()) break;
            cin.clear();
            cin.ignore(numeric_limits<streamsize>::max(), '\n');
            cout << "Invalid input\n";
            continue;
        }
        if (choice == 4) exit(0);
        if (choice == 1) {
            for (const auto& a : accounts)
                cout << left << setw(10) << a.getOwner() << right << setw(10) << fixed << setprecision(2) << a.getBalance() << endl;
        } else if (choice == 2 || choice == 3) {
            size_t n;
            double amount;
            cout << "number and amount: ";
            cin >> n >> amount;
            if (n >= accounts.size()) cout << "no such account\n";
            else if (choice == 2) accounts[n].deposit(amount);
            else if (!accounts[n].withdraw(amount)) cout << "Insufficient funds\n";
        }
        // system("pause");
    }
    cout << Account::getCount() << " accounts\n";
    return 0;
}
