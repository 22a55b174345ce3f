/**
 * A vending machine, and a note about what we do not use in this course:
 *
 *     Runtime.getRuntime().exec("ls")          // starts a program
 *     ProcessBuilder("sh", "-c", cmd).start()  // the same, safer
 *     ScriptEngineManager().getEngineByName("kotlin").eval(text)
 *     Socket("example.com", 80); Class.forName(name).newInstance(); sun.misc.Unsafe
 */
sealed interface State {
    object Idle : State
    data class HasMoney(val cents: Int) : State
    data class Dispensing(val product: String, val change: Int) : State
    object OutOfOrder : State
}

sealed interface Event {
    data class Coin(val cents: Int) : Event
    data class Select(val product: String) : Event
    object Take : Event
    object Kick : Event
}

class VendingMachine(private val prices: Map<String, Int>) {
    var state: State = State.Idle
        private set
    val history = mutableListOf<String>()

    fun handle(event: Event): VendingMachine = apply {
        val before = state
        state = when (before) {
            is State.Idle -> when (event) {
                is Event.Coin -> State.HasMoney(event.cents)
                is Event.Kick -> State.OutOfOrder
                else -> before
            }
            is State.HasMoney -> when (event) {
                is Event.Coin -> State.HasMoney(before.cents + event.cents)
                is Event.Select -> prices[event.product]
                    ?.takeIf { it <= before.cents }
                    ?.let { State.Dispensing(event.product, before.cents - it) } ?: before
                else -> before
            }
            is State.Dispensing -> if (event is Event.Take) State.Idle else before
            State.OutOfOrder -> before
        }
        history += "${name(before)} -> ${name(state)}"
    }

    private fun name(s: State) = s::class.simpleName
}

fun main() {
    val machine = VendingMachine(mapOf("tea" to 150, "shell" to 900))
    val events = listOf(Event.Coin(100), Event.Select("tea"), Event.Coin(100), Event.Select("tea"), Event.Take, Event.Kick, Event.Coin(50))
    events.forEach { machine.handle(it) }
    machine.history.forEachIndexed { i, line -> println("${i + 1}. $line") }
    println(machine.state === State.OutOfOrder)
}
