import java.util.LinkedList
import java.util.Queue

// Round robin, as in the operating systems course.
enum class State { READY, RUNNING, TERMINATED }

class Process(val pid: Int, val name: String, burst: Int) {
    var remaining = burst
        private set
    var state = State.READY

    fun run(quantum: Int): Int {
        state = State.RUNNING
        val used = minOf(quantum, remaining)
        remaining -= used
        state = if (remaining == 0) State.TERMINATED else State.READY
        return used
    }
}

class Kernel(private val quantum: Int) {
    private val ready: Queue<Process> = LinkedList()
    private val table = mutableMapOf<Int, Process>()
    private var clock = 0

    fun spawn(name: String, burst: Int): Int {
        val process = Process(table.size + 1, name, burst)
        table[process.pid] = process
        ready.add(process)
        return process.pid
    }

    fun fork(pid: Int): Int = table.getValue(pid).let { spawn(it.name + "'", it.remaining) }

    fun kill(pid: Int) {
        table[pid]?.state = State.TERMINATED
        ready.removeIf { it.pid == pid }
    }

    fun exec() {
        while (true) {
            val process = ready.poll() ?: break
            clock += process.run(quantum)
            println("%3d %d %-8s %s".format(clock, process.pid, process.name, process.state))
            if (process.state == State.READY) ready.add(process)
        }
    }
}

fun main() {
    val kernel = Kernel(quantum = 3)
    val shell = kernel.spawn("shell", 5)
    kernel.fork(shell)
    val bomb = kernel.spawn("forkbomb", Int.MAX_VALUE)
    kernel.kill(bomb)
    kernel.exec()

    val runtime = Runtime.getRuntime()
    println(runtime.maxMemory() > runtime.totalMemory() - runtime.freeMemory())
    println(runtime.availableProcessors() >= 1)
}
