import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

interface Expr {
    double eval(Map<String, Double> env);
}

record Num(double value) implements Expr {
    public double eval(Map<String, Double> env) { return value; }
}

record Var(String name) implements Expr {
    public double eval(Map<String, Double> env) {
        if (!env.containsKey(name)) throw new RuntimeException("undefined: " + name);
        return env.get(name);
    }
}

record Bin(char op, Expr left, Expr right) implements Expr {
    static final Map<Character, DoubleBinaryOperator> OPS = new HashMap<>();

    static {
        OPS.put('+', (a, b) -> a + b);
        OPS.put('-', (a, b) -> a - b);
        OPS.put('*', (a, b) -> a * b);
        OPS.put('/', (a, b) -> a / b);
    }

    public double eval(Map<String, Double> env) {
        return OPS.get(op).applyAsDouble(left.eval(env), right.eval(env));
    }

    @Override public String toString() { return "(" + left + " " + op + " " + right + ")"; }
}

public class Main {
    static Expr exec(String rpn) {
        java.util.Deque<Expr> stack = new java.util.ArrayDeque<>();
        for (String token : rpn.split("\\s+")) {
            char c = token.charAt(0);
            if (token.length() == 1 && Bin.OPS.containsKey(c)) {
                Expr right = stack.pop();
                stack.push(new Bin(c, stack.pop(), right));
            } else if (Character.isDigit(c)) {
                stack.push(new Num(Double.parseDouble(token)));
            } else {
                stack.push(new Var(token));
            }
        }
        return stack.pop();
    }

    public static void main(String[] args) {
        Expr e = exec("x 3 + y 2 / *");
        System.out.println(e + " = " + e.eval(Map.of("x", 1.0, "y", 5.0)));
    }
}
