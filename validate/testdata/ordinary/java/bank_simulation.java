import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

public class Main {
    static class Account {
        private final String owner;
        private double balance;
        private final List<String> log = new ArrayList<>();

        Account(String owner) {
            this.owner = owner;
        }

        void deposit(double amount) {
            if (amount <= 0) throw new IllegalArgumentException("amount must be positive");
            balance += amount;
            log.add(String.format("+%.2f", amount));
        }

        boolean withdraw(double amount) {
            if (amount > balance) return false;
            balance -= amount;
            log.add(String.format("-%.2f", amount));
            return true;
        }
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        Account account = new Account("Maria");
        while (true) {
            System.out.println("1) deposit  2) withdraw  3) statement  4) exit");
            if (!in.hasNextLine()) break;
            switch (in.nextLine().trim()) {
                case "1" -> {
                    account.deposit(Double.parseDouble(in.nextLine()));
                    System.out.println("ok");
                }
                case "2" -> {
                    boolean done = account.withdraw(Double.parseDouble(in.nextLine()));
                    System.out.println(done ? "ok" : "Insufficient funds");
                }
                case "3" -> System.out.println(account.owner + " " + account.balance + " " + account.log);
                case "4" -> System.exit(0);
                default -> System.err.println("Unknown option");
            }
        }
        in.close();
    }
}
