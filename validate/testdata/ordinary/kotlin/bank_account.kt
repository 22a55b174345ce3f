import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

class InsufficientFunds(val missing: Long) : Exception("$missing cents too little")

open class Account(val owner: String) {
    protected var cents = 0L
    val id = next.getAndIncrement()

    @Synchronized
    open fun deposit(amount: Long): Account {
        require(amount > 0) { "amount must be positive" }
        cents += amount
        return this
    }

    @Synchronized
    fun withdraw(amount: Long) {
        if (amount > available()) throw InsufficientFunds(amount - available())
        cents -= amount
    }

    protected open fun available() = cents
    val balance get() = cents / 100.0

    override fun toString() = "%s #%d %s: %.2f".format(this::class.simpleName, id, owner, balance)

    companion object {
        private val next = AtomicInteger(1)
    }
}

class Checking(owner: String, private val limit: Long) : Account(owner) {
    override fun available() = cents + limit
}

fun main() {
    val accounts = listOf(Account("Ann"), Checking("Bob", limit = 5_000))
    for (account in accounts) {
        account.deposit(10_000)
        try {
            account.withdraw(14_000)
        } catch (e: InsufficientFunds) {
            println("Sorry ${account.owner}: ${e.message}")
        } finally {
            println(account)
        }
    }
    val shared = Account("everyone")
    val threads = List(10) { n -> thread(name = "depositor-$n") { repeat(100) { shared.deposit(1) } } }
    threads.forEach { it.join() }
    check(shared.balance == 10.0)
    println(runCatching { shared.deposit(-1) }.exceptionOrNull())
}
