import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

class LruCache<K, V> extends LinkedHashMap<K, V> {
    private final int capacity;
    private int hits, misses;

    LruCache(int capacity) {
        super(16, 0.75f, true);
        this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > capacity;
    }

    V load(K key, Function<? super K, ? extends V> loader) {
        V value = get(key);
        if (value != null) {
            hits++;
            return value;
        }
        misses++;
        value = loader.apply(key);
        put(key, value);
        return value;
    }

    String stats() { return hits + " hits, " + misses + " misses"; }
}

public class Main {
    public static void main(String[] args) {
        LruCache<Integer, String> cache = new LruCache<>(3);
        int[] requests = {1, 2, 3, 1, 4, 1, 2, 5, 1};
        for (int r : requests) {
            cache.load(r, n -> "page-" + n);
            System.out.println(r + " -> " + cache.keySet());
        }
        System.out.println(cache.stats());
        assert cache.size() <= 3 : "too big";
    }
}
