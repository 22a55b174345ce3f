package sandbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"paddock/sandbox/wire"
)

// counter is slots with a book of who was lent one, in order, and who was refused.
type counter struct {
	*slots
	wait   time.Duration
	book   sync.Mutex
	served []string // tenants' ids, with the number of the call
	lent   map[string]*slot
	errs   map[string]error
}

func newCounter(n, queue int, wait time.Duration) *counter {
	return &counter{slots: newSlots(n, queue), wait: wait, lent: map[string]*slot{}, errs: map[string]error{}}
}

// ask lets a tenant ask for a slot, in the background, and returns once it waits, or has been answered.
func (c *counter) ask(ctx context.Context, name string) {
	tenant := Tenant{ID: strings.TrimRight(name, "0123456789")}
	go func() {
		lent, err := c.get(ctx, context.Background(), tenant, time.Now().Add(c.wait))
		c.book.Lock()
		defer c.book.Unlock()
		if err != nil {
			c.errs[name] = err
			return
		}
		c.served = append(c.served, name)
		c.lent[name] = lent
	}()
	synctest.Wait()
}

// back gives back what was lent to each.
func (c *counter) back(names ...string) {
	for _, name := range names {
		c.slotOf(name).giveBack()
		synctest.Wait()
	}
}

func (c *counter) order() []string {
	c.book.Lock()
	defer c.book.Unlock()
	return slices.Clone(c.served)
}

func (c *counter) slotOf(name string) *slot {
	c.book.Lock()
	defer c.book.Unlock()
	return c.lent[name]
}

func (c *counter) refused() map[string]error {
	c.book.Lock()
	defer c.book.Unlock()
	return maps.Clone(c.errs)
}

func TestSlotsAreLentInTurnsAmongTenants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(1, 100, time.Hour)
		order := []string{"a0", "a1", "a2", "a3", "b1", "c1", "b2", "c2", "d1"}
		for _, name := range order {
			c.ask(t.Context(), name)
		}
		lent, waiting := c.count()
		assert.Equal(t, []int{1, 8}, []int{lent, waiting})
		for i := range order {
			c.back(c.order()[i])
		}
		assert.Equal(t, []string{"a0", "a1", "b1", "c1", "d1", "a2", "b2", "c2", "a3"}, c.order())
		lent, waiting = c.count()
		assert.Equal(t, []int{0, 0}, []int{lent, waiting})
		assert.Empty(t, c.refused())
		assert.False(t, c.full())
	})
}

// Whoever comes when others wait comes after them, also in the moment a slot comes free.
func TestNobodyIsQuickerThanWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(1, 100, time.Hour)
		c.ask(t.Context(), "a1")
		c.ask(t.Context(), "b1")
		c.slotOf("a1").giveBack()
		c.ask(t.Context(), "a2")
		assert.Equal(t, []string{"a1", "b1"}, c.order())
	})
}

func TestAFullQueueTurnsAwayWhoAsksForMost(t *testing.T) {
	for name, c := range map[string]struct {
		waiting, comes string
		away           []string
	}{
		"who has most":                       {"a1 a2 a3 b1", "c1", []string{"a3"}},
		"who has most, though they came":     {"b1 a1 a2 a3", "b2", []string{"a3"}},
		"one's own":                          {"a1 a2 a3 b1", "a4", []string{"a4"}},
		"nobody has more than who comes":     {"a1 a2 b1 b2", "a3", []string{"a3"}},
		"nor would have without":             {"a1 a2 b1 c1", "b2", []string{"b2"}},
		"everybody has one":                  {"a1 b1 c1 d1", "e1", []string{"e1"}},
		"a tie is with the first":            {"a1 a2 b1 b2", "c1", []string{"a2"}},
		"one after another":                  {"a1 a2 a3 a4", "b1 c1", []string{"a4", "a3"}},
		"until there is no more than others": {"a1 a2 a3 a4", "b1 c1 d1 e1", []string{"a4", "a3", "a2", "e1"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newCounter(1, 4, time.Hour)
				s.ask(t.Context(), "x1")
				for _, w := range strings.Fields(c.waiting) {
					s.ask(t.Context(), w)
				}
				require.Empty(t, s.refused())
				began := time.Now()
				want := map[string]error{}
				for i, w := range strings.Fields(c.comes) {
					s.ask(t.Context(), w)
					want[c.away[i]] = ErrBusy
					assert.Equal(t, want, s.refused())
				}
				assert.Zero(t, time.Since(began), "at once")
				_, waiting := s.count()
				assert.Equal(t, 4, waiting)
				for i := range 5 {
					s.back(s.order()[i]) // the others are all served
				}
				lent, waiting := s.count()
				assert.Equal(t, []int{0, 0}, []int{lent, waiting})
			})
		})
	}
}

func TestWithoutAQueueNobodyWaitsForASlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newCounter(1, 0, time.Hour)
		s.ask(t.Context(), "a1")
		s.ask(t.Context(), "b1")
		assert.Equal(t, map[string]error{"b1": ErrBusy}, s.refused())
	})
}

func TestWaitingForASlotEnds(t *testing.T) {
	for name, c := range map[string]struct {
		wait, limit time.Duration
		closed      bool
		err         error
		after       time.Duration
	}{
		"after the wait":   {wait: 3 * time.Second, limit: time.Hour, err: ErrBusy, after: 3 * time.Second},
		"with its caller":  {wait: time.Hour, limit: time.Second, err: context.DeadlineExceeded, after: time.Second},
		"with the pool":    {wait: time.Hour, limit: time.Hour, closed: true, err: ErrClosed},
		"without any wait": {limit: time.Hour, err: ErrBusy},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSlots(1, 5)
				s.slice = 24 * time.Hour
				held, err := s.get(t.Context(), t.Context(), ada, time.Now())
				require.NoError(t, err)
				ctx, cancel := context.WithTimeout(t.Context(), c.limit)
				defer cancel()
				stop, closePool := context.WithCancel(t.Context())
				defer closePool()
				if c.closed {
					closePool()
				}
				began := time.Now()
				_, err = s.get(ctx, stop, ben, time.Now().Add(c.wait))
				require.ErrorIs(t, err, c.err)
				assert.Equal(t, c.after, time.Since(began))
				lent, waiting := s.count()
				assert.Equal(t, []int{1, 0}, []int{lent, waiting})
				held.giveBack()
				assert.False(t, s.full(), "it goes to nobody who has left")
			})
		})
	}
}

// A claim may be given up in the moment it is lent a slot: the next one gets that.
func TestASlotIsNotLostWithItsClaim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(1, 5, time.Hour)
		c.ask(t.Context(), "a1")
		c.mu.Lock()
		first, err := c.enqueue(ben)
		c.mu.Unlock()
		require.NoError(t, err)
		c.ask(t.Context(), "c1")
		c.back("a1")
		require.Len(t, first.lent, 1)
		assert.Equal(t, []string{"a1"}, c.order())
		c.leave(first)
		synctest.Wait()
		assert.Equal(t, []string{"a1", "c1"}, c.order())

		c.queue = 2 // and one that is turned away in the moment it gives up leaves nothing
		c.mu.Lock()
		_, before := c.enqueue(ben)
		last, second := c.enqueue(ben)
		c.mu.Unlock()
		require.NoError(t, errors.Join(before, second))
		go func() { _, _ = c.get(t.Context(), t.Context(), ada, time.Now().Add(time.Hour)) }()
		synctest.Wait()
		require.Len(t, last.lent, 1)
		c.leave(last)
		lent, waiting := c.count()
		assert.Equal(t, []int{1, 2}, []int{lent, waiting})
		c.back("c1")
	})
}

func TestASlotIsForASlice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(2, 100, time.Hour)
		c.ask(t.Context(), "a1")
		time.Sleep(slice / 4)
		c.ask(t.Context(), "b1")
		time.Sleep(10 * slice)
		assert.Equal(t, []int64{slotWeight, slotWeight}, []int64{c.slotOf("a1").weight(), c.slotOf("b1").weight()}, "nobody waits")
		began := time.Now()
		c.ask(t.Context(), "c1")
		assert.Zero(t, time.Since(began))
		assert.Equal(t, []string{"a1", "b1", "c1"}, c.order(), "a slice and more is over")
		assert.Equal(t, int64(noSlotWeight), c.slotOf("a1").weight(), "of the one lent for longest")
		assert.Equal(t, int64(slotWeight), c.slotOf("b1").weight())

		c.ask(t.Context(), "d1")
		c.ask(t.Context(), "e1")
		assert.Equal(t, []string{"a1", "b1", "c1", "d1"}, c.order())
		time.Sleep(slice - 1)
		synctest.Wait()
		assert.Len(t, c.order(), 4)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		assert.Equal(t, "e1", c.order()[4], "not sooner")
		time.Sleep(10 * slice)
		assert.Equal(t, int64(slotWeight), c.slotOf("e1").weight())
		lent, _ := c.count()
		assert.Equal(t, 2, lent)
	})
}

// Each slot has a slice of its own: one that ends takes nothing from another.
func TestASliceEndsForOneSlotOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(2, 100, time.Hour)
		c.ask(t.Context(), "a1")
		time.Sleep(slice / 2)
		for _, name := range []string{"b1", "c1", "d1"} {
			c.ask(t.Context(), name)
		}
		time.Sleep(slice / 2)
		synctest.Wait()
		assert.Equal(t, []string{"a1", "b1", "c1"}, c.order())
		time.Sleep(slice / 2)
		synctest.Wait()
		assert.Equal(t, []string{"a1", "b1", "c1", "d1"}, c.order())
		assert.Equal(t, int64(slotWeight), c.slotOf("c1").weight())
	})
}

// A waiter's turn comes within a slice for each who is before it, whatever the others run.
func TestEverybodysTurnComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(1, 100, time.Hour)
		for i := range 10 {
			c.ask(t.Context(), fmt.Sprintf("a%d", i)) // none of which is given back
		}
		began := time.Now()
		c.ask(t.Context(), "b1")
		for c.slotOf("b1") == nil {
			time.Sleep(slice)
			synctest.Wait()
		}
		assert.Equal(t, 2*slice, time.Since(began), "after one of a's many")
	})
}

func TestASlotIsGivenBackOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(1, 100, time.Hour)
		for _, name := range []string{"a1", "b1", "c1"} {
			c.ask(t.Context(), name)
		}
		c.back("a1", "a1", "a1")
		assert.Equal(t, []string{"a1", "b1"}, c.order())
		c.back("b1", "b1", "c1", "c1")
		lent, _ := c.count()
		assert.Zero(t, lent)
		c.ask(t.Context(), "d1")
		c.ask(t.Context(), "e1")
		assert.Equal(t, []string{"a1", "b1", "c1", "d1"}, c.order(), "there is still one only")
		c.back("d1", "e1")
		(*slot)(nil).giveBack()
	})
}

// Get gives the slot back when it gets no cell.
func TestASlotIsNotKeptWithoutACell(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.engine.onCreate = func(context.Context, int, Container) error { return ErrNoImage }
		h.start(t, Options{MaxCells: 8, Slots: 1})
		for range 3 {
			_, err := h.get(t.Context(), kind("python", 0))
			assert.ErrorIs(t, err, ErrUnavailable)
		}
		lent, _ := h.slots.count()
		assert.Zero(t, lent)
	})
}

func TestGetWaitsForASlot(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 8, Slots: 1, Keep: keep, Wait: time.Hour})
		python := kind("python", 0)
		first := h.getFor(t, ada, python)
		var order []string
		for _, who := range []Tenant{ada, ada, ben} {
			go func() {
				c, err := h.Get(t.Context(), Request{Kind: python, Tenant: who})
				if assert.NoError(t, err) {
					order = append(order, who.ID) // one at a time, as there is one slot
					c.Close()
				}
			}()
			synctest.Wait()
		}
		s := h.Stats()
		assert.Equal(t, []int{1, 3}, []int{s.SlotsLent, s.SlotsWaiting})
		first.Close()
		synctest.Wait()
		assert.Equal(t, []string{"ada", "ben", "ada"}, order)
		s = h.Stats()
		assert.Equal(t, []int{0, 0}, []int{s.SlotsLent, s.SlotsWaiting})
	})
}

// Who has a cell to be made for them keeps nobody from running in a cell that is there.
func TestMakingTakesNoSlot(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		python := kind("python", 0)
		stuck := make(chan struct{})
		h.engine.onCreate = func(_ context.Context, n int, _ Container) error {
			if n > 0 {
				<-stuck
			}
			return nil
		}
		h.start(t, Options{MaxCells: 8, Slots: 1, Wait: time.Minute, Create: time.Hour, Keep: keep})
		runs(t, h.getFor(t, ada, python)).Release()
		synctest.Wait()
		var other *Cell
		go func() {
			var err error
			other, err = h.Get(t.Context(), Request{Kind: python, Tenant: ben})
			assert.NoError(t, err, "the making is not part of the wait")
		}()
		synctest.Wait()
		go func() { _, _ = h.Get(t.Context(), Request{Kind: python, Tenant: Tenant{ID: "cy"}}) }()
		synctest.Wait()
		tried, _, _ := h.engine.count()
		assert.Equal(t, 2, tried, "one is made at a time, as there is one slot")
		s := h.Stats()
		assert.Equal(t, []int{0, 1}, []int{s.SlotsLent, s.Waiting})
		began := time.Now()
		runs(t, h.getFor(t, ada, python)).Release()
		assert.Zero(t, time.Since(began))
		time.Sleep(2 * time.Minute)
		close(stuck)
		synctest.Wait()
		assert.NotNil(t, other)
	})
}

// A cell whose slot does not come in time is kept for the next who wants one.
func TestACellMadeForNothingStaysWarm(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		python := kind("python", 0)
		h.start(t, Options{MaxCells: 8, Slots: 1, Wait: time.Second})
		h.slots.slice = time.Hour
		h.engine.onCreate = func(_ context.Context, n int, _ Container) error {
			if n == 0 {
				time.Sleep(time.Second / 2) // meanwhile somebody takes the slot
			}
			return nil
		}
		h.SetKinds(python)
		failed := make(chan error)
		go func() { _, err := h.get(t.Context(), python); failed <- err }()
		synctest.Wait()
		held, err := h.slots.get(t.Context(), t.Context(), ada, time.Now())
		require.NoError(t, err)
		require.ErrorIs(t, <-failed, ErrBusy)
		synctest.Wait()
		assert.Equal(t, 1, h.Stats().Warm["python"])
		held.giveBack()
	})
}

func TestWaitersForACellAreServedInTurnsAmongTenants(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		python := kind("python", 0)
		h.start(t, Options{MaxCells: 1, Queue: 3, Wait: time.Hour})
		held := h.mustGet(t, python)
		var order []string
		errs := map[string]error{}
		for _, name := range []string{"a1", "a2", "a3", "b1"} {
			go func() {
				c, err := h.Get(t.Context(), Request{Kind: python, Tenant: Tenant{ID: name[:1]}})
				if err != nil {
					errs[name] = err
					return
				}
				order = append(order, name)
				c.Close()
			}()
			synctest.Wait()
		}
		require.ErrorIs(t, errs["a3"], ErrBusy, "the last of who asks for most makes room")
		held.Close()
		synctest.Wait()
		assert.Equal(t, []string{"a1", "b1", "a2"}, order)
	})
}

// A tenant that has all cells, and more runs waiting, can't hand them on to itself for as long as it likes.
func TestNobodyKeepsThePlaceThatOthersWaitFor(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		python := kind("python", 0)
		h.start(t, Options{MaxCells: 1, Slots: 4, Wait: 10 * time.Second, Keep: keep})
		held := runs(t, h.getFor(t, ada, python))
		adas, stop := context.WithCancel(t.Context())
		for range 3 {
			go func() {
				for adas.Err() == nil {
					c, err := h.Get(adas, Request{Kind: python, Tenant: ada})
					if err != nil {
						return
					}
					_, err = c.Run(t.Context(), command())
					assert.NoError(t, err)
					time.Sleep(time.Second)
					c.Release()
				}
			}()
		}
		synctest.Wait()
		var served error
		done := make(chan struct{})
		go func() {
			defer close(done)
			var c *Cell
			if c, served = h.Get(t.Context(), Request{Kind: python, Tenant: ben}); served == nil {
				c.Release()
			}
		}()
		synctest.Wait()
		held.Release()
		<-done
		stop()
		require.NoError(t, served)
	})
}

// A new cell that is dead, or can't be given its limits, is not replaced by another one for ever.
func TestANewCellThatCannotBeUsedIsAnError(t *testing.T) {
	h := newHost(t)
	h.engine.agent = func(a *fakeAgent) { a.send(wire.KindHello, nil) } // and leaves
	h.start(t, Options{MaxCells: 8})
	_, err := h.get(t.Context(), kind("python", 0))
	require.ErrorIs(t, err, ErrUnavailable)
	tried, _, _ := h.engine.count()
	assert.Equal(t, 1, tried)
}

// The limits of a cell's first program are in force when it is handed over.
func TestGetPutsLimitsInForce(t *testing.T) {
	h := newHost(t)
	h.start(t, Options{MaxCells: 8})
	c, err := h.Get(t.Context(), Request{Kind: kind("python", 0), Tenant: ada, Limits: Limits{Memory: 64 << 20, Processes: 10, CPUPercent: 50}})
	require.NoError(t, err)
	defer c.Close()
	text, err := os.ReadFile(h.cgroupFile("memory.max"))
	require.NoError(t, err)
	assert.Equal(t, strconv.Itoa(64<<20), string(text))
}

// weightOf is the CPU weight of a cell as its cgroup has it.
func weightOf(t *testing.T, c *Cell) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.cgroup.Dir(), "cpu.weight"))
	require.NoError(t, err)
	weight, err := strconv.Atoi(strings.TrimSpace(string(text)))
	require.NoError(t, err)
	return weight
}

func TestASleepingProgramGivesItsSlotBack(t *testing.T) {
	h := newHost(t)
	h.engine.agent = func(a *fakeAgent) {
		a.serve(func(a *fakeAgent, p program) {
			if p.Seq == 1 {
				exits(0)(a, p)
				return
			}
			dies(h, a, p) // and uses no CPU time until then
		})
	}
	h.start(t, Options{MaxCells: 2, Slots: 1, Keep: keep})
	c := h.getFor(t, ada, kind("python", 0))
	c.patience.look = far
	runs(t, c)
	lent, _ := h.slots.count()
	assert.Equal(t, 1, lent, "a short program keeps it")
	assert.Equal(t, slotWeight, weightOf(t, c))

	c.patience.look = soon
	long := command()
	long.Wall = 3 * soon
	_, err := c.Run(t.Context(), long)
	require.NoError(t, err)
	lent, _ = h.slots.count()
	assert.Zero(t, lent)
	assert.Equal(t, noSlotWeight, weightOf(t, c))
}

// look is what mindSlot is called with: the time since the run began, and the CPU time used until then, in ms.
type look struct{ now, used int }

func TestOnlyAProgramThatWorksKeepsItsSlot(t *testing.T) {
	for name, c := range map[string]struct {
		looks  []look
		weight int
	}{
		"works":                      {[]look{{100, 100}, {200, 200}, {300, 300}}, slotWeight},
		"works a little":             {[]look{{100, 10}, {200, 20}, {300, 30}}, slotWeight},
		"works a little less":        {[]look{{100, 9}}, noSlotWeight},
		"sleeps":                     {[]look{{100, 0}}, noSlotWeight},
		"sleeps after it has worked": {[]look{{100, 100}, {200, 100}}, noSlotWeight},
		"works after it has slept":   {[]look{{100, 0}, {200, 100}}, noSlotWeight},
		"is looked at too soon":      {[]look{{20, 0}, {40, 0}, {99, 0}}, slotWeight},
		"has worked, taken together": {[]look{{50, 0}, {99, 0}, {110, 15}, {190, 15}, {210, 30}}, slotWeight},
		"sleeps, taken together":     {[]look{{50, 0}, {110, 15}, {190, 15}, {210, 20}}, noSlotWeight},
	} {
		t.Run(name, func(t *testing.T) {
			cell, h := cell(t, nil)
			cell.patience = usualPatience
			r := &run{cell: cell}
			for _, l := range append(c.looks, c.looks[len(c.looks)-1]) { // a look too many changes nothing
				r.facts.CPU = time.Duration(l.used) * time.Millisecond
				r.mindSlot(time.Duration(l.now) * time.Millisecond)
			}
			lent, _ := h.slots.count()
			assert.Equal(t, c.weight == slotWeight, lent == 1)
			assert.Equal(t, c.weight, weightOf(t, cell))
		})
	}
}

// Who has used little because others had the cores is not asleep.
func TestAStarvedProgramKeepsItsSlot(t *testing.T) {
	cell, h := cell(t, nil)
	cell.patience = usualPatience
	stat := filepath.Join(h.roots[0], "proc", "1", "stat")
	require.NoError(t, os.WriteFile(stat, []byte("1 (a) R 0"), 0o600))
	r := &run{cell: cell}
	r.mindSlot(100 * time.Millisecond)
	assert.Equal(t, slotWeight, weightOf(t, cell))
	require.NoError(t, os.WriteFile(stat, []byte("1 (a) D 0"), 0o600))
	r.mindSlot(200 * time.Millisecond)
	assert.Equal(t, noSlotWeight, weightOf(t, cell))
}

// What has lost its slot to somebody who waited weighs less from the next look on.
func TestARunWhoseSliceIsOverWeighsLess(t *testing.T) {
	c, h := cell(t, nil)
	r := &run{cell: c}
	r.facts.CPU = far
	r.mindSlot(time.Second)
	require.Equal(t, slotWeight, weightOf(t, c))
	h.slots.mu.Lock()
	h.slots.takeBack(c.slot)
	h.slots.mu.Unlock()
	r.mindSlot(time.Second)
	assert.Equal(t, noSlotWeight, weightOf(t, c))
}

func TestAParkedCellHasItsWholeWeightAgain(t *testing.T) {
	h := newHost(t)
	goOn := make(chan struct{})
	h.engine.agent = func(a *fakeAgent) {
		a.serve(func(a *fakeAgent, p program) { <-goOn; exits(0)(a, p) })
	}
	h.start(t, Options{MaxCells: 2, Slots: 1, Keep: keep, Wait: far})
	cell := h.getFor(t, ada, kind("python", 0))
	cell.patience.look = soon
	ran := make(chan error)
	go func() {
		_, err := cell.Run(t.Context(), command())
		ran <- err
	}()
	other := h.getFor(t, ben, kind("python", 0)) // waits until the first is found to sleep
	until(func() bool { return weightOf(t, cell) == noSlotWeight })
	close(goOn)
	require.NoError(t, <-ran)
	assert.Equal(t, Idle, cell.State(), "it has only slept")
	cell.Release()
	lent, _ := h.slots.count()
	assert.Equal(t, 1, lent, "it had none to give back")
	other.Close()
	assert.Same(t, cell, h.getFor(t, ada, kind("python", 0)))
	cell.patience.look = far
	runs(t, cell)
	assert.Equal(t, slotWeight, weightOf(t, cell))
}

// The weight is a courtesy: where it can't be had, programs run all the same.
func TestAWeightThatCannotBeHad(t *testing.T) {
	c, h := cell(t, func(_ *host, a *fakeAgent, p program) { exits(0)(a, p) })
	require.NoError(t, os.Remove(h.cgroupFile("cpu.weight")))
	require.NoError(t, unix.Mkdir(h.cgroupFile("cpu.weight"), 0o700))
	runs(t, c)
}
