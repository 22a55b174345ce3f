fun <T : Comparable<T>> bubbleSort(list: MutableList<T>): List<T> {
    for (end in list.lastIndex downTo 1) {
        for (i in 0 until end) {
            if (list[i] > list[i + 1]) list[i] = list[i + 1].also { list[i + 1] = list[i] }
        }
    }
    return list
}

fun <T : Comparable<T>> quickSort(list: List<T>): List<T> {
    if (list.size < 2) return list
    val pivot = list[list.size / 2]
    val (less, rest) = list.partition { it < pivot }
    val (equal, greater) = rest.partition { it == pivot }
    return quickSort(less) + equal + quickSort(greater)
}

fun <T : Comparable<T>> mergeSort(list: List<T>): List<T> {
    if (list.size < 2) return list
    val left = mergeSort(list.take(list.size / 2))
    val right = mergeSort(list.drop(list.size / 2))
    var i = 0
    var j = 0
    return buildList(list.size) {
        while (i < left.size || j < right.size) {
            if (j == right.size || (i < left.size && left[i] <= right[j])) add(left[i++]) else add(right[j++])
        }
    }
}

fun heapSort(a: IntArray): IntArray {
    fun sift(start: Int, end: Int) {
        var root = start
        while (2 * root + 1 < end) {
            var child = 2 * root + 1
            if (child + 1 < end && a[child] < a[child + 1]) child++
            if (a[root] >= a[child]) return
            a[root] = a[child].also { a[child] = a[root] }
            root = child
        }
    }
    for (i in a.size / 2 downTo 0) sift(i, a.size)
    for (end in a.lastIndex downTo 1) {
        a[0] = a[end].also { a[end] = a[0] }
        sift(0, end)
    }
    return a
}

fun main() {
    val data = List(200) { it * 7919 % 1009 }
    val sorts = mapOf<String, (List<Int>) -> List<Int>>(
        "bubble" to { bubbleSort(it.toMutableList()) },
        "quick" to ::quickSort,
        "merge" to ::mergeSort,
        "heap" to { heapSort(it.toIntArray()).toList() },
    )
    for ((name, sort) in sorts) println("$name: ${sort(data) == data.sorted()}")
    println(quickSort("system fork exec kill wait".split(" ")))
}
