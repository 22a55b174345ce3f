import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Main {
    enum Type {
        NUMBER("\\d+(\\.\\d+)?"), STRING("\"[^\"]*\""), KEYWORD("\\b(let|while|print|exec)\\b"),
        NAME("[A-Za-z_]\\w*"), OP("==|[-+*/=<>(){};]"), SPACE("\\s+");

        final String regex;
        Type(String regex) { this.regex = regex; }
    }

    record Token(Type type, String text) {}

    static List<Token> tokenize(String source) {
        StringBuilder sb = new StringBuilder();
        for (Type t : Type.values()) sb.append(String.format("|(?<%s>%s)", t.name(), t.regex));
        Matcher matcher = Pattern.compile(sb.substring(1)).matcher(source);
        List<Token> tokens = new ArrayList<>();
        int end = 0;
        while (matcher.find()) {
            if (matcher.start() != end) throw new IllegalStateException("bad character at " + end);
            end = matcher.end();
            for (Type t : Type.values()) {
                String text = matcher.group(t.name());
                if (text != null && t != Type.SPACE) {
                    tokens.add(new Token(t, text));
                    break;
                }
            }
        }
        return tokens;
    }

    public static void main(String[] args) {
        String program = "let cmd = \"/bin/sh -c ls\"; while (x < 10) { exec cmd; print x + 1; }";
        tokenize(program).forEach(t -> System.out.printf("%-8s %s%n", t.type(), t.text()));
        System.out.println("2024-05-06".replaceAll("(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1"));
    }
}
