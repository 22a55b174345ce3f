package perm

import (
	"reflect"
	"testing"
)

func Permutations(xs []int) [][]int {
	var res [][]int
	var helper func([]int, int)
	helper = func(arr []int, n int) {
		if n == 1 {
			res = append(res, append([]int(nil), arr...))
			return
		}
		for i := 0; i < n; i++ {
			helper(arr, n-1)
			if n%2 == 1 {
				arr[i], arr[n-1] = arr[n-1], arr[i]
			} else {
				arr[0], arr[n-1] = arr[n-1], arr[0]
			}
		}
	}
	helper(xs, len(xs))
	return res
}

func TestPermutations(t *testing.T) {
	tests := []struct {
		name string
		in   []int
		want [][]int
	}{
		{"one", []int{1}, [][]int{{1}}},
		{"two", []int{1, 2}, [][]int{{1, 2}, {2, 1}}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if got := Permutations(tc.in); !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func BenchmarkPermutations(b *testing.B) {
	for i := 0; i < b.N; i++ {
		Permutations([]int{1, 2, 3, 4, 5, 6})
	}
}
