import java.util.BitSet;

public class Main {
    static int popcount(int x) {
        int n = 0;
        while (x != 0) { x &= x - 1; n++; }
        return n;
    }

    static boolean powerOfTwo(int x) { return x > 0 && (x & (x - 1)) == 0; }

    static int reverse(int x) {
        x = (x & 0x55555555) << 1 | (x >>> 1) & 0x55555555;
        x = (x & 0x33333333) << 2 | (x >>> 2) & 0x33333333;
        x = (x & 0x0f0f0f0f) << 4 | (x >>> 4) & 0x0f0f0f0f;
        return Integer.reverseBytes(x);
    }

    static int gray(int n) { return n ^ (n >>> 1); }

    static BitSet sieve(int limit) {
        BitSet primes = new BitSet(limit + 1);
        primes.set(2, limit + 1);
        for (int p = 2; p * p <= limit; p = primes.nextSetBit(p + 1))
            for (int k = p * p; k <= limit; k += p) primes.clear(k);
        return primes;
    }

    /** chmod arithmetic: 0755 is rwxr-xr-x. */
    static String permissions(int mode) {
        StringBuilder sb = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) sb.append((mode >> bit & 1) == 1 ? "rwx".charAt(2 - bit % 3) : '-');
        return sb.toString();
    }

    public static void main(String[] args) {
        System.out.println(popcount(0xDEADBEEF) + " " + Integer.bitCount(0xDEADBEEF));
        System.out.println(powerOfTwo(64) + " " + powerOfTwo(65));
        System.out.println(reverse(1) == Integer.MIN_VALUE);
        for (int i = 0; i < 8; i++) System.out.print(Integer.toBinaryString(gray(i)) + " ");
        System.out.println("\n" + sieve(50));
        System.out.println(permissions(0755) + " " + permissions(0640));
        int a = 5, b = 9;
        a ^= b; b ^= a; a ^= b;
        System.out.println(a + " " + b + " " + (-17 >> 2) + " " + (-17 >>> 28));
    }
}
