package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"paddock/sandbox/cgroup"
	"paddock/sandbox/wire"
)

func kind(name string, warm int) Kind { return Kind{Name: name, Image: "image/" + name, Warm: warm} }

// get asks for a cell for nobody in particular.
func (h *host) get(ctx context.Context, k Kind) (*Cell, error) {
	return h.Get(ctx, Request{Kind: k, Tenant: Tenant{ID: "127.0.0.1", Anonymous: true}})
}

func (h *host) mustGet(t *testing.T, k Kind) *Cell {
	t.Helper()
	c, err := h.get(t.Context(), k)
	require.NoError(t, err)
	return c
}

func TestGetMakesACellWhereNoneIsWarm(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 2})
		c := h.mustGet(t, kind("python", 0))
		assert.Equal(t, Warm, c.State())
		box := h.engine.container(t, c)
		assert.Equal(t, "image/python", box.Image)
		assert.Equal(t, "test", box.Instance)
		assert.Equal(t, 1, h.Stats().Cells)
		c.Close()
		c.Close() // once is enough
		synctest.Wait()
		assert.Equal(t, Removed, c.State())
		assert.Zero(t, h.Stats().Cells)
	})
}

func TestGetTakesAWarmCellAndTheKeeperMakesAnother(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 8}, kind("python", 2), kind("c", 1))
		synctest.Wait()
		assert.Equal(t, map[string]int{"python": 2, "c": 1}, h.Stats().Warm)
		c := h.mustGet(t, kind("python", 2))
		synctest.Wait()
		assert.Equal(t, map[string]int{"python": 1, "c": 1}, h.Stats().Warm, "the run comes first")
		time.Sleep(refillDelay) // on the bubble's clock
		synctest.Wait()
		tried, _, _ := h.engine.count()
		assert.Equal(t, 4, tried, "a new one in its place")
		assert.Equal(t, map[string]int{"python": 2, "c": 1}, h.Stats().Warm)
		other := h.mustGet(t, kind("python", 2))
		assert.NotSame(t, c, other)
		c.Close()
		time.Sleep(refillDelay)
		synctest.Wait()
		assert.Equal(t, map[string]int{"python": 2, "c": 1}, h.Stats().Warm, "a used cell never comes back")
	})
}

func TestTheKeeperLeavesRoom(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 8}, kind("python", 100))
		synctest.Wait()
		assert.Equal(t, 6, h.Stats().Cells, "one place in four stays free")
	})
}

func TestTheKeeperTakesAPlaceThatComesFree(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 1})
		held := h.mustGet(t, kind("python", 1))
		h.SetKinds(kind("python", 1))
		synctest.Wait()
		assert.Equal(t, 1, h.Stats().Cells)
		held.Close()
		synctest.Wait()
		assert.Equal(t, 1, h.Stats().Warm["python"], "at once")
	})
}

func TestAStaleWarmCellIsNotTaken(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 8}, kind("python", 1))
		synctest.Wait()
		built := kind("python", 1)
		built.Image = "image/python:new"
		assert.Equal(t, built.Image, h.engine.container(t, h.mustGet(t, built)).Image)

		h.SetKinds(built)
		synctest.Wait()
		assert.Equal(t, map[string]int{"python": 1}, h.Stats().Warm)
		tried, there, _ := h.engine.count()
		assert.Equal(t, []int{3, 2}, []int{tried, there}, "the old warm cell made room for a new one")

		h.SetKinds()
		synctest.Wait()
		assert.Equal(t, 1, h.Stats().Cells, "nothing is warm of what is not wanted")
	})
}

func TestACellThatIsNotWantedAnyMoreWhenItIsReady(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		h.engine.onCreate = func(context.Context, int, Container) error { <-goOn; return nil }
		h.start(t, Options{MaxCells: 8}, kind("python", 1))
		synctest.Wait()
		h.SetKinds()
		close(goOn)
		synctest.Wait()
		assert.Zero(t, h.Stats().Cells)
	})
}

func TestADeadWarmCellIsReplaced(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 2}, kind("python", 1))
		synctest.Wait()
		for _, box := range h.engine.containers {
			h.engine.outside(box.kill)
		}
		c := h.mustGet(t, kind("python", 1))
		assert.True(t, c.alive())
	})
}

func TestGetIsBusyAfterItsWait(t *testing.T) {
	for _, wait := range []time.Duration{0, 3 * time.Second} {
		h := newHost(t)
		synctest.Test(t, func(t *testing.T) {
			h.start(t, Options{MaxCells: 1, Wait: wait})
			held := h.mustGet(t, kind("python", 0))
			began := time.Now()
			_, err := h.get(t.Context(), kind("python", 0))
			assert.ErrorIs(t, err, ErrBusy)
			assert.Equal(t, wait, time.Since(began))
			assert.Zero(t, h.Stats().Waiting)
			held.Close()
			synctest.Wait()
			h.mustGet(t, kind("python", 0))
		})
	}
}

// What Get waited for is told apart from what it did meanwhile.
func TestTheWaitAndTheMaking(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		const making, held = 300 * time.Millisecond, 2 * time.Second
		h.engine.onCreate = func(context.Context, int, Container) error { time.Sleep(making); return nil }
		made := map[string]time.Duration{}
		h.start(t, Options{MaxCells: 1, Wait: time.Hour, Made: func(kind string, took time.Duration) { made[kind] += took }})
		first := h.mustGet(t, kind("python", 0))
		assert.Zero(t, first.Waited(), "it was made, and not waited for")
		time.AfterFunc(held, first.Close)
		second := h.mustGet(t, kind("c", 0))
		assert.Equal(t, held, second.Waited())
		assert.Equal(t, map[string]time.Duration{"python": making, "c": making}, made)
		second.Close()
	})
}

func TestAFullQueueIsBusyAtOnce(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 1, Queue: 1, Wait: time.Hour})
		held := h.mustGet(t, kind("python", 0))
		served := make(chan *Cell)
		go func() {
			c, err := h.get(t.Context(), kind("python", 0))
			assert.NoError(t, err)
			served <- c
		}()
		synctest.Wait()
		began := time.Now()
		_, err := h.get(t.Context(), kind("python", 0))
		assert.ErrorIs(t, err, ErrBusy)
		assert.Zero(t, time.Since(began))
		held.Close()
		(<-served).Close()
	})
}

func TestWaitersAreServedInTurn(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 1, Wait: time.Hour}, kind("c", 5)) // nor does the keeper get in between
		synctest.Wait()
		held := h.mustGet(t, kind("c", 5))
		var order []int
		for i := range 5 {
			go func() {
				c, err := h.get(t.Context(), kind("python", 0))
				assert.NoError(t, err)
				order = append(order, i) // one at a time, as there is one cell at a time
				c.Close()
			}()
			synctest.Wait()
			assert.Equal(t, i+1, h.Stats().Waiting)
		}
		began := time.Now()
		held.Close()
		synctest.Wait()
		assert.Equal(t, []int{0, 1, 2, 3, 4}, order)
		assert.Zero(t, time.Since(began))
	})
}

// A waiter may give up in the moment it is offered something: the next one gets it.
func TestAnOfferIsNotLostWithItsWaiter(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 1, Wait: time.Hour})
		python := kind("python", 0)
		held := h.mustGet(t, python)
		_, first, err := h.take(Request{Kind: python})
		require.NoError(t, err)
		_, second, err := h.take(Request{Kind: python})
		require.NoError(t, err)
		held.Close()
		synctest.Wait()
		assert.Len(t, first.offer, 1)
		h.leaveQueue(first)
		o, err := h.await(t.Context(), second, time.Now().Add(time.Hour))
		require.NoError(t, err)
		require.NotEmpty(t, o.room)
		c, err := h.make(t.Context(), o.room, python)
		require.NoError(t, err)

		_, third, err := h.take(Request{Kind: python})
		require.NoError(t, err)
		h.SetKinds(kind("python", 1))
		h.mu.Lock()
		h.keepWarm(c) // as the keeper does with what it has made
		h.mu.Unlock()
		assert.Len(t, third.offer, 1, "a waiter for its kind gets it at once")
		h.leaveQueue(third)
		assert.Equal(t, map[string]int{"python": 1}, h.Stats().Warm)
		assert.Same(t, c, h.mustGet(t, python))
	})
}

func TestGetEvictsAWarmCellOfAnotherKind(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 3, Wait: time.Hour}, kind("c", 2), kind("go", 1))
		synctest.Wait()
		began := time.Now()
		c := h.mustGet(t, kind("python", 0))
		assert.Equal(t, "python", c.kind.Name)
		assert.Zero(t, time.Since(began))
		assert.Equal(t, map[string]int{"c": 1, "go": 1}, h.Stats().Warm, "one of which there were most")
		_, _, most := h.engine.count()
		assert.Equal(t, 3, most)
	})
}

// A cell that becomes warm while somebody waits for another kind makes room.
func TestAWaiterGetsThePlaceOfACellJustMade(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		h.engine.onCreate = func(_ context.Context, n int, _ Container) error {
			if n == 0 {
				<-goOn
			}
			return nil
		}
		h.start(t, Options{MaxCells: 1, Wait: time.Hour}, kind("c", 1))
		synctest.Wait()
		var got *Cell
		go func() { got, _ = h.get(t.Context(), kind("python", 0)) }()
		synctest.Wait()
		assert.Equal(t, 1, h.Stats().Waiting)
		close(goOn)
		synctest.Wait()
		if assert.NotNil(t, got) {
			assert.Equal(t, "python", got.kind.Name)
		}
	})
}

// Sixty users of four cells, of three kinds: the bound holds, nobody waits while there is room, nothing is left.
func TestManyAtOnce(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 4, Wait: time.Hour}, kind("python", 2), kind("c", 1))
		began := time.Now()
		var users sync.WaitGroup
		for i := range 60 {
			users.Go(func() {
				k := kind([]string{"python", "c", "go"}[i%3], 0)
				c, err := h.get(t.Context(), k)
				if assert.NoError(t, err) {
					assert.Equal(t, k.Name, c.kind.Name)
					_, err = c.Run(t.Context(), command())
					assert.NoError(t, err)
					c.Close()
				}
			})
		}
		users.Wait()
		_, _, most := h.engine.count()
		assert.LessOrEqual(t, most, 4)
		assert.Zero(t, time.Since(began), "somebody waited for nothing")
	})
}

// Callers that give up at any moment cost the pool nothing.
func TestManyWhoGiveUp(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 2, Wait: time.Hour}, kind("python", 1))
		var users sync.WaitGroup
		for range 40 {
			ctx, cancel := context.WithCancel(t.Context())
			users.Go(func() {
				if c, err := h.get(ctx, kind("python", 1)); err == nil {
					c.Close()
				} else {
					assert.ErrorIs(t, err, context.Canceled)
				}
			})
			go cancel()
		}
		users.Wait()
		synctest.Wait()
		s := h.Stats()
		assert.Zero(t, s.Waiting)
		assert.Equal(t, 1, s.Warm["python"])
		assert.Equal(t, 1, s.Cells)
	})
}

func TestTheKeeperRetriesMoreAndMoreSlowly(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.engine.onCreate = func(_ context.Context, n int, c Container) error {
			if n < 5 && c.Image == "image/python" {
				return errors.New("no")
			}
			return nil
		}
		began := time.Now()
		h.start(t, Options{MaxCells: 4}, kind("python", 1))
		time.Sleep(time.Minute)
		assert.Equal(t, 1, h.Stats().Warm["python"])
		var at []time.Duration
		for _, c := range h.engine.created() {
			at = append(at, c.Sub(began))
		}
		const ms = time.Millisecond
		assert.Equal(t, []time.Duration{0, 100 * ms, 300 * ms, 700 * ms, 1500 * ms, 3100 * ms}, at)
	})
}

func TestTheKeeperNeverGivesUp(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.engine.onCreate = func(_ context.Context, _ int, c Container) error {
			if c.Image == "image/busted" {
				return ErrNoImage
			}
			return nil
		}
		h.start(t, Options{MaxCells: 8}, kind("busted", 5), kind("python", 1))
		synctest.Wait()
		assert.Equal(t, map[string]int{"python": 1}, h.Stats().Warm, "the others do not wait for it")
		time.Sleep(time.Hour)
		last := h.engine.created()
		last = last[len(last)-2:]
		assert.Equal(t, lastRetry, last[1].Sub(last[0]))
		assert.Equal(t, 1, h.Stats().Cells)
	})
}

func TestGetSaysWhyThereIsNoCell(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.engine.onCreate = func(context.Context, int, Container) error { return ErrNoImage }
		h.start(t, Options{MaxCells: 1})
		for range 3 { // its place comes free each time
			_, err := h.get(t.Context(), kind("python", 0))
			assert.ErrorIs(t, err, ErrUnavailable)
			assert.ErrorIs(t, err, ErrNoImage)
			synctest.Wait()
		}
	})
}

func TestGetGivesUpWithItsCaller(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.engine.onCreate = func(ctx context.Context, n int, _ Container) error {
			if n == 0 {
				<-ctx.Done()
			}
			return ctx.Err()
		}
		h.start(t, Options{MaxCells: 1, Wait: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := h.get(ctx, kind("python", 0))
		assert.ErrorIs(t, err, context.DeadlineExceeded, "while its cell is made")

		held := h.mustGet(t, kind("python", 0))
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = h.get(ctx, kind("python", 0))
		assert.ErrorIs(t, err, context.DeadlineExceeded, "while it waits for room")
		assert.NotErrorIs(t, err, ErrBusy)
		held.Close()
	})
}

func TestAgentsThatDoNotShowUp(t *testing.T) {
	silent := func(a *fakeAgent) { a.hang() }
	for name, c := range map[string]struct {
		agent    func(*fakeAgent)
		cgroupOf func(int) (*cgroup.Group, error)
		why      string
	}{
		"no hello":          {silent, nil, "no hello from the agent"},
		"leaves at once":    {func(*fakeAgent) {}, nil, "no hello from the agent"},
		"another kind":      {func(a *fakeAgent) { a.send(wire.KindExit, nil); a.hang() }, nil, "kind 4"},
		"another version":   {func(a *fakeAgent) { _, _ = a.conn.Write([]byte{99, 1, 0}); a.hang() }, nil, "protocol version 99"},
		"no cgroup":         {nil, func(int) (*cgroup.Group, error) { return nil, cgroup.ErrNoCgroup }, cgroup.ErrNoCgroup.Error()},
		"not even a socket": {nil, nil, "the agent did not call"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t)
			h.engine.agent = c.agent
			if name == "not even a socket" {
				h.engine.onCreate = func(context.Context, int, Container) error { return nil }
				h.engine.outside = func(func()) {}
			}
			h.start(t, Options{MaxCells: 1, Create: 50 * time.Millisecond, cgroupOf: c.cgroupOf})
			_, err := h.get(t.Context(), kind("python", 0))
			require.ErrorIs(t, err, ErrUnavailable)
			assert.ErrorContains(t, err, c.why)
		})
	}
}

func TestCloseDoesNotWaitForAHello(t *testing.T) {
	h := newHost(t)
	called := make(chan struct{})
	h.engine.agent = func(a *fakeAgent) { close(called); a.hang() }
	h.start(t, Options{MaxCells: 1, Create: time.Hour}, kind("python", 1))
	<-called
	h.stop(t)
}

func TestCloseWhileCellsAreMadeAndWaitedFor(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.engine.onCreate = func(ctx context.Context, _ int, _ Container) error { <-ctx.Done(); return ctx.Err() }
		h.start(t, Options{MaxCells: 2, Wait: time.Hour}, kind("c", 1))
		synctest.Wait()
		errs := make(chan error)
		for range 3 {
			go func() {
				_, err := h.get(context.Background(), kind("python", 0))
				errs <- err
			}()
		}
		synctest.Wait()
		assert.Equal(t, 2, h.Stats().Waiting)
		began := time.Now()
		h.stop(t)
		assert.Zero(t, time.Since(began))
		for range 3 {
			assert.ErrorIs(t, <-errs, ErrClosed)
		}
		_, err := h.get(t.Context(), kind("python", 0))
		assert.ErrorIs(t, err, ErrClosed)
		assert.NoError(t, h.Close(t.Context()), "once more")
	})
}

func TestCloseEndsWhatRuns(t *testing.T) {
	h := newHost(t)
	running := make(chan struct{})
	h.engine.agent = func(a *fakeAgent) {
		a.serve(func(a *fakeAgent, _ program) { close(running); a.hang() })
	}
	h.start(t, Options{MaxCells: 1})
	c := h.mustGet(t, kind("python", 0))
	ended := make(chan error, 1)
	go func() {
		_, err := c.Run(context.Background(), command())
		ended <- err
	}()
	select {
	case <-running:
		h.stop(t)
		assert.ErrorIs(t, <-ended, ErrCellLost)
	case err := <-ended:
		require.NoError(t, err, "it did not even start")
	}
}

func TestCloseIsBounded(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		h.engine.onRemove = func(string) error { <-goOn; return nil }
		h.start(t, Options{MaxCells: 2}, kind("c", 1))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := h.Close(ctx)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorContains(t, err, "1 cells are not removed yet")
		close(goOn)
	})
}

// What can't be removed is the next server's to reclaim, and takes no place from this one.
func TestACellThatCannotBeRemoved(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.engine.onRemove = func(string) error { return errors.New("no") }
		h.start(t, Options{MaxCells: 1, Wait: time.Hour})
		h.mustGet(t, kind("python", 0)).Close()
		h.mustGet(t, kind("python", 0)).Close()
		synctest.Wait()
		assert.Zero(t, h.Stats().Cells)
		h.engine.onRemove = nil
		for name := range h.engine.containers {
			require.NoError(t, h.engine.Remove(t.Context(), name))
		}
	})
}

func TestReclaim(t *testing.T) {
	h := newHost(t)
	h.engine.owned = []string{"paddock-there"}
	for _, name := range []string{"paddock-there", "paddock-only-a-directory", "paddock-empty", "database"} {
		require.NoError(t, os.MkdirAll(filepath.Join(h.dir, name), 0o700))
	}
	for _, name := range []string{"paddock-there", "paddock-only-a-directory"} {
		require.NoError(t, os.WriteFile(filepath.Join(h.dir, name, "agent.sock"), nil, 0o600))
	}
	h.start(t, Options{MaxCells: 1})
	slices.Sort(h.engine.removed)
	assert.Equal(t, []string{"paddock-empty", "paddock-only-a-directory", "paddock-there"}, h.engine.removed)
	left, err := os.ReadDir(h.dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
	assert.Equal(t, "database", left[0].Name(), "not ours")
	require.NoError(t, os.Remove(filepath.Join(h.dir, "database")))
	h.stop(t)
}

func TestAStuckPredecessorKeepsNobodyFromStarting(t *testing.T) {
	h := newHost(t)
	h.engine.owned = []string{"paddock-stuck", "paddock-other"}
	h.engine.onRemove = func(name string) error {
		if name == "paddock-stuck" {
			return errors.New("it will not go")
		}
		return nil
	}
	var log bytes.Buffer
	p, err := NewPool(t.Context(), Options{
		Engine: h.engine, Instance: "test", Dir: h.dir, MaxCells: 1, Log: zerolog.New(zerolog.SyncWriter(&log)), cgroupOf: h.cgroupOf,
	})
	require.NoError(t, err)
	assert.Contains(t, h.engine.removed, "paddock-other", "the rest goes all the same")
	assert.Contains(t, log.String(), "it will not go")
	assert.NoError(t, p.Close(t.Context()))
}

// slowEngine takes a while for a removal, and for one container as long as it may, until that is let go.
type slowEngine struct {
	*fakeEngine
	hanging string
	letGo   chan struct{}

	mu        sync.Mutex
	now, most int // removals under way
}

const slowRemoval = 300 * time.Millisecond

func (e *slowEngine) Remove(ctx context.Context, name string) error {
	e.underWay(1)
	defer e.underWay(-1)
	time.Sleep(slowRemoval)
	if name == e.hanging {
		select {
		case <-e.letGo:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return e.fakeEngine.Remove(ctx, name)
}

func (e *slowEngine) underWay(more int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.now += more
	e.most = max(e.most, e.now)
}

// However long one of a predecessor's cells takes, the service starts, the others are gone by then, and so is that one later.
func TestAHangingPredecessorIsLeftToTheJanitor(t *testing.T) {
	h := newHost(t)
	var others []string
	for i := range 50 { // more than could be removed in time one after another
		others = append(others, fmt.Sprintf("paddock-%02d", i))
	}
	require.Greater(t, time.Duration(len(others))*slowRemoval, reclaimTimeout)
	h.engine.owned = append([]string{"paddock-hanging"}, others...)
	synctest.Test(t, func(t *testing.T) {
		e := &slowEngine{fakeEngine: h.engine, hanging: "paddock-hanging", letGo: make(chan struct{})}
		var log logged
		began := time.Now()
		var err error
		h.Pool, err = NewPool(t.Context(), Options{
			Engine: e, Instance: "test", Dir: h.dir, MaxCells: 1, Log: zerolog.New(zerolog.SyncWriter(&log)), cgroupOf: h.cgroupOf, root: h.base,
		})
		require.NoError(t, err)
		assert.Equal(t, reclaimTimeout, time.Since(began))
		removed := h.engine.gone()
		slices.Sort(removed)
		assert.Equal(t, others, removed)
		assert.Equal(t, reclaimAtOnce, e.most)
		assert.Regexp(t, `"error":"context deadline exceeded","cell":"paddock-hanging"`, string(log.bytes()))

		h.engine.setOwned("paddock-hanging")
		close(e.letGo)
		patrols(2)
		time.Sleep(slowRemoval)
		synctest.Wait()
		assert.Contains(t, h.engine.gone(), "paddock-hanging")
		h.stop(t)
	})
}

// The socket is for the cell's own PID 1: nobody else on the host can reach it, and it is gone once that has called.
func TestTheSocket(t *testing.T) {
	defer unix.Umask(unix.Umask(0o077)) // as careful administrators have it
	h := newHost(t)
	h.dir = filepath.Join(h.dir, strings.Repeat("long/", 30)) // sockets' own paths end at 107 bytes
	var modes []os.FileMode
	h.engine.onCreate = func(_ context.Context, _ int, c Container) error {
		for _, path := range []string{h.dir, c.SocketDir, filepath.Join(c.SocketDir, "agent.sock")} {
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			modes = append(modes, info.Mode().Perm())
		}
		return nil
	}
	h.start(t, Options{MaxCells: 1})
	c := h.mustGet(t, kind("python", 0))
	assert.Equal(t, []os.FileMode{0o700, 0o755, 0o777}, modes)
	left, err := os.ReadDir(filepath.Join(h.dir, c.Name()))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestASecondCallerIsNotHeard(t *testing.T) {
	h := newHost(t)
	var second error
	h.engine.onCreate = func(_ context.Context, _ int, c Container) error {
		t.Chdir(c.SocketDir)
		conn, err := net.Dial("unixpacket", "agent.sock") // before the agent: the queue of the listener has room
		if err != nil {
			return err
		}
		_ = conn.Close()
		return nil
	}
	h.start(t, Options{MaxCells: 1})
	_, second = h.get(t.Context(), kind("python", 0))
	assert.ErrorIs(t, second, ErrUnavailable, "the first who calls is taken at its word, and no other")
}

func TestTransitions(t *testing.T) {
	allowed := map[[2]State]bool{
		{Creating, Warm}: true, {Creating, Removed}: true,
		{Warm, Running}: true, {Warm, Removed}: true,
		{Running, Idle}: true, {Running, Removed}: true,
		{Idle, Running}: true, {Idle, Resetting}: true, {Idle, Removed}: true,
		{Resetting, Parked}: true, {Resetting, Removed}: true,
		{Parked, Running}: true, {Parked, Removed}: true,
	}
	for from := Creating; from <= Removed; from++ {
		for to := Creating; to <= Removed; to++ {
			c := &Cell{name: "cell", state: from}
			err := c.become(to)
			if allowed[[2]State{from, to}] {
				assert.NoError(t, err, "%s -> %s", from, to)
				assert.Equal(t, to, c.State())
			} else {
				assert.EqualError(t, err, "cell cell is "+from.String()+" and can't become "+to.String())
				assert.Equal(t, from, c.State())
			}
		}
	}
}
