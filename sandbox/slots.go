package sandbox

import (
	"context"
	"slices"
	"sync"
	"time"
)

// slots are the right to run, about one for each core: more programs at a time finish no sooner and make all of them late.
//
// Who finds none free waits its turn among tenants. A slot comes back when
// its run ends; when the run sleeps (see run.mindSlot); and after a slice when somebody waits. A run without a slot goes on,
// at a fraction of the CPU weight of those that have one. So a waiter's turn comes whatever others run: nobody keeps a slot
// longer than a slice that somebody else could use, and what keeps cores busy for long yields to what is short.
type slots struct {
	queue int // how many may wait
	slice time.Duration

	mu      sync.Mutex
	free    int     // nobody waits while there are any
	lent    []*slot // longest first
	waiting fair[*claim]
	alarm   *time.Timer
}

// slice is how long a run keeps a slot that somebody waits for: most runs end within it, and one that does not costs nobody
// more.
const slice = time.Second

// How a run without a slot weighs beside one that has one, in percent of the usual CPU weight. A quarter still gets a
// compiler done in time.
const (
	slotWeight   = 100
	noSlotWeight = 25
)

// slot is one right to run.
type slot struct {
	of    *slots
	since time.Time
	back  bool // guarded by of.mu
}

// claim waits for a slot.
type claim struct {
	lent chan *slot // never blocks whoever sends; nil says that there is no room to wait any more
}

func newSlots(n, queue int) *slots {
	s := &slots{queue: queue, slice: slice, free: n}
	s.alarm = time.AfterFunc(time.Hour, s.endSlices)
	s.alarm.Stop()
	return s
}

// get waits for a slot until then. It returns ErrBusy when that takes too long or too many wait, and ErrClosed once stop is
// done.
func (s *slots) get(ctx, stop context.Context, t Tenant, until time.Time) (*slot, error) {
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		lent := s.lend()
		s.mu.Unlock()
		return lent, nil
	}
	c, err := s.enqueue(t)
	s.setAlarm()
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	lent, err := await(ctx, stop, c.lent, until)
	if err != nil {
		s.leave(c)
		return nil, err
	}
	if lent == nil {
		return nil, ErrBusy
	}
	return lent, nil
}

// await waits for what comes from offer. It returns ErrBusy at the time until, and ErrClosed once stop is done.
func await[T any](ctx, stop context.Context, offer <-chan T, until time.Time) (x T, err error) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case x := <-offer:
		return x, nil
	case <-timer.C:
		return x, ErrBusy
	case <-ctx.Done():
		return x, ctx.Err()
	case <-stop.Done():
		return x, ErrClosed
	}
}

// enqueue lets t wait, if need be in the place of somebody who is turned away. The caller holds the lock.
func (s *slots) enqueue(t Tenant) (*claim, error) {
	if s.waiting.len >= s.queue {
		other, ok := s.waiting.turnAway(t)
		if !ok {
			return nil, ErrBusy
		}
		other.lent <- nil
	}
	c := &claim{lent: make(chan *slot, 1)}
	s.waiting.push(t, c)
	return c, nil
}

// leave takes a claim back, with what it was lent in the same moment.
func (s *slots) leave(c *claim) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting.remove(c) {
		return
	}
	if lent := <-c.lent; lent != nil {
		s.takeBack(lent)
	}
}

// lend hands a slot out. The caller holds the lock.
func (s *slots) lend() *slot {
	lent := &slot{of: s, since: time.Now()}
	s.lent = append(s.lent, lent)
	return lent
}

// takeBack takes a slot back and lends it to the next in turn. The caller holds the lock.
func (s *slots) takeBack(lent *slot) {
	if lent.back {
		return
	}
	lent.back = true
	s.lent = slices.DeleteFunc(s.lent, func(other *slot) bool { return other == lent })
	if s.waiting.len == 0 {
		s.free++
		return
	}
	s.waiting.next().lent <- s.lend()
	s.setAlarm()
}

// setAlarm wakes endSlices when the slice of the longest lent slot is over, if somebody waits for that. The caller holds
// the lock.
func (s *slots) setAlarm() {
	if s.waiting.len > 0 && len(s.lent) > 0 {
		s.alarm.Reset(time.Until(s.lent[0].since.Add(s.slice)))
	} else {
		s.alarm.Stop()
	}
}

// endSlices takes back what has been lent for a slice and somebody waits for.
func (s *slots) endSlices() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.waiting.len > 0 && len(s.lent) > 0 && time.Since(s.lent[0].since) >= s.slice {
		s.takeBack(s.lent[0])
	}
	s.setAlarm()
}

// count is how many slots are lent, and how many callers wait for one.
func (s *slots) count() (lent, waiting int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.lent), s.waiting.len
}

// tenants is how many tenants wait.
func (s *slots) tenants() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting.lines)
}

// full says whether every slot is lent.
func (s *slots) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.free == 0
}

// giveBack ends the loan. It may be called again, and for no slot at all.
func (l *slot) giveBack() {
	if l == nil {
		return
	}
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	l.of.takeBack(l)
}

// weight is the CPU weight of the run that was lent the slot.
func (l *slot) weight() int64 {
	if l.held() {
		return slotWeight
	}
	return noSlotWeight
}

// held says whether the slot has not come back yet.
func (l *slot) held() bool {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	return !l.back
}
