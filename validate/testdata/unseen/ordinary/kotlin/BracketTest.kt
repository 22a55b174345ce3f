import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

object Brackets {
    private val pairs = mapOf(')' to '(', ']' to '[', '}' to '{')

    fun isValid(input: String): Boolean {
        val stack = ArrayDeque<Char>()
        for (c in input) {
            if (c in pairs.values) stack.addLast(c)
            else if (c in pairs.keys && stack.removeLastOrNull() != pairs[c]) return false
        }
        return stack.isEmpty()
    }

    fun depth(input: String): Int {
        require(isValid(input)) { "not balanced" }
        return input.runningFold(0) { d, c -> if (c in pairs.values) d + 1 else if (c in pairs.keys) d - 1 else d }.max()
    }
}

class BracketTest {
    @Test
    fun `paired square brackets`() = assertEquals(true, Brackets.isValid("[]"))

    @Test
    fun `unpaired and nested brackets`() {
        assertEquals(false, Brackets.isValid("([{])"))
        assertEquals(3, Brackets.depth("([{}])"))
    }

    @Test
    fun `depth of unbalanced throws`() {
        assertThrows<IllegalArgumentException> { Brackets.depth("((") }
    }
}
