import java.io.File

data class Artikel(val name: String, var menge: Int, var erledigt: Boolean = false)

class Einkaufsliste(private val datei: File) {
    private val artikel = mutableListOf<Artikel>()

    init {
        if (datei.exists()) {
            datei.forEachLine {
                val (name, menge, erledigt) = it.split(";")
                artikel += Artikel(name, menge.toInt(), erledigt.toBoolean())
            }
        }
    }

    fun hinzu(name: String, menge: Int) {
        artikel.find { it.name.equals(name, ignoreCase = true) }?.let { it.menge += menge }
            ?: artikel.add(Artikel(name, menge))
    }

    fun abhaken(nr: Int) = artikel.getOrNull(nr - 1)?.apply { erledigt = true } != null

    fun speichern() = datei.writeText(artikel.joinToString("\n") { "${it.name};${it.menge};${it.erledigt}" })

    override fun toString() = artikel.withIndex().joinToString("\n") { (i, a) ->
        "${i + 1}. [${if (a.erledigt) "x" else " "}] ${a.menge} x ${a.name}"
    }
}

fun main() {
    val liste = Einkaufsliste(File("einkauf.txt"))
    while (true) {
        println(liste)
        print("Befehl (n Name Menge, x Nr, q): ")
        val teile = readlnOrNull()?.split(" ") ?: break
        when (teile[0]) {
            "n" -> liste.hinzu(teile[1], teile.getOrNull(2)?.toIntOrNull() ?: 1)
            "x" -> liste.abhaken(teile[1].toInt())
            "q" -> break
            else -> println("Unbekannt: ${teile[0]}")
        }
    }
    liste.speichern()
}
