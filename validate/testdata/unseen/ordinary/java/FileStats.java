import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.LinkedHashMap;
import java.util.Map;

public class FileStats {
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("Usage: java FileStats <file>");
            System.exit(1);
        }
        Path path = Paths.get(args[0]);
        Map<Character, Integer> histogram = new LinkedHashMap<>();
        long words = 0;
        try {
            for (String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
                words += line.trim().isEmpty() ? 0 : line.trim().split("\\s+").length;
                for (char c : line.toCharArray()) {
                    histogram.merge(c, 1, Integer::sum);
                }
            }
            System.out.println("Bytes: " + Files.size(path) + ", words: " + words);
        } catch (IOException e) {
            System.err.println("Cannot read " + path + ": " + e.getMessage());
            System.exit(2);
        }
        histogram.entrySet().stream()
            .sorted(Map.Entry.<Character, Integer>comparingByValue().reversed())
            .limit(10)
            .forEach(e -> System.out.println("'" + e.getKey() + "' " + e.getValue()));
    }
}
