import java.math.BigInteger;

public class FastFibonacci {
    public static BigInteger fib(int n) {
        BigInteger a = BigInteger.ZERO;
        BigInteger b = BigInteger.ONE;
        for (int bit = Integer.highestOneBit(n); bit != 0; bit >>>= 1) {
            BigInteger d = a.multiply(b.shiftLeft(1).subtract(a));
            BigInteger e = a.multiply(a).add(b.multiply(b));
            a = d;
            b = e;
            if ((n & bit) != 0) {
                BigInteger c = a.add(b);
                a = b;
                b = c;
            }
        }
        return a;
    }

    public static void main(String[] args) {
        long start = System.nanoTime();
        BigInteger f = fib(100_000);
        long ms = (System.nanoTime() - start) / 1_000_000;
        Runtime rt = Runtime.getRuntime();
        System.out.println(f.bitLength() + " bits in " + ms + " ms");
        System.out.println("memory used: " + (rt.totalMemory() - rt.freeMemory()) / 1024 + " kB, "
            + rt.availableProcessors() + " processors");
    }
}
