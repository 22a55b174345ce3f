package sandbox

import (
	"context"
	"slices"
	"sync"
	"time"
)

// slots are the right to run, about one for each core: more programs at a time finish no sooner and make all of them late.
//
// Who finds none free waits, first come first served among a tenant's own and in turns among tenants. A slot comes back when
// its run ends; when the run sleeps (see run.mindSlot); and after a slice when somebody waits. A run without a slot goes on,
// at a fraction of the CPU weight of those that have one. So a waiter's turn comes whatever others run: nobody keeps a slot
// longer than a slice that somebody else could use, and what keeps cores busy for long yields to what is short.
type slots struct {
	queue int           // how many may wait
	wait  time.Duration // how long each
	slice time.Duration

	mu      sync.Mutex
	free    int     // nobody waits while there are any
	lent    []*slot // longest first
	lines   []*line // the tenants that wait, whose turn it is first
	waiting int     // in all lines
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

// line is a tenant's waiting claims, first come first.
type line struct {
	tenant Tenant
	claims []*claim
}

// claim waits for a slot.
type claim struct {
	tenant Tenant
	lent   chan *slot // never blocks whoever sends; nil says that there is no room to wait any more
}

func newSlots(n, queue int, wait time.Duration) *slots {
	s := &slots{queue: queue, wait: wait, slice: slice, free: n}
	s.alarm = time.AfterFunc(time.Hour, s.endSlices)
	s.alarm.Stop()
	return s
}

// get waits for a slot. It returns ErrBusy when that takes too long or too many wait, and ErrClosed once stop is done.
func (s *slots) get(ctx, stop context.Context, t Tenant) (*slot, error) {
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		lent := s.lend()
		s.mu.Unlock()
		return lent, nil
	}
	c := s.enqueue(t)
	s.setAlarm()
	s.mu.Unlock()
	if c == nil {
		return nil, ErrBusy
	}
	timer := time.NewTimer(s.wait)
	defer timer.Stop()
	var err error
	select {
	case lent := <-c.lent:
		if lent == nil {
			return nil, ErrBusy
		}
		return lent, nil
	case <-timer.C:
		err = ErrBusy
	case <-ctx.Done():
		err = ctx.Err()
	case <-stop.Done():
		err = ErrClosed
	}
	s.leave(c)
	return nil, err
}

// enqueue lets t wait. Where too many wait already, it turns away whoever came last of the tenant that has most of them
// waiting, or t itself when it is that tenant: one who asks for much must not be why others are refused. The caller holds
// the lock.
func (s *slots) enqueue(t Tenant) *claim {
	mine := s.lineOf(t)
	if s.waiting >= s.queue && !s.turnAway(mine) {
		return nil
	}
	if mine == nil {
		mine = &line{tenant: t}
		s.lines = append(s.lines, mine)
	}
	c := &claim{tenant: t, lent: make(chan *slot, 1)}
	mine.claims = append(mine.claims, c)
	s.waiting++
	return c
}

func (s *slots) lineOf(t Tenant) *line {
	if i := slices.IndexFunc(s.lines, func(l *line) bool { return l.tenant == t }); i >= 0 {
		return s.lines[i]
	}
	return nil
}

// turnAway makes room for one more in the line mine, and says whether it could.
func (s *slots) turnAway(mine *line) bool {
	length := 0
	if mine != nil {
		length = len(mine.claims)
	}
	var longest *line
	for _, l := range s.lines {
		if longest == nil || len(l.claims) > len(longest.claims) {
			longest = l
		}
	}
	if longest == nil || len(longest.claims) <= length+1 {
		return false
	}
	last := longest.claims[len(longest.claims)-1]
	s.drop(longest, len(longest.claims)-1)
	last.lent <- nil
	return true
}

// drop takes a claim out of its line, and the line away when that was the last. The caller holds the lock.
func (s *slots) drop(l *line, i int) {
	l.claims = slices.Delete(l.claims, i, i+1)
	s.waiting--
	if len(l.claims) == 0 {
		s.lines = slices.DeleteFunc(s.lines, func(other *line) bool { return other == l })
	}
}

// leave takes a claim back, with what it was lent in the same moment.
func (s *slots) leave(c *claim) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.lineOf(c.tenant); l != nil {
		if i := slices.Index(l.claims, c); i >= 0 {
			s.drop(l, i)
			return
		}
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
	if len(s.lines) == 0 {
		s.free++
		return
	}
	next := s.lines[0]
	first := next.claims[0]
	s.lines = append(s.lines[1:], next) // to the back, if there are more
	s.drop(next, 0)
	first.lent <- s.lend()
	s.setAlarm()
}

// setAlarm wakes endSlices when the slice of the longest lent slot is over, if somebody waits for that. The caller holds
// the lock.
func (s *slots) setAlarm() {
	if s.waiting > 0 && len(s.lent) > 0 {
		s.alarm.Reset(time.Until(s.lent[0].since.Add(s.slice)))
	} else {
		s.alarm.Stop()
	}
}

// endSlices takes back what has been lent for a slice and somebody waits for.
func (s *slots) endSlices() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.waiting > 0 && len(s.lent) > 0 && time.Since(s.lent[0].since) >= s.slice {
		s.takeBack(s.lent[0])
	}
	s.setAlarm()
}

// count is how many slots are lent, and how many callers wait for one.
func (s *slots) count() (lent, waiting int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.lent), s.waiting
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
