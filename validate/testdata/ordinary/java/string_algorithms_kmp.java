import java.util.*;

public class Main {
    static int[] prefix(String p) {
        int[] f = new int[p.length()];
        for (int i = 1, k = 0; i < p.length(); i++) {
            while (k > 0 && p.charAt(i) != p.charAt(k)) k = f[k - 1];
            if (p.charAt(i) == p.charAt(k)) k++;
            f[i] = k;
        }
        return f;
    }

    static List<Integer> kmp(String text, String p) {
        List<Integer> found = new ArrayList<>();
        int[] f = prefix(p);
        for (int i = 0, k = 0; i < text.length(); i++) {
            while (k > 0 && text.charAt(i) != p.charAt(k)) k = f[k - 1];
            if (text.charAt(i) == p.charAt(k)) k++;
            if (k == p.length()) {
                found.add(i - k + 1);
                k = f[k - 1];
            }
        }
        return found;
    }

    static String longestPalindrome(String s) {
        int start = 0, best = 0;
        for (int c = 0; c < 2 * s.length() - 1; c++) {
            int l = c / 2, r = l + c % 2;
            while (l >= 0 && r < s.length() && s.charAt(l) == s.charAt(r)) { l--; r++; }
            if (r - l - 1 > best) { best = r - l - 1; start = l + 1; }
        }
        return s.substring(start, start + best);
    }

    static String rle(String s) {
        StringBuilder out = new StringBuilder();
        for (int i = 0, j; i < s.length(); i = j) {
            for (j = i; j < s.length() && s.charAt(j) == s.charAt(i); j++) { }
            out.append(j - i).append(s.charAt(i));
        }
        return out.toString();
    }

    public static void main(String[] args) {
        System.out.println(kmp("abababcababab", "abab"));
        System.out.println(longestPalindrome("forgeeksskeegfor"));
        System.out.println(rle("WWWWBBBWWCX"));
        char[] letters = "listen".toCharArray();
        Arrays.sort(letters);
        System.out.println(new String(letters));
    }
}
