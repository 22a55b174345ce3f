import java.util.PriorityQueue

typealias Node = String

class Graph {
    private val edges = mutableMapOf<Node, MutableMap<Node, Int>>()

    fun road(a: Node, b: Node, length: Int) = apply {
        edges.getOrPut(a) { mutableMapOf() }[b] = length
        edges.getOrPut(b) { mutableMapOf() }[a] = length
    }

    fun shortest(from: Node, to: Node): Pair<Int, List<Node>>? {
        val distance = mutableMapOf(from to 0).withDefault { Int.MAX_VALUE }
        val parent = mutableMapOf<Node, Node>()
        val open = PriorityQueue<Pair<Node, Int>>(compareBy { it.second })
        open.add(from to 0)
        while (open.isNotEmpty()) {
            val (node, d) = open.poll()
            if (node == to) return d to generateSequence(to) { parent[it] }.toList().asReversed()
            if (d > distance.getValue(node)) continue
            for ((next, length) in edges[node].orEmpty()) {
                val total = d + length
                if (total < distance.getValue(next)) {
                    distance[next] = total
                    parent[next] = node
                    open.add(next to total)
                }
            }
        }
        return null
    }

    fun bfs(start: Node): List<Node> {
        val seen = linkedSetOf(start)
        val queue = ArrayDeque(listOf(start))
        while (queue.isNotEmpty()) {
            edges[queue.removeFirst()].orEmpty().keys.sorted().filter(seen::add).forEach(queue::addLast)
        }
        return seen.toList()
    }

    fun components() = edges.keys.map { bfs(it).sorted() }.distinct().size
}

fun main() {
    val map = Graph()
        .road("home", "park", 4).road("home", "shop", 1)
        .road("shop", "park", 2).road("park", "school", 5)
        .road("island", "harbour", 1)
    map.shortest("home", "school")?.let { (length, path) -> println("${path.joinToString(" -> ")} ($length)") }
    println(map.shortest("home", "island") ?: "no way")
    println(map.bfs("home"))
    println("${map.components()} components")
}
