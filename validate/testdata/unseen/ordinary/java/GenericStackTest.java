import static org.junit.jupiter.api.Assertions.*;

import java.util.EmptyStackException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GenericStack<T> {
    private Object[] items = new Object[2];
    private int size;

    void push(T t) {
        if (size == items.length) items = java.util.Arrays.copyOf(items, size * 2);
        items[size++] = t;
    }

    @SuppressWarnings("unchecked")
    T pop() {
        if (size == 0) throw new EmptyStackException();
        T t = (T) items[--size];
        items[size] = null;
        return t;
    }

    boolean isEmpty() { return size == 0; }
}

class GenericStackTest {
    private GenericStack<String> stack;

    @BeforeEach
    void setUp() {
        stack = new GenericStack<>();
    }

    @Test
    void popsInReverseOrder() {
        for (String s : "a b c".split(" ")) stack.push(s);
        assertEquals("c", stack.pop());
        assertEquals("b", stack.pop());
        assertFalse(stack.isEmpty());
    }

    @Test
    void popOfEmptyThrows() {
        assertThrows(EmptyStackException.class, () -> stack.pop());
    }
}
