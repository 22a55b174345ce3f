import java.time.DayOfWeek
import java.time.LocalDate
import java.time.temporal.ChronoUnit

fun isLeap(y: Int) = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)

fun roman(number: Int): String {
    val table = listOf(1000 to "M", 900 to "CM", 500 to "D", 400 to "CD", 100 to "C", 90 to "XC", 50 to "L", 40 to "XL", 10 to "X", 9 to "IX", 5 to "V", 4 to "IV", 1 to "I")
    var n = number
    return buildString {
        for ((value, sign) in table) while (n >= value) {
            append(sign)
            n -= value
        }
    }
}

fun balanced(text: String): Boolean {
    val pairs = mapOf(')' to '(', ']' to '[', '}' to '{')
    val open = ArrayDeque<Char>()
    for (c in text) when (c) {
        in pairs.values -> open.addLast(c)
        in pairs.keys -> if (open.removeLastOrNull() != pairs[c]) return false
    }
    return open.isEmpty()
}

fun anagrams(word: String, list: List<String>) = list.filter { it.lowercase().toList().sorted() == word.lowercase().toList().sorted() && !it.equals(word, ignoreCase = true) }

tailrec fun gcd(a: Int, b: Int): Int = if (b == 0) a else gcd(b, a % b)

fun permutations(s: String): List<String> = if (s.length < 2) listOf(s) else s.flatMapIndexed { i, c -> permutations(s.removeRange(i, i + 1)).map { c + it } }

fun rotate(text: String, key: Int) = text.map { c ->
    if (!c.isLetter()) c else (if (c.isUpperCase()) 'A' else 'a').let { it + (c - it + key).mod(26) }
}.joinToString("")

class Suite {
    private var failed = 0
    infix fun Any?.shouldBe(want: Any?) {
        if (this != want) println("FAIL: got $this, want $want").also { failed++ }
    }

    fun run(): Int {
        listOf(1900, 1996, 2000).map(::isLeap) shouldBe listOf(false, true, true)
        roman(1994) shouldBe "MCMXCIV"
        balanced("Runtime.getRuntime().exec(args[0])") shouldBe true
        balanced("([)]") shouldBe false
        anagrams("listen", listOf("enlists", "Inlets", "banana")) shouldBe listOf("Inlets")
        gcd(1071, 462) shouldBe 21
        permutations("abcd").toSet().size shouldBe 24
        rotate(rotate("Hello, World!", 13), 13) shouldBe "Hello, World!"
        LocalDate.of(2024, 2, 29).dayOfWeek shouldBe DayOfWeek.THURSDAY
        ChronoUnit.DAYS.between(LocalDate.parse("1969-07-20"), LocalDate.parse("2024-07-20")) shouldBe 20089L
        return failed
    }
}

fun main() = println(if (Suite().run() == 0) "all passed" else "some failed")
