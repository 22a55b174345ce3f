import kotlin.properties.Delegates
import kotlin.reflect.KProperty

class LruCache<K, V>(private val capacity: Int) : LinkedHashMap<K, V>(16, 0.75f, true) {
    var hits = 0
    var misses = 0

    override fun removeEldestEntry(eldest: MutableMap.MutableEntry<K, V>) = size > capacity

    inline fun load(key: K, compute: (K) -> V): V {
        get(key)?.let { hits++; return it }
        misses++
        return compute(key).also { put(key, it) }
    }
}

class Trimmed(private var value: String = "") {
    operator fun getValue(owner: Any?, property: KProperty<*>) = value
    operator fun setValue(owner: Any?, property: KProperty<*>, new: String) {
        println("${property.name} = '$new'")
        value = new.trim()
    }
}

interface Logger {
    fun log(text: String)
}

class ListLogger : Logger {
    val lines = mutableListOf<String>()
    override fun log(text: String) { lines += text }
}

class Service(logger: ListLogger) : Logger by logger {
    val started by lazy { log("started"); System.nanoTime() }
    var state: String by Delegates.observable("idle") { _, old, new -> log("$old -> $new") }
    var name by Trimmed()

    operator fun invoke(command: String) = when (command) {
        "exec", "run" -> { state = "running"; started > 0 }
        "kill" -> { state = "killed"; true }
        else -> false
    }
}

fun main() {
    val cache = LruCache<Int, String>(3)
    for (n in listOf(1, 2, 3, 1, 4, 1, 2)) cache.load(n) { "page-$it" }
    println("${cache.keys} ${cache.hits} hits, ${cache.misses} misses")

    val logger = ListLogger()
    val service = Service(logger)
    service.name = "  shell  "
    println(listOf("exec", "kill", "system").map { service(it) })
    println("${service.name} ${logger.lines}")
}
