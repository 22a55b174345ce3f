package main

import (
	"bufio"
	"fmt"
	"os"
)

type point struct{ r, c int }

func main() {
	var grid []string
	sc := bufio.NewScanner(os.Stdin)
	for sc.Scan() {
		grid = append(grid, sc.Text())
	}
	var start, end point
	for r, row := range grid {
		for c, ch := range row {
			switch ch {
			case 'S':
				start = point{r, c}
			case 'E':
				end = point{r, c}
			}
		}
	}
	dist := map[point]int{start: 0}
	queue := []point{start}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		if p == end {
			fmt.Println(dist[p])
			return
		}
		for _, d := range []point{{0, 1}, {1, 0}, {0, -1}, {-1, 0}} {
			n := point{p.r + d.r, p.c + d.c}
			if n.r < 0 || n.c < 0 || n.r >= len(grid) || n.c >= len(grid[n.r]) || grid[n.r][n.c] == '#' {
				continue
			}
			if _, seen := dist[n]; !seen {
				dist[n] = dist[p] + 1
				queue = append(queue, n)
			}
		}
	}
	fmt.Println("no path")
}
