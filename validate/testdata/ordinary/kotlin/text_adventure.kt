class Room(val text: String, val exits: Map<String, String>, val items: MutableSet<String> = mutableSetOf())

class Game {
    private val rooms = mapOf(
        "cave" to Room("A cave. A shell glitters.", mapOf("north" to "forest"), mutableSetOf("shell")),
        "forest" to Room("The path will fork.", mapOf("south" to "cave", "east" to "tower")),
        "tower" to Room("A control system blinks.", mapOf("west" to "forest"), mutableSetOf("socket")),
    )
    private var here = "cave"
    private val bag = sortedSetOf<String>()
    var running = true
        private set

    private val room get() = rooms.getValue(here)

    private val commands: Map<String, (String) -> String> = mapOf(
        "look" to { _ -> "${room.text} Exits: ${room.exits.keys.joinToString()}" },
        "go" to { direction ->
            room.exits[direction]?.let { here = it; execute("look") } ?: "No way $direction."
        },
        "take" to { item -> if (room.items.remove(item)) "Taken.".also { bag += item } else "No $item here." },
        "kill" to { who -> "You would not hurt the $who." },
        "bag" to { _ -> bag.ifEmpty { listOf("nothing") }.joinToString() },
        "quit" to { _ -> running = false; "Bye." },
    )

    fun execute(line: String): String {
        val words = line.lowercase().split(' ').filter(String::isNotBlank)
        val command = commands[words.firstOrNull()] ?: return "What?"
        return command(words.getOrElse(1) { "" })
    }
}

fun main() {
    val game = Game()
    println(game.execute("look"))
    for (line in listOf("take shell", "go north", "go up", "exec rm", "go east", "kill guard", "bag")) {
        println("> $line\n${game.execute(line)}")
    }
    while (game.running) {
        print("> ")
        println(game.execute(readLine() ?: break))
    }
}
