class Matrix(private val rows: List<DoubleArray>) {
    val height get() = rows.size
    val width get() = rows.first().size

    operator fun get(r: Int, c: Int) = rows[r][c]

    operator fun times(other: Matrix): Matrix {
        require(width == other.height) { "${height}x$width times ${other.height}x${other.width}" }
        return Matrix(List(height) { r -> DoubleArray(other.width) { c -> (0 until width).sumOf { k -> this[r, k] * other[k, c] } } })
    }

    operator fun plus(other: Matrix) = Matrix(rows.zip(other.rows) { a, b -> DoubleArray(width) { a[it] + b[it] } })
    operator fun unaryMinus() = Matrix(rows.map { row -> DoubleArray(width) { -row[it] } })
    operator fun minus(other: Matrix) = this + -other

    infix fun pow(n: Int): Matrix = when {
        n == 0 -> identity(height)
        n % 2 == 0 -> (this * this) pow n / 2
        else -> this * (this pow n - 1)
    }

    fun transposed() = Matrix(List(width) { c -> DoubleArray(height) { r -> this[r, c] } })

    fun determinant(): Double {
        if (height == 1) return this[0, 0]
        return (0 until width).sumOf { c ->
            val minor = Matrix(rows.drop(1).map { row -> row.filterIndexed { i, _ -> i != c }.toDoubleArray() })
            (if (c % 2 == 0) 1 else -1) * this[0, c] * minor.determinant()
        }
    }

    override fun equals(other: Any?) = other is Matrix && rows.size == other.rows.size && rows.zip(other.rows).all { (a, b) -> a.contentEquals(b) }
    override fun hashCode() = rows.sumOf { it.contentHashCode() }
    override fun toString() = rows.joinToString("\n") { row -> row.joinToString(" ") { "%8.1f".format(it) } }

    companion object {
        fun identity(n: Int) = Matrix(List(n) { r -> DoubleArray(n) { c -> if (r == c) 1.0 else 0.0 } })
        fun of(vararg rows: List<Number>) = Matrix(rows.map { row -> row.map { it.toDouble() }.toDoubleArray() })
    }
}

fun main() {
    val fib = Matrix.of(listOf(1, 1), listOf(1, 0))
    println(fib pow 30)
    val a = Matrix.of(listOf(1, 2, 3), listOf(4, 5, 6))
    println(a * a.transposed())
    println(Matrix.of(listOf(2, 0, 1), listOf(1, 3, 2), listOf(1, 1, 4)).determinant())
    println(a - a == Matrix.of(listOf(0, 0, 0), listOf(0, 0, 0)))
    println(runCatching { a * a }.exceptionOrNull()?.message)
}
