package quota_test

import (
	"context"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
	"paddock/quota/storetest"
)

// clock is a passed clock: it stands still, and goes on when told.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestMemoryKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) (quota.Store, func(time.Duration)) {
		c := newClock()
		return quota.NewMemory(quota.MemoryOptions{Now: c.Now}), c.Advance
	})
}

func TestMemoryAgreesWithTheModel(t *testing.T) {
	t.Parallel()
	for seed := uint64(2); seed <= 12; seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			c := newClock()
			m := quota.NewMemory(quota.MemoryOptions{Now: c.Now})
			advance := func(d time.Duration) { // sweeping changes nothing that anybody can tell
				c.Advance(d)
				m.Sweep()
			}
			storetest.Random(t, m, advance, seed, 10_000)
		})
	}
}

// However many addresses are tried, there are never more records than there may be. Counted, not measured.
func TestTenMillionAddressesStayWithinTheBound(t *testing.T) {
	t.Parallel()
	const bound = 50_000
	c := newClock()
	m := quota.NewMemory(quota.MemoryOptions{Now: c.Now, Subjects: bound})
	q, err := quota.New(quota.Options{Store: m})
	require.NoError(t, err)
	ada := quota.Request{Subject: quota.User("ada"), Terms: quota.DefaultTiers().Terms(quota.Profile{}), Category: quota.Run, Service: true}
	_, lease := q.Admit(t.Context(), ada)
	require.NotNil(t, lease)
	bob := ada
	bob.Subject = quota.User("bob")
	for range 5 {
		_, l := q.Admit(t.Context(), bob)
		l.Release(t.Context())
	}
	for i := range tried {
		a := [16]byte{0x20, 0x01, 0x0d, 0xb8, byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}
		if !q.Gate(t.Context(), netip.AddrFrom16(a)).Allowed {
			t.Fatal("a new address is let in")
		}
		if i%100_000 == 0 {
			require.LessOrEqual(t, m.Stats().Records, bound)
		}
	}
	s := m.Stats()
	assert.Equal(t, bound, s.Records)
	assert.Equal(t, int64(tried-bound+2), s.Evicted)
	ada.Terms.Limits.Concurrent = 1
	d, _ := q.Admit(t.Context(), ada)
	assert.Equal(t, quota.CodeConcurrent, d.Code, "a held lease is never forgotten")
	d, _ = q.Admit(t.Context(), bob)
	assert.Equal(t, quota.CodeHourly, d.Code, "nor are starts, while there are mere addresses to forget")
}

func TestTheLeastActiveIsForgottenFirst(t *testing.T) {
	c := newClock()
	m := quota.NewMemory(quota.MemoryOptions{Now: c.Now, Subjects: 3})
	spend := func(subject string) int64 {
		s, err := m.Spend(t.Context(), subject, quota.Spending{Bucket: "run", Rate: quota.Rate{PerMinute: 20, Burst: 10}, Cost: 1})
		require.NoError(t, err)
		return s.Remaining
	}
	for _, subject := range []string{"a", "b", "c", "a", "d"} {
		spend(subject)
	}
	assert.Equal(t, int64(7), spend("a"))
	assert.Equal(t, int64(9), spend("b"), "forgotten when d came")
	// All hold leases: nobody can go, and the one that came last does when the next one comes.
	for _, subject := range []string{"a", "b", "d"} {
		_, err := m.Reserve(t.Context(), subject, quota.Reservation{Lease: subject, TTL: time.Minute, Most: 1})
		require.NoError(t, err)
	}
	for i := range 100 {
		spend(strconv.Itoa(i))
	}
	assert.Equal(t, 4, m.Stats().Records)
	for _, subject := range []string{"a", "b", "d"} {
		alive, err := m.Renew(t.Context(), subject, subject, time.Minute)
		require.NoError(t, err)
		assert.True(t, alive, subject)
	}
}

// A sweep forgets what is over and nothing else, whatever comes and goes between its steps.
func TestASweepForgetsWhatIsOver(t *testing.T) {
	c := newClock()
	m := quota.NewMemory(quota.MemoryOptions{Now: c.Now})
	const each = 3000 // some steps of a sweep
	for i := range each {
		name := strconv.Itoa(i)
		_, err := m.Spend(t.Context(), "bucket"+name, quota.Spending{Bucket: "run", Rate: quota.Rate{PerMinute: 20, Burst: 10}, Cost: 10})
		require.NoError(t, err)
		_, err = m.Hit(t.Context(), "hit"+name, quota.Window{Length: time.Minute, Most: 3})
		require.NoError(t, err)
		_, err = m.First(t.Context(), "first"+name, 2*time.Minute)
		require.NoError(t, err)
		_, err = m.Signal(t.Context(), "signal"+name, quota.Signal{Kind: "probe", Weight: 1, TTL: 5 * time.Minute})
		require.NoError(t, err)
		_, err = m.Reserve(t.Context(), "lease"+name, quota.Reservation{Lease: name, TTL: 10 * time.Minute, Most: 1})
		require.NoError(t, err)
		require.NoError(t, m.Block(t.Context(), "block"+name, "", time.Hour))
	}
	left := 6 * each
	for _, step := range []struct {
		after time.Duration
		gone  int
	}{{29 * time.Second, 0}, {time.Second, each}, {30 * time.Second, each}, {time.Minute, each}, {3 * time.Minute, each},
		{5 * time.Minute, each}, {50*time.Minute - time.Microsecond, 0}, {time.Microsecond, each}} {
		c.Advance(step.after)
		m.Sweep()
		left -= step.gone
		assert.Equal(t, left, m.Stats().Records)
	}
	assert.Equal(t, int64(6*each), m.Stats().Swept)
	assert.Zero(t, m.Stats().Suspects)
}

func TestMemorySweepsNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := quota.NewMemory(quota.MemoryOptions{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); m.Run(ctx) }()
		_, err := m.First(ctx, "alert", time.Second)
		require.NoError(t, err)
		time.Sleep(5*time.Minute - time.Second)
		synctest.Wait()
		assert.Equal(t, 1, m.Stats().Records)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		assert.Zero(t, m.Stats().Records)
		cancel()
		<-ended
	})
}

// Callers of every verb and a sweep, at the same time: for the race detector.
func TestMemoryIsSafeForMany(t *testing.T) {
	m := quota.NewMemory(quota.MemoryOptions{Subjects: 20, Suspects: 3})
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 2000 {
				name := strconv.Itoa((i*7 + worker) % 50)
				_, _ = m.Spend(t.Context(), name, quota.Spending{Bucket: "run", Rate: quota.Rate{PerMinute: 20, Burst: 10}, Cost: 1})
				_, _ = m.Reserve(t.Context(), name, quota.Reservation{Lease: name, TTL: time.Microsecond, Most: 9})
				_, _ = m.Signal(t.Context(), name, quota.Signal{Kind: "probe", Weight: 1, TTL: time.Microsecond})
				_ = m.Release(t.Context(), name, name, true)
				_, _ = m.Suspects(t.Context(), 3)
				if i%100 == 0 {
					m.Sweep()
				}
			}
		})
	}
	wg.Wait()
	assert.LessOrEqual(t, m.Stats().Records, 20)
}
