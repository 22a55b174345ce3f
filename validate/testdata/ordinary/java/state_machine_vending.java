import java.util.EnumMap;
import java.util.Map;

public class Main {
    enum Event { COIN, PUSH, KICK, RESET }

    enum State {
        LOCKED { @Override State next(Event e) { return e == Event.COIN ? UNLOCKED : e == Event.KICK ? BROKEN : this; } },
        UNLOCKED { @Override State next(Event e) { return e == Event.PUSH ? LOCKED : this; } },
        BROKEN { @Override State next(Event e) { return e == Event.RESET ? LOCKED : this; } };

        abstract State next(Event e);
    }

    private State state = State.LOCKED;
    private final Map<State, Integer> visits = new EnumMap<>(State.class);

    void fire(Event event) {
        State before = state;
        state = state.next(event);
        visits.merge(state, 1, Integer::sum);
        System.out.printf("%-9s --%s--> %s%n", before, event, state);
    }

    public static void main(String... args) {
        Main turnstile = new Main();
        for (String word : "COIN PUSH PUSH KICK COIN RESET COIN".split(" ")) {
            turnstile.fire(Event.valueOf(word));
        }
        try {
            turnstile.fire(Event.valueOf("EXEC"));
        } catch (IllegalArgumentException e) {
            System.out.println("no such event: EXEC");
        }
        System.out.println(turnstile.visits);
        loop:
        for (int i = 0; ; i++) {
            for (int j = 0; j < 10; j++) {
                if (i * j == 42) {
                    System.out.println(i + "*" + j);
                    break loop;
                }
            }
        }
    }
}
