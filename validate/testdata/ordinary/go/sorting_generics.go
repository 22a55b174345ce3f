package main

import (
	"cmp"
	"fmt"
	"math/rand"
	"sort"
)

func QuickSort[T cmp.Ordered](a []T) {
	if len(a) < 2 {
		return
	}
	pivot := a[len(a)/2]
	i, j := 0, len(a)-1
	for i <= j {
		for a[i] < pivot {
			i++
		}
		for a[j] > pivot {
			j--
		}
		if i <= j {
			a[i], a[j] = a[j], a[i]
			i++
			j--
		}
	}
	QuickSort(a[:j+1])
	QuickSort(a[i:])
}

func MergeSort[T cmp.Ordered](a []T) []T {
	if len(a) < 2 {
		return a
	}
	left, right := MergeSort(a[:len(a)/2]), MergeSort(a[len(a)/2:])
	out := make([]T, 0, len(a))
	for len(left) > 0 && len(right) > 0 {
		if left[0] <= right[0] {
			out, left = append(out, left[0]), left[1:]
		} else {
			out, right = append(out, right[0]), right[1:]
		}
	}
	return append(append(out, left...), right...)
}

type byLength []string

func (s byLength) Len() int           { return len(s) }
func (s byLength) Less(i, j int) bool { return len(s[i]) < len(s[j]) }
func (s byLength) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

func main() {
	numbers := rand.New(rand.NewSource(1)).Perm(20)
	merged := MergeSort(numbers)
	QuickSort(numbers)
	fmt.Println(numbers, sort.IntsAreSorted(merged))
	words := []string{"syscall", "fork", "execve", "os"}
	sort.Sort(byLength(words))
	fmt.Println(words)
}
