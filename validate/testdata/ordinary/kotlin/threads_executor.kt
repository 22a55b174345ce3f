import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.thread
import kotlin.concurrent.withLock

fun isPrime(n: Int) = n > 1 && generateSequence(2) { it + 1 }.takeWhile { it * it <= n }.none { n % it == 0 }

fun main() {
    val executor = Executors.newFixedThreadPool(4)
    val blocks = (0 until 1000 step 100).map { from ->
        executor.submit(Callable { (from until from + 100).count(::isPrime) })
    }
    println("primes: ${blocks.sumOf { it.get() }}")
    executor.execute { println("executed by a worker: ${Thread.currentThread().name.startsWith("pool")}") }
    executor.shutdown()
    check(executor.awaitTermination(5, TimeUnit.SECONDS))

    val queue = ArrayBlockingQueue<Int>(4)
    val total = AtomicLong()
    val consumers = List(3) {
        thread(isDaemon = true) {
            while (true) {
                val item = queue.take()
                if (item < 0) break
                total.addAndGet(item.toLong())
            }
        }
    }
    (1..1000).forEach(queue::put)
    repeat(consumers.size) { queue.put(-1) }
    consumers.forEach(Thread::join)
    println("total $total")

    val lock = ReentrantLock()
    var counter = 0
    val seen = ConcurrentHashMap<Int, Int>()
    (1..4).map { n ->
        thread {
            repeat(1000) { lock.withLock { counter++ } }
            seen.merge(n % 2, 1, Int::plus)
        }
    }.forEach { it.join() }
    println("$counter $seen")
    Runtime.getRuntime().addShutdownHook(thread(start = false) { println("bye") })
}
