import java.util.ArrayDeque;
import java.util.Deque;

/** Simulates round robin scheduling, as in the operating systems course. */
class Process {
    enum State { READY, RUNNING, TERMINATED }

    final int pid;
    final String name;
    int remaining;
    State state = State.READY;

    Process(int pid, String name, int burst) {
        this.pid = pid;
        this.name = name;
        this.remaining = burst;
    }
}

class Kernel {
    private final Deque<Process> ready = new ArrayDeque<>();
    private final int quantum;
    private int clock, nextPid = 1;

    Kernel(int quantum) { this.quantum = quantum; }

    Process fork(String name, int burst) {
        Process p = new Process(nextPid++, name, burst);
        ready.addLast(p);
        return p;
    }

    void kill(Process p) {
        if (ready.remove(p)) p.state = Process.State.TERMINATED;
    }

    void exec() {
        while (!ready.isEmpty()) {
            Process p = ready.pollFirst();
            p.state = Process.State.RUNNING;
            int slice = Math.min(quantum, p.remaining);
            clock += slice;
            p.remaining -= slice;
            System.out.printf("%3d %-6s %d left%n", clock, p.name, p.remaining);
            if (p.remaining > 0) {
                p.state = Process.State.READY;
                ready.addLast(p);
            } else {
                p.state = Process.State.TERMINATED;
            }
        }
    }
}

public class Main {
    public static void main(String[] args) {
        Kernel kernel = new Kernel(3);
        kernel.fork("shell", 5);
        kernel.fork("editor", 7);
        Process virus = kernel.fork("loop", 1000);
        kernel.kill(virus);
        kernel.exec();
        System.out.println(virus.state);
    }
}
