import kotlin.math.pow
import kotlin.math.sqrt
import kotlin.system.exitProcess

fun menu() {
    println(
        """
        |=== Calculadora ===
        |1. Sumar
        |2. Dividir
        |3. Potencia
        |4. Ecuación de segundo grado
        |0. Salir
        """.trimMargin()
    )
}

fun leer(texto: String): Double {
    print("$texto: ")
    return readLine()?.toDoubleOrNull() ?: leer(texto)
}

fun ecuacion(a: Double, b: Double, c: Double): String {
    val d = b * b - 4 * a * c
    return when {
        a == 0.0 -> "no es de segundo grado"
        d < 0 -> "sin soluciones reales"
        else -> "x1 = %.3f, x2 = %.3f".format((-b + sqrt(d)) / (2 * a), (-b - sqrt(d)) / (2 * a))
    }
}

fun main() {
    do {
        menu()
        val opcion = readLine() ?: exitProcess(0)
        try {
            when (opcion) {
                "1" -> println(leer("a") + leer("b"))
                "2" -> {
                    val (x, y) = leer("a") to leer("b")
                    if (y == 0.0) throw ArithmeticException("división por cero")
                    println(x / y)
                }
                "3" -> println(leer("base").pow(leer("exponente")))
                "4" -> println(ecuacion(leer("a"), leer("b"), leer("c")))
            }
        } catch (e: ArithmeticException) {
            println("Error: ${e.message}")
        }
    } while (opcion != "0")
}
