import java.util.Scanner;

public class BankMenu {
    private double balance;
    private double previousTransaction;

    void deposit(double amount) {
        if (amount != 0) {
            balance = balance + amount;
            previousTransaction = amount;
        }
    }

    void withdraw(double amount) {
        if (amount > balance) {
            System.out.println("Insufficient funds");
        } else {
            balance = balance - amount;
            previousTransaction = -amount;
        }
    }

    void showMenu() {
        char option;
        Scanner scanner = new Scanner(System.in);
        System.out.println("A. Check Balance\nB. Deposit\nC. Withdraw\nD. Previous Transaction\nE. Exit");
        do {
            System.out.print("Enter an option: ");
            option = Character.toUpperCase(scanner.next().charAt(0));
            switch (option) {
                case 'A':
                    System.out.printf("Balance: %.2f%n", balance);
                    break;
                case 'B':
                    deposit(scanner.nextDouble());
                    break;
                case 'C':
                    withdraw(scanner.nextDouble());
                    break;
                case 'D':
                    System.out.println(previousTransaction);
                    break;
                case 'E':
                    System.out.println("Thank you for using our services");
                    break;
                default:
                    System.out.println("Invalid option!");
            }
        } while (option != 'E');
        scanner.close();
    }

    public static void main(String[] args) {
        new BankMenu().showMenu();
    }
}
