import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

class Counter {
    private var n = 0
    @Synchronized fun inc() { n++ }
    fun value() = n
}

fun main() {
    val counter = Counter()
    val threads = (1..8).map {
        thread(name = "worker-$it") {
            repeat(1000) { counter.inc() }
        }
    }
    threads.forEach { it.join() }
    println(counter.value())

    val atomic = AtomicInteger()
    val pool = Executors.newFixedThreadPool(4)
    repeat(100) { pool.execute { atomic.incrementAndGet() } }
    pool.shutdown()
    pool.awaitTermination(5, TimeUnit.SECONDS)
    println("$atomic tasks on ${Runtime.getRuntime().availableProcessors()} processors")
    val start = System.nanoTime()
    Thread.sleep(10)
    println((System.nanoTime() - start) / 1_000_000 >= 10)
}
