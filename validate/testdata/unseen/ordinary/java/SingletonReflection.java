import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

public class SingletonReflection {
    private static final SingletonReflection INSTANCE = new SingletonReflection();
    private int counter;

    private SingletonReflection() { }

    public static SingletonReflection getInstance() {
        return INSTANCE;
    }

    public synchronized int next() {
        return ++counter;
    }

    /** Prints the members of a class, as in chapter 9. */
    static void describe(Class<?> c) {
        System.out.println("class " + c.getName());
        for (Field f : c.getDeclaredFields()) {
            System.out.println("  " + Modifier.toString(f.getModifiers()) + " " + f.getType().getSimpleName() + " " + f.getName());
        }
        for (Method m : c.getDeclaredMethods()) {
            System.out.println("  " + m.getName() + "/" + m.getParameterCount());
        }
    }

    public static void main(String[] args) {
        getInstance().next();
        System.out.println(getInstance().next());
        describe(getInstance().getClass());
        describe(String.class);
    }
}
