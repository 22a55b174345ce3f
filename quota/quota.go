// Package quota decides who may run what, how often and how many at once, and what becomes of those who keep trying.
//
// A request goes through Gate when nobody knows whose it is (one bucket for each address), through Rate before anything is done for
// it (blocked? slowed? tokens?) and through Admit before it runs (how many at once, starts in the hour, port). Each asks the Store
// once, and answers with a Decision: a value, with all that clients and admins are told. Nothing is logged here and HTTP is unknown
// but for the names of header fields.
//
// What is admitted holds a Lease. Run renews all leases that are held; a lease is released once, by whoever was given it, and
// expires by itself when the process dies.
//
// What speaks against a subject is told by Signal, adds up for some minutes, and slows the subject down or keeps it out for a
// while. A subject is a user where there is one, and an address only where there is none: nobody pays for a neighbour.
package quota

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Subject is whoever limits are for: a user, or the address of somebody nobody knows.
type Subject string

// User is a user by id.
func User(id string) Subject { return Subject("user:" + id) }

// Address is an address: IPv6 by its /64, which is what one customer has; IPv4 in IPv6's clothes as IPv4.
func Address(a netip.Addr) Subject {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		p, _ := a.Prefix(64) // there is one of every IPv6 address
		return Subject("addr:" + p.String())
	}
	return Subject("addr:" + a.String())
}

// Category is a kind of endpoint. Each has a bucket of its own.
type Category string

// The categories.
const (
	Run   Category = "run"
	REPL  Category = "repl"
	Read  Category = "read"
	Admin Category = "admin"
)

// OnFailure is what becomes of a request that the store can't be asked about.
type OnFailure string

// The ways to fail.
const (
	Allow OnFailure = "allow"
	Deny  OnFailure = "deny"
)

// Options configure a Quota. Zero values mean the defaults, which are those of issue 5 where it has one.
type Options struct {
	Store     Store              // required; in a Steady when it can fail
	Tiers     Tiers              // limits by tier; DefaultTiers
	Burst     int64              // tokens of a full bucket; 10
	Times     map[Category]int64 // a category's rate and burst, in those of a tier; run and repl 1, admin 6, read 10
	Window    time.Duration      // in which service starts are counted; 1 h
	LeaseTTL  time.Duration      // how long a lease outlives its process; 60 s. Renewed each third of it
	CountRuns bool               // plain runs are service starts too
	Failure   map[Tier]OnFailure // of runs, when the store fails: FREE deny, all others allow. What only reads is allowed
	Gate      GateOptions
	Abuse     AbuseOptions
}

// Quota decides. It is safe for concurrent use.
type Quota struct {
	o Options

	name   string // in front of its leases' ids
	leases atomic.Uint64

	mu   sync.Mutex
	held map[*Lease]struct{}
}

// New makes a Quota. The error names every option that is wrong.
func New(o Options) (*Quota, error) {
	o.Burst = cmp.Or(o.Burst, 10)
	o.Window = cmp.Or(o.Window, time.Hour)
	o.LeaseTTL = cmp.Or(o.LeaseTTL, time.Minute)
	if o.Tiers == nil {
		o.Tiers = DefaultTiers()
	}
	o.Times = over(map[Category]int64{Run: 1, REPL: 1, Admin: 6, Read: 10}, o.Times)
	o.Failure = over(map[Tier]OnFailure{Free: Deny, Basic: Allow, Pro: Allow, Enterprise: Allow}, o.Failure)
	o.Gate.fill()
	o.Abuse.fill()
	q := &Quota{o: o, name: rand.Text() + "-", held: map[*Lease]struct{}{}}
	return q, errors.Join(o.wrong()...)
}

func over[K comparable, V any](base, own map[K]V) map[K]V {
	for k, v := range own {
		base[k] = v
	}
	return base
}

// wrong is every option that can't be.
func (o *Options) wrong() []error {
	var errs []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf("quota: "+format, args...))
		}
	}
	bad(o.Store == nil, "Store is missing")
	bad(o.Burst < 1 || o.Burst > maxBurst, "Burst: %d is not between 1 and %d", o.Burst, maxBurst)
	bad(o.Window <= 0, "Window: %s is no time", o.Window)
	bad(o.LeaseTTL < time.Second, "LeaseTTL: %s is less than 1 s", o.LeaseTTL)
	for c, n := range o.Times {
		bad(n < 1 || n > maxTimes, "Times: %s: %d is not between 1 and %d", c, n, maxTimes)
	}
	for tier, f := range o.Failure {
		bad(tier.Rank() < 0, "Failure: %s %s", tier, noTier)
		bad(f != Allow && f != Deny, "Failure: %s: %q is neither allow nor deny", tier, f)
	}
	for _, e := range o.Tiers.Validate() {
		errs = append(errs, fmt.Errorf("quota: Tiers: %w", e))
	}
	o.Gate.wrong(bad)
	o.Abuse.wrong(bad)
	return errs
}

// Bounds that keep buckets within 53 bits, in which some stores count: 10^5 tokens times 10^2 in units of 1/(6*10^7).
const (
	maxBurst = 1000
	maxTimes = 100
)

// Tiers are the limits in force.
func (q *Quota) Tiers() Tiers { return q.o.Tiers }

// Run renews leases until its context ends. What is still held then expires, unless it is released.
func (q *Quota) Run(ctx context.Context) {
	tick := time.NewTicker(q.o.LeaseTTL / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			q.renew(ctx)
		}
	}
}
