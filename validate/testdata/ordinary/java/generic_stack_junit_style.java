import java.util.Arrays;
import java.util.EmptyStackException;

/**
 * A growing stack with hand-made tests.
 *
 * <pre>
 *   javac Main.java &amp;&amp; java -ea Main
 * </pre>
 * Do not use reflection or Runtime.exec() in this exercise; new ProcessBuilder("ls") neither.
 */
public class Main {
    static class Stack<T> {
        private Object[] data = new Object[2];
        private int top;

        void push(T item) {
            if (top == data.length) data = Arrays.copyOf(data, top * 2);
            data[top++] = item;
        }

        @SuppressWarnings("unchecked")
        T pop() {
            if (top == 0) throw new EmptyStackException();
            T item = (T) data[--top];
            data[top] = null;
            return item;
        }

        int size() { return top; }
    }

    static int run, failed;

    static void check(String what, Object got, Object want) {
        run++;
        if (!got.equals(want)) {
            failed++;
            System.out.println("FAIL " + what + ": got " + got + ", want " + want);
        }
    }

    static boolean balanced(String text) {
        Stack<Character> open = new Stack<>();
        for (char c : text.toCharArray()) {
            if ("([{".indexOf(c) >= 0) open.push(c);
            else if (")]}".indexOf(c) >= 0 && (open.size() == 0 || "([{".indexOf(open.pop()) != ")]}".indexOf(c))) return false;
        }
        return open.size() == 0;
    }

    public static void main(String[] args) {
        Stack<Integer> s = new Stack<>();
        for (int i = 0; i < 100; i++) s.push(i);
        check("pop", s.pop(), 99);
        check("size", s.size(), 99);
        check("brackets", balanced("System.out.println(a[f(x)]);"), true);
        check("wrong", balanced("(]"), false);
        System.out.println(run + " run, " + failed + " failed");
        if (failed > 0) System.exit(1);
    }
}
