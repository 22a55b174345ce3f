class Robot(var gridPosition: GridPosition = GridPosition(0, 0), var orientation: Orientation = Orientation.NORTH) {

    fun simulate(instructions: String) {
        for (c in instructions) {
            when (c) {
                'A' -> advance()
                'R' -> orientation = turn(1)
                'L' -> orientation = turn(-1)
                else -> throw IllegalArgumentException("Invalid instruction: '$c'")
            }
        }
    }

    private fun turn(by: Int): Orientation {
        val all = Orientation.values()
        return all[(orientation.ordinal + by + all.size) % all.size]
    }

    private fun advance() {
        gridPosition = when (orientation) {
            Orientation.NORTH -> gridPosition.copy(y = gridPosition.y + 1)
            Orientation.SOUTH -> gridPosition.copy(y = gridPosition.y - 1)
            Orientation.EAST -> gridPosition.copy(x = gridPosition.x + 1)
            Orientation.WEST -> gridPosition.copy(x = gridPosition.x - 1)
        }
    }
}

data class GridPosition(val x: Int, val y: Int)

enum class Orientation { NORTH, EAST, SOUTH, WEST }

fun main() {
    val r = Robot()
    r.simulate("RAALAL")
    println("${r.gridPosition} ${r.orientation}")
}
