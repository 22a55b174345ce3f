package spiralmatrix

// SpiralMatrix returns an n by n matrix filled with 1..n*n in a spiral.
func SpiralMatrix(size int) [][]int {
	m := make([][]int, size)
	for i := range m {
		m[i] = make([]int, size)
	}
	r, c, dr, dc := 0, 0, 0, 1
	for n := 1; n <= size*size; n++ {
		m[r][c] = n
		nr, nc := r+dr, c+dc
		if nr < 0 || nr >= size || nc < 0 || nc >= size || m[nr][nc] != 0 {
			dr, dc = dc, -dr
		}
		r, c = r+dr, c+dc
	}
	return m
}
