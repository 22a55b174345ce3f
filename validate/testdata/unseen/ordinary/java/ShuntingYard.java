import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.StringTokenizer;

public class ShuntingYard {
    private static final Map<String, Integer> PREC = Map.of("+", 1, "-", 1, "*", 2, "/", 2, "^", 3);

    public static double eval(String expression) {
        Deque<Double> values = new ArrayDeque<>();
        Deque<String> ops = new ArrayDeque<>();
        StringTokenizer st = new StringTokenizer(expression, "+-*/^() ", true);
        while (st.hasMoreTokens()) {
            String t = st.nextToken();
            if (t.isBlank()) continue;
            if (PREC.containsKey(t)) {
                while (!ops.isEmpty() && PREC.getOrDefault(ops.peek(), 0) >= PREC.get(t)) {
                    apply(values, ops.pop());
                }
                ops.push(t);
            } else if (t.equals("(")) {
                ops.push(t);
            } else if (t.equals(")")) {
                while (!ops.peek().equals("(")) apply(values, ops.pop());
                ops.pop();
            } else {
                values.push(Double.parseDouble(t));
            }
        }
        while (!ops.isEmpty()) apply(values, ops.pop());
        return values.pop();
    }

    private static void apply(Deque<Double> values, String op) {
        double b = values.pop(), a = values.pop();
        values.push(switch (op) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            default -> Math.pow(a, b);
        });
    }

    public static void main(String[] args) {
        System.out.println(eval("3 + 4 * 2 / ( 1 - 5 ) ^ 2"));
    }
}
