package main

import (
	"container/heap"
	"container/list"
	"fmt"
)

type LRU struct {
	cap   int
	order *list.List
	items map[string]*list.Element
}

type pair struct {
	key   string
	value any
}

func New(cap int) *LRU {
	return &LRU{cap, list.New(), make(map[string]*list.Element)}
}

func (c *LRU) Get(key string) (any, bool) {
	if e, ok := c.items[key]; ok {
		c.order.MoveToFront(e)
		return e.Value.(pair).value, true
	}
	return nil, false
}

func (c *LRU) Put(key string, value any) {
	if e, ok := c.items[key]; ok {
		e.Value = pair{key, value}
		c.order.MoveToFront(e)
		return
	}
	c.items[key] = c.order.PushFront(pair{key, value})
	if c.order.Len() > c.cap {
		last := c.order.Back()
		delete(c.items, c.order.Remove(last).(pair).key)
	}
}

type intHeap []int

func (h intHeap) Len() int           { return len(h) }
func (h intHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h intHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *intHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *intHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
func main() {
	c := New(2)
	c.Put("a", 1)
	c.Put("b", "two")
	c.Get("a")
	c.Put("c", 3.0)
	_, ok := c.Get("b")
	fmt.Println(ok, len(c.items))
	h := &intHeap{5, 2, 8}
	heap.Init(h)
	for h.Len() > 0 {
		fmt.Print(heap.Pop(h), " ")
	}
}
