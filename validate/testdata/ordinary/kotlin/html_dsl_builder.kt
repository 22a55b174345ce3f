@DslMarker
annotation class HtmlTag

@HtmlTag
open class Tag(private val name: String) {
    private val children = mutableListOf<Any>()
    private val attributes = linkedMapOf<String, String>()

    operator fun String.unaryPlus() {
        children += replace("&", "&amp;").replace("<", "&lt;")
    }

    infix fun String.to(value: String) {
        attributes[this] = value
    }

    fun <T : Tag> tag(tag: T, init: T.() -> Unit): T = tag.apply(init).also { children += it }

    fun render(indent: String = ""): String = buildString {
        val attrs = attributes.entries.joinToString("") { (k, v) -> " $k=\"$v\"" }
        append("$indent<$name$attrs>\n")
        for (child in children) {
            append(if (child is Tag) child.render("$indent  ") else "$indent  $child\n")
        }
        append("$indent</$name>\n")
    }
}

class Html : Tag("html") {
    fun body(init: Body.() -> Unit) = tag(Body(), init)
}

class Body : Tag("body") {
    fun h1(init: Tag.() -> Unit) = tag(Tag("h1"), init)
    fun ul(init: Ul.() -> Unit) = tag(Ul(), init)
}

class Ul : Tag("ul") {
    fun li(init: Tag.() -> Unit) = tag(Tag("li"), init)
}

fun html(init: Html.() -> Unit) = Html().apply(init)

fun main() {
    val commands = mapOf("rm -rf build" to "delete a folder", "ps aux" to "list processes", "exec bash" to "replace the shell")
    val page = html {
        body {
            h1 { +"Commands & <programs>" }
            ul {
                "class" to "list"
                for ((command, meaning) in commands) {
                    li { +"$command: $meaning" }
                }
            }
        }
    }
    print(page.render())
}
