package quota

import (
	"context"
	"time"
)

// Store keeps what is spent, held and known, for one node in memory or for several in Redis. Every verb is one decision: atomic,
// exact among any number of callers, and one round trip. Time is the store's own, in whole microseconds: nodes whose clocks
// disagree get the same answers. What is over at a moment is over at that moment: a ttl of 60 s has ended when 60 s have passed.
//
// A subject is whoever limits are for: a user or an address (Subject). All that is kept about one lies together, so that a verb
// touches one subject only; Hit and First have keys of their own. What nobody has touched for long may be forgotten, but a held
// lease never.
//
// A Store's errors are failures of the store, never refusals; what becomes of a request then is its caller's to say (OnFailure).
type Store interface {
	// Spend takes the cost from one of a subject's buckets, or nothing of it. A bucket that nobody has touched is full. A blocked
	// subject spends nothing, and is not counted.
	Spend(ctx context.Context, subject string, s Spending) (Spent, error)

	// Reserve takes a lease, and counts a start when there is a limit for starts: both or neither.
	Reserve(ctx context.Context, subject string, r Reservation) (Reserved, error)

	// Renew lets a lease live for another ttl. It reports whether the lease was still alive: what has expired is not given back.
	Renew(ctx context.Context, subject, lease string, ttl time.Duration) (alive bool, err error)

	// Release gives a lease back. Its start stays counted, unless nothing was started: undo. Releasing what has expired, or has been
	// released, does nothing.
	Release(ctx context.Context, subject, lease string, undo bool) error

	// Hit counts one event in a window that slides, and returns how many there are in it, this one included: w.Most+1 stands for
	// any more.
	Hit(ctx context.Context, key string, w Window) (int64, error)

	// Signal adds to what is known against a subject, and returns that.
	Signal(ctx context.Context, subject string, s Signal) (Known, error)

	// Known is what is known against a subject.
	Known(ctx context.Context, subject string) (Known, error)

	// Suspects are those that something is known against, at most so many: highest score first, then who is blocked for longest.
	Suspects(ctx context.Context, most int) ([]Known, error)

	// Block blocks a subject until ttl is over, in place of any block before; a ttl of 0 ends the block.
	Block(ctx context.Context, subject, reason string, ttl time.Duration) error

	// First reports whether nobody has asked for this key within ttl: what must be said only once. Asking again prolongs nothing.
	First(ctx context.Context, key string, ttl time.Duration) (bool, error)
}

// Spending asks for tokens.
type Spending struct {
	Bucket string   // which of the subject's buckets; a category of endpoint
	Rate   Rate     // how it fills
	Cost   int64    // tokens, 0 to only look; what costs more than Rate.Most is refused at any time
	Watch  []Window // windows that this call is counted in, whatever becomes of it
}

// Rate is how often: a token bucket, or a window that slides.
type Rate struct {
	PerMinute int64 // tokens that come back in a minute, evenly
	Burst     int64 // tokens a full bucket has
	Sliding   bool  // no bucket: at most PerMinute tokens in any minute; Burst is not looked at
}

// Most is how many tokens there can be at once.
func (r Rate) Most() int64 {
	if r.Sliding {
		return r.PerMinute
	}
	return r.Burst
}

// Window is a number of events in a time that slides along with the clock: those younger than Length.
type Window struct {
	Length time.Duration
	Most   int64 // beyond which nobody needs to know how many there are
}

// Spent is what became of a Spend. Times are rounded up. For a blocked subject only Known is filled in.
type Spent struct {
	OK        bool
	Remaining int64         // tokens left
	Retry     time.Duration // until the cost is there; 0 when OK, when blocked, and when it never will be
	Reset     time.Duration // until there is one token more; 0 when the bucket is full, or the window empty
	Seen      []int64       // events in each window of Watch, this one included; Most+1 stands for any more
	Known     Known         // what is known against the subject, without Signals
}

// Reservation asks for a lease.
type Reservation struct {
	Lease  string        // its id, the caller's own and unique; empty only looks whether there would be one
	TTL    time.Duration // how long it lives when it is not renewed
	Most   int64         // leases at a time
	Starts Window        // starts allowed in a window; Most is 0 when this is no start
}

// Reserved is what became of a Reserve. Both limits may refuse at once.
type Reserved struct {
	OK      bool
	Full    bool          // too many leases are held
	Held    int64         // leases held, a new one included
	Started int64         // starts in the window, a new one included; 0 when this is no start
	Retry   time.Duration // until a start is allowed again; 0 when starts do not refuse
	Reset   time.Duration // until the oldest start in the window is forgotten; 0 when there is none
}

// Signal is one thing that speaks against a subject.
type Signal struct {
	Kind   string
	Weight int64         // thousandths
	TTL    time.Duration // how long it counts
}

// Certain is the most that can be known against a subject: 1, in thousandths.
const Certain = 1000

// MaxSignals is how many signals of one subject count, the youngest ones.
const MaxSignals = 100

// Known is what is known against a subject.
type Known struct {
	Subject string
	Score   int64            // sum of the signals' weights that count, at most Certain
	Signals map[string]int64 // how many of each kind count
	Block   Block
}

// Block is whether a subject is blocked.
type Block struct {
	Reason string
	For    time.Duration // what is left of it; 0 when there is none
}
