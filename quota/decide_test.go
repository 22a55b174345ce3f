package quota_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
)

// desk is a Quota over a store in memory, and the clock of both.
type desk struct {
	*quota.Quota
	t     *testing.T
	store *quota.Memory
	clock *clock
	tiers quota.Tiers
}

func newDesk(t *testing.T, change ...func(*quota.Options)) *desk {
	t.Helper()
	c := newClock()
	d := &desk{t: t, clock: c, store: quota.NewMemory(quota.MemoryOptions{Now: c.Now}), tiers: quota.DefaultTiers()}
	o := quota.Options{Store: d.store}
	for _, f := range change {
		f(&o)
	}
	var err error
	d.Quota, err = quota.New(o)
	require.NoError(t, err)
	return d
}

// of is a run of ada's, who has a tier.
func (d *desk) of(tier quota.Tier) quota.Request {
	return quota.Request{Subject: quota.User("ada"), Terms: d.tiers.Terms(quota.Profile{Tier: tier}), Category: quota.Run}
}

func (d *desk) rate(r quota.Request) quota.Decision { return d.Rate(d.t.Context(), r) }

func (d *desk) admit(r quota.Request) (quota.Decision, *quota.Lease) {
	return d.Admit(d.t.Context(), r)
}

// admitted is a run that is let in.
func (d *desk) admitted(r quota.Request) *quota.Lease {
	d.t.Helper()
	got, lease := d.admit(r)
	require.True(d.t, got.Allowed, got.Reason)
	return lease
}

// The tier table: what each tier gets, and what it is told when it wants more.
func TestTiersGetTheirLimits(t *testing.T) {
	for tier, limits := range quota.DefaultTiers() {
		t.Run(string(tier), func(t *testing.T) {
			d := newDesk(t)
			r := d.of(tier)
			var passed int64
			for range 10 {
				if d.rate(r).Allowed {
					passed++
				}
			}
			assert.Equal(t, int64(10), passed, "the burst")
			for range 10 * time.Minute / time.Millisecond / 100 { // every 100 ms of 10 minutes
				d.clock.Advance(100 * time.Millisecond)
				if got := d.rate(r); got.Allowed {
					passed++
				} else {
					require.NoError(t, d.Unblock(t.Context(), r.Subject)) // that asking on is abuse is another test's
				}
			}
			assert.InDelta(t, 10+10*limits.RequestsPerMinute, passed, 1, "the rate")

			held := make([]*quota.Lease, limits.Concurrent)
			for i := range held {
				held[i] = d.admitted(r)
			}
			got, none := d.admit(r)
			full := strconv.FormatInt(limits.Concurrent, 10)
			assert.Equal(t, "Concurrent service limit reached ("+full+"/"+full+")", got.Reason)
			assert.Equal(t, quota.CodeConcurrent, got.Code)
			assert.Nil(t, none)
			held[0].Release(t.Context())
			held[0].Release(t.Context())
			held[0] = d.admitted(r)
			got, _ = d.admit(r)
			assert.False(t, got.Allowed, "a lease is released once")
			for _, l := range held {
				l.Release(t.Context())
			}

			r.Service = true
			for range limits.ServicesPerHour {
				d.admitted(r).Release(t.Context())
			}
			got, _ = d.admit(r)
			hour := strconv.FormatInt(limits.ServicesPerHour, 10)
			assert.Equal(t, "Hourly service limit reached ("+hour+"/"+hour+")", got.Reason)
			assert.Equal(t, quota.CodeHourly, got.Code)
			assert.Equal(t, time.Hour, got.RetryAfter)
			r.Service = false
			d.admitted(r).Release(t.Context())
		})
	}
}

func TestARefusedRate(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Free)
	for left := int64(9); left >= 0; left-- {
		got := d.rate(r)
		assert.Equal(t, quota.Decision{Allowed: true, Policy: "run", Limit: 20, Window: time.Minute, Remaining: left, Reset: 3 * time.Second}, got)
	}
	d.clock.Advance(500 * time.Millisecond)
	got := d.rate(r)
	assert.Equal(t, quota.Decision{
		Code: "rate_limit_exceeded", Reason: "Rate limit exceeded. Try again in 3 s.",
		Policy: "run", Limit: 20, Window: time.Minute, Reset: 2500 * time.Millisecond, RetryAfter: 2500 * time.Millisecond,
		Events: []quota.Event{{Type: "RATE_LIMIT_EXCEEDED", Subject: "user:ada",
			Details: map[string]any{"limit": int64(20), "cost": int64(1), "category": "run", "tier": "FREE"}}},
	}, got)
	assert.Empty(t, d.rate(r).Events, "once a minute is enough for the log")
	d.clock.Advance(got.RetryAfter)
	assert.True(t, d.rate(r).Allowed, "Retry-After keeps its word")
	r.Category = quota.Read
	assert.Equal(t, int64(99), d.rate(r).Remaining, "reading has a bucket of its own, ten times as large")
}

func TestABatchCostsATokenForEachRun(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Free)
	r.Cost = 8
	assert.Equal(t, int64(2), d.rate(r).Remaining)
	got := d.rate(r)
	assert.Equal(t, 18*time.Second, got.RetryAfter)
	assert.Equal(t, int64(2), got.Remaining, "a refusal costs nothing")
	assert.Equal(t, 3*time.Second, got.Reset)
	r.Cost = 11
	got = d.rate(r)
	assert.Equal(t, "Rate limit exceeded. This costs 11 requests at once, and there are never more than 10.", got.Reason)
	assert.Zero(t, got.RetryAfter)
	r.Cost = 1 << 62
	assert.False(t, d.rate(r).Allowed, "no cost is so large that it costs nothing")
	r.Cost = -5
	assert.Equal(t, int64(1), d.rate(r).Remaining)
	known, err := d.Known(t.Context(), r.Subject)
	require.NoError(t, err)
	assert.Equal(t, map[string]int64{"rate_burst": 1}, known.Signals, "a batch too large is no burst")
}

// A burst is never more than there is in a minute: else more would be left than there can be.
func TestASmallRateHasASmallBurst(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Free)
	r.Terms.Limits.RequestsPerMinute = 3
	assert.Equal(t, int64(2), d.rate(r).Remaining)
}

func TestABlockedUser(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Pro)
	r.Terms = d.tiers.Terms(quota.Profile{Tier: quota.Pro, IsBlocked: true, BlockedReason: "unpaid since May"})
	got := d.rate(r)
	assert.False(t, got.Allowed)
	assert.Equal(t, "user_blocked", got.Code)
	assert.Equal(t, "User is blocked: unpaid since May", got.Reason)
	assert.Zero(t, got.RetryAfter)
	assert.Equal(t, []quota.Event{{Type: "UNAUTHORIZED_ACCESS", Subject: "user:ada",
		Details: map[string]any{"reason": "User is blocked: unpaid since May"}}}, got.Events)
	r.Terms.Blocked = false
	assert.Equal(t, int64(9), d.rate(r).Remaining, "a refusal spends nothing")
}

// The order of issue 5, each limit exhausted: user blocked, rate, concurrent, starts, port. What comes first speaks, but of
// concurrent and starts the one that lasts longer.
func TestTheOrderOfChecks(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Free)
	r.Service, r.Port = true, 22
	r.Terms.Limits.AllowedPorts = []int{8080}
	got, _ := d.admit(r)
	assert.Equal(t, "port_not_allowed", got.Code)
	assert.Equal(t, "Port 22 is not allowed", got.Reason)
	assert.Equal(t, "UNAUTHORIZED_ACCESS", got.Events[0].Type)

	r.Port = 8080
	held := []*quota.Lease{d.admitted(r), d.admitted(r)}
	r.Port = 22
	got, _ = d.admit(r)
	assert.Equal(t, quota.CodeConcurrent, got.Code, "before the port")
	assert.Equal(t, quota.Event{Type: "CONCURRENT_LIMIT_EXCEEDED", Subject: "user:ada",
		Details: map[string]any{"tier": "FREE", "running": int64(2), "limit": int64(2)}}, got.Events[0])

	r.Port = 8080
	for range 3 {
		held[0].Release(t.Context())
		held[0] = d.admitted(r)
	}
	got, _ = d.admit(r)
	assert.Equal(t, quota.CodeHourly, got.Code, "both are reached, and this one lasts longer")
	assert.Equal(t, quota.Event{Type: "HOURLY_LIMIT_EXCEEDED", Subject: "user:ada",
		Details: map[string]any{"tier": "FREE", "started": int64(5), "limit": int64(5)}}, got.Events[0])

	for range 10 {
		assert.True(t, d.rate(r).Allowed)
	}
	assert.Equal(t, quota.CodeRate, d.rate(r).Code)
	r.Terms.Blocked = true
	assert.Equal(t, quota.CodeUserBlocked, d.rate(r).Code)
}

func TestARefusalSpendsNothing(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Free)
	r.Service, r.Port = true, 22
	r.Terms.Limits.AllowedPorts = []int{8080}
	for range 20 {
		got, lease := d.admit(r)
		require.False(t, got.Allowed)
		require.Nil(t, lease)
	}
	r.Port = 0
	first := d.admitted(r)
	second := d.admitted(r)
	for range 20 {
		got, _ := d.admit(r)
		require.Equal(t, quota.CodeConcurrent, got.Code)
	}
	first.Undo(t.Context())
	second.Release(t.Context())
	for range 4 {
		d.admitted(r).Release(t.Context())
	}
	got, _ := d.admit(r)
	assert.Equal(t, quota.CodeHourly, got.Code, "one of six was undone")
	assert.Zero(t, d.Held())
}

func TestRunsCountAsStartsWhenTheyAreTo(t *testing.T) {
	d := newDesk(t, func(o *quota.Options) { o.CountRuns = true })
	r := d.of(quota.Free)
	for range 5 {
		d.admitted(r).Release(t.Context())
		d.clock.Advance(time.Minute)
	}
	got, _ := d.admit(r)
	assert.Equal(t, quota.CodeHourly, got.Code)
	assert.Equal(t, 55*time.Minute, got.RetryAfter)
	assert.Equal(t, 55*time.Minute, got.Reset)
	d.clock.Advance(got.RetryAfter)
	d.admitted(r)
}

// The whole way, by 200 at once: what comes through is what there is.
func TestAdmissionIsExactAmong200(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Pro)
	r.Service = true
	var wg sync.WaitGroup
	var mu sync.Mutex
	rated, running := 0, 0
	for range 200 {
		wg.Go(func() {
			asked := r
			asked.Category = quota.Read // a bucket of 100
			allowed := d.rate(asked).Allowed
			got, _ := d.admit(r)
			mu.Lock()
			defer mu.Unlock()
			if allowed {
				rated++
			}
			if got.Allowed {
				running++
			}
		})
	}
	wg.Wait()
	assert.Equal(t, 100, rated)
	assert.Equal(t, 10, running)
	assert.Equal(t, 10, d.Held())
}

func TestOptionsThatCannotBe(t *testing.T) {
	_, err := quota.New(quota.Options{
		Burst: -1, LeaseTTL: time.Millisecond, Window: -1, Times: map[quota.Category]int64{quota.Run: 0},
		Failure: map[quota.Tier]quota.OnFailure{"GOLD": quota.Allow, quota.Free: "perhaps"}, Tiers: quota.Tiers{},
		Gate: quota.GateOptions{Rate: quota.Rate{PerMinute: 1, Burst: 2}, Offences: []quota.Window{{}}, BlockFor: -1},
		Abuse: quota.AbuseOptions{SlowFrom: 0.9, Window: -1,
			Signals: map[quota.Kind]quota.Sign{quota.RateBurst: {Weight: 2}}},
	})
	for _, field := range []string{"Store", "Burst", "LeaseTTL", "Window", "Times: run", "Failure: GOLD", "Failure: FREE", "Tiers: PRO",
		"Gate.Rate", "Gate.Offences", "Gate.BlockFor", "Abuse: SlowFrom", "Abuse: a time", "Abuse.Signals: rate_burst"} {
		assert.ErrorContains(t, err, "quota: "+field)
	}
}

// broken is a store that fails.
type broken struct{ quota.Store }

var errBroken = errors.New("no connection")

func (broken) Spend(context.Context, string, quota.Spending) (quota.Spent, error) {
	return quota.Spent{}, errBroken
}

func (broken) Reserve(context.Context, string, quota.Reservation) (quota.Reserved, error) {
	return quota.Reserved{}, errBroken
}

func (broken) Release(context.Context, string, string, bool) error { return errBroken }

func (broken) First(context.Context, string, time.Duration) (bool, error) { return false, errBroken }

func (broken) Signal(context.Context, string, quota.Signal) (quota.Known, error) {
	return quota.Known{}, errBroken
}

func TestWhenTheStoreFails(t *testing.T) {
	d := newDesk(t, func(o *quota.Options) {
		o.Store = broken{}
		o.Failure = map[quota.Tier]quota.OnFailure{quota.Basic: quota.Deny}
	})
	for tier, allowed := range map[quota.Tier]bool{quota.Free: false, quota.Basic: false, quota.Pro: true, quota.Enterprise: true} {
		r := d.of(tier)
		got := d.rate(r)
		assert.Equal(t, allowed, got.Allowed, tier)
		run, lease := d.admit(r)
		assert.Equal(t, allowed, run.Allowed, tier)
		if allowed {
			lease.Release(t.Context()) // there is none to give back, and nothing to say about it
			continue
		}
		assert.Equal(t, "admission_unavailable", run.Code)
		assert.Positive(t, run.RetryAfter)
		assert.Empty(t, run.Policy, "nobody knows what is left")
		r.Category = quota.Read
		assert.True(t, d.rate(r).Allowed, "who only reads is let in")
	}
	r := d.of(quota.Enterprise)
	r.Port, r.Terms.Limits.AllowedPorts = 22, []int{80}
	got, _ := d.admit(r)
	assert.Equal(t, quota.CodePort, got.Code, "what needs no store is refused all the same")
	r.Terms.Blocked = true
	blocked := d.rate(r)
	assert.Equal(t, quota.CodeUserBlocked, blocked.Code)
	assert.Len(t, blocked.Events, 1, "rather told twice than not at all")
	assert.Nil(t, d.Signal(t.Context(), r.Subject, r.Terms, quota.PolicyViolation, ""))
}
