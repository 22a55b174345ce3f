package quota_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"paddock/quota"
	"paddock/quota/storetest"
)

// clock is a passed clock: it stands still, and goes on when told.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestMemoryKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) (quota.Store, func(time.Duration)) {
		c := newClock()
		return quota.NewMemory(quota.MemoryOptions{Now: c.Now}), c.Advance
	})
}

func TestMemoryAgreesWithTheModel(t *testing.T) {
	t.Parallel()
	for seed := uint64(2); seed <= 12; seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			c := newClock()
			m := quota.NewMemory(quota.MemoryOptions{Now: c.Now})
			advance := func(d time.Duration) { // sweeping changes nothing that anybody can tell
				c.Advance(d)
				m.Sweep()
			}
			storetest.Random(t, m, advance, seed, 10_000)
		})
	}
}
