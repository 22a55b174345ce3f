package monitor

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tables of docs/load.md are those in force.
func TestGuide(t *testing.T) {
	text, err := os.ReadFile("../docs/load.md")
	require.NoError(t, err)
	guide := string(text)

	o := &standard(t).o
	for _, s := range signals {
		row := regexp.MustCompile("(?m)^\\| `" + string(s.cause) + "`: .*\\| " + fmt.Sprint(s.threshold(o)) + " \\|$")
		assert.Regexp(t, row, guide)
	}
	for i, tier := range []string{"FREE", "BASIC", "PRO", "ENTERPRISE"} {
		terms := DefaultTerms()[i]
		delay, edge := "-", "any"
		if terms.Delay > 0 {
			delay = "0 → " + regexp.MustCompile(`(\d)([a-z])`).ReplaceAllString(terms.Delay.String(), "$1 $2")
		}
		if terms.RefuseAt > 0 {
			edge = fmt.Sprint(terms.RefuseAt)
		}
		var at []string
		for _, s := range signals {
			percent := s.threshold(o) + (max(terms.RefuseAt, 2)-1)/2*(100-s.threshold(o))
			at = append(at, fmt.Sprint(math.Round(percent*10)/10))
		}
		assert.Contains(t, guide, fmt.Sprintf("| %s | %s | %s | %s %% |\n", tier, delay, edge, strings.Join(at, " / ")))
	}

	rows := regexp.MustCompile(`(?m)^\| (\w+) \| (\w+) \| (below )?([\d.]+)(?: or more)? \| (\d) \|$`).FindAllStringSubmatch(guide, -1)
	said := map[Level]int{}
	for _, row := range rows {
		moves, edge := transitions[Level(row[1])], number(t, row[4])
		n := said[Level(row[1])]
		said[Level(row[1])]++
		require.Less(t, n, len(moves), row[0])
		move := moves[n]
		assert.Equal(t, row[2], string(move.to), row[0])
		assert.Equal(t, row[5], strconv.Itoa(move.samples), row[0])
		falls := row[3] != ""
		assert.Equal(t, []bool{falls, !falls}, []bool{move.asked(edge - 0.001), move.asked(edge)}, row[0])
	}
	for level, moves := range transitions {
		assert.Len(t, moves, said[level], level)
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	return n
}
