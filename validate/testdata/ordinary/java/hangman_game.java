import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

public class Main {
    static final String[] WORDS = {"process", "runtime", "shell", "socket", "daemon", "thread", "kernel"};
    static final String[] GALLOWS = {"", "|", "|-", "|-O", "|-O-", "|-O-<", "|-O-< dead"};

    static String mask(String word, Set<Character> guessed) {
        StringBuilder sb = new StringBuilder();
        for (char c : word.toCharArray()) sb.append(guessed.contains(c) ? c : '_').append(' ');
        return sb.toString().trim();
    }

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        String word = WORDS[new Random().nextInt(WORDS.length)];
        Set<Character> guessed = new TreeSet<>();
        int wrong = 0;
        do {
            System.out.println(mask(word, guessed) + "   " + GALLOWS[wrong] + "   " + guessed);
            System.out.print("letter> ");
            String line = in.readLine();
            if (line == null || line.equals("quit")) {
                System.out.println("bye, it was " + word);
                return;
            }
            if (line.isBlank() || !Character.isLetter(line.charAt(0))) continue;
            char c = Character.toLowerCase(line.charAt(0));
            if (!guessed.add(c)) System.out.println("you had that already");
            else if (word.indexOf(c) < 0) wrong++;
            if (!mask(word, guessed).contains("_")) {
                System.out.println("You won: " + word);
                System.exit(0);
            }
        } while (wrong < GALLOWS.length - 1);
        System.out.println("Hanged. The word was " + word);
    }
}
