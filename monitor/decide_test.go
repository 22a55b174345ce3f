package monitor

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecide(t *testing.T) {
	const no = -1 // refused
	for _, c := range []struct {
		level Level
		load  float64
		ms    [4]int // how long FREE, BASIC, PRO and ENTERPRISE wait
	}{
		{Normal, 0, [4]int{0, 0, 0, 0}},
		{Normal, 3, [4]int{0, 0, 0, 0}}, // one look is none
		{Elevated, 0.9, [4]int{0, 0, 0, 0}},
		{Elevated, 1, [4]int{0, 0, 0, 0}},
		{Elevated, 1.25, [4]int{500, 250, 125, 0}},
		{Elevated, 1.5, [4]int{1000, 500, 250, 0}},
		{Elevated, 2, [4]int{2000, 1000, 500, 0}},
		{Elevated, 3.5, [4]int{2000, 1000, 500, 0}},
		{Saturated, 0.5, [4]int{no, 0, 0, 0}}, // the level is slower than the load
		{Saturated, 1.5, [4]int{no, 500, 250, 0}},
		{Saturated, 2, [4]int{no, 1000, 500, 0}},
		{Saturated, 2.25, [4]int{no, no, 500, 0}},
		{Saturated, 2.5, [4]int{no, no, no, 0}},
		{Saturated, 2.74, [4]int{no, no, no, 0}},
		{Saturated, 2.75, [4]int{no, no, no, no}},
		{Saturated, 3.5, [4]int{no, no, no, no}},
	} {
		for tier, ms := range c.ms {
			want := Decision{Delay: time.Duration(ms) * time.Millisecond}
			if ms == no {
				want = Decision{Refused: true}
			}
			assert.Equal(t, want, decide(c.level, c.load, DefaultTerms()[tier]), "%s, a load of %v, tier %d", c.level, c.load, tier)
		}
	}
}

// Nobody waits less when the load is higher, or longer than who pays less; nobody is refused where who pays less is not.
func TestDecideIsFair(t *testing.T) {
	for _, level := range []Level{Normal, Elevated, Saturated} {
		terms := DefaultTerms()
		for tier := range terms {
			last := Decision{}
			for load := 0.0; load <= 3.5; load += 0.01 {
				d := decide(level, load, terms[tier])
				require.False(t, last.Refused && !d.Refused, "%s, %v, tier %d", level, load, tier)
				require.True(t, d.Refused || d.Delay >= last.Delay, "%s, %v, tier %d", level, load, tier)
				if tier > 0 {
					lower := decide(level, load, terms[tier-1])
					require.False(t, d.Refused && !lower.Refused, "%s, %v, tier %d", level, load, tier)
					require.True(t, lower.Refused || d.Delay <= lower.Delay, "%s, %v, tier %d", level, load, tier)
				}
				last = d
			}
		}
	}
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		require.NoError(t, Wait(t.Context(), 1500*time.Millisecond))
		assert.Equal(t, 1500*time.Millisecond, time.Since(began))
		require.NoError(t, Wait(t.Context(), 0))
		assert.Equal(t, 1500*time.Millisecond, time.Since(began))

		leaves, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		assert.ErrorIs(t, Wait(leaves, time.Hour), context.DeadlineExceeded)
		assert.Equal(t, 2500*time.Millisecond, time.Since(began), "who leaves does not wait to the end")
		assert.ErrorIs(t, Wait(leaves, 0), context.DeadlineExceeded, "who has left does not go on")
	})
}
