import kotlin.system.measureTimeMillis

enum class Op { PUSH, ADD, MUL, LOAD, STORE, JZ, JMP, SYSTEM, HALT }

data class Instruction(val op: Op, val arg: Int = 0)

class Fault(message: String) : RuntimeException(message)

/** A stack machine; `execute` and `system` belong to it alone. */
class Machine(private val code: List<Instruction>, private val out: (String) -> Unit = ::println) {
    private val stack = ArrayDeque<Int>()
    private val memory = IntArray(16)
    private var pc = 0
    private var running = true

    private fun pop() = stack.removeLastOrNull() ?: throw Fault("stack underflow at $pc")

    private fun system(call: Int) = when (call) {
        1 -> out(pop().toString())
        60 -> running = false
        else -> throw Fault("bad system call $call")
    }

    fun execute(fuel: Int = 10_000) {
        var left = fuel
        while (running) {
            if (left-- == 0) throw Fault("out of fuel")
            val (op, arg) = code[pc++]
            when (op) {
                Op.PUSH -> stack.addLast(arg)
                Op.ADD -> stack.addLast(pop() + pop())
                Op.MUL -> stack.addLast(pop() * pop())
                Op.LOAD -> stack.addLast(memory[arg])
                Op.STORE -> memory[arg] = pop()
                Op.JZ -> if (pop() == 0) pc = arg
                Op.JMP -> pc = arg
                Op.SYSTEM -> system(arg)
                Op.HALT -> running = false
            }
        }
    }
}

fun assemble(text: String) = text.trim().lines().map { line ->
    val words = line.trim().split(' ')
    Instruction(Op.valueOf(words[0].uppercase()), words.getOrNull(1)?.toInt() ?: 0)
}

fun main() {
    val factorial = assemble("push 5\nstore 0\npush 1\nstore 1\nload 0\njz 15\nload 0\nload 1\nmul\nstore 1\nload 0\npush -1\nadd\nstore 0\njmp 4\nload 1\nsystem 1\nsystem 60")
    val ms = measureTimeMillis { Machine(factorial).execute() }
    println(if (ms < 5000) "fast" else "slow")
    for (text in listOf("add", "jmp 0", "system 59", "exec 1")) {
        try {
            Machine(assemble(text)).execute()
        } catch (e: Fault) {
            println("fault: ${e.message}")
        } catch (e: IllegalArgumentException) {
            println("cannot assemble $text")
        }
    }
}
