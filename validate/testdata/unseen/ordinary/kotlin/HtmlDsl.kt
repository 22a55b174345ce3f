@DslMarker
annotation class HtmlTagMarker

@HtmlTagMarker
abstract class Tag(val name: String) {
    private val children = arrayListOf<Any>()
    val attributes = hashMapOf<String, String>()

    protected fun <T : Tag> initTag(tag: T, init: T.() -> Unit): T {
        tag.init()
        children.add(tag)
        return tag
    }

    operator fun String.unaryPlus() {
        children.add(this)
    }

    fun render(indent: String = ""): String = buildString {
        append("$indent<$name")
        attributes.forEach { (k, v) -> append(" $k=\"$v\"") }
        appendLine(">")
        for (c in children) {
            if (c is Tag) append(c.render("$indent  ")) else appendLine("$indent  $c")
        }
        appendLine("$indent</$name>")
    }
}

class HTML : Tag("html") {
    fun body(init: Body.() -> Unit) = initTag(Body(), init)
}

class Body : Tag("body") {
    fun p(init: P.() -> Unit) = initTag(P(), init)
    fun a(href: String, init: A.() -> Unit) = initTag(A(), init).also { it.attributes["href"] = href }
}

class P : Tag("p")
class A : Tag("a")

fun html(init: HTML.() -> Unit) = HTML().apply(init)

fun main() {
    println(html {
        body {
            p { +"some text" }
            a("https://kotlinlang.org") { +"Kotlin" }
        }
    }.render())
}
