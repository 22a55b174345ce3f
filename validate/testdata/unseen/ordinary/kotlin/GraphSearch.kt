import java.util.ArrayDeque
import java.util.PriorityQueue

class Graph<T> {
    private val edges = mutableMapOf<T, MutableList<Pair<T, Int>>>()

    fun connect(a: T, b: T, weight: Int = 1) {
        edges.getOrPut(a) { mutableListOf() } += b to weight
        edges.getOrPut(b) { mutableListOf() } += a to weight
    }

    fun bfs(start: T): List<T> {
        val seen = linkedSetOf(start)
        val queue = ArrayDeque<T>().apply { add(start) }
        while (queue.isNotEmpty()) {
            val u = queue.removeFirst()
            for ((v, _) in edges[u].orEmpty()) if (seen.add(v)) queue.add(v)
        }
        return seen.toList()
    }

    fun shortest(from: T, to: T): Int? {
        val dist = hashMapOf(from to 0)
        val heap = PriorityQueue<Pair<T, Int>>(compareBy { it.second })
        heap += from to 0
        while (heap.isNotEmpty()) {
            val (u, d) = heap.poll()
            if (u == to) return d
            if (d > dist.getValue(u)) continue
            for ((v, w) in edges[u].orEmpty()) {
                if (d + w < (dist[v] ?: Int.MAX_VALUE)) {
                    dist[v] = d + w
                    heap += v to d + w
                }
            }
        }
        return null
    }
}

fun main() {
    val g = Graph<String>()
    g.connect("A", "B", 4)
    g.connect("A", "C", 1)
    g.connect("C", "B", 2)
    g.connect("B", "D", 5)
    println(g.bfs("A"))
    println(g.shortest("A", "D"))
}
