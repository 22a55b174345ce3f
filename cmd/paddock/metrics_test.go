package main

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/sandbox"
)

func TestThePoolsMetrics(t *testing.T) {
	c := poolMetrics(func() sandbox.Stats {
		return sandbox.Stats{
			Cells: 9, Warm: map[string]int{"python": 3}, Parked: 4, Leaving: 1, Waiting: 5, SlotsLent: 2, SlotsWaiting: 7,
			Counts: sandbox.Counts{
				Taken: map[string]uint64{sandbox.TakenParked: 20}, Made: 11, NotMade: 1, NotReset: 2, Expired: 3, Evicted: 4,
				Leaked: map[string]uint64{sandbox.LeakCgroup: 6},
			},
		}
	}, 2, 32)
	registry := prometheus.NewPedanticRegistry()
	require.NoError(t, registry.Register(c))
	for name, want := range map[string]float64{
		"paddock_cells": 9, "paddock_cells_max": 32, "paddock_cells_parked": 4, "paddock_cells_leaving": 1, "paddock_cells_warm": 3,
		"paddock_cell_waiters": 5, "paddock_slots_lent": 2, "paddock_slots_max": 2, "paddock_slot_waiters": 7,
		"paddock_cells_made_total": 11, "paddock_cells_not_made_total": 1, "paddock_cells_not_reset_total": 2,
		"paddock_cells_expired_total": 3, "paddock_cells_evicted_total": 4, "paddock_cells_taken_total": 20, "paddock_leaks_total": 6,
	} {
		assert.InDelta(t, want, gathered(t, registry, name), 0, name)
	}
	problems, err := testutil.CollectAndLint(c)
	require.NoError(t, err)
	assert.Empty(t, problems)
}

// gathered is the sum of a metric over its labels; of a histogram it is that of what was observed.
func gathered(t *testing.T, g prometheus.Gatherer, name string) (sum float64) {
	t.Helper()
	families, err := g.Gather()
	require.NoError(t, err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name {
				sum += m.GetGauge().GetValue() + m.GetCounter().GetValue() + m.GetHistogram().GetSampleSum()
			}
		}
	}
	return sum
}
