package monitor

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// letters are levels, one for each look.
var letters = map[Level]string{Normal: "n", Elevated: "e", Saturated: "S"}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		name   string
		loads  []float64
		levels string
	}{
		{"rest", []float64{0, 0.5, 0.99, 0.99, 0.99}, "nnnnn"},
		{"one look is none", []float64{1.5, 0, 1.5, 0, 3, 0.9, 1}, "nnnnnnn"},
		{"two in a row", []float64{1, 1}, "ne"},
		{"two in a row, much too much", []float64{2, 2}, "nS"},
		{"first too much, then much too much", []float64{1.5, 2.5, 2.5, 2.5}, "neeS"},
		{"first much too much, then less", []float64{2.5, 1.5}, "ne"},
		{"around the threshold the level stays", []float64{1, 1, 0.96, 1, 0.96, 0.97, 0.96, 0.95}, "neeeeeee"},
		{"three in a row, and well below", []float64{1, 1, 0.94, 0.94, 0.94}, "neeen"},
		{"three in all are not enough", []float64{1, 1, 0.9, 0.9, 1, 0.9, 0.9, 0.96, 0.9, 0.9, 0.9}, "neeeeeeeeen"},
		{"around the upper threshold the level stays", []float64{2, 2, 1.8, 2.1, 1.76, 1.75}, "nSSSSS"},
		{"it falls by one level at a time", []float64{2, 2, 0, 0, 0, 0, 0, 0}, "nSSSeeen"},
		{"and may rise again from there", []float64{2, 2, 0, 0, 0, 2, 2}, "nSSSeeS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got strings.Builder
			l := ladder{level: Normal}
			for _, load := range c.loads {
				l = l.next(load)
				got.WriteString(letters[l.level])
			}
			assert.Equal(t, c.levels, got.String())
		})
	}
}

// Whatever the loads are, levels go where the table says, never at two looks in a row, and stay when the load does.
func TestLevelsAreSteady(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	l, stayed := ladder{level: Normal}, 0
	seen := map[[2]Level]int{}
	for range 50_000 {
		was := l.level
		l = l.next(random.Float64() * 2.2)
		if l.level == was {
			stayed++
			continue
		}
		seen[[2]Level{was, l.level}]++
		require.GreaterOrEqual(t, stayed, 1, "%s to %s", was, l.level)
		stayed = 0
	}
	var table, found []string
	for from, ts := range transitions {
		for _, to := range ts {
			table = append(table, letters[from]+letters[to.to])
		}
	}
	for move := range seen {
		found = append(found, letters[move[0]]+letters[move[1]])
	}
	assert.ElementsMatch(t, table, found)
	for load := 0.0; load <= 3.5; load += 0.01 {
		for level := range letters {
			l := ladder{level: level}
			for range 10 {
				l = l.next(load)
			}
			at := l.level
			for range 10 {
				l = l.next(load)
			}
			require.Equal(t, at, l.level, "a load of %v", load)
		}
	}
}
