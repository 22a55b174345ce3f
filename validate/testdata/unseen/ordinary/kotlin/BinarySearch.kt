package search

/**
 * Binary search: O(log n)
 * @param array is an array in which we need to find an element
 * @param element is what is looked for
 * @return the index of the element, or -1
 */
fun <T : Comparable<T>> binarySearch(array: Array<T>, element: T, lo: Int = 0, hi: Int = array.size - 1): Int {
    if (lo > hi) return -1
    val mid = lo + (hi - lo) / 2
    return when {
        element == array[mid] -> mid
        element < array[mid] -> binarySearch(array, element, lo, mid - 1)
        else -> binarySearch(array, element, mid + 1, hi)
    }
}

fun main() {
    val letters = arrayOf("a", "c", "d", "h", "k", "z")
    for (l in listOf("c", "z", "b")) println("$l: ${binarySearch(letters, l)}")
}
