package quota

import (
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
)

// Lease is the right to run. Whoever is given one releases it, whatever becomes of the run.
type Lease struct {
	q       *Quota
	subject Subject
	id      string // empty: the store was not there to give one
}

// Release gives the lease back. Only the first Release or Undo does anything.
func (l *Lease) Release(ctx context.Context) { l.q.release(ctx, l, false) }

// Undo gives the lease back and the start with it: nothing was started.
func (l *Lease) Undo(ctx context.Context) { l.q.release(ctx, l, true) }

func (q *Quota) release(ctx context.Context, l *Lease, undo bool) {
	if q.drop(l) {
		q.giveBack(ctx, l.subject, l.id, undo)
	}
}

// giveBack tells the store that a lease is over, also when the client has gone. A lease it can't be told of expires.
func (q *Quota) giveBack(ctx context.Context, s Subject, id string, undo bool) {
	_ = q.o.Store.Release(context.WithoutCancel(ctx), string(s), id, undo)
}

// newLease is an id that no other lease has: this Quota's name and a number.
func (q *Quota) newLease() string {
	return q.name + strconv.FormatUint(q.leases.Add(1), 36)
}

// hold is a lease that is renewed from now on.
func (q *Quota) hold(s Subject, id string) *Lease {
	l := &Lease{q: q, subject: s, id: id}
	if id != "" {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.held[l] = struct{}{}
	}
	return l
}

// drop lets a lease go, and reports whether it was held.
func (q *Quota) drop(l *Lease) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	_, held := q.held[l]
	delete(q.held, l)
	return held
}

// renew renews all leases.
func (q *Quota) renew(ctx context.Context) {
	q.mu.Lock()
	held := slices.Collect(maps.Keys(q.held))
	q.mu.Unlock()
	for _, l := range held {
		alive, err := q.o.Store.Renew(ctx, string(l.subject), l.id, q.o.LeaseTTL)
		if err == nil && !alive {
			q.retake(ctx, l)
		}
	}
}

// retake takes a lease that the store has lost, or that this process slept through, once more and whatever the limit: what runs is
// counted. It may have been released by now; then it is given back.
func (q *Quota) retake(ctx context.Context, l *Lease) {
	whatever := Reservation{Lease: l.id, TTL: q.o.LeaseTTL, Most: math.MaxInt32}
	_, err := q.o.Store.Reserve(ctx, string(l.subject), whatever)
	q.mu.Lock()
	_, held := q.held[l]
	q.mu.Unlock()
	if err == nil && !held {
		q.giveBack(ctx, l.subject, l.id, false)
	}
}

// Held is how many leases this node holds.
func (q *Quota) Held() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.held)
}
