import java.io.*;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

public class SealedShapes {
    sealed interface Shape permits Circle, Rect, Square {}
    record Circle(double r) implements Shape {}
    record Rect(double w, double h) implements Shape {}
    record Square(double a) implements Shape {}

    static double area(Shape s) {
        if (s instanceof Circle c) return Math.PI * c.r() * c.r();
        if (s instanceof Rect r) return r.w() * r.h();
        if (s instanceof Square q) return q.a() * q.a();
        throw new IllegalStateException();
    }

    public static void main(String[] args) throws Exception {
        Instant t0 = Instant.now();
        List<Shape> shapes = List.of(new Circle(1), new Rect(2, 3), new Square(4));
        var futures = shapes.stream().map(s -> CompletableFuture.supplyAsync(() -> area(s))).toList();
        double total = 0;
        for (var f : futures) total += f.get();
        System.out.printf("%.3f%n", total);

        File tmp = File.createTempFile("shapes", ".txt");
        try (PrintWriter w = new PrintWriter(new FileWriter(tmp))) {
            shapes.forEach(w::println);
        }
        System.out.println(tmp.length() > 0);
        tmp.delete();
        System.out.println(Duration.between(t0, Instant.now()).toMillis() >= 0);
    }
}
