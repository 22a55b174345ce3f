package sandbox

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/sandbox/wire"
)

// seed repeats one case: go test ./sandbox -run TestPoolProperties -seed 17. What is asked for, and when, is the same then; who is
// quicker within one moment is not.
var seed = flag.Uint64("seed", 0, "of the one case of TestPoolProperties to run; 0 runs some that are chosen anew each time")

// TestPoolProperties drives pools at random, and finds that what must never be never is.
func TestPoolProperties(t *testing.T) {
	seeds := []uint64{*seed}
	if *seed == 0 {
		seeds = []uint64{1, 2, 3, 4, rand.Uint64(), rand.Uint64()}
	}
	for _, s := range seeds {
		t.Run(fmt.Sprint("seed=", s), func(t *testing.T) { poolProperties(t, s, 80) })
	}
}

func FuzzPoolProperties(f *testing.F) {
	f.Add(uint64(1), uint8(20))
	f.Add(uint64(2), uint8(60))
	f.Fuzz(func(t *testing.T, seed uint64, jobs uint8) { poolProperties(t, seed, int(jobs)) })
}

// world is a pool, its tenants, and what the agents of its cells have seen, which knows nothing of the pool's own books.
type world struct {
	*host
	t        *testing.T
	maxCells int
	slots    int

	dice *rand.Rand // what happens when; for the goroutine that lives alone

	mu      sync.Mutex
	luck    *rand.Rand            // of the engine and the agents
	served  map[*fakeAgent]string // whose programs it has run
	tainted map[*fakeAgent]bool   // it has run a program that is not to be forgotten
	answers int
}

// roll is a number below n.
func (w *world) roll(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.luck.IntN(n)
}

func poolProperties(t *testing.T, seed uint64, jobs int) {
	t.Helper()
	dice := rand.New(rand.NewPCG(seed, 0))
	w := &world{
		host: newHost(t), t: t, dice: dice, luck: rand.New(rand.NewPCG(seed, 1)), maxCells: 1 + dice.IntN(12), slots: 1 + dice.IntN(6),
		served: map[*fakeAgent]string{}, tainted: map[*fakeAgent]bool{},
	}
	o := Options{
		MaxCells: w.maxCells, Slots: w.slots, Queue: 1 + dice.IntN(2*jobs+1), Wait: time.Duration(dice.IntN(10)) * time.Second,
		Create: 10 * time.Second,
		Keep:   Keep{Idle: time.Duration(dice.IntN(60)) * time.Second, Age: time.Duration(dice.IntN(120)) * time.Second, Runs: uint64(dice.IntN(8))},
	}
	w.engine.onCreate = w.create
	w.engine.onRemove = w.remove
	w.engine.onReset = w.reset
	w.engine.agent = func(a *fakeAgent) { a.serve(w.program) }
	synctest.Test(t, func(t *testing.T) {
		w.t = t
		w.start(t, o, w.kinds()...)
		w.live(jobs)
		w.settle()
		w.stop(t)
		w.check()
	})
}

// kinds are some languages, each perhaps of a new image.
func (w *world) kinds() []Kind {
	var list []Kind
	for _, name := range []string{"python", "c", "go"} {
		k := Kind{Name: name, Image: fmt.Sprint("image/", name, ":", w.dice.IntN(2)), Warm: w.dice.IntN(3), MostWarm: w.dice.IntN(5)}
		if w.dice.IntN(4) > 0 {
			list = append(list, k)
		}
	}
	return list
}

// create takes a while, and fails at times.
func (w *world) create(ctx context.Context, _ int, _ Container) error {
	delay := time.Duration(w.roll(300)) * time.Millisecond
	if w.roll(40) == 0 {
		delay = time.Hour
	}
	select {
	case <-time.After(delay):
	case <-ctx.Done():
		return ctx.Err()
	}
	if w.roll(8) == 0 {
		return ErrUnavailable
	}
	return nil
}

// remove takes a while. It never fails, as nothing would be left then that could be counted.
func (w *world) remove(string) error {
	time.Sleep(time.Duration(w.roll(300)) * time.Millisecond)
	return nil
}

// program is what any agent runs: it looks whose it is.
func (w *world) program(a *fakeAgent, p program) {
	whose, end := p.Env[0], p.Env[1]
	w.mu.Lock()
	if before, known := w.served[a]; known && before != whose {
		w.t.Errorf("a cell that has served %s serves %s", before, whose)
	}
	if w.tainted[a] {
		w.t.Errorf("a cell of %s that was not to be trusted any more runs again", whose)
	}
	w.served[a] = whose
	w.mu.Unlock()
	switch end {
	case "dies":
		w.taint(a)
		a.closeFiles()
		_ = a.conn.Close()
	case "lies":
		w.taint(a)
		a.closeFiles()
		a.send(wire.KindExit, []byte{0xff})
	default:
		a.exit(wire.Exit{Seq: p.Seq})
	}
}

func (w *world) taint(a *fakeAgent) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tainted[a] = true
}

// reset succeeds mostly.
func (w *world) reset(a *fakeAgent, seq uint64) {
	switch w.roll(12) {
	case 0:
		w.taint(a)
		a.clean(seq, "a file")
	case 1:
		w.taint(a)
		a.clean(seq+1, "")
	case 2:
		w.taint(a)
		_ = a.conn.Close()
	case 3: // it dies when it is parked already, perhaps
		w.taint(a)
		a.clean(seq, "")
		_ = a.conn.Close()
	default:
		a.clean(seq, "")
	}
}

// live lets jobs begin at random moments, and other things happen meanwhile, and returns when every job has been answered.
func (w *world) live(jobs int) {
	var users sync.WaitGroup
	for n := range jobs {
		dice := rand.New(rand.NewPCG(w.dice.Uint64(), uint64(n)))
		users.Go(func() { w.job(n, dice) })
		if w.dice.IntN(2) == 0 {
			time.Sleep(time.Duration(w.dice.IntN(400)) * time.Millisecond)
		}
		if w.dice.IntN(20) == 0 {
			w.SetKinds(w.kinds()...)
		}
		if w.dice.IntN(25) == 0 {
			time.Sleep(time.Duration(w.dice.IntN(90)) * time.Second)
		}
		w.check()
	}
	users.Wait()
	assert.Equal(w.t, jobs, w.answers, "everybody is answered")
}

// job is what a tenant does: it gets a cell, runs up to three programs in it, and gives it back in one way or the other.
func (w *world) job(n int, dice *rand.Rand) {
	defer func() {
		w.mu.Lock()
		w.answers++
		w.mu.Unlock()
	}()
	who := Tenant{ID: fmt.Sprint("tenant", dice.IntN(4))}
	whose := who.ID
	if dice.IntN(5) == 0 {
		who.Anonymous, whose = true, fmt.Sprint("somebody", n) // none of whose jobs may meet another
	}
	name := []string{"python", "c", "go"}[dice.IntN(3)]
	k := Kind{Name: name, Image: fmt.Sprint("image/", name, ":", dice.IntN(2))}
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	if dice.IntN(4) == 0 {
		defer time.AfterFunc(time.Duration(dice.IntN(500))*time.Millisecond, cancel).Stop()
	}
	c, err := w.Get(ctx, Request{Kind: k, Tenant: who})
	if err != nil {
		expected := errors.Is(err, ErrBusy) || errors.Is(err, ErrUnavailable) || errors.Is(err, context.Canceled)
		assert.True(w.t, expected, "%v", err)
		return
	}
	defer w.check()
	assert.Equal(w.t, k.Image, c.kind.Image, "what was asked for")
	cmd, held := command(), c.slot
	for range dice.IntN(4) {
		end := []string{"exits", "exits", "exits", "exits", "exits", "exits", "exits", "exits", "dies", "lies"}[dice.IntN(10)]
		cmd.Env = []string{whose, end}
		if _, err := c.Run(context.WithoutCancel(ctx), cmd); err != nil {
			break
		}
		time.Sleep(time.Duration(dice.IntN(1500)) * time.Millisecond)
	}
	if dice.IntN(6) == 0 {
		c.Close()
	} else {
		c.Release()
	}
	held.giveBack() // once more
}

// check finds what must be so at any moment.
func (w *world) check() {
	_, now, most := w.engine.count()
	assert.LessOrEqual(w.t, most, w.maxCells, "containers")
	s := w.Stats()
	assert.LessOrEqual(w.t, s.Cells, w.maxCells, "places")
	assert.LessOrEqual(w.t, now, s.Cells, "every container has a place")
	assert.LessOrEqual(w.t, s.SlotsLent, w.slots, "slots")
	assert.True(w.t, s.SlotsLent == w.slots || s.SlotsWaiting == 0, "nobody waits while there is a slot: %+v", s)
	assert.LessOrEqual(w.t, s.Parked, s.Cells)
	w.Pool.mu.Lock()
	defer w.Pool.mu.Unlock()
	for name, list := range w.warm {
		for _, c := range list {
			assert.False(w.t, c.assigned, "a warm %s cell is somebody's", name)
		}
	}
	for _, c := range w.parked {
		assert.True(w.t, c.assigned && !c.tenant.Anonymous, "a parked cell is of somebody known")
		assert.Contains(w.t, w.cells, c.name)
	}
	assert.LessOrEqual(w.t, w.making, w.makers, "made at a time")
	assert.False(w.t, w.waiting.len > 0 && w.room(), "nobody waits while there is room")
}

// settle waits until nothing more is under way, and finds that everything was given back.
func (w *world) settle() {
	time.Sleep(10 * time.Minute)
	synctest.Wait()
	w.check()
	s := w.Stats()
	assert.Zero(w.t, w.making)
	assert.Equal(w.t, []int{0, 0, 0, 0, 0}, []int{s.SlotsLent, s.SlotsWaiting, s.Waiting, s.Leaving, s.Parked}, "lent, two queues, leaving, parked")
	warm := 0
	for _, n := range s.Warm {
		warm += n
	}
	assert.Equal(w.t, warm, s.Cells, "only warm cells are left")
	require.Empty(w.t, s.Leaked)
	_, containers, _ := w.engine.count()
	assert.Equal(w.t, s.Cells, containers)
}
