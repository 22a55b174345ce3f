package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBusyShare(t *testing.T) {
	t.Parallel()
	before, err := parseCPUTimes("cpu  100 0 50 1000 10 0 5 5 7 7\ncpu0 50 0 25 500 5 0 2 3 0 0\n")
	require.NoError(t, err)
	assert.Equal(t, cpuTimes{busy: 160, all: 1170}, before, "guests are counted once, waiting for disks is not busy")
	after, err := parseCPUTimes("cpu  105 0 52 1010 12 0 5 6 9 9\n")
	require.NoError(t, err)
	assert.InDelta(t, 8.0/20, after.busySince(before), 1e-9)
	assert.Zero(t, after.busySince(after), "when no tick passed")
}

func TestParseCPUTimesRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "cpu", "cpu0 1 2 3 4 5 6 7 8", "cpu 1 2 3 4", "cpu a b c d e f g h"} {
		_, err := parseCPUTimes(bad)
		assert.ErrorIs(t, err, errNoCPUTimes, bad)
	}
}

// looks gives these shares one after the other, and the last one for ever.
func looks(shares ...float64) func(context.Context) (float64, error) {
	return func(context.Context) (float64, error) {
		share := shares[0]
		if len(shares) > 1 {
			shares = shares[1:]
		}
		return share, nil
	}
}

func TestQuietWaitsForAQuietMoment(t *testing.T) {
	t.Parallel()
	q := quiet{patience: 3 * quietLook, look: looks(1, 0.5, 0.05)}
	require.NoError(t, q.await(t.Context()))
	assert.Equal(t, quiet{patience: 2 * quietLook, Turns: 1}, withoutLook(q), "the first look costs no patience")
}

func TestQuietGivesUpWhenPatienceEnds(t *testing.T) {
	t.Parallel()
	q := quiet{patience: 2 * quietLook, look: looks(1)}
	require.NoError(t, q.await(t.Context()))
	require.NoError(t, q.await(t.Context()), "and does not wait again")
	assert.Equal(t, quiet{Turns: 2, Busy: 2}, withoutLook(q))
}

func withoutLook(q quiet) quiet {
	q.look = nil
	return q
}
