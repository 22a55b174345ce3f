package quota

import (
	"context"
	"fmt"
	"math"
	"time"
)

// Codes of refusals (design, 6).
const (
	CodeUserBlocked    = "user_blocked"
	CodeAddressBlocked = "address_blocked"
	CodeQuarantined    = "quarantined"
	CodeRate           = "rate_limit_exceeded"
	CodeConcurrent     = "concurrent_limit_exceeded"
	CodeHourly         = "hourly_limit_exceeded"
	CodePort           = "port_not_allowed"
	CodeUnavailable    = "admission_unavailable" // the store failed, and the tier is denied then
)

// Decision is whether a request may pass, and all that is told about it.
type Decision struct {
	Allowed bool
	Delay   time.Duration // how long it waits before it goes on, when it is allowed
	Code    string        // of the refusal
	Reason  string        // for the user, when it is refused

	Policy     string // the limit that speaks, as headers name it; empty when there is none to speak of
	Limit      int64  // what there is of it: in Window, or at a time when that is 0
	Window     time.Duration
	Remaining  int64         // what can be had right now
	Reset      time.Duration // until there is more of it; 0 when there can't be, or nobody knows
	RetryAfter time.Duration // when it is refused: when to come back; 0 when that is of no use

	Events []Event // to be recorded
}

// Event is something odd that is to be recorded, in the words of the anomaly log (design, 6).
type Event struct {
	Type    string
	Subject Subject
	Details map[string]any // values that JSON has
}

// Types of events.
const (
	UnauthorizedAccess      = "UNAUTHORIZED_ACCESS"
	RateLimitExceeded       = "RATE_LIMIT_EXCEEDED"
	ConcurrentLimitExceeded = "CONCURRENT_LIMIT_EXCEEDED"
	HourlyLimitExceeded     = "HOURLY_LIMIT_EXCEEDED"
	RapidRestart            = "RAPID_RESTART"
	BurstDetected           = "BURST_DETECTED"
	AddressBlocked          = "ADDRESS_BLOCKED"
	Quarantined             = "QUARANTINED"
)

// Request is what is decided about.
type Request struct {
	Subject  Subject
	Terms    Terms
	Category Category
	Cost     int64 // tokens; 0 is 1. A batch costs one for each of its runs
	Service  bool  // it starts a service, not a plain run
	Port     int   // that the service would have; 0 is none
}

// policies of what is not a category's bucket.
const (
	policyAddress    = "address"
	policyConcurrent = "concurrent"
	policyStarts     = "starts"
)

// busyRetry is when who has too much running may come back: nobody knows when something of it ends.
const busyRetry = time.Second

// Rate decides whether a request may be looked at: not when its user is blocked, or out for abuse, or has no tokens left. It spends
// tokens when it allows, and nothing else. It comes first: it guards all that costs more.
func (q *Quota) Rate(ctx context.Context, r Request) Decision {
	rate := q.rate(r)
	if r.Terms.Blocked {
		d := refuse(CodeUserBlocked, blockedText(r.Terms.BlockedReason), 0).of(string(r.Category), rate.PerMinute, time.Minute)
		return q.alert(ctx, d, r.Subject, UnauthorizedAccess, map[string]any{"reason": d.Reason})
	}
	cost := max(r.Cost, 1)
	s, err := q.o.Store.Spend(ctx, string(r.Subject), Spending{
		Bucket: string(r.Category), Rate: rate, Cost: min(cost, rate.Most()+1)}) // any more is never there either
	if err != nil {
		return q.failed(r)
	}
	d := q.o.Abuse.rated(r.Subject, string(r.Category), rate, cost, s)
	switch d.Code {
	case CodeUserBlocked:
		d = q.alert(ctx, d, r.Subject, UnauthorizedAccess, map[string]any{"reason": d.Reason})
	case CodeRate:
		d = q.alert(ctx, d, r.Subject, RateLimitExceeded, map[string]any{
			"limit": d.Limit, "cost": cost, "category": string(r.Category), "tier": string(r.Terms.Tier)})
		if d.RetryAfter > 0 { // else it is no burst, but a batch too large
			d.Events = append(d.Events, q.Signal(ctx, r.Subject, r.Terms, RateBurst, "")...)
		}
	}
	return d
}

// rate is the bucket of a request's category. No burst is more than there is in a minute.
func (q *Quota) rate(r Request) Rate {
	times := max(q.o.Times[r.Category], 1)
	perMinute := r.Terms.Limits.RequestsPerMinute * times
	return Rate{PerMinute: perMinute, Burst: min(q.o.Burst*times, perMinute)}
}

// rated is what a Spend comes to.
func (o AbuseOptions) rated(s Subject, policy string, rate Rate, cost int64, spent Spent) Decision {
	var d Decision
	switch {
	case spent.Known.Block.For > 0:
		d = refusedBlocked(s, spent.Known.Block)
	case spent.OK:
		d = Decision{Allowed: true, Delay: o.delay(spent.Known), Remaining: spent.Remaining, Reset: spent.Reset}
	case spent.Retry > 0:
		d = refuse(CodeRate, "Rate limit exceeded. Try again in "+wait(spent.Retry)+".", spent.Retry)
		d.Remaining, d.Reset = spent.Remaining, spent.Reset
	default:
		never := fmt.Sprintf("Rate limit exceeded. This costs %d requests at once, and there are never more than %d.", cost, rate.Most())
		d = refuse(CodeRate, never, 0)
		d.Remaining, d.Reset = spent.Remaining, spent.Reset
	}
	return d.of(policy, rate.PerMinute, time.Minute)
}

// Admit decides whether a request may run: not when too much of its user runs, has been started within the hour, or its port is not
// on the list, in this order; but where both the first two refuse, the one that lasts longer speaks. When it allows it gives a
// lease, which is to be released; when it refuses it takes nothing.
func (q *Quota) Admit(ctx context.Context, r Request) (Decision, *Lease) {
	rv := Reservation{Lease: q.newLease(), TTL: q.o.LeaseTTL, Most: r.Terms.Limits.Concurrent}
	if r.Service || q.o.CountRuns {
		rv.Starts = Window{Length: q.o.Window, Most: r.Terms.Limits.ServicesPerHour}
	}
	port := r.Terms.Limits.Allows(r.Port)
	if !port {
		rv.Lease = "" // it will be refused, but what comes before says so first
	}
	res, err := q.o.Store.Reserve(ctx, string(r.Subject), rv)
	var d Decision
	switch {
	case err != nil && port:
		q.giveBack(ctx, r.Subject, rv.Lease, true) // the store may have heard, and only its answer is missing
		d, rv.Lease = q.failed(r), ""
	case err == nil && !res.OK || port:
		d = admitted(r, rv, res)
	default:
		d = refuse(CodePort, fmt.Sprintf("Port %d is not allowed", r.Port), 0).
			record(r.Subject, UnauthorizedAccess, map[string]any{"port": r.Port})
	}
	if !d.Allowed {
		return d, nil
	}
	return d, q.hold(r.Subject, rv.Lease)
}

// admitted is what a Reserve comes to.
func admitted(r Request, rv Reservation, res Reserved) Decision {
	starts := func(d Decision) Decision {
		d.Remaining, d.Reset = max(0, rv.Starts.Most-res.Started), res.Reset
		return d.of(policyStarts, rv.Starts.Most, rv.Starts.Length)
	}
	switch {
	case res.Retry > 0:
		details := map[string]any{"tier": string(r.Terms.Tier), "started": res.Started, "limit": rv.Starts.Most}
		return starts(refuse(CodeHourly, fmt.Sprintf("Hourly service limit reached (%d/%d)", res.Started, rv.Starts.Most), res.Retry)).
			record(r.Subject, HourlyLimitExceeded, details)
	case res.Full:
		return refuse(CodeConcurrent, fmt.Sprintf("Concurrent service limit reached (%d/%d)", res.Held, rv.Most), busyRetry).
			of(policyConcurrent, rv.Most, 0).
			record(r.Subject, ConcurrentLimitExceeded,
				map[string]any{"tier": string(r.Terms.Tier), "running": res.Held, "limit": rv.Most})
	}
	d := Decision{Allowed: true, Remaining: max(0, rv.Most-res.Held)}
	if rv.Starts.Most > 0 && rv.Starts.Most-res.Started < d.Remaining {
		return starts(d)
	}
	return d.of(policyConcurrent, rv.Most, 0)
}

// failed is what becomes of a request that the store could not be asked about. No limit speaks: nobody knows what is left.
func (q *Quota) failed(r Request) Decision {
	reads := r.Category == Read || r.Category == Admin
	if reads || q.o.Failure[r.Terms.Tier] == Allow {
		return Decision{Allowed: true}
	}
	return refuse(CodeUnavailable, "It can't be told right now whether this may run. Try again in "+wait(failedRetry)+".", failedRetry)
}

// failedRetry is when to come back when the store has failed.
const failedRetry = 5 * time.Second

func refuse(code, reason string, after time.Duration) Decision {
	return Decision{Code: code, Reason: reason, RetryAfter: after, Reset: after}
}

// refusedBlocked is the refusal of who is out for a while.
func refusedBlocked(s Subject, b Block) Decision {
	switch {
	case b.Reason == quarantine:
		return refuse(CodeQuarantined, "Too much that looks like abuse. Try again in "+wait(b.For)+".", b.For)
	case s.isUser():
		return refuse(CodeUserBlocked, blockedText(b.Reason), b.For)
	default:
		return refuse(CodeAddressBlocked, "This address is blocked: "+b.Reason+". Try again in "+wait(b.For)+".", b.For)
	}
}

func blockedText(reason string) string {
	if reason == "" {
		return "User is blocked"
	}
	return "User is blocked: " + reason
}

// of says which limit speaks.
func (d Decision) of(policy string, limit int64, window time.Duration) Decision {
	d.Policy, d.Limit, d.Window = policy, limit, window
	return d
}

func (d Decision) record(s Subject, kind string, details map[string]any) Decision {
	d.Events = append(d.Events, Event{Type: kind, Subject: s, Details: details})
	return d
}

// wait is a time as people say it: in whole seconds, or minutes from two on.
func wait(d time.Duration) string {
	if d > 2*time.Minute {
		return fmt.Sprintf("%.0f min", math.Ceil(d.Minutes()))
	}
	return fmt.Sprintf("%d s", seconds(d))
}

// seconds are whole, rounded up: who comes back then is not too early.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }
