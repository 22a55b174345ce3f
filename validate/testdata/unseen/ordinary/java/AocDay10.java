import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;

public class AocDay10 {
    public static void main(String[] args) throws IOException {
        BufferedReader br = new BufferedReader(new InputStreamReader(System.in));
        List<Integer> xs = new ArrayList<>();
        int x = 1;
        for (String line; (line = br.readLine()) != null; ) {
            xs.add(x);
            if (line.startsWith("addx")) {
                xs.add(x);
                x += Integer.parseInt(line.substring(5));
            }
        }
        int sum = 0;
        for (int cycle = 20; cycle <= 220 && cycle <= xs.size(); cycle += 40) {
            sum += cycle * xs.get(cycle - 1);
        }
        System.out.println(sum);
        StringBuilder crt = new StringBuilder();
        for (int i = 0; i < xs.size(); i++) {
            crt.append(Math.abs(xs.get(i) - i % 40) <= 1 ? '#' : '.');
            if (i % 40 == 39) crt.append('\n');
        }
        System.out.print(crt);
    }
}
