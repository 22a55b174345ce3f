import java.io.*;
import java.util.*;

public class Main {
    private static final String CONFIG = """
        # server.properties
        name=Test server
        max.users=25
        shell=/bin/bash
        command=echo "hello"
        """;

    private static final String CSV = "id,name,score\n1,\"Smith, Ann\",9.5\n2,Bob,7\n3,\"He said \"\"hi\"\"\",8.25\n";

    static List<String> parse(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted) {
                if (c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') { cell.append('"'); i++; }
                else if (c == '"') quoted = false;
                else cell.append(c);
            } else if (c == '"') quoted = true;
            else if (c == ',') { cells.add(cell.toString()); cell.setLength(0); }
            else cell.append(c);
        }
        cells.add(cell.toString());
        return cells;
    }

    public static void main(String[] args) throws IOException {
        Properties config = new Properties();
        config.load(new StringReader(CONFIG));
        for (String key : new TreeSet<>(config.stringPropertyNames())) {
            System.out.println(key + " = " + config.getProperty(key));
        }
        int users = Integer.parseInt(config.getProperty("max.users", "10"));
        System.out.println(users + " users");
        BufferedReader reader = new BufferedReader(new StringReader(CSV));
        List<String> header = parse(reader.readLine());
        reader.lines().map(Main::parse).forEach(row -> {
            Map<String, String> map = new LinkedHashMap<>();
            for (int i = 0; i < header.size(); i++) map.put(header.get(i), row.get(i));
            System.out.println(map);
        });
        System.out.println(System.getProperty("java.version").isEmpty() + " " + File.separatorChar);
    }
}
