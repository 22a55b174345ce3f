import java.util.*;
import java.util.function.Function;

/** A pretend shell: commands work on a file system that lives in a map. */
public class Main {
    private final Map<String, String> files = new TreeMap<>();
    private final Map<String, Function<String[], String>> commands = new HashMap<>();

    Main() {
        commands.put("ls", a -> String.join(" ", files.keySet()));
        commands.put("cat", a -> files.getOrDefault(a[1], "cat: no such file"));
        commands.put("rm", a -> files.remove(a[a.length - 1]) == null ? "rm: no such file" : "");
        commands.put("echo", a -> {
            if (a.length > 2 && a[a.length - 2].equals(">")) {
                files.put(a[a.length - 1], String.join(" ", Arrays.copyOfRange(a, 1, a.length - 2)));
                return "";
            }
            return String.join(" ", Arrays.copyOfRange(a, 1, a.length));
        });
    }

    String exec(String line) {
        String[] args = line.trim().split("\\s+");
        Function<String[], String> command = commands.get(args[0]);
        return command == null ? "sh: " + args[0] + ": not found" : command.apply(args);
    }

    public static void main(String[] args) {
        Main shell = new Main();
        String script = """
            echo hello world > a.txt
            echo root:x:0:0 > /etc/passwd
            cat a.txt
            ls
            rm -rf /etc/passwd
            ls
            wget http://example.com
            """;
        for (String line : script.split("\n")) {
            String out = shell.exec(line);
            System.out.println("$ " + line + (out.isEmpty() ? "" : "\n" + out));
        }
    }
}
