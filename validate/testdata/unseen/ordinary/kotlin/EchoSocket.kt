import java.io.PrintWriter
import java.net.ServerSocket
import java.net.Socket
import kotlin.concurrent.thread

class ClientHandler(private val client: Socket) {
    fun run() = client.use { socket ->
        val reader = socket.getInputStream().bufferedReader()
        val writer = PrintWriter(socket.getOutputStream(), true)
        writer.println("Welcome, type EXIT to leave, or: 3 + 4")
        reader.lineSequence()
            .takeWhile { it != "EXIT" }
            .forEach { writer.println(answer(it)) }
    }

    private fun answer(text: String): String {
        val parts = text.split(" ")
        if (parts.size != 3) return "?"
        val (a, op, b) = parts
        val x = a.toIntOrNull() ?: return "not a number: $a"
        val y = b.toIntOrNull() ?: return "not a number: $b"
        return when (op) {
            "+" -> "${x + y}"
            "-" -> "${x - y}"
            "*" -> "${x * y}"
            else -> "unknown operation $op"
        }
    }
}

fun main() {
    val server = ServerSocket(9999)
    println("Server is running on port ${server.localPort}")
    while (true) {
        val client = server.accept()
        println("Client connected: ${client.inetAddress.hostAddress}")
        thread { ClientHandler(client).run() }
    }
}
