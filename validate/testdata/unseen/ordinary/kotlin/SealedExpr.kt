sealed class Expr {
    data class Num(val value: Double) : Expr()
    data class Sum(val left: Expr, val right: Expr) : Expr()
    data class Mul(val left: Expr, val right: Expr) : Expr()
    data class Var(val name: String) : Expr()
}

fun eval(e: Expr, env: Map<String, Double> = emptyMap()): Double = when (e) {
    is Expr.Num -> e.value
    is Expr.Sum -> eval(e.left, env) + eval(e.right, env)
    is Expr.Mul -> eval(e.left, env) * eval(e.right, env)
    is Expr.Var -> env[e.name] ?: throw IllegalArgumentException("unbound ${e.name}")
}

operator fun Expr.plus(o: Expr) = Expr.Sum(this, o)
operator fun Expr.times(o: Expr) = Expr.Mul(this, o)

fun show(e: Expr): String = when (e) {
    is Expr.Num -> e.value.toString()
    is Expr.Var -> e.name
    is Expr.Sum -> "(${show(e.left)} + ${show(e.right)})"
    is Expr.Mul -> "${show(e.left)} * ${show(e.right)}"
}

fun main() {
    val e = (Expr.Num(1.0) + Expr.Var("x")) * Expr.Num(3.0)
    println("${show(e)} = ${eval(e, mapOf("x" to 4.0))}")
    runCatching { eval(e) }.onFailure { println(it.message) }
}
