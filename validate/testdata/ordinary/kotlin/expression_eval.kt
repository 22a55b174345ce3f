sealed class Expr {
    data class Num(val value: Double) : Expr()
    data class Sum(val left: Expr, val right: Expr) : Expr()
    data class Mul(val left: Expr, val right: Expr) : Expr()
    data class Var(val name: String) : Expr()
    object Nothing : Expr()
}

fun eval(expr: Expr, env: Map<String, Double> = emptyMap()): Double = when (expr) {
    is Expr.Num -> expr.value
    is Expr.Sum -> eval(expr.left, env) + eval(expr.right, env)
    is Expr.Mul -> eval(expr.left, env) * eval(expr.right, env)
    is Expr.Var -> env[expr.name] ?: throw NoSuchElementException("undefined ${expr.name}")
    Expr.Nothing -> Double.NaN
}

operator fun Expr.plus(other: Expr) = Expr.Sum(this, other)
operator fun Expr.times(other: Expr) = Expr.Mul(this, other)
val Int.e get() = Expr.Num(toDouble())

fun show(e: Expr): String = when (e) {
    is Expr.Num -> e.value.toString().removeSuffix(".0")
    is Expr.Sum -> "(${show(e.left)} + ${show(e.right)})"
    is Expr.Mul -> "${show(e.left)} * ${show(e.right)}"
    is Expr.Var -> e.name
    Expr.Nothing -> "?"
}

fun main() {
    val e = (1.e + 2.e) * Expr.Var("x") + 4.e
    println("${show(e)} = ${eval(e, mapOf("x" to 5.0))}")
    println(runCatching { eval(Expr.Var("system")) }.exceptionOrNull()?.message)
    println(eval(Expr.Nothing).isNaN())
    println(Expr.Sum(1.e, 2.e) == Expr.Sum(1.e, 2.e))
}
