import java.io.File

fun firstMarker(s: String, size: Int) =
    s.windowed(size).indexOfFirst { it.toSet().size == size } + size

fun day4(lines: List<String>): Pair<Int, Int> {
    val ranges = lines.map { line ->
        val (a, b, c, d) = Regex("""(\d+)-(\d+),(\d+)-(\d+)""").matchEntire(line)!!.groupValues.drop(1).map(String::toInt)
        a..b to c..d
    }
    val contained = ranges.count { (x, y) -> (x.first in y && x.last in y) || (y.first in x && y.last in x) }
    val overlap = ranges.count { (x, y) -> x.first <= y.last && y.first <= x.last }
    return contained to overlap
}

fun main(args: Array<String>) {
    val input = File(args.firstOrNull() ?: "input.txt").readText().trim()
    println("Part 1: ${firstMarker(input, 4)}")
    println("Part 2: ${firstMarker(input, 14)}")
    println(day4(listOf("2-4,6-8", "2-8,3-7", "6-6,4-6")))
}
