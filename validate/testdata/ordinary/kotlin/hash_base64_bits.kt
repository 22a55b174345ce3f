import java.security.MessageDigest
import java.security.SecureRandom
import java.util.Base64

private const val ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

fun ByteArray.hex() = joinToString("") { "%02x".format(it) }

fun String.digest(algorithm: String) = MessageDigest.getInstance(algorithm).digest(toByteArray()).hex()

fun encode(bytes: ByteArray): String = bytes.toList().chunked(3).joinToString("") { chunk ->
    val number = chunk.fold(0) { n, b -> n shl 8 or (b.toInt() and 0xFF) } shl 8 * (3 - chunk.size)
    (0..3).joinToString("") { i -> if (i <= chunk.size) ALPHABET[number shr (18 - 6 * i) and 63].toString() else "=" }
}

fun crc32(bytes: ByteArray): UInt {
    var crc = UInt.MAX_VALUE
    for (b in bytes) {
        crc = crc xor (b.toUInt() and 0xFFu)
        repeat(8) { crc = if (crc and 1u == 1u) (crc shr 1) xor 0xEDB88320u else crc shr 1 }
    }
    return crc.inv()
}

fun password(length: Int): String {
    val random = SecureRandom()
    val chars = ('a'..'z') + ('A'..'Z') + ('0'..'9') - setOf('l', 'O', '0')
    return List(length) { chars[random.nextInt(chars.size)] }.joinToString("")
}

fun permissions(mode: Int) = (8 downTo 0).map { bit -> if (mode shr bit and 1 == 1) "rwx"[2 - bit % 3] else '-' }.joinToString("")

fun main() {
    println("hello".digest("SHA-256"))
    println("hello".digest("MD5"))
    for (text in listOf("", "f", "fo", "foo", "Runtime.exec(\"sh\")")) {
        val mine = encode(text.toByteArray())
        println("$mine ${mine == Base64.getEncoder().encodeToString(text.toByteArray())}")
    }
    println(String(Base64.getDecoder().decode("SGVsbG8sIHdvcmxkIQ==")))
    println(crc32("123456789".toByteArray()).toString(16))
    println("${password(12).length} ${permissions("755".toInt(8))}")
    println("${0b1011_0110.countOneBits()} ${0xFF.toString(2)} ${-17 shr 2} ${-17 ushr 28} ${5 xor 9}")
    println(byteArrayOf(0xCA.toByte(), 0xFE.toByte(), 0x90.toByte(), 0x90.toByte()).hex())
    val gray = (0..7).map { it xor (it shr 1) }.map { it.toString(2).padStart(3, '0') }
    println(gray)
}
