// Package breaker keeps us from trying again and again what fails: making cells while Podman does not answer.
//
// After some failures in a row it opens: for a while whoever asks is refused at once, and need not wait for a timeout of their own.
// Then one may try. If that succeeds all may again; if not, it is open for another while. What it stands in front of runs outside
// of any lock, as often at a time as it is asked for while the breaker is closed. No goroutine and no timer is its own: it goes
// from open to probing when somebody asks.
package breaker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"
)

// State is whether anybody may try.
type State string

// The states.
const (
	Closed  State = "closed"  // everybody may
	Open    State = "open"    // nobody may
	Probing State = "probing" // one may
)

var states = map[gobreaker.State]State{
	gobreaker.StateClosed: Closed, gobreaker.StateOpen: Open, gobreaker.StateHalfOpen: Probing,
}

// Options configure a Breaker. Zero means the default.
type Options struct {
	Failures uint32           // in a row, until it opens; 3
	Cool     time.Duration    // how long it is open before somebody may try; 10 s
	Neutral  func(error) bool // errors that neither count as a failure nor end a row of them: what was asked for is at fault; none

	// OnChange is told of each change once, in order. It must not use the Breaker: it is called within its lock. May be nil.
	OnChange func(from, to State, cause error) // cause: the failure that opened it; nil unless to is Open
}

// Breaker stands in front of something that can fail for a while. It is safe for concurrent use.
type Breaker struct {
	o  Options
	cb *gobreaker.CircuitBreaker[struct{}]

	mu     sync.Mutex
	opened time.Time // for the last time
	cause  error     // of the last failure
}

// errNeutral stands for what is neither a success nor a failure.
var errNeutral = errors.New("neutral")

// New makes a Breaker that is closed.
func New(o Options) *Breaker {
	o.Failures, o.Cool = cmp.Or(o.Failures, 3), cmp.Or(o.Cool, 10*time.Second)
	b := &Breaker{o: o}
	b.cb = gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:       o.Cool,
		ReadyToTrip:   func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= o.Failures },
		IsExcluded:    func(err error) bool { return errors.Is(err, errNeutral) },
		OnStateChange: func(_ string, from, to gobreaker.State) { b.changed(states[from], states[to]) },
	})
	return b
}

// State is whether anybody may try now.
func (b *Breaker) State() State { return states[b.cb.State()] }

// Do calls f, or returns an *OpenError at once. An error of f comes back as it is. It counts as a failure, unless it is Neutral, or
// the context has been cancelled: who leaves says nothing about f. A context whose deadline has passed does: f took too long.
func (b *Breaker) Do(ctx context.Context, f func(context.Context) error) (err error) {
	tried := false
	_, _ = b.cb.Execute(func() (struct{}, error) {
		tried = true
		err = f(ctx)
		return struct{}{}, b.judge(ctx, err)
	})
	if !tried {
		return b.refusal()
	}
	return err
}

// judge is what an error of f counts as.
func (b *Breaker) judge(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled), b.o.Neutral != nil && b.o.Neutral(err):
		return errNeutral
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cause = err
	return err
}

func (b *Breaker) changed(from, to State) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var cause error
	if to == Open {
		b.opened, cause = time.Now(), b.cause
	}
	if b.o.OnChange != nil {
		b.o.OnChange(from, to, cause)
	}
}

// OpenError says that nothing was tried.
type OpenError struct {
	RetryAfter time.Duration // when trying may be of use again; at least 1 s
	Cause      error         // the last failure
}

func (e *OpenError) Error() string { return fmt.Sprintf("not tried again yet: %v", e.Cause) }

// Unwrap is the last failure: who is refused for it is told what they would be told of it.
func (e *OpenError) Unwrap() error { return e.Cause }

// refusal is what is said to who may not try. While somebody else does, nobody knows how long it takes.
func (b *Breaker) refusal() *OpenError {
	b.mu.Lock()
	defer b.mu.Unlock()
	return &OpenError{RetryAfter: max(b.o.Cool-time.Since(b.opened), time.Second), Cause: b.cause}
}
