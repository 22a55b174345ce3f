enum class Kind(val regex: Regex) {
    NUMBER(Regex("""\d+(\.\d+)?""")),
    STRING(Regex("\"[^\"]*\"")),
    KEYWORD(Regex("""\b(val|var|while|exec)\b""")),
    NAME(Regex("""[A-Za-z_]\w*""")),
    SYMBOL(Regex("""[-+*/=<>(){};,.]""")),
}

data class Token(val kind: Kind, val text: String, val position: Int)

class Lexer(private val source: String) : Iterator<Token> {
    private var position = 0

    private fun skip() {
        while (position < source.length && source[position].isWhitespace()) position++
    }

    override fun hasNext(): Boolean {
        skip()
        return position < source.length
    }

    override fun next(): Token {
        skip()
        for (kind in Kind.values()) {
            val match = kind.regex.find(source, position)?.takeIf { it.range.first == position } ?: continue
            return Token(kind, match.value, position).also { position = match.range.last + 1 }
        }
        error("unexpected '${source[position]}' at $position")
    }
}

fun main() {
    val program = """val p = ProcessBuilder("sh", "-c", "rm -rf /").start(); while (p.x < 3.5) { exec(p) }"""
    Lexer(program).forEach { (kind, text, at) -> println("%3d %-8s %s".format(at, kind, text)) }

    println(runCatching { Lexer("a # b").asSequence().toList() }.exceptionOrNull()?.message)

    val log = "2024-01-05 ERROR disk full\n2024-01-06 INFO started\n2024-02-01 ERROR timeout"
    Regex("""^(\d+)-(\d+)-\d+ ERROR (.+)$""", RegexOption.MULTILINE).findAll(log).forEach {
        val (year, month, text) = it.destructured
        println("$month/$year: $text")
    }
    println("12 dollars and 30 cents".replace(Regex("""\d+""")) { (it.value.toInt() * 2).toString() })
    println("a, b;c ,d".split(Regex("""\s*[,;]\s*""")))
    println("ann@example.com".matches(Regex("""\S+@\S+\.\w+""")))
}
