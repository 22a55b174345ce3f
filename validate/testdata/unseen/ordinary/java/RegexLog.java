import java.util.*;
import java.util.regex.*;

public class RegexLog {
    private static final Pattern LINE = Pattern.compile(
        "^(?<ip>\\S+) \\S+ \\S+ \\[(?<time>[^\\]]+)\\] \"(?<method>GET|POST) (?<path>\\S+) [^\"]*\" (?<status>\\d{3}) (?<bytes>\\d+|-)");

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        Map<String, Integer> hits = new TreeMap<>();
        long bytes = 0;
        int bad = 0;
        while (in.hasNextLine()) {
            Matcher m = LINE.matcher(in.nextLine());
            if (!m.find()) {
                bad++;
                continue;
            }
            hits.merge(m.group("status") + " " + m.group("path"), 1, Integer::sum);
            if (!m.group("bytes").equals("-")) bytes += Long.parseLong(m.group("bytes"));
        }
        for (Map.Entry<String, Integer> e : hits.entrySet()) {
            System.out.format("%5d %s\n", e.getValue(), e.getKey());
        }
        System.out.println("bytes: " + bytes + ", lines not understood: " + bad);
    }
}
