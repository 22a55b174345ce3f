package sandbox

import (
	"context"
	"errors"
	"os"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/sandbox/wire"
)

var ada, ben = Tenant{ID: "ada"}, Tenant{ID: "ben"}

// keep lets cells stay for longer than these tests last on any clock.
var keep = Keep{Idle: 24 * time.Hour, Age: 48 * time.Hour, Runs: 1000}

func (h *host) getFor(t *testing.T, tenant Tenant, k Kind) *Cell {
	t.Helper()
	c, err := h.Get(t.Context(), Request{Kind: k, Tenant: tenant})
	require.NoError(t, err)
	return c
}

// later is what the tenant gets when it has waited for that.
func (h *host) later(t *testing.T, tenant Tenant, k Kind) <-chan *Cell {
	t.Helper()
	got := make(chan *Cell)
	go func() {
		c, err := h.Get(t.Context(), Request{Kind: k, Tenant: tenant})
		assert.NoError(t, err)
		got <- c
	}()
	return got
}

// runs runs a program in the cell that ends by itself.
func runs(t *testing.T, c *Cell) *Cell {
	t.Helper()
	_, err := c.Run(t.Context(), command())
	require.NoError(t, err)
	return c
}

// use is one job of a tenant from its Get to the end of the reset. It returns the cell it was in.
func (h *host) use(t *testing.T, tenant Tenant, k Kind) *Cell {
	t.Helper()
	c := runs(t, h.getFor(t, tenant, k))
	c.Release()
	synctest.Wait()
	return c
}

// hold is n jobs of a tenant at once, which have all run and have yet to be released.
func (h *host) hold(t *testing.T, n int, tenant Tenant, k Kind) []*Cell {
	t.Helper()
	var cells []*Cell
	for range n {
		cells = append(cells, runs(t, h.getFor(t, tenant, k)))
	}
	return cells
}

// release releases cells in this order, each when the one before has been reset.
func release(cells ...*Cell) {
	for _, c := range cells {
		c.Release()
		synctest.Wait()
	}
}

func states(cells ...*Cell) []State {
	var list []State
	for _, c := range cells {
		list = append(list, c.State())
	}
	return list
}

// until waits, outside a bubble, for something that is about to happen.
func until(happened func() bool) {
	for !happened() {
		runtime.Gosched()
	}
}

func TestACellIsKeptForItsTenantAndNobodyElse(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 16, Keep: keep})
		c := h.use(t, ada, kind("python", 0))
		assert.Equal(t, Parked, c.State())
		assert.Equal(t, 1, h.Stats().Parked)
		rebuilt := kind("python", 0)
		rebuilt.Image = "image/python:new"
		shared := kind("c", 0)
		shared.Image = "image/python"
		for name, r := range map[string]Request{
			"another tenant":      {Kind: kind("python", 0), Tenant: ben},
			"somebody anonymous":  {Kind: kind("python", 0), Tenant: Tenant{ID: "127.0.0.1", Anonymous: true}},
			"a namesake":          {Kind: kind("python", 0), Tenant: Tenant{ID: "ada", Anonymous: true}},
			"nobody":              {Kind: kind("python", 0), Tenant: Tenant{}},
			"in another language": {Kind: shared, Tenant: ada},
			"of another image":    {Kind: rebuilt, Tenant: ada},
		} {
			other := h.getFor(t, r.Tenant, r.Kind)
			assert.NotSame(t, c, other, name)
			other.Close()
		}
		assert.Equal(t, Parked, c.State(), "and it has not been touched")
		for range 3 {
			assert.Same(t, c, h.use(t, ada, kind("python", 0)))
		}
		assert.Equal(t, map[string]uint64{TakenNew: 7, TakenParked: 3}, h.Stats().Taken)
		assert.Equal(t, uint64(4), c.seq)
	})
}

func TestCellsOfSomebodyAnonymousAreNotKept(t *testing.T) {
	h := newHost(t)
	h.engine.onReset = func(*fakeAgent, uint64) { t.Error("it was reset") }
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 2, Keep: keep})
		assert.Equal(t, Removed, h.use(t, Tenant{ID: "127.0.0.1", Anonymous: true}, kind("python", 0)).State())
		assert.Zero(t, h.Stats().Parked)
	})
}

func TestWithoutKeepNoCellIsKept(t *testing.T) {
	for name, k := range map[string]Keep{
		"zero": {}, "no run": {Idle: time.Hour, Age: time.Hour}, "no age": {Idle: time.Hour, Runs: 9}, "no time": {Age: time.Hour, Runs: 9},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t)
			synctest.Test(t, func(t *testing.T) {
				h.start(t, Options{MaxCells: 2, Keep: k})
				assert.Equal(t, Removed, h.use(t, ada, kind("python", 0)).State())
				assert.Zero(t, h.Stats().Parked)
			})
		})
	}
}

func TestTheCellThatWasUsedLastIsTakenFirst(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 16, Keep: keep})
		cells := h.hold(t, 3, ada, kind("python", 0))
		release(cells[1], cells[2], cells[0])
		for _, i := range []int{0, 2, 1} {
			assert.Same(t, cells[i], h.getFor(t, ada, kind("python", 0)))
		}
	})
}

// A tenant's cell that is being reset is taken when there is none that is ready.
func TestACellThatIsReadyIsTakenFirst(t *testing.T) {
	h := newHost(t)
	asked, goOn := make(chan struct{}, 2), make(chan struct{})
	h.engine.onReset = func(a *fakeAgent, seq uint64) {
		if seq == 2 {
			asked <- struct{}{}
			<-goOn
		}
		a.clean(seq, "")
	}
	h.start(t, Options{MaxCells: 16, Keep: keep})
	ready, twice := h.getFor(t, ada, kind("python", 0)), h.getFor(t, ada, kind("python", 0))
	runs(t, ready).Release()
	<-ready.settled
	runs(t, runs(t, twice)).Release()
	<-asked
	assert.Same(t, ready, h.getFor(t, ada, kind("python", 0)), "though the other was used last")
	close(goOn)
	assert.Same(t, twice, h.getFor(t, ada, kind("python", 0)))
}

// After any of these the cell is closed as soon as it is released; nobody tries to reset it.
func TestEveryDoubtAboutARunRemovesTheCell(t *testing.T) {
	ends := func(count, text string) func(*host, *fakeAgent, program) {
		return func(h *host, a *fakeAgent, p program) {
			h.counts(count, text)
			a.exit(wire.Exit{Seq: p.Seq})
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		run    func(*host, *fakeAgent, program)
		change func(*Command)
		stop   Stop
		lost   bool
	}{
		"wall":           {run: dies, change: func(c *Command) { c.Wall = soon }, stop: StopWall},
		"cpu":            {run: uses("cpu.stat", "usage_usec 12000\n"), change: func(c *Command) { c.CPU = 10 * time.Millisecond }, stop: StopCPU},
		"memory":         {run: uses("memory.events", "oom_kill 1\n"), stop: StopMemory},
		"processes":      {run: uses("pids.events", "max 32\n"), stop: StopProcesses},
		"output":         {run: writes, change: func(c *Command) { c.Stdout = failing{} }, stop: StopOutput},
		"cancelled":      {run: dies, stop: StopCancelled},
		"an OOM kill":    {run: ends("memory.events", "oom_kill 1\n")},
		"a refused fork": {run: ends("pids.events", "max 1\n")},
		"lost":           {run: func(_ *host, a *fakeAgent, _ program) { a.closeFiles(); _ = a.conn.Close() }, lost: true},
		"not counted":    {run: ends("cpu.stat", "nobody knows     "), lost: true},
		"an output held": {run: holdsOutput},
		"in the first phase": {run: func(h *host, a *fakeAgent, p program) {
			h.counts("pids.events", "max 1\n")
			a.exit(wire.Exit{Seq: p.Seq})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t)
			h.engine.agent = func(a *fakeAgent) { a.serve(func(a *fakeAgent, p program) { c.run(h, a, p) }) }
			h.engine.onReset = func(*fakeAgent, uint64) { t.Error("it was reset") }
			h.start(t, Options{MaxCells: 2, Keep: keep})
			cell := h.getFor(t, ada, kind("python", 0))
			cell.patience = patience{look: soon, report: far, drain: soon}
			cmd, ctx := command(), t.Context()
			if c.change != nil {
				c.change(&cmd)
			}
			if c.stop == StopCancelled {
				ctx = cancelled
			}
			facts, err := cell.Run(ctx, cmd)
			assert.Equal(t, c.lost, errors.Is(err, ErrCellLost))
			assert.Equal(t, c.stop, facts.Stop)
			if name == "in the first phase" {
				_, err = cell.Run(ctx, cmd) // which does nothing wrong
				require.NoError(t, err)
			}
			cell.Release()
			assert.Equal(t, Removed, cell.State())
			assert.Zero(t, h.Stats().Parked)
		})
	}
}

// writes is a program whose output is not wanted.
func writes(h *host, a *fakeAgent, p program) {
	_, _ = p.out.WriteString("more than you can take")
	dies(h, a, p)
}

// holdsOutput is a program of which something is left that holds its pipes.
func holdsOutput(_ *host, a *fakeAgent, p program) {
	left := a.open
	a.open = nil
	a.exit(wire.Exit{Seq: p.Seq})
	a.open = left
	a.hang()
}

func TestMemoryLeftInUseRemovesTheCell(t *testing.T) {
	h := newHost(t)
	h.start(t, Options{MaxCells: 2, Keep: keep})
	c := h.getFor(t, ada, kind("python", 0))
	require.NoError(t, os.WriteFile(h.cgroupFile("memory.current"), []byte("99000000\n"), 0o600))
	facts, err := c.Run(t.Context(), command())
	require.NoError(t, err)
	require.Equal(t, StopMemory, facts.Stop)
	c.Release()
	assert.Equal(t, Removed, c.State())
}

// A cell that was never used for what it was taken for is in a state that no reset is made for.
func TestACellThatWasNotUsedIsNotKept(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 2, Keep: keep})
		c := h.getFor(t, ada, kind("python", 0))
		c.Release()
		assert.Equal(t, Removed, c.State())
		c = h.use(t, ada, kind("python", 0))
		assert.Same(t, c, h.getFor(t, ada, kind("python", 0)))
		c.Release()
		assert.Equal(t, Removed, c.State())
	})
}

func TestACellThatIsNotProvenCleanIsRemoved(t *testing.T) {
	late := make(chan struct{})
	for name, answer := range map[string]func(a *fakeAgent, seq uint64){
		"something was found": func(a *fakeAgent, seq uint64) { a.clean(seq, "a process") },
		"the reset before":    func(a *fakeAgent, seq uint64) { a.clean(seq-1, "") },
		"one to come":         func(a *fakeAgent, seq uint64) { a.clean(seq+1, "") },
		"nonsense":            func(a *fakeAgent, _ uint64) { a.send(wire.KindClean, []byte{0xff}) },
		"half an answer":      func(a *fakeAgent, _ uint64) { a.send(wire.KindClean, nil) },
		"more than an answer": func(a *fakeAgent, seq uint64) { a.send(wire.KindClean, append(wire.Clean{Seq: seq}.Append(nil), 0)) },
		"another answer":      func(a *fakeAgent, seq uint64) { a.send(wire.KindExit, wire.Clean{Seq: seq}.Append(nil)) },
		"no frame":            func(a *fakeAgent, _ uint64) { _, _ = a.conn.Write([]byte("clean")) },
		"it dies":             func(a *fakeAgent, _ uint64) { _ = a.conn.Close() },
		"too late":            func(a *fakeAgent, seq uint64) { <-late; a.clean(seq, "") },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t)
			h.engine.onReset = answer
			h.start(t, Options{MaxCells: 2, Keep: keep})
			c := runs(t, h.getFor(t, ada, kind("python", 0)))
			c.Release()
			<-c.settled
			assert.Equal(t, Removed, c.State())
			s := h.Stats()
			assert.Equal(t, uint64(1), s.NotReset)
			assert.Zero(t, s.Parked)
			if name == "too late" {
				close(late)
			}
			assert.NotSame(t, c, h.getFor(t, ada, kind("python", 0)))
		})
	}
}

// An agent that has died meanwhile, or says something that nobody has asked for, gets no other run.
func TestACellThatChangesWhileItIsParked(t *testing.T) {
	for name, change := range map[string]func(*fakeContainer){
		"dies":       func(box *fakeContainer) { box.kill() },
		"says hello": func(box *fakeContainer) { box.agent.send(wire.KindHello, nil) },
		"is clean":   func(box *fakeContainer) { box.agent.clean(1, "") },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t)
			synctest.Test(t, func(t *testing.T) {
				h.start(t, Options{MaxCells: 2, Keep: keep})
				c := h.use(t, ada, kind("python", 0))
				h.engine.outside(func() { change(h.engine.containers[c.Name()]) })
				other := h.getFor(t, ada, kind("python", 0))
				assert.NotSame(t, c, other)
				assert.Equal(t, Removed, c.State())
				runs(t, other)
			})
		})
	}
}

func TestACellIsNotUsedTooOften(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 2, Keep: Keep{Idle: time.Hour, Age: time.Hour, Runs: 3}})
		first := h.use(t, ada, kind("python", 0))
		c := runs(t, runs(t, h.getFor(t, ada, kind("python", 0)))) // compilers count
		assert.Same(t, first, c)
		c.Release()
		assert.Equal(t, Removed, c.State())
	})
}

func TestACellGrowsOnlySoOld(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 8, Keep: Keep{Idle: time.Hour, Age: time.Minute, Runs: 100}})
		cells := h.hold(t, 2, ada, kind("python", 0))
		release(cells[0])
		time.Sleep(time.Minute - time.Second)
		synctest.Wait()
		assert.Equal(t, Parked, cells[0].State())
		time.Sleep(time.Second)
		synctest.Wait()
		assert.Equal(t, []State{Removed, Idle}, states(cells...), "nobody takes away what is in use")
		assert.Equal(t, uint64(1), h.Stats().Expired)
		release(cells[1])
		assert.Equal(t, Removed, cells[1].State(), "but it comes back for the last time")
		assert.Zero(t, h.Stats().Cells)
	})
}

func TestACellIsNotKeptForSomebodyWhoDoesNotCome(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 8, Keep: Keep{Idle: 10 * time.Second, Age: time.Hour, Runs: 100}})
		c := h.use(t, ada, kind("python", 0))
		time.Sleep(9 * time.Second)
		assert.Same(t, c, h.use(t, ada, kind("python", 0)))
		time.Sleep(9 * time.Second)
		synctest.Wait()
		assert.Equal(t, Parked, c.State(), "the time begins anew with each use")
		assert.Zero(t, h.Stats().Expired)
		time.Sleep(time.Second)
		synctest.Wait()
		assert.Equal(t, Removed, c.State())
		s := h.Stats()
		assert.Equal(t, []int{0, 0}, []int{s.Cells, s.Parked})
		assert.Equal(t, uint64(1), s.Expired)
	})
}

// A Get takes a cell while it is being reset, and waits for that: by what comes of it, or until its caller gives up.
func TestGetDuringAReset(t *testing.T) {
	for name, c := range map[string]struct {
		found  string
		cancel bool
	}{"clean": {}, "not clean": {found: "a file"}, "given up": {cancel: true}} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t)
			goOn := make(chan struct{})
			h.engine.onReset = func(a *fakeAgent, seq uint64) {
				<-goOn
				a.clean(seq, c.found)
			}
			h.start(t, Options{MaxCells: 2, Keep: keep})
			cell := runs(t, h.getFor(t, ada, kind("python", 0)))
			cell.Release()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			type result struct {
				cell  *Cell
				state State
				err   error
			}
			got := make(chan result)
			go func() {
				c, err := h.Get(ctx, Request{Kind: kind("python", 0), Tenant: ada})
				r := result{cell: c, err: err}
				if err == nil {
					r.state = c.State()
				}
				got <- r
			}()
			until(func() bool { return h.Stats().Taken[TakenParked] == 1 })
			assert.Equal(t, Resetting, cell.State())
			if c.cancel {
				cancel()
				r := <-got
				require.ErrorIs(t, r.err, context.Canceled)
				assert.Equal(t, Removed, cell.State(), "nobody else waits for it")
				close(goOn)
				assert.Zero(t, h.Stats().NotReset, "it was not the cell's fault")
				lent, _ := h.slots.count()
				assert.Zero(t, lent)
				return
			}
			close(goOn)
			r := <-got
			require.NoError(t, r.err)
			if c.found == "" {
				assert.Same(t, cell, r.cell)
				assert.Equal(t, Parked, r.state, "not before the reset is over")
				return
			}
			assert.NotSame(t, cell, r.cell)
			assert.Equal(t, Removed, cell.State())
		})
	}
}

// Where places are short, who has most parked gives first, what was not used for longest.
func TestEviction(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 8, Keep: keep, Wait: time.Hour})
		python := kind("python", 0)
		a, b := h.hold(t, 4, ada, python), h.hold(t, 2, ben, python)
		release(b...) // ben's have been parked for longest
		release(a[1], a[3], a[0], a[2])
		assert.Equal(t, 6, h.Stats().Parked)
		other := h.hold(t, 2, Tenant{ID: "eve"}, python)
		assert.Equal(t, 6, h.Stats().Parked, "there is room for eight")
		release(other[0])
		assert.Equal(t, []State{Parked, Removed, Parked, Removed}, states(a...), "two places are for those who come")
		release(other[1])
		assert.Equal(t, []State{Parked, Removed, Parked, Removed}, states(a...))
		assert.Equal(t, []State{Parked, Parked, Parked, Parked}, states(append(b, other...)...))
		s := h.Stats()
		assert.Equal(t, []int{6, 6}, []int{s.Cells, s.Parked})
		assert.Equal(t, uint64(2), s.Evicted)

		began := time.Now()
		held := h.hold(t, 8, Tenant{ID: "many"}, python)
		assert.Zero(t, time.Since(began), "no parked cell keeps anybody waiting")
		assert.Zero(t, h.Stats().Parked)
		release(held...)
		_, _, most := h.engine.count()
		assert.Equal(t, 8, most, "and never are there more than there may be")
		assert.Equal(t, 6, h.Stats().Parked)
	})
}

func TestParkedCellsDoNotKeepOthersFromBeingWarm(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 8, Keep: keep})
		cells := h.hold(t, 6, ada, kind("python", 0))
		release(cells...)
		assert.Equal(t, 6, h.Stats().Parked)
		h.SetKinds(kind("python", 0), kind("c", 2), kind("go", 1))
		synctest.Wait()
		s := h.Stats()
		assert.Equal(t, map[string]int{"c": 2, "go": 1}, s.Warm)
		assert.Equal(t, 3, s.Parked)
		assert.Equal(t, []State{Removed, Removed, Removed, Parked, Parked, Parked}, states(cells...))
	})
}

func TestWhoWaitsGetsACellOfTheirOwnAtOnce(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 1, Keep: keep, Wait: time.Hour})
		c := runs(t, h.getFor(t, ada, kind("python", 0)))
		got := h.later(t, ada, kind("python", 0))
		synctest.Wait()
		require.Equal(t, 1, h.Stats().Waiting)
		began := time.Now()
		c.Release()
		assert.Same(t, c, <-got)
		assert.Equal(t, Parked, c.State(), "after its reset")
		assert.Zero(t, time.Since(began))
		assert.Equal(t, map[string]uint64{TakenNew: 1, TakenParked: 1}, h.Stats().Taken)
	})
}

func TestAPlaceIsForWhoWaitsNotForAParkedCell(t *testing.T) {
	h := newHost(t)
	h.engine.onReset = func(*fakeAgent, uint64) { t.Error("it was reset") }
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 1, Keep: keep, Wait: time.Hour})
		c := runs(t, h.getFor(t, ada, kind("python", 0)))
		got := h.later(t, ben, kind("python", 0))
		synctest.Wait()
		c.Release()
		assert.NotSame(t, c, <-got)
		assert.Equal(t, Removed, c.State())
		assert.Equal(t, map[string]uint64{TakenNew: 2}, h.Stats().Taken)
	})
}

// While a place comes free anyhow for everybody who waits, a cell may be kept.
func TestACellIsParkedWhereAPlaceComesFreeForWhoWaits(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		h.engine.onRemove = func(string) error { <-goOn; return nil }
		h.start(t, Options{MaxCells: 2, Keep: keep, Wait: time.Hour})
		cells := h.hold(t, 2, ada, kind("python", 0))
		got := h.later(t, ben, kind("python", 0))
		synctest.Wait()
		cells[0].Close() // which takes its time
		release(cells[1])
		assert.Equal(t, Parked, cells[1].State())
		close(goOn)
		(<-got).Close()
		assert.Same(t, cells[1], h.getFor(t, ada, kind("python", 0)))
	})
}

// A waiter may give up in the moment it is offered its tenant's cell: that is nobody else's then, nor a warm one.
func TestATenantsCellIsNotWarmWhenItsWaiterGivesUp(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		python := kind("python", 0)
		h.start(t, Options{MaxCells: 1, Keep: keep, Wait: time.Hour}, python)
		c := runs(t, h.getFor(t, ada, python))
		_, first, err := h.take(Request{Kind: python, Tenant: ada})
		require.NoError(t, err)
		_, second, err := h.take(Request{Kind: python, Tenant: ada})
		require.NoError(t, err)
		release(c)
		require.Len(t, first.offer, 1)
		h.leaveQueue(first)
		require.Len(t, second.offer, 1, "another of the tenant's gets it")
		h.leaveQueue(second)
		assert.Equal(t, Removed, c.State())
		assert.Empty(t, h.Stats().Warm)
		synctest.Wait()
		assert.NotSame(t, c, h.getFor(t, ben, python))
	})
}

// Who releases a cell gives back the slot they had, however quick the next one is who takes the cell.
func TestReleaseGivesBackItsOwnSlot(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 1, Keep: keep, Wait: time.Hour, Slots: 2})
		c := runs(t, h.getFor(t, ada, kind("python", 0)))
		first, taken := c.slot, make(chan struct{})
		park := c.park
		c.park = func() { park(); <-taken }
		next := h.later(t, ada, kind("python", 0))
		go func() {
			assert.Same(t, c, <-next)
			close(taken)
		}()
		synctest.Wait()
		c.Release()
		assert.NotSame(t, first, c.slot)
		assert.Equal(t, []int64{noSlotWeight, slotWeight}, []int64{first.weight(), c.slot.weight()})
	})
}

func TestSetKindsClosesParkedCellsOfAnotherImage(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		python, c := kind("python", 0), kind("c", 0)
		h.start(t, Options{MaxCells: 16, Keep: keep}, python, c)
		pythons, others := h.hold(t, 3, ada, python), h.hold(t, 1, ada, c)
		unlisted := h.use(t, ada, kind("go", 0))
		release(pythons[0], pythons[1], others[0])
		python.Image = "image/python:new"
		h.SetKinds(python, c)
		assert.Equal(t, []State{Removed, Removed, Idle, Parked, Parked}, states(append(pythons, others[0], unlisted)...))
		release(pythons[2])
		assert.Equal(t, Removed, pythons[2].State(), "one that comes back later too")
		assert.Equal(t, python.Image, h.engine.container(t, h.getFor(t, ada, python)).Image)
	})
}

// A drained pool has no cell that is older than that, and goes on.
func TestDrain(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		python := kind("python", 2)
		h.start(t, Options{MaxCells: 16, Keep: keep}, python)
		synctest.Wait()
		parked := h.use(t, ada, python)
		held := h.hold(t, 2, ben, python)
		time.Sleep(time.Second) // of the bubble: the keeper makes others
		warm := h.Stats().Warm["python"]
		require.Positive(t, warm)
		assert.Equal(t, warm+1, h.Drain())
		assert.Equal(t, []State{Removed, Idle, Idle}, states(append([]*Cell{parked}, held...)...))
		runs(t, held[0])
		release(held...)
		assert.Equal(t, []State{Removed, Removed}, states(held...), "when their run ends")
		time.Sleep(time.Minute)
		assert.Equal(t, 2, h.Stats().Warm["python"], "new ones are made")
		after := h.use(t, ada, python)
		assert.NotSame(t, parked, after)
		assert.Equal(t, Parked, after.State(), "and kept")
		assert.Zero(t, h.Stats().Leaving)
	})
}

// A cell that was being made when the pool was drained is nobody's, also where somebody waits for one like it.
func TestDrainWhileACellIsMade(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		drained := make(chan struct{})
		h.engine.onCreate = func(_ context.Context, n int, _ Container) error {
			if n == 0 {
				<-drained
			}
			return nil
		}
		h.start(t, Options{MaxCells: 1, Wait: time.Minute, Keep: keep}, kind("python", 1))
		synctest.Wait()
		got := h.later(t, ada, kind("python", 1))
		synctest.Wait()
		assert.Zero(t, h.Drain())
		close(drained)
		assert.Equal(t, 1, (<-got).drains)
		assert.Len(t, h.engine.creations, 2)
	})
}

func TestCloseWhileCellsAreParkedAndReset(t *testing.T) {
	h := newHost(t)
	asked := make(chan struct{}, 1)
	h.engine.onReset = func(a *fakeAgent, seq uint64) {
		if seq == 1 {
			a.clean(seq, "")
			return
		}
		asked <- struct{}{}
		a.hang()
	}
	h.start(t, Options{MaxCells: 8, Keep: keep})
	parked, resetting, held := h.getFor(t, ada, kind("python", 0)), h.getFor(t, ada, kind("python", 0)), h.getFor(t, ada, kind("python", 0))
	runs(t, parked).Release()
	<-parked.settled
	runs(t, runs(t, resetting)).Release()
	runs(t, held)
	<-asked
	assert.Equal(t, []State{Parked, Resetting, Idle}, states(parked, resetting, held))
	h.stop(t) // finds that nothing is left
	assert.Equal(t, []State{Removed, Removed, Removed}, states(parked, resetting, held))
	assert.Zero(t, h.Stats().NotReset)
	held.Release()
	assert.Zero(t, h.Stats().SlotsLent)
	_, err := h.Get(t.Context(), Request{Kind: kind("python", 0), Tenant: ada})
	assert.ErrorIs(t, err, ErrClosed)
}

func TestNoCellIsAssignedTwice(t *testing.T) {
	stranger := Tenant{ID: "127.0.0.1", Anonymous: true}
	for name, c := range map[string]struct {
		first, second Tenant
		same          bool
	}{
		"the same":             {ada, ada, true},
		"another":              {ada, ben, false},
		"a namesake":           {ada, Tenant{ID: "ada", Anonymous: true}, false},
		"a namesake, known":    {Tenant{ID: "ada", Anonymous: true}, ada, false},
		"somebody anonymous":   {ada, stranger, false},
		"after somebody":       {stranger, ada, false},
		"the same address":     {stranger, stranger, false},
		"nobody after another": {ada, Tenant{}, false},
		"another after nobody": {Tenant{}, ada, false},
	} {
		cell := &Cell{name: "cell"}
		require.NoError(t, cell.assign(c.first), name)
		err := cell.assign(c.second)
		if c.same {
			assert.NoError(t, err, name)
		} else {
			assert.ErrorIs(t, err, errSecondTenant, name)
		}
		assert.Equal(t, c.first, cell.tenant, "%s: whose it is never changes", name)
	}
}

// Should the pool ever hand a cell to somebody else's Get, that fails and the cell is closed.
func TestGetChecksWhatItIsGiven(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		python := kind("python", 0)
		h.start(t, Options{MaxCells: 1, Keep: keep, Wait: time.Hour})
		c := runs(t, h.getFor(t, ada, python))
		failed := make(chan error)
		go func() {
			_, err := h.Get(t.Context(), Request{Kind: python, Tenant: ben})
			failed <- err
		}()
		synctest.Wait()
		h.mu.Lock()
		h.waiting.next().offer <- offer{cell: c} // what it must never do
		h.mu.Unlock()
		require.ErrorIs(t, <-failed, errSecondTenant)
		assert.Equal(t, Removed, c.State())
		c.slot.giveBack()
		lent, _ := h.slots.count()
		assert.Zero(t, lent)
	})
}
