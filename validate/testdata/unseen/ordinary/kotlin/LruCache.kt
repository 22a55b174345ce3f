class LRUCache<K, V>(private val capacity: Int) {
    private val map = object : LinkedHashMap<K, V>(capacity, 0.75f, true) {
        override fun removeEldestEntry(eldest: MutableMap.MutableEntry<K, V>?) = size > capacity
    }

    operator fun get(key: K): V? = map[key]
    operator fun set(key: K, value: V) { map[key] = value }
    override fun toString() = map.entries.joinToString(prefix = "{", postfix = "}") { "${it.key}=${it.value}" }
}

class Solution {
    fun lengthOfLIS(nums: IntArray): Int {
        val tails = mutableListOf<Int>()
        for (n in nums) {
            val i = tails.binarySearch(n).let { if (it < 0) -it - 1 else it }
            if (i == tails.size) tails.add(n) else tails[i] = n
        }
        return tails.size
    }

    fun climbStairs(n: Int): Int = generateSequence(1 to 1) { (a, b) -> b to a + b }.elementAt(n).first
}

fun main() {
    val c = LRUCache<String, Int>(2)
    c["a"] = 1
    c["b"] = 2
    c["a"]
    c["c"] = 3
    println(c)
    println(Solution().lengthOfLIS(intArrayOf(10, 9, 2, 5, 3, 7, 101, 18)))
    println(Solution().climbStairs(10))
}
