package sandbox

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// taken is a demand of so many cells each second for so long.
func taken(perSecond, seconds int) (demand, time.Time) {
	now := time.Unix(0, 0)
	var d demand
	for range seconds {
		now = now.Add(time.Second)
		for range perSecond {
			d = d.took(now)
		}
	}
	return d, now
}

func TestDemandFollowsWhatIsTaken(t *testing.T) {
	for _, perSecond := range []int{1, 10, 100} {
		d, now := taken(perSecond, 600)
		assert.InEpsilon(t, float64(perSecond), d.now(now), 0.02, "of ten minutes all are remembered")
		d, now = taken(perSecond, 60)
		assert.InEpsilon(t, 0.632*float64(perSecond), d.now(now), 0.02, "after one time constant, 1-1/e")
	}
	d, now := taken(10, 600)
	last := d.now(now)
	for range 5 {
		now = now.Add(demandMemory)
		assert.InEpsilon(t, 0.368*last, d.now(now), 0.01, "it fades to 1/e in each")
		last = d.now(now)
	}
	assert.Zero(t, demand{}.now(now))
}

func TestTarget(t *testing.T) {
	for name, c := range map[string]struct {
		perSecond   int
		refill      time.Duration
		least, most int
		want        int
	}{
		"nothing is taken":          {0, time.Second, 0, 10, 0},
		"nothing, but the least":    {0, time.Second, 3, 10, 3},
		"as many as and a bit more": {4, time.Second, 0, 10, 6},            // 4 + 2
		"slow cells need more":      {4, 3 * time.Second, 0, 100, 16},      // 12 + 3.5
		"quick ones fewer":          {4, 100 * time.Millisecond, 0, 10, 1}, // 0.4 + 0.6 and not a whole one
		"the most":                  {100, time.Second, 0, 10, 10},
		"the least weighs more":     {100, time.Second, 5, 2, 5},
		"the least is enough":       {1, time.Second, 5, 10, 5},
	} {
		d, now := taken(c.perSecond, 600)
		assert.Equal(t, c.want, d.target(now, c.refill, Kind{Warm: c.least, MostWarm: c.most}), name)
	}
	once := demand{}.took(time.Unix(0, 0))
	assert.Zero(t, once.target(time.Unix(0, 0), 200*time.Millisecond, Kind{MostWarm: 5}), "somebody came by once")
	d, now := taken(4, 600)
	for range 20 {
		now = now.Add(demandMemory)
	}
	assert.Equal(t, 1, d.target(now, time.Second, Kind{Warm: 1, MostWarm: 5}), "long ago")
}

func TestRefillTime(t *testing.T) {
	assert.Equal(t, time.Second, refillTime(0, time.Second), "the first is all that is known")
	assert.Equal(t, 1250*time.Millisecond, refillTime(time.Second, 2*time.Second))
	at := time.Second
	for range 30 {
		at = refillTime(at, 100*time.Millisecond)
	}
	assert.InDelta(t, 100*time.Millisecond, at, float64(time.Millisecond))
}

// slowly lets each creation take a while.
func slowly(d time.Duration) func(context.Context, int, Container) error {
	return func(ctx context.Context, _ int, _ Container) error {
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func TestTheKeeperFollowsDemand(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.engine.onCreate = slowly(time.Second)
		python := Kind{Name: "python", Image: "image/python", Warm: 1, MostWarm: 3}
		h.start(t, Options{MaxCells: 32, Wait: time.Hour}, python, kind("c", 1))
		time.Sleep(10 * time.Second)
		assert.Equal(t, map[string]int{"python": 1, "c": 1}, h.Stats().Warm)
		for range 60 { // one a second
			h.mustGet(t, python).Close()
			time.Sleep(time.Second)
		}
		time.Sleep(5 * time.Second)
		assert.Equal(t, map[string]int{"python": 2, "c": 1}, h.Stats().Warm, "one is taken while another is made, and the deviation")
		assert.Greater(t, h.Stats().Taken[TakenWarm], uint64(30))

		for range 10 {
			var class sync.WaitGroup
			for range 10 {
				class.Go(func() { h.mustGet(t, python).Close() })
			}
			class.Wait()
		}
		time.Sleep(10 * time.Second)
		assert.Equal(t, map[string]int{"python": 3, "c": 1}, h.Stats().Warm, "the most")

		time.Sleep(10 * time.Minute)
		s := h.Stats()
		assert.Equal(t, map[string]int{"python": 1, "c": 1}, s.Warm, "what nobody takes any more is closed")
		assert.Equal(t, 2, s.Cells)
		tried, _, _ := h.engine.count()
		time.Sleep(10 * time.Minute)
		again, _, _ := h.engine.count()
		assert.Equal(t, tried, again, "and it stays so")
	})
}

// A kind that is kept warm for demand alone has none before somebody asks.
func TestAKindOfWhichNoneIsKeptWithoutDemand(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.engine.onCreate = slowly(time.Second)
		python := Kind{Name: "python", Image: "image/python", MostWarm: 4}
		h.start(t, Options{MaxCells: 32}, python)
		time.Sleep(time.Minute)
		tried, _, _ := h.engine.count()
		assert.Zero(t, tried)
		for range 30 {
			h.mustGet(t, python).Close()
			time.Sleep(time.Second)
		}
		assert.Positive(t, h.Stats().Warm["python"])
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		assert.Zero(t, h.Stats().Cells)
	})
}

func TestTheKeeperLeavesTheCoresToRuns(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 16, Slots: 2})
		python := kind("python", 3)
		first, second := h.mustGet(t, python), h.mustGet(t, python)
		time.Sleep(time.Minute)
		began := time.Now()
		h.SetKinds(python)
		synctest.Wait()
		// It has not made one for a minute, so it makes one at once; and then one each time its patience ends.
		assert.Equal(t, 1, h.Stats().Warm["python"])
		time.Sleep(refillPatience - refillDelay)
		synctest.Wait()
		assert.Equal(t, 1, h.Stats().Warm["python"])
		time.Sleep(2 * refillDelay)
		synctest.Wait()
		assert.Equal(t, 2, h.Stats().Warm["python"], "it never starves")
		first.Close()
		time.Sleep(refillDelay)
		synctest.Wait()
		assert.Equal(t, 3, h.Stats().Warm["python"], "a free slot is a free core")
		assert.Less(t, time.Since(began), 2*refillPatience)
		second.Close()
	})
}

func TestTheKeeperNeverStarves(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.engine.onCreate = func(_ context.Context, n int, _ Container) error {
			if n%2 == 1 {
				return errors.New("no")
			}
			return nil
		}
		h.start(t, Options{MaxCells: 16, Slots: 1})
		held := h.mustGet(t, kind("go", 0))
		h.SetKinds(kind("python", 5), kind("c", 5))
		time.Sleep(2 * 10 * (refillPatience + refillDelay))
		require.Equal(t, map[string]int{"python": 5, "c": 5}, h.Stats().Warm, "all slots lent, every second creation fails")
		held.Close()
	})
}
