// Package storetest is the contract of a quota.Store: what it must do, whatever it keeps things in.
package storetest

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
)

// Open makes a store that is empty. Its clock stands still, and goes on by advance only.
type Open func(t *testing.T) (store quota.Store, advance func(time.Duration))

// Run passes a store through the contract.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, c := range contract {
		t.Run(c.name, func(t *testing.T) {
			s, advance := open(t)
			c.check(clocked{T: t, Store: s, advance: advance})
		})
	}
}

var contract = []struct {
	name  string
	check func(clocked)
}{
	{"a bucket fills by the microsecond", bucketFills},
	{"a bucket takes the whole cost or nothing", wholeCost},
	{"a bucket keeps what is spent when its rate changes", rateChanges},
	{"a window slides", windowSlides},
	{"buckets of a subject, and subjects, are apart", apart},
	{"calls are watched, whatever becomes of them", watched},
	{"leases are taken, renewed, given back", leases},
	{"leases expire", leasesExpire},
	{"starts are counted with their lease or not at all", bothOrNeither},
	{"a lease that started nothing gives its start back", undone},
	{"no lease is asked for: nothing is taken", looks},
	{"hits are counted up to what matters", hits},
	{"signals add up, and are forgotten", signals},
	{"suspects, the worst first", suspects},
	{"blocks end by time, and early", blocks},
	{"something is said first once", once},
	{"200 callers get exactly what there is", crowd},
	{"10 000 random calls agree with a simple model", func(c clocked) { Random(c.T, c.Store, c.advance, 1, 10_000) }},
}

// clocked is a store within a test. Its verbs do not fail.
type clocked struct {
	*testing.T
	quota.Store
	advance func(time.Duration)
}

func must[V any](c clocked) func(V, error) V {
	return func(v V, err error) V {
		c.Helper()
		require.NoError(c, err)
		return v
	}
}

func (c clocked) spend(subject string, s quota.Spending) quota.Spent {
	c.Helper()
	return must[quota.Spent](c)(c.Spend(c.Context(), subject, s))
}

func (c clocked) reserve(r quota.Reservation) quota.Reserved {
	c.Helper()
	return must[quota.Reserved](c)(c.Reserve(c.Context(), subject, r))
}

func (c clocked) renew(lease string, ttl time.Duration) bool {
	c.Helper()
	return must[bool](c)(c.Renew(c.Context(), subject, lease, ttl))
}

func (c clocked) release(lease string, undo bool) {
	c.Helper()
	require.NoError(c, c.Release(c.Context(), subject, lease, undo))
}

func (c clocked) signal(subject, kind string, weight int64) quota.Known {
	c.Helper()
	return must[quota.Known](c)(c.Signal(c.Context(), subject, quota.Signal{Kind: kind, Weight: weight, TTL: 5 * time.Minute}))
}

func (c clocked) known(subject string) quota.Known {
	c.Helper()
	return must[quota.Known](c)(c.Known(c.Context(), subject))
}

func (c clocked) block(subject, reason string, ttl time.Duration) {
	c.Helper()
	require.NoError(c, c.Block(c.Context(), subject, reason, ttl))
}

const subject = "user:ada"

// free is FREE's bucket: one token in 3 s.
var free = quota.Rate{PerMinute: 20, Burst: 10}

func one(r quota.Rate) quota.Spending { return quota.Spending{Bucket: "run", Rate: r, Cost: 1} }

func bucketFills(c clocked) {
	for left := int64(9); left >= 0; left-- {
		s := c.spend(subject, one(free))
		assert.True(c, s.OK)
		assert.Equal(c, left, s.Remaining)
		assert.Equal(c, 3*time.Second, s.Reset)
		assert.Zero(c, s.Retry)
	}
	refused := c.spend(subject, one(free))
	assert.Equal(c, quota.Spent{Retry: 3 * time.Second, Reset: 3 * time.Second, Known: quota.Known{Subject: subject}}, refused)

	c.advance(3*time.Second - time.Microsecond)
	assert.Equal(c, time.Microsecond, c.spend(subject, one(free)).Retry, "refusals cost nothing")
	c.advance(time.Microsecond)
	assert.True(c, c.spend(subject, one(free)).OK)
	c.advance(time.Hour)
	look := c.spend(subject, quota.Spending{Bucket: "run", Rate: free})
	assert.Equal(c, int64(10), look.Remaining, "a bucket holds its burst and no more")
	assert.True(c, look.OK)
	assert.Zero(c, look.Reset)
	// 7 a minute is no whole number of microseconds: what is asked for after Retry is there.
	odd := quota.Spending{Bucket: "odd", Rate: quota.Rate{PerMinute: 7, Burst: 1}, Cost: 1}
	assert.True(c, c.spend(subject, odd).OK)
	s := c.spend(subject, odd)
	assert.Equal(c, 8571429*time.Microsecond, s.Retry)
	c.advance(s.Retry)
	assert.True(c, c.spend(subject, odd).OK)
}

func wholeCost(c clocked) {
	batch := quota.Spending{Bucket: "run", Rate: free, Cost: 7}
	assert.Equal(c, int64(3), c.spend(subject, batch).Remaining)
	s := c.spend(subject, batch)
	assert.False(c, s.OK)
	assert.Equal(c, int64(3), s.Remaining)
	assert.Equal(c, 12*time.Second, s.Retry, "four tokens are missing")
	assert.Equal(c, 3*time.Second, s.Reset, "the next one comes sooner")
	assert.True(c, c.spend(subject, one(free)).OK, "a smaller one goes through")
	batch.Cost = 11
	c.advance(time.Hour)
	s = c.spend(subject, batch)
	assert.False(c, s.OK)
	assert.Zero(c, s.Retry, "it never will be there")
	assert.Equal(c, int64(10), s.Remaining)
}

func rateChanges(c clocked) {
	assert.True(c, c.spend(subject, quota.Spending{Bucket: "run", Rate: free, Cost: 10}).OK)
	pro := quota.Rate{PerMinute: 120, Burst: 10}
	assert.Equal(c, 500*time.Millisecond, c.spend(subject, one(pro)).Retry)
}

func windowSlides(c clocked) {
	slides := one(quota.Rate{PerMinute: 3, Sliding: true})
	for left := int64(2); left >= 0; left-- {
		s := c.spend(subject, slides)
		assert.True(c, s.OK)
		assert.Equal(c, left, s.Remaining)
		c.advance(10 * time.Second)
	}
	s := c.spend(subject, slides)
	assert.False(c, s.OK)
	assert.Equal(c, 30*time.Second, s.Retry, "the first was 30 s ago")
	assert.Equal(c, 30*time.Second, s.Reset)
	slides.Cost = 2
	assert.Equal(c, 40*time.Second, c.spend(subject, slides).Retry)
	slides.Cost = 4
	s = c.spend(subject, slides)
	assert.False(c, s.OK)
	assert.Zero(c, s.Retry, "never")
	c.advance(40*time.Second - time.Microsecond)
	slides.Cost = 2
	assert.False(c, c.spend(subject, slides).OK)
	c.advance(time.Microsecond)
	assert.True(c, c.spend(subject, slides).OK, "a minute after it an event is out")
	c.advance(time.Minute)
	slides.Cost = 0
	assert.Equal(c, int64(3), c.spend(subject, slides).Remaining)
	assert.Zero(c, c.spend(subject, slides).Reset)
}

func apart(c clocked) {
	assert.True(c, c.spend(subject, quota.Spending{Bucket: "run", Rate: free, Cost: 10}).OK)
	assert.True(c, c.spend(subject, quota.Spending{Bucket: "read", Rate: free, Cost: 10}).OK)
	assert.True(c, c.spend("user:bob", quota.Spending{Bucket: "run", Rate: free, Cost: 10}).OK)
	assert.False(c, c.spend(subject, one(free)).OK)
	// Names hold what a client sends.
	for _, name := range []string{"", "user:{a}", "user:a}b{", "user:a b\n\x00", "user:ü", "user:*"} {
		for range 10 {
			assert.True(c, c.spend(name, one(free)).OK, "%q", name)
		}
		assert.False(c, c.spend(name, one(free)).OK, "%q", name)
	}
}

func watched(c clocked) {
	s := one(quota.Rate{PerMinute: 60, Burst: 2})
	s.Watch = []quota.Window{{Length: 10 * time.Second, Most: 3}, {Length: time.Minute, Most: 5}}
	for i, want := range [][]int64{{1, 1}, {2, 2}, {3, 3}, {4, 4}, {4, 5}, {4, 6}, {4, 6}} {
		got := c.spend(subject, s)
		assert.Equal(c, i < 2, got.OK)
		assert.Equal(c, want, got.Seen)
	}
	c.advance(10 * time.Second)
	assert.Equal(c, []int64{1, 6}, c.spend(subject, s).Seen)
	c.block(subject, "enough", time.Second)
	assert.Nil(c, c.spend(subject, s).Seen, "who is blocked is not watched")
	c.advance(50 * time.Second)
	assert.Equal(c, []int64{1, 2}, c.spend(subject, s).Seen)
}

func leases(c clocked) {
	two := func(id string) quota.Reservation { return quota.Reservation{Lease: id, TTL: time.Minute, Most: 2} }
	assert.Equal(c, quota.Reserved{OK: true, Held: 1}, c.reserve(two("a")))
	assert.Equal(c, quota.Reserved{OK: true, Held: 2}, c.reserve(two("b")))
	assert.Equal(c, quota.Reserved{Full: true, Held: 2}, c.reserve(two("c")))
	c.release("a", false)
	c.release("a", false)
	c.release("never", false)
	assert.Equal(c, quota.Reserved{OK: true, Held: 2}, c.reserve(two("c")), "released twice, free once")
	assert.False(c, c.renew("a", time.Minute))
	assert.False(c, must[bool](c)(c.Renew(c.Context(), "user:nobody", "a", time.Minute)))
	require.NoError(c, c.Release(c.Context(), "user:nobody", "a", false))
	fewer := two("d")
	fewer.Most = 1
	assert.Equal(c, quota.Reserved{Full: true, Held: 2}, c.reserve(fewer))
}

func leasesExpire(c clocked) {
	r := quota.Reservation{Lease: "a", TTL: time.Minute, Most: 1}
	assert.True(c, c.reserve(r).OK)
	c.advance(40 * time.Second)
	assert.True(c, c.renew("a", time.Minute))
	c.advance(time.Minute - time.Microsecond)
	r.Lease = "b"
	assert.True(c, c.reserve(r).Full, "renewed")
	c.advance(time.Microsecond)
	assert.False(c, c.renew("a", time.Minute), "what has expired is not given back")
	assert.True(c, c.reserve(r).OK)
	c.release("a", true)
	r.Lease = "c"
	assert.True(c, c.reserve(r).Full, "an expired lease releases nobody else's")
}

func bothOrNeither(c clocked) {
	r := func(id string) quota.Reservation {
		return quota.Reservation{Lease: id, TTL: time.Minute, Most: 2, Starts: quota.Window{Length: time.Hour, Most: 3}}
	}
	assert.Equal(c, quota.Reserved{OK: true, Held: 1, Started: 1, Reset: time.Hour}, c.reserve(r("a")))
	c.advance(time.Second)
	assert.Equal(c, quota.Reserved{OK: true, Held: 2, Started: 2, Reset: time.Hour - time.Second}, c.reserve(r("b")))
	full := quota.Reserved{Full: true, Held: 2, Started: 2, Reset: time.Hour - time.Second}
	for range 5 {
		assert.Equal(c, full, c.reserve(r("c")), "no start is lost")
	}
	c.release("a", false)
	assert.Equal(c, int64(3), c.reserve(r("c")).Started)
	full.Started, full.Retry = 3, time.Hour-time.Second
	assert.Equal(c, full, c.reserve(r("d")), "both refuse")
	c.release("b", false)
	for range 5 {
		assert.Equal(c, int64(1), c.reserve(r("d")).Held, "no lease is lost")
	}
	run := quota.Reservation{Lease: "run", TTL: time.Minute, Most: 2}
	assert.Equal(c, quota.Reserved{OK: true, Held: 2}, c.reserve(run), "no start")
	c.release("run", false)
	fewer := r("d")
	fewer.Starts.Most = 1
	assert.Equal(c, time.Hour, c.reserve(fewer).Retry, "all but one must be forgotten, the last came just now")
	c.advance(time.Hour - time.Second)
	assert.Equal(c, quota.Reserved{OK: true, Held: 1, Started: 3, Reset: time.Second}, c.reserve(r("d")), "the first is an hour ago")
}

func undone(c clocked) {
	r := func(id string) quota.Reservation {
		return quota.Reservation{Lease: id, TTL: time.Minute, Most: 9, Starts: quota.Window{Length: time.Hour, Most: 2}}
	}
	assert.True(c, c.reserve(r("a")).OK)
	assert.Equal(c, int64(2), c.reserve(r("b")).Started)
	c.release("a", true)
	got := c.reserve(r("c"))
	assert.Equal(c, int64(2), got.Started)
	assert.Equal(c, int64(2), got.Held)
	c.release("b", false)
	c.release("b", true)
	assert.False(c, c.reserve(r("d")).OK, "what has been released is not undone")
}

func looks(c clocked) {
	look := quota.Reservation{TTL: time.Minute, Most: 1, Starts: quota.Window{Length: time.Hour, Most: 1}}
	for range 3 {
		assert.Equal(c, quota.Reserved{OK: true}, c.reserve(look))
	}
	r := look
	r.Lease = "a"
	assert.True(c, c.reserve(r).OK)
	assert.Equal(c, quota.Reserved{Full: true, Held: 1, Started: 1, Retry: time.Hour, Reset: time.Hour}, c.reserve(look))
}

func hits(c clocked) {
	hit := func(key string) int64 {
		return must[int64](c)(c.Hit(c.Context(), key, quota.Window{Length: time.Minute, Most: 3}))
	}
	for _, want := range []int64{1, 2, 3, 4, 4, 4} {
		assert.Equal(c, want, hit("code:1"))
	}
	assert.Equal(c, int64(1), hit("code:2"))
	assert.Equal(c, int64(1), hit(subject))
	c.advance(time.Minute - time.Microsecond)
	assert.Equal(c, int64(4), hit("code:1"))
	c.advance(time.Microsecond)
	assert.Equal(c, int64(2), hit("code:1"))
}

func signals(c clocked) {
	assert.Equal(c, quota.Known{Subject: subject, Signals: map[string]int64{}}, c.known(subject))
	c.signal(subject, "probe", 300)
	c.advance(time.Minute)
	got := c.signal(subject, "burst", 150)
	want := quota.Known{Subject: subject, Score: 450, Signals: map[string]int64{"probe": 1, "burst": 1}}
	assert.Equal(c, want, got)
	assert.Equal(c, want, c.known(subject))
	want.Signals = nil
	assert.Equal(c, want, c.spend(subject, one(free)).Known)
	for range 5 {
		c.signal(subject, "probe", 300)
	}
	assert.Equal(c, int64(quota.Certain), c.known(subject).Score)
	assert.Equal(c, int64(6), c.known(subject).Signals["probe"])
	c.advance(4 * time.Minute)
	assert.Equal(c, int64(5), c.known(subject).Signals["probe"], "the first is 300 s old")
	c.advance(time.Minute)
	assert.Equal(c, quota.Known{Subject: subject, Signals: map[string]int64{}}, c.known(subject))
	for range quota.MaxSignals + 50 {
		c.signal(subject, "small", 1)
	}
	assert.Equal(c, int64(quota.MaxSignals), c.known(subject).Score)
	assert.Equal(c, int64(quota.MaxSignals), c.known(subject).Signals["small"])
	assert.Zero(c, c.known("user:bob").Score)
}

func suspects(c clocked) {
	who := func(most int) (names []string) {
		for _, k := range must[[]quota.Known](c)(c.Suspects(c.Context(), most)) {
			assert.Equal(c, c.known(k.Subject), k)
			names = append(names, k.Subject)
		}
		return names
	}
	assert.Empty(c, who(10))
	c.spend("user:good", one(free))
	c.signal("user:bad", "probe", 100)
	c.signal("user:worse", "probe", 600)
	c.block("addr:192.0.2.1", "too many requests", time.Hour)
	assert.Equal(c, []string{"user:worse", "user:bad", "addr:192.0.2.1"}, who(10))
	assert.Equal(c, []string{"user:worse"}, who(1))
	c.advance(5 * time.Minute)
	assert.Equal(c, []string{"addr:192.0.2.1"}, who(10))
	c.advance(55 * time.Minute)
	assert.Empty(c, who(10))
}

func blocks(c clocked) {
	c.block(subject, "too many", time.Hour)
	assert.Equal(c, quota.Block{Reason: "too many", For: time.Hour}, c.known(subject).Block)
	c.advance(time.Minute)
	want := quota.Spent{Known: quota.Known{Subject: subject, Block: quota.Block{Reason: "too many", For: 59 * time.Minute}}}
	assert.Equal(c, want, c.spend(subject, one(free)))
	c.block(subject, "less", time.Second)
	assert.Equal(c, quota.Block{Reason: "less", For: time.Second}, c.known(subject).Block, "the last word counts")
	c.advance(time.Second)
	assert.Zero(c, c.known(subject).Block)
	assert.Equal(c, int64(9), c.spend(subject, one(free)).Remaining, "nothing was spent while it was blocked")
	c.block(subject, "again", time.Hour)
	c.block(subject, "", 0)
	assert.Zero(c, c.known(subject).Block)
	assert.True(c, c.spend(subject, one(free)).OK)
}

func once(c clocked) {
	first := func(key string) bool { return must[bool](c)(c.First(c.Context(), key, time.Minute)) }
	assert.True(c, first("a"))
	assert.True(c, first("b"))
	c.advance(59 * time.Second)
	assert.False(c, first("a"))
	c.advance(time.Second)
	assert.True(c, first("a"), "asking again prolonged nothing")
	assert.False(c, first("a"))
}

// callers is how many ask at the same time (issue 5).
const callers = 200

func crowd(c clocked) {
	ctx := c.Context()
	assert.Equal(c, 10, granted(c, func(int) (bool, error) {
		s, err := c.Spend(ctx, subject, one(free))
		return s.OK, err
	}), "tokens")
	assert.Equal(c, 60, granted(c, func(int) (bool, error) {
		s, err := c.Spend(ctx, subject, quota.Spending{Bucket: "slides", Rate: quota.Rate{PerMinute: 60, Sliding: true}, Cost: 1})
		return s.OK, err
	}), "places in a window")
	r := quota.Reservation{TTL: time.Minute, Most: 10, Starts: quota.Window{Length: time.Hour, Most: 7}}
	reserve := func(r quota.Reservation) func(int) (bool, error) {
		return func(i int) (bool, error) {
			r := r
			r.Lease = strconv.Itoa(i)
			got, err := c.Reserve(ctx, subject, r)
			return got.OK, err
		}
	}
	assert.Equal(c, 7, granted(c, reserve(r)), "starts")
	r.Starts.Most = 1000
	assert.Equal(c, 3, granted(c, func(i int) (bool, error) { return reserve(r)(callers + i) }), "leases")
	r.Lease = ""
	got := c.reserve(r)
	assert.Equal(c, int64(10), got.Held)
	assert.Equal(c, int64(10), got.Started)
	assert.Equal(c, 1, granted(c, func(int) (bool, error) { return c.First(ctx, "alert", time.Minute) }), "alerts")

	var mu sync.Mutex
	var seen []int64
	granted(c, func(int) (bool, error) {
		n, err := c.Hit(ctx, "code", quota.Window{Length: time.Minute, Most: 1000})
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, n)
		return true, err
	})
	slices.Sort(seen)
	for i, n := range seen {
		assert.Equal(c, int64(i+1), n, "each hit counts once")
	}
	granted(c, func(int) (bool, error) {
		_, err := c.Signal(ctx, subject, quota.Signal{Kind: "small", Weight: 1, TTL: time.Minute})
		return true, err
	})
	assert.Equal(c, int64(quota.MaxSignals), c.known(subject).Score)
	granted(c, func(i int) (bool, error) {
		return true, c.Release(context.WithoutCancel(ctx), subject, strconv.Itoa(i), false)
	})
	assert.Equal(c, int64(3), c.reserve(r).Held, "the first seven are released")
}

// granted is how many of the callers, all at once, are told yes.
func granted(c clocked, ask func(i int) (bool, error)) (yes int) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	start := make(chan struct{})
	for i := range callers {
		wg.Go(func() {
			<-start
			ok, err := ask(i)
			mu.Lock()
			defer mu.Unlock()
			assert.NoError(c, err)
			if ok {
				yes++
			}
		})
	}
	close(start)
	wg.Wait()
	return yes
}
