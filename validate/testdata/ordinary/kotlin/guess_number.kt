import kotlin.random.Random
import kotlin.system.exitProcess

fun main(args: Array<String>) {
    val max = args.firstOrNull()?.toIntOrNull() ?: 100
    val secret = Random.nextInt(1, max + 1)
    var tries = 0

    println("I think of a number between 1 and $max.")
    while (true) {
        print("Your guess: ")
        val line = readLine()?.trim() ?: break
        if (line == "q" || line == "exit") {
            println("It was $secret.")
            exitProcess(0)
        }
        val guess = line.toIntOrNull()
        if (guess == null) {
            System.err.println("Not a number: $line")
            continue
        }
        tries++
        when {
            guess < secret -> println("Too low")
            guess > secret -> println("Too high")
            else -> {
                println("Right after $tries ${if (tries == 1) "try" else "tries"}!")
                return
            }
        }
    }
    println("\nNo more input.")
}
