import java.util.ArrayDeque;
import java.util.Deque;

interface Command {
    void execute();
    void undo();
}

class Light {
    boolean on;
}

class Switch implements Command {
    private final Light light;
    Switch(Light light) { this.light = light; }
    public void execute() { light.on = true; System.out.println("light on"); }
    public void undo() { light.on = false; System.out.println("light off"); }
}

class Invoker {
    private final Deque<Command> history = new ArrayDeque<>();

    void run(Command c) {
        c.execute();
        history.push(c);
    }

    void undoLast() {
        if (!history.isEmpty()) history.pop().undo();
    }
}

public class CommandPattern {
    public static void main(String[] args) {
        Invoker invoker = new Invoker();
        invoker.run(new Switch(new Light()));
        invoker.undoLast();
        invoker.undoLast();
    }
}
