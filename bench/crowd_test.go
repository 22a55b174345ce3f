package main

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestArrivals(t *testing.T) {
	t.Parallel()
	c := crowd{tenants: 500, think: 20 * time.Second}
	all := c.arrivals(1, 4*time.Minute)
	assert.Equal(t, all, c.arrivals(1, 4*time.Minute), "the same for the same seed")
	assert.NotEqual(t, all, c.arrivals(2, 4*time.Minute))
	assert.True(t, slices.IsSortedFunc(all, func(a, b arrival) int { return int(a.due - b.due) }))
	assert.Less(t, all[len(all)-1].due, 4*time.Minute)

	// 6000 are expected; five times their deviation is 387.
	assert.InDelta(t, 6000, len(all), 387)
	each := map[int]int{}
	for _, a := range all {
		each[a.tenant]++
	}
	assert.Len(t, each, 500, "everybody comes: 12 times on average")
}

// Who is late makes nobody else come later, and the time counts from when it should have been.
func TestMeetWaitsForNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var atATime, most atomic.Int32
		slow := func(ctx context.Context, tenant int) (sample, error) {
			most.Store(max(most.Load(), atATime.Add(1)))
			defer atATime.Add(-1)
			if tenant == 2 {
				return sample{}, errRefused
			}
			return sample{word: "x"}, sleep(ctx, 5*time.Second)
		}
		got, err := meet(t.Context(), []arrival{{time.Second, 0}, {2 * time.Second, 1}, {3 * time.Second, 2}}, slow)
		require.NoError(t, err)
		served := sample{took: 5 * time.Second, word: "x"}
		assert.Equal(t, []sample{served, served, {refused: true}}, got)
		assert.EqualValues(t, 3, most.Load())
	})
}

func TestMeetEndsWithTheFirstError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		began := time.Now()
		_, err := meet(t.Context(), []arrival{{0, 0}, {time.Hour, 1}}, func(context.Context, int) (sample, error) { return sample{}, broken })
		assert.ErrorIs(t, err, broken)
		assert.Less(t, time.Since(began), time.Hour)
	})
}

func TestMeetEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := meet(ctx, []arrival{{time.Hour, 1}}, func(context.Context, int) (sample, error) { return sample{}, nil })
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestGatedRefusesWhoWaitsTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		run := func(ctx context.Context) (sample, error) { return sample{word: "x"}, sleep(ctx, 6*time.Second) }
		// Two at a time, 6 s each: the fifth would wait for 12 s.
		got, err := meet(t.Context(), make([]arrival, 5), gated(run, 2))
		require.NoError(t, err)
		s := sumUp(sideBare, got)
		assert.Equal(t, []int{4, 1}, []int{s.N, s.Refused})
		assert.InDelta(t, 12000, s.P99, 1)
	})
}

func TestNoCellServesTwoTenants(t *testing.T) {
	t.Parallel()
	b := cellBook{owner: map[string]int{}}
	before, err := b.note("a", 1)
	require.NoError(t, err)
	assert.False(t, before)
	before, err = b.note("a", 1)
	require.NoError(t, err)
	assert.True(t, before)
	_, err = b.note("b", 2)
	require.NoError(t, err)
	_, err = b.note("a", 2)
	assert.ErrorIs(t, err, errWrong)
}

func TestMadeAfter(t *testing.T) {
	t.Parallel()
	asked := time.Unix(100, 5)
	for cell, want := range map[string]bool{"7/100000000004": false, "7/100000000006": true} {
		fresh, err := madeAfter(asked, cell)
		require.NoError(t, err)
		assert.Equal(t, want, fresh, cell)
	}
	for _, bad := range []string{"", "7", "7/x"} {
		_, err := madeAfter(asked, bad)
		assert.ErrorIs(t, err, errWrong, bad)
	}
}

func TestIdsIn(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 524288+10, idsIn("root:1:5\ncontainers:1879048192:524288\nbroken\ncontainers:1:10"))
	assert.Zero(t, idsIn(""))
}
