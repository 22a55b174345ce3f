package main

import (
	"container/heap"
	"fmt"
)

type IntHeap []int

func (h IntHeap) Len() int           { return len(h) }
func (h IntHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h IntHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *IntHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *IntHeap) Pop() any {
	old := *h
	n := len(old)
	x := old[n-1]
	*h = old[:n-1]
	return x
}

type MedianFinder struct {
	low, high IntHeap // low holds negated values
}

func (m *MedianFinder) AddNum(num int) {
	heap.Push(&m.low, -num)
	heap.Push(&m.high, -heap.Pop(&m.low).(int))
	if len(m.high) > len(m.low) {
		heap.Push(&m.low, -heap.Pop(&m.high).(int))
	}
}

func (m *MedianFinder) FindMedian() float64 {
	if len(m.low) > len(m.high) {
		return float64(-m.low[0])
	}
	return float64(m.high[0]-m.low[0]) / 2
}

func main() {
	var m MedianFinder
	for _, n := range []int{5, 2, 9, 4, 7} {
		m.AddNum(n)
		fmt.Println(m.FindMedian())
	}
}
