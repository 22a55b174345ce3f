import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes some notes into a temporary folder, reads them in three ways, and cleans up after itself. */
public class Main {
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("notes");
        Path file = folder.resolve("notes.txt");
        try {
            Files.write(file, List.of("buy milk", "call mum", "feed the cat"), StandardCharsets.UTF_8);
            try (BufferedWriter out = Files.newBufferedWriter(file, StandardOpenOption.APPEND)) {
                out.write("water plants");
                out.newLine();
            }
            try (BufferedReader in = new BufferedReader(new FileReader(file.toFile()))) {
                String line;
                int n = 0;
                while ((line = in.readLine()) != null) System.out.println(++n + ": " + line);
            }
            try (Stream<String> lines = Files.lines(file)) {
                System.out.println(lines.filter(l -> l.contains("c")).collect(Collectors.joining("; ")));
            }
            System.out.println(Files.size(file) + " bytes, exists " + file.toFile().exists());
        } catch (FileNotFoundException e) {
            System.err.println("missing: " + e.getMessage());
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
        String home = System.getProperty("user.home", ".");
        System.out.println(home.isEmpty() ? "no home" : "home is set");
        System.out.println(System.getenv().getOrDefault("LANG_OF_NOTES", "en"));
    }
}
