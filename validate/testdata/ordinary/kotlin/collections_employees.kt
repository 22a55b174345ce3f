data class Employee(val name: String, val department: String, val salary: Int, val since: Int)

fun main() {
    val staff = listOf(
        Employee("Ann", "IT", 5200, 2015),
        Employee("Bob", "IT", 4100, 2019),
        Employee("Cid", "Sales", 3900, 2020),
        Employee("Dee", "Security", 6100, 2012),
    )

    staff.groupBy(Employee::department)
        .mapValues { (_, list) -> list.map { it.salary }.average() }
        .toSortedMap()
        .forEach { (department, mean) -> println("%-10s %8.1f".format(department, mean)) }

    println(staff.sortedWith(compareByDescending<Employee> { it.salary }.thenBy { it.name }).map { it.name })
    println(staff.partition { it.since < 2016 }.let { (old, new) -> "${old.size} old, ${new.size} new" })
    println(staff.maxByOrNull { it.salary }?.name ?: "nobody")
    println(staff.associateBy({ it.name.first() }, { it.since }))
    println(staff.fold(0) { sum, e -> sum + e.salary })

    val (name, _, salary) = staff[1].copy(salary = 4500)
    println("$name now earns $salary")

    val words = "the system will fork and the shell will exec the program".split(' ')
    println(words.groupingBy { it }.eachCount().filterValues { it > 1 })
    println(words.distinct().sortedBy { it.length }.windowed(2) { (a, b) -> "$a<$b" }.take(3))
    println(words.zipWithNext().count { (a, b) -> a.length < b.length })

    val fibonacci = generateSequence(0 to 1) { (a, b) -> b to a + b }.map { it.first }
    println(fibonacci.filter { it % 2 == 0 }.takeWhile { it < 1000 }.joinToString())
    val primes = sequence {
        val found = mutableListOf<Int>()
        var n = 2
        while (true) {
            if (found.none { n % it == 0 }) {
                found += n
                yield(n)
            }
            n++
        }
    }
    println(primes.take(12).toList())
    println((1..15).joinToString(" ") { if (it % 15 == 0) "FizzBuzz" else if (it % 5 == 0) "Buzz" else if (it % 3 == 0) "Fizz" else "$it" })
}
