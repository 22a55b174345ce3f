import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

public class Main {
    private static int moves;

    static void hanoi(int n, char from, char to, char via) {
        if (n == 0) return;
        hanoi(n - 1, from, via, to);
        moves++;
        if (n == 3) System.out.println("big disk from " + from + " to " + to);
        hanoi(n - 1, via, to, from);
    }

    static int ackermann(int m, int n) {
        if (m == 0) return n + 1;
        return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
    }

    static BigInteger factorial(int n) {
        return n < 2 ? BigInteger.ONE : BigInteger.valueOf(n).multiply(factorial(n - 1));
    }

    private static final Map<Long, Integer> CACHE = new HashMap<>();

    static int collatz(long n) {
        if (n == 1) return 1;
        Integer known = CACHE.get(n);
        if (known != null) return known;
        int length = 1 + collatz(n % 2 == 0 ? n / 2 : 3 * n + 1);
        CACHE.put(n, length);
        return length;
    }

    static void permute(String done, String rest) {
        if (rest.isEmpty()) { System.out.print(done + " "); return; }
        for (int i = 0; i < rest.length(); i++)
            permute(done + rest.charAt(i), rest.substring(0, i) + rest.substring(i + 1));
    }

    public static void main(String[] args) {
        hanoi(3, 'A', 'C', 'B');
        System.out.println(moves + " moves, ackermann " + ackermann(2, 3));
        System.out.println(factorial(30));
        System.out.println(collatz(837799));
        permute("", "abc");
        System.out.println();
        try {
            forever(0);
        } catch (StackOverflowError e) {
            System.out.println("stack overflow caught, as promised in the lesson");
        }
    }

    static int forever(int n) { return forever(n + 1) + 1; }
}
