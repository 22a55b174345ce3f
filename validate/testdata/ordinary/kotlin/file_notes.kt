import java.io.File
import java.io.IOException
import java.nio.file.Files

fun main() {
    val file = File.createTempFile("notes", ".txt")
    try {
        file.writeText("buy milk\ncall mum\n")
        file.appendText("kill the weeds\n")
        file.forEachLine { println("- $it") }
        println(file.readLines().mapIndexed { i, line -> "${i + 1}:${line.length}" })
        println(file.useLines { lines -> lines.filter { "l" in it }.count() })

        file.bufferedWriter().use { out ->
            for (n in 1..5) {
                out.write("$n,${n * n}")
                out.newLine()
            }
        }
        val table = file.readLines()
            .map { it.split(",").map(String::toInt) }
            .associate { (n, square) -> n to square }
        println(table)
        println("${file.length()} bytes, ${file.extension}, ${file.nameWithoutExtension.startsWith("notes")}")

        val copy = File(file.parentFile, file.name + ".bak")
        file.copyTo(copy, overwrite = true)
        println(copy.readText() == file.readText())
        copy.delete()
    } catch (e: IOException) {
        System.err.println("trouble: ${e.message}")
    } finally {
        Files.deleteIfExists(file.toPath())
    }
    println(file.exists())

    val missing = runCatching { File("/no/such/file").readText() }
    println(missing.fold(onSuccess = { "strange" }, onFailure = { it::class.simpleName }))

    val home = System.getenv("HOME").orEmpty()
    println(if (home.isEmpty()) "no home" else "home is set")
    println(System.getProperty("line.separator").length)
}
