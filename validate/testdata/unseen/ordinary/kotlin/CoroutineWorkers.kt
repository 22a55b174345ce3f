import kotlinx.coroutines.*
import kotlinx.coroutines.channels.*
import kotlin.system.measureTimeMillis

fun CoroutineScope.produceNumbers(n: Int) = produce<Int> {
    for (x in 1..n) {
        send(x)
        delay(10)
    }
}

fun CoroutineScope.launchProcessor(id: Int, channel: ReceiveChannel<Int>) = launch {
    for (msg in channel) {
        println("Processor #$id received $msg")
    }
}

fun main() = runBlocking {
    val time = measureTimeMillis {
        val producer = produceNumbers(20)
        val workers = List(3) { launchProcessor(it, producer) }
        workers.joinAll()
    }
    println("took $time ms")

    val results = (1..5).map { async(Dispatchers.Default) { it * it } }.awaitAll()
    println(results.sum())
}
