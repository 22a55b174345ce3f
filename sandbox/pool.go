package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"paddock/sandbox/cgroup"
)

// Kind is what cells of one sort have in common.
type Kind struct {
	Name     string // of the language, for logs and counts
	Image    string
	Limits   Limits // in force from the start; each run sets its own
	Warm     int    // how many to keep ready at least
	MostWarm int    // how many to keep ready when many are taken
}

// ErrBusy says that no slot or no cell came free in time.
var ErrBusy = errors.New("all cells are busy")

// ErrClosed says that the pool is shutting down.
var ErrClosed = errors.New("the pool is closed")

// Options configure a pool. Every field is required but Queue and Wait, where zero means that nobody waits, Keep and Made.
type Options struct {
	Engine   Engine
	Instance string        // names this server's cells; a later server with the same one reclaims them
	Dir      string        // for the cells' socket directories; only this user can enter it
	MaxCells int           // all cells together: being made, warm, running, parked, being removed
	Slots    int           // how many programs run at a time, but for those that sleep or take long
	Queue    int           // how many callers of Get may wait for a slot, and how many for a cell
	Wait     time.Duration // how long Get waits, for a slot, a cell or room for one, the making of one not counted
	Create   time.Duration // limit for making one cell
	Keep     Keep
	Made     func(kind string, took time.Duration) // told of each cell that has been made; it must not block. May be nil
	Log      zerolog.Logger

	cgroupOf func(pid int) (*cgroup.Group, error) // the host's but in tests
	root     string                               // where /sys is; the host's but in tests
}

// Keep says how long a cell may be used. The zero Keep makes every cell single use.
type Keep struct {
	Idle time.Duration // parked without a run of its tenant
	Age  time.Duration // from its making
	Runs uint64        // programs in it, compilers included
}

// Pool keeps warm cells that belong to nobody yet and parked ones that wait for their own tenant, and makes more on demand.
//
// Cells are made, reset and removed outside the lock. Whoever holds a cell releases or closes it; Close closes the rest and
// waits.
type Pool struct {
	maker  maker
	makers int // how many cells are made at a time, the keeper's among them
	max    int
	queue  int
	wait   time.Duration
	limits Keep
	tell   func(kind string, took time.Duration) // Options.Made
	log    zerolog.Logger
	root   string
	slots  *slots
	work   sync.WaitGroup // creations, removals, resets, the keeper and the janitor
	stop   context.CancelFunc
	ctx    context.Context // ends when the pool closes
	refill chan struct{}   // wakes the keeper

	leaving atomic.Int64 // cells being removed: their places come free by themselves

	mu      sync.Mutex
	closed  bool
	kinds   map[string]Kind
	demand  map[string]demand  // by Kind.Name
	making  int                // cells being made
	takes   time.Duration      // how long a cell takes to make, on average
	warm    map[string][]*Cell // by Kind.Name, oldest first
	parked  []*Cell            // the one that has been so for longest first; also those that are being reset
	cells   map[string]*Cell   // all of them by container name; nil while being made
	waiting fair[*waiter]      // for a cell, or for room to make one
	drains  int                // cells that were begun before the last one serve nobody any more
	counts  Counts
}

// NewPool removes what a predecessor with the same instance left behind and starts to warm cells of the given kinds.
func NewPool(ctx context.Context, o Options, kinds ...Kind) (*Pool, error) {
	if o.cgroupOf == nil {
		o.cgroupOf = cgroupOf
	}
	if o.root == "" {
		o.root = "/"
	}
	if o.Made == nil {
		o.Made = func(string, time.Duration) {}
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the pool's directory: %w", err)
	}
	p := &Pool{
		maker:  maker{engine: o.Engine, instance: o.Instance, dir: o.Dir, timeout: o.Create, cgroupOf: o.cgroupOf},
		makers: o.Slots, max: o.MaxCells, queue: o.Queue, wait: o.Wait, limits: o.Keep, tell: o.Made, log: o.Log,
		root:  o.root,
		slots: newSlots(o.Slots, o.Queue), refill: make(chan struct{}, 1),
		kinds: map[string]Kind{}, demand: map[string]demand{}, warm: map[string][]*Cell{}, cells: map[string]*Cell{},
		counts: newCounts(),
	}
	if err := p.reclaim(ctx); err != nil {
		return nil, err
	}
	p.ctx, p.stop = context.WithCancel(context.WithoutCancel(ctx))
	p.SetKinds(kinds...)
	p.work.Go(p.keep)
	p.work.Go(p.patrol)
	return p, nil
}

// SetKinds replaces the kinds that are kept warm, and starts to warm them. Warm cells of a kind that is not among them, and
// warm and parked ones of another image, are closed.
func (p *Pool) SetKinds(kinds ...Kind) {
	p.mu.Lock()
	clear(p.kinds)
	for _, k := range kinds {
		p.kinds[k.Name] = k
	}
	p.closeStale()
	p.mu.Unlock()
	p.wakeKeeper()
}

// Drain closes every cell that runs nothing now, and has those that do closed when their run ends. It returns how many it has
// closed. New ones are made in their place as they are wanted.
func (p *Pool) Drain() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drains++
	defer p.wakeKeeper()
	return p.closeStale()
}

// closeStale closes the warm and parked cells that are of no use any more, and counts them. The caller holds the lock.
func (p *Pool) closeStale() (closed int) {
	for name, list := range p.warm {
		p.warm[name] = slices.DeleteFunc(list, func(c *Cell) bool {
			if !p.stale(c) && c.kind.Image == p.kinds[name].Image {
				return false
			}
			c.close()
			closed++
			return true
		})
	}
	p.parked = slices.DeleteFunc(p.parked, func(c *Cell) bool {
		if !p.stale(c) {
			return false
		}
		c.expiry.Stop()
		c.close()
		closed++
		return true
	})
	return closed
}

// How long a predecessor's cells hold up a start, which makes two pools or three, and how many are removed at a time. A removal
// takes tenths of a second where Podman answers, and waits more than it works.
const (
	reclaimTimeout = 5 * time.Second
	reclaimAtOnce  = 8
)

// reclaim removes the cells of a dead predecessor. Their agents have left, but Podman may not have cleaned up. What is not
// removed in time is left to the janitor, and must not keep the service from starting.
func (p *Pool) reclaim(ctx context.Context) error {
	names, err := p.maker.engine.Owned(ctx, p.maker.instance)
	if err != nil {
		return fmt.Errorf("reclaim a predecessor's cells: %w", err)
	}
	dirs, err := os.ReadDir(p.maker.dir)
	if err != nil {
		return fmt.Errorf("reclaim a predecessor's cells: %w", err)
	}
	for _, d := range dirs {
		if strings.HasPrefix(d.Name(), namePrefix) { // whatever else lies there, no container of that name is ours
			names = append(names, d.Name())
		}
	}
	slices.Sort(names)
	p.reclaimCells(ctx, slices.Compact(names))
	return p.sweep(ctx)
}

func (p *Pool) reclaimCells(ctx context.Context, names []string) {
	ctx, cancel := context.WithTimeout(ctx, reclaimTimeout)
	defer cancel()
	var removals errgroup.Group
	removals.SetLimit(reclaimAtOnce)
	for _, name := range names {
		removals.Go(func() error {
			if err := p.maker.unmake(ctx, name); err != nil {
				p.log.Error().Err(err).Str("cell", name).Msg("a predecessor's cell could not be removed; the janitor will try again")
			} else {
				p.log.Info().Str("cell", name).Msg("reclaimed a predecessor's cell")
			}
			return nil
		})
	}
	_ = removals.Wait() // none of them fails
}

// sweepTimeout bounds the wait for the monitors of containers that have just been removed.
const sweepTimeout = 5 * time.Second

// sweep removes cgroups that no cell has. What is still in use then is left to the next server.
func (p *Pool) sweep(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sweepTimeout)
	defer cancel()
	err := cgroup.Sweep(ctx, p.root, p.maker.instance)
	if errors.Is(err, syscall.EBUSY) {
		p.log.Warn().Err(err).Msg("cgroups of removed cells are still in use")
		return nil
	}
	return err
}

// refillDelay is how long the keeper leaves the cores to a run that has just taken a warm cell before it makes the next one,
// which costs a tenth of a second of CPU time. Most runs are over by then.
const refillDelay = 100 * time.Millisecond

// Get returns a cell for r, and a slot to run in: a cell that is parked for the tenant, else one that nobody has used, warm or
// new. Where there is no slot, no room for a cell or nobody to make it, it waits its turn among tenants. It returns ErrBusy when
// that takes too long, or too many wait already, and ErrUnavailable, with its cause, when a cell could not be made.
func (p *Pool) Get(ctx context.Context, r Request) (*Cell, error) {
	until := time.Now().Add(p.wait)
	for {
		began := time.Now()
		s, err := p.slots.get(ctx, p.ctx, r.Tenant, until)
		if err != nil {
			return nil, err
		}
		o, w, err := p.take(r)
		if err == nil && o.cell == nil {
			s.giveBack() // whoever waits for a cell, or makes one, keeps nobody from running in theirs
			if o.cell, until, err = p.obtain(ctx, r.Kind, o, w, until); err == nil {
				if s, err = p.slots.get(ctx, p.ctx, r.Tenant, until); err != nil {
					p.addWarm(o.cell)
				}
			}
		}
		if err != nil {
			s.giveBack()
			return nil, err
		}
		o.cell.waited = p.wait - time.Until(until)
		if err = o.cell.ready(ctx); err == nil {
			err = o.cell.limit(ctx, r.limits())
		}
		if err == nil {
			return p.hand(o.cell, r.Tenant, s)
		}
		o.cell.close() // it has died, or its reset has failed, or what it holds is more than it may use now
		s.giveBack()
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case o.cell.born.After(began): // another one would fare no better
			return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		p.log.Info().Err(err).Str("cell", o.cell.name).Msg("a cell could not be used; another one is taken")
	}
}

// hand gives a tenant the cell to hold, and the slot with it.
func (p *Pool) hand(c *Cell, t Tenant, s *slot) (*Cell, error) {
	if err := c.assign(t); err != nil {
		c.close()
		s.giveBack()
		return nil, err
	}
	c.slot = s
	time.AfterFunc(refillDelay, p.wakeKeeper)
	return c, nil
}

// obtain waits for w's offer, if o is none yet, and makes the cell where that is what is offered. It returns the time until
// which there may be more waiting: the making does not count.
func (p *Pool) obtain(ctx context.Context, k Kind, o offer, w *waiter, until time.Time) (*Cell, time.Time, error) {
	if w != nil {
		var err error
		if o, err = p.await(ctx, w, until); err != nil {
			return nil, until, err
		}
	}
	if o.cell != nil {
		return o.cell, until, nil
	}
	began := time.Now()
	c, err := p.make(ctx, o.room, k)
	return c, until.Add(time.Since(began)), err
}

// offer is what a Get goes on with: a cell, or the name of a booked place to make one in.
type offer struct {
	cell *Cell
	room string
}

// from is what the offer counts as among what was taken.
func (o offer) from() string {
	switch {
	case o.room != "":
		return TakenNew
	case o.cell.assigned:
		return TakenParked
	}
	return TakenWarm
}

// waiter is a Get that waits for an offer. While there are waiters there is no free place, or nobody to make a cell in it:
// whoever gives one free books it again for a waiter, so that nobody who comes later can be quicker.
type waiter struct {
	Request
	offer chan offer // never blocks whoever sends; one offer at most, and an empty one to who is turned away
}

// take returns an offer for r or, when there is no room, a place in the queue.
func (p *Pool) take(r Request) (offer, *waiter, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return offer{}, nil, ErrClosed
	}
	if c := p.takeParked(r); c != nil {
		p.counts.Taken[TakenParked]++
		return offer{cell: c}, nil, nil
	}
	p.demand[r.Kind.Name] = p.demand[r.Kind.Name].took(time.Now())
	if list := p.warm[r.Kind.Name]; len(list) > 0 && list[0].suits(r) {
		p.warm[r.Kind.Name] = list[1:]
		p.counts.Taken[TakenWarm]++
		return offer{cell: list[0]}, nil, nil
	}
	if p.room() {
		p.counts.Taken[TakenNew]++
		return offer{room: p.reserve()}, nil, nil
	}
	if p.waiting.len >= p.queue {
		other, ok := p.waiting.turnAway(r.Tenant)
		if !ok {
			return offer{}, nil, ErrBusy
		}
		other.offer <- offer{}
	}
	w := &waiter{Request: r, offer: make(chan offer, 1)}
	p.waiting.push(r.Tenant, w)
	if p.wanted() {
		p.evict()
	}
	return offer{}, w, nil
}

// room says whether a cell can be made now. The caller holds the lock.
func (p *Pool) room() bool { return len(p.cells) < p.max && p.making < p.makers }

// wanted says whether the place of a cell that runs nothing is worth more than the cell: somebody waits for one, and none comes
// free by itself. The caller holds the lock.
func (p *Pool) wanted() bool { return len(p.cells) >= p.max && p.waiting.len > int(p.leaving.Load()) }

// namePrefix begins the name of every cell's container.
const namePrefix = "paddock-"

// reserve books a place for a new cell. The caller holds the lock.
func (p *Pool) reserve() string {
	name := namePrefix + uuid.NewString()
	p.cells[name] = nil
	p.making++
	p.work.Add(1) // until the cell, or the attempt, has been removed
	return name
}

// evict closes a cell that nobody runs anything in, so that its place comes free: a parked one, else a warm one of the kind of
// which there are most. The caller holds the lock, and has no use for any of them.
func (p *Pool) evict() {
	if p.evictParked() {
		return
	}
	most := ""
	for name, list := range p.warm {
		if len(list) > len(p.warm[most]) {
			most = name
		}
	}
	if list := p.warm[most]; len(list) > 0 {
		p.warm[most] = list[1:]
		list[0].close()
		p.counts.Evicted++
	}
}

// await waits for w's offer.
func (p *Pool) await(ctx context.Context, w *waiter, until time.Time) (offer, error) {
	o, err := await(ctx, p.ctx, w.offer, until)
	if err != nil {
		p.leaveQueue(w)
		return offer{}, err
	}
	if o == (offer{}) {
		return offer{}, ErrBusy
	}
	p.count(func(n *Counts) { n.Taken[o.from()]++ })
	return o, nil
}

// leaveQueue takes a waiter out, and gives back what it was offered in the same moment.
func (p *Pool) leaveQueue(w *waiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting.remove(w) {
		p.invite() // the keeper, if that was the last
		return
	}
	switch o := <-w.offer; {
	case o.cell != nil:
		p.keepWarm(o.cell)
	case o.room != "":
		p.making--
		p.vacate(o.room)
		p.work.Done()
	}
}

// vacate gives a place free. The caller holds the lock.
func (p *Pool) vacate(name string) {
	delete(p.cells, name)
	p.invite()
}

// invite lets waiters make cells where there is room, and else the keeper. The caller holds the lock.
func (p *Pool) invite() {
	for p.waiting.len > 0 && p.room() && !p.closed {
		p.waiting.next().offer <- offer{room: p.reserve()}
	}
	if p.waiting.len == 0 {
		p.wakeKeeper()
	}
}

// crowded says that more places are taken than should be by cells that nobody runs anything in: one in four is for those on
// demand. The caller holds the lock.
func (p *Pool) crowded() bool { return len(p.cells)-int(p.leaving.Load()) > p.max-p.max/4 }

// keepWarm takes a cell that nobody has used: for the first who waits for one like it, else as a warm one. Should somebody
// wait for another kind, or nobody want this kind any more, its place is worth more than it is. So it is when the cell is a
// tenant's, offered to one who gave up waiting. The caller holds the lock.
func (p *Pool) keepWarm(c *Cell) {
	if p.closed {
		return // and Close has closed it
	}
	if p.stale(c) {
		c.close()
		return
	}
	if p.offer(c) {
		return
	}
	if p.wanted() || c.assigned || p.kinds[c.kind.Name].Image != c.kind.Image {
		c.close()
		return
	}
	p.warm[c.kind.Name] = append(p.warm[c.kind.Name], c)
}

// offer gives a cell to the first who waits for one like it, if there is one. But where its place is wanted, that is for whose
// turn it is: else a tenant could hand its cells on to itself for as long as it likes. The caller holds the lock.
func (p *Pool) offer(c *Cell) bool {
	if p.wanted() && !c.suits(p.waiting.first().Request) {
		return false
	}
	w, ok := p.waiting.serve(func(w *waiter) bool { return c.suits(w.Request) })
	if ok {
		w.offer <- offer{cell: c}
	}
	return ok
}

// make makes the cell whose place is booked under name; on failure it leaves nothing behind.
func (p *Pool) make(ctx context.Context, name string, k Kind) (*Cell, error) {
	making, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.ctx, cancel)()
	began, drains := time.Now(), p.drainsNow()
	c, err := p.maker.make(making, name, k)
	defer p.made()
	if err != nil {
		p.leaving.Add(1)
		p.work.Go(func() { p.remove(name) })
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case p.ctx.Err() != nil:
			return nil, ErrClosed
		}
		p.count(func(n *Counts) { n.NotMade++ })
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	c.drains = drains
	c.park = func() { p.park(c) }
	c.close = sync.OnceFunc(func() {
		_ = c.become(Removed)
		p.leaving.Add(1)
		p.work.Go(func() {
			c.hangUp()
			p.remove(name)
		})
	})
	took := time.Since(began)
	p.tell(k.Name, took)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cells[name] = c
	p.counts.Made++
	p.takes = refillTime(p.takes, took)
	if p.closed {
		c.close()
		return nil, ErrClosed
	}
	return c, nil
}

func (p *Pool) drainsNow() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.drains
}

// made lets the next cell be made.
func (p *Pool) made() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.making--
	p.invite()
}

// removeTimeout bounds a removal. It is longer than Podman's own 10 s for a container that does not end.
const removeTimeout = 30 * time.Second

// remove removes what is there under name and gives its place free, whatever comes of it: a container that cannot be
// removed now is the janitor's, or the next server's, and must not keep this one from working.
func (p *Pool) remove(name string) {
	defer p.work.Done()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), removeTimeout)
	defer cancel()
	err := p.maker.unmake(ctx, name)
	p.mu.Lock()
	c := p.cells[name]
	p.mu.Unlock()
	if c != nil {
		err = errors.Join(err, c.cgroup.Remove(ctx))
	}
	if err != nil {
		p.log.Error().Err(err).Str("cell", name).Msg("a cell could not be removed; the janitor will try again")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.leaving.Add(-1)
	p.vacate(name)
}

// Close closes every cell, also those that are running something, and waits until their containers are gone, or ctx ends.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	for _, c := range p.cells {
		if c != nil {
			c.close()
		}
	}
	clear(p.warm)
	for _, c := range p.parked {
		c.expiry.Stop()
	}
	p.parked = nil
	p.mu.Unlock()
	p.stop()
	done := make(chan struct{})
	go func() { // ends with the last removal, each of which is bounded
		p.work.Wait()
		close(done)
	}()
	select {
	case <-done:
		return p.sweep(ctx)
	case <-ctx.Done():
		return fmt.Errorf("close the pool: %d cells are not removed yet: %w", p.Stats().Cells, ctx.Err())
	}
}
