import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.zip.CRC32;

public final class Main {
    private Main() {}

    static String hex(byte[] bytes) {
        StringBuilder sb = new StringBuilder(bytes.length * 2);
        for (byte b : bytes) sb.append(Character.forDigit(b >> 4 & 0xF, 16)).append(Character.forDigit(b & 0xF, 16));
        return sb.toString();
    }

    static String sha256(String text) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return hex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    static String generate(int length) {
        final String alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!$%&/";
        SecureRandom random = new SecureRandom();
        char[] out = new char[length];
        for (int i = 0; i < length; i++) out[i] = alphabet.charAt(random.nextInt(alphabet.length()));
        return new String(out);
    }

    public static void main(String[] args) throws Exception {
        System.out.println(sha256("hello"));
        String encoded = Base64.getEncoder().encodeToString("cm0gLXJmIC8=".getBytes());
        System.out.println(encoded + " " + new String(Base64.getDecoder().decode(encoded)));
        CRC32 crc = new CRC32();
        crc.update("123456789".getBytes());
        System.out.println(Long.toHexString(crc.getValue()));
        System.out.println(generate(12).length());
        byte[] magic = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE};
        System.out.println(hex(magic));
    }
}
