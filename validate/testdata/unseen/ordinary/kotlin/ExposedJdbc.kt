import java.sql.DriverManager

data class Task(val id: Int, val title: String, val done: Boolean)

class TaskDao(url: String) : AutoCloseable {
    private val connection = DriverManager.getConnection(url)

    init {
        connection.createStatement().use {
            it.execute("CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY, title TEXT, done INTEGER DEFAULT 0)")
        }
    }

    fun add(title: String) = connection.prepareStatement("INSERT INTO task(title) VALUES (?)").use {
        it.setString(1, title)
        it.executeUpdate()
    }

    fun all(): List<Task> = connection.prepareStatement("SELECT id, title, done FROM task").use { st ->
        st.executeQuery().use { rs ->
            generateSequence { if (rs.next()) Task(rs.getInt(1), rs.getString(2), rs.getBoolean(3)) else null }.toList()
        }
    }

    override fun close() = connection.close()
}

fun main() {
    TaskDao("jdbc:sqlite::memory:").use { dao ->
        listOf("learn Kotlin", "write tests").forEach(dao::add)
        dao.all().forEach(::println)
    }
}
