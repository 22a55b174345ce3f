import kotlin.random.Random

fun main() {
    val number = Random.nextInt(1, 101)
    var attempts = 0
    println("I have a number between 1 and 100. Guess!")
    while (true) {
        print("> ")
        val line = readLine() ?: break
        val guess = line.trim().toIntOrNull()
        if (guess == null) {
            println("Please enter a number")
            continue
        }
        attempts++
        when {
            guess < number -> println("Too low")
            guess > number -> println("Too high")
            else -> {
                println("Correct in $attempts attempts!")
                return
            }
        }
    }
}
