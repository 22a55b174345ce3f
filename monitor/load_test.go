package monitor

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// standard are options with every default.
func standard(t *testing.T) *Monitor {
	t.Helper()
	m, err := New(Options{Ours: func() time.Duration { return 0 }, Waiting: func() Queue { return Queue{} }})
	require.NoError(t, err)
	return m
}

// A busy host is not an overloaded one: where each reading leads when it stays like that.
func TestBusyOrOverloaded(t *testing.T) {
	for _, c := range []struct {
		name  string
		is    Reading
		level Level
		load  float64
		cause Cause
	}{
		{"at rest", Reading{}, Normal, 0, ""},
		{"our cells use every core, and more would", Reading{Ours: 100, CPUStall: 98, RunQueue: 12}, Normal, 0, ""},
		{"our cells use most of it, others the rest", Reading{Ours: 60, CPU: 40, CPUStall: 98, RunQueue: 5}, Normal, 0.5, CauseCPU},
		{"others use half, and cells of ours fill up the rest", Reading{Ours: 50, CPU: 50, CPUStall: 99}, Normal, 0.625, CauseCPU},
		{"others leave a little", Reading{Ours: 10, CPU: 84, CPUStall: 20}, Elevated, 1.5, CauseCPU},
		{"others leave a little, and it is not enough", Reading{Ours: 15, CPU: 85, CPUStall: 100}, Saturated, 2, CauseCPU},
		{"others leave next to nothing, but nobody wants it", Reading{CPU: 90, CPUStall: 0}, Saturated, 2, CauseCPU},
		{"others leave nothing", Reading{CPU: 100, CPUStall: 100}, Saturated, 3.5, CauseCPU},
		{"a cell thrashes at its own memory limit", Reading{Ours: 25, Memory: 40, MemoryStall: 95, IOStall: 95, CPUStall: 50}, Normal, 40. / 85, CauseMemory},
		{"memory is short", Reading{Memory: 85}, Elevated, 1, CauseMemory},
		{"memory is short, and looked for", Reading{Memory: 88, MemoryStall: 20}, Elevated, 1.5, CauseMemory},
		{"memory is short, and nobody gets on for it", Reading{Memory: 89.5, MemoryStall: 80}, Saturated, 2, CauseMemory},
		{"memory is gone", Reading{Memory: 97}, Saturated, 2.6, CauseMemory},
		{"a backup keeps the disk busy", Reading{CPU: 5, IOStall: 97}, Normal, 0.0625, CauseCPU},
		{"many wait, and not for long", Reading{Ours: 100, Queue: 20, CPUStall: 100}, Normal, 0.4, CauseQueue},
		{"a newcomer waits half of what anybody may", Reading{Ours: 100, Queue: 50, CPUStall: 100}, Elevated, 1, CauseQueue},
		{"a newcomer waits most of what anybody may", Reading{Ours: 100, Queue: 80, CPUStall: 100}, Saturated, 2.2, CauseQueue},
		{"a newcomer waits, and what runs waits for the disk", Reading{Queue: 65, IOStall: 90}, Saturated, 2.05, CauseQueue},
		{"the worst speaks", Reading{CPU: 85, Memory: 90, Queue: 60}, Elevated, 1 + 2./3, CauseMemory},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := standard(t)
			for range 10 {
				m.observe(c.is, nil)
			}
			now := m.Now()
			assert.Equal(t, c.level, now.Level)
			assert.InDelta(t, c.load, now.Load, 1e-9)
			assert.Equal(t, c.cause, now.Cause)
		})
	}
}

// What gets worse never makes the load lower, and what is missed of what is not used up makes none.
func TestLoadGrows(t *testing.T) {
	o := &standard(t).o
	random := rand.New(rand.NewPCG(1, 2))
	percent := func() float64 { return random.Float64() * 100 }
	for range 20_000 {
		r := Reading{CPU: percent(), Memory: percent(), Queue: percent(), CPUStall: percent(), MemoryStall: percent(), IOStall: percent()}
		was, _ := o.load(r)
		require.True(t, was >= 0 && was <= 3.5, "%v of %+v", was, r)
		for _, p := range []*float64{&r.CPU, &r.Memory, &r.Queue, &r.CPUStall, &r.MemoryStall, &r.IOStall} {
			before := *p
			*p += random.Float64() * (100 - before)
			is, _ := o.load(r)
			require.GreaterOrEqual(t, is, was, "%+v, where one was %v", r, before)
			*p = before
		}
		r.CPU, r.Memory, r.Queue = min(r.CPU, 79), min(r.Memory, 84), min(r.Queue, 49)
		is, _ := o.load(r)
		require.Less(t, is, 1.0, "%+v", r)
	}
}
