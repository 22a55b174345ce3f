import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicInteger;

public class Main {
    static boolean isPrime(int n) {
        if (n < 2) return false;
        for (int d = 2; (long) d * d <= n; d++) if (n % d == 0) return false;
        return true;
    }

    public static void main(String[] args) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        ExecutorService executor = Executors.newFixedThreadPool(Math.min(cores, 4));
        AtomicInteger finished = new AtomicInteger();
        List<Future<Integer>> futures = new ArrayList<>();
        for (int block = 0; block < 10; block++) {
            final int from = block * 1000;
            futures.add(executor.submit(() -> {
                int count = 0;
                for (int n = from; n < from + 1000; n++) if (isPrime(n)) count++;
                finished.incrementAndGet();
                return count;
            }));
        }
        int total = 0;
        for (Future<Integer> f : futures) total += f.get();
        executor.execute(() -> System.out.println("executed in " + Thread.currentThread().getName().substring(0, 4)));
        executor.shutdown();
        if (!executor.awaitTermination(5, TimeUnit.SECONDS)) executor.shutdownNow();
        System.out.println("primes: " + total + ", blocks: " + finished.get());

        Runtime rt = Runtime.getRuntime();
        long used = (rt.totalMemory() - rt.freeMemory()) / (1024 * 1024);
        System.out.println(used < 1024 ? "memory ok" : "memory high");
    }
}
