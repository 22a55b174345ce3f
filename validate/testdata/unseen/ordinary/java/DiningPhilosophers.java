import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

public class DiningPhilosophers {
    static final int N = 5;
    static final Lock[] forks = new Lock[N];

    static class Philosopher implements Runnable {
        private final int id;

        Philosopher(int id) {
            this.id = id;
        }

        @Override
        public void run() {
            Lock first = forks[Math.min(id, (id + 1) % N)];
            Lock second = forks[Math.max(id, (id + 1) % N)];
            try {
                for (int i = 0; i < 3; i++) {
                    first.lock();
                    second.lock();
                    System.out.println("Philosopher " + id + " eats");
                    Thread.sleep(10);
                    second.unlock();
                    first.unlock();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public static void main(String[] args) throws InterruptedException {
        for (int i = 0; i < N; i++) forks[i] = new ReentrantLock();
        ExecutorService executor = Executors.newFixedThreadPool(N);
        for (int i = 0; i < N; i++) executor.execute(new Philosopher(i));
        executor.shutdown();
        executor.awaitTermination(10, TimeUnit.SECONDS);
    }
}
