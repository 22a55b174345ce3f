package quota

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrUnavailable is that a store has failed a moment ago and is not asked again yet.
var ErrUnavailable = errors.New("the store of limits is not available")

// SteadyOptions configure a Steady. Zero values mean the defaults.
type SteadyOptions struct {
	Store   Store            // required
	Timeout time.Duration    // how long a verb may take; 250 ms
	Retry   time.Duration    // how long a store that failed is left alone before one call tries it; 500 ms
	Report  func(Episode)    // is told when the store fails and when it is back, not of each call. It must not use the store
	Now     func() time.Time // the clock; time.Now
}

// Episode is a time in which a store failed.
type Episode struct {
	Over   bool
	Err    error         // the first failure; not what a refused call gets
	For    time.Duration // how long it lasted, when it is over
	Failed int64         // calls that got no answer, when it is over
}

// Steady is a store whose failures cost little: no call waits for it longer than Timeout, and while it fails only one call in each
// Retry waits at all. The first that succeeds ends the episode.
type Steady struct {
	o SteadyOptions

	mu     sync.Mutex
	down   bool
	since  time.Time
	next   time.Time // when a call may try again
	failed int64
}

// NewSteady makes a store steady.
func NewSteady(o SteadyOptions) *Steady {
	o.Timeout = cmp.Or(o.Timeout, 250*time.Millisecond)
	o.Retry = cmp.Or(o.Retry, 500*time.Millisecond)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Report == nil {
		o.Report = func(Episode) {}
	}
	return &Steady{o: o}
}

// ask asks the store, if it may be asked.
func ask[V any](ctx context.Context, s *Steady, verb func(context.Context) (V, error)) (V, error) {
	var none V
	if !s.enter() {
		return none, ErrUnavailable
	}
	bound, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	v, err := verb(bound)
	if err != nil && ctx.Err() != nil {
		return none, err // its client has gone: that says nothing of the store
	}
	s.leave(err)
	if err != nil {
		return none, fmt.Errorf("the store of limits: %w", err)
	}
	return v, nil
}

// enter reports whether a call may ask the store: when it is well, or when it is this call's turn to try.
func (s *Steady) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.down {
		return true
	}
	now := s.o.Now()
	if now.Before(s.next) {
		s.failed++
		return false
	}
	s.next = now.Add(s.o.Retry)
	return true
}

// leave notes how a call ended. Reports are made one after the other, in the order of what happened.
func (s *Steady) leave(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.o.Now()
	switch {
	case err != nil && !s.down:
		s.down, s.since, s.failed = true, now, 1
		s.next = now.Add(s.o.Retry)
		s.o.Report(Episode{Err: err})
	case err != nil:
		s.failed++
	case s.down:
		s.down = false
		s.o.Report(Episode{Over: true, For: now.Sub(s.since), Failed: s.failed})
	}
}

// Spend is Store's.
func (s *Steady) Spend(ctx context.Context, subject string, sp Spending) (Spent, error) {
	return ask(ctx, s, func(ctx context.Context) (Spent, error) { return s.o.Store.Spend(ctx, subject, sp) })
}

// Reserve is Store's.
func (s *Steady) Reserve(ctx context.Context, subject string, r Reservation) (Reserved, error) {
	return ask(ctx, s, func(ctx context.Context) (Reserved, error) { return s.o.Store.Reserve(ctx, subject, r) })
}

// Renew is Store's.
func (s *Steady) Renew(ctx context.Context, subject, lease string, ttl time.Duration) (bool, error) {
	return ask(ctx, s, func(ctx context.Context) (bool, error) { return s.o.Store.Renew(ctx, subject, lease, ttl) })
}

// Release is Store's.
func (s *Steady) Release(ctx context.Context, subject, lease string, undo bool) error {
	return s.tell(ctx, func(ctx context.Context) error { return s.o.Store.Release(ctx, subject, lease, undo) })
}

// Hit is Store's.
func (s *Steady) Hit(ctx context.Context, key string, w Window) (int64, error) {
	return ask(ctx, s, func(ctx context.Context) (int64, error) { return s.o.Store.Hit(ctx, key, w) })
}

// Signal is Store's.
func (s *Steady) Signal(ctx context.Context, subject string, sig Signal) (Known, error) {
	return ask(ctx, s, func(ctx context.Context) (Known, error) { return s.o.Store.Signal(ctx, subject, sig) })
}

// Known is Store's.
func (s *Steady) Known(ctx context.Context, subject string) (Known, error) {
	return ask(ctx, s, func(ctx context.Context) (Known, error) { return s.o.Store.Known(ctx, subject) })
}

// Suspects is Store's. It is asked whatever else happens, and may take its time: that says nothing of how the store is.
func (s *Steady) Suspects(ctx context.Context, most int) ([]Known, error) {
	return s.o.Store.Suspects(ctx, most)
}

// Block is Store's.
func (s *Steady) Block(ctx context.Context, subject, reason string, ttl time.Duration) error {
	return s.tell(ctx, func(ctx context.Context) error { return s.o.Store.Block(ctx, subject, reason, ttl) })
}

// First is Store's.
func (s *Steady) First(ctx context.Context, key string, ttl time.Duration) (bool, error) {
	return ask(ctx, s, func(ctx context.Context) (bool, error) { return s.o.Store.First(ctx, key, ttl) })
}

func (s *Steady) tell(ctx context.Context, verb func(context.Context) error) error {
	_, err := ask(ctx, s, func(ctx context.Context) (struct{}, error) { return struct{}{}, verb(ctx) })
	return err
}
