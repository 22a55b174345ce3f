import java.util.*;
import java.util.function.Consumer;

/** A type-safe event bus: handlers are looked up by Class. */
public class Main {
    static final class EventBus {
        private final Map<Class<?>, List<Consumer<Object>>> handlers = new LinkedHashMap<>();

        <E> void on(Class<E> type, Consumer<? super E> handler) {
            handlers.computeIfAbsent(type, t -> new ArrayList<>()).add(e -> handler.accept(type.cast(e)));
        }

        void post(Object event) {
            handlers.forEach((type, list) -> {
                if (type.isInstance(event)) list.forEach(h -> h.accept(event));
            });
        }
    }

    interface Event { default String describe() { return getClass().getSimpleName(); } }
    record Opened(String file) implements Event {}
    record Closed(String file, int exitCode) implements Event {}

    public static void main(String[] args) {
        EventBus bus = new EventBus();
        List<String> history = new ArrayList<>();
        bus.on(Event.class, e -> history.add(e.describe()));
        bus.on(Opened.class, e -> System.out.println("opened " + e.file()));
        bus.on(Closed.class, e -> System.out.println("closed " + e.file() + " with " + e.exitCode()));
        bus.post(new Opened("a.txt"));
        bus.post(new Closed("a.txt", 0));
        bus.post("ignored");
        System.out.println(history);
        Object o = new int[0];
        System.out.println(o.getClass().getName() + " " + Opened.class.getInterfaces().length
            + " " + o.getClass().isArray() + " " + new Opened("x").equals(new Opened("x")));
    }
}
