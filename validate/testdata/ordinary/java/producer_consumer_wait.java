import java.util.LinkedList;
import java.util.Queue;

/** Classic wait/notify exercise. In real code use java.util.concurrent. */
public class Main {
    static class Buffer {
        private final Queue<Integer> items = new LinkedList<>();
        private final int capacity;

        Buffer(int capacity) { this.capacity = capacity; }

        synchronized void put(int item) throws InterruptedException {
            while (items.size() == capacity) wait();
            items.add(item);
            notifyAll();
        }

        synchronized int take() throws InterruptedException {
            while (items.isEmpty()) wait();
            int item = items.remove();
            notifyAll();
            return item;
        }
    }

    static class Consumer extends Thread {
        private final Buffer buffer;
        private long sum;

        Consumer(Buffer buffer) {
            this.buffer = buffer;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                while (true) {
                    int item = buffer.take();
                    if (item < 0) return;
                    sum += item;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Buffer buffer = new Buffer(5);
        Consumer[] consumers = new Consumer[3];
        for (int i = 0; i < consumers.length; i++) (consumers[i] = new Consumer(buffer)).start();
        for (int n = 1; n <= 1000; n++) buffer.put(n);
        for (Consumer ignored : consumers) buffer.put(-1);
        long total = 0;
        for (Consumer c : consumers) {
            c.join();
            total += c.sum;
        }
        System.out.println("total " + total);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye")));
    }
}
