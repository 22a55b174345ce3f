package quota_test

import (
	"fmt"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
)

func (d *desk) signal(s quota.Subject, kind quota.Kind, what string) []quota.Event {
	return d.Signal(d.t.Context(), s, quota.Terms{}, kind, what)
}

func (d *desk) known(s quota.Subject) quota.Known {
	d.t.Helper()
	k, err := d.Known(d.t.Context(), s)
	require.NoError(d.t, err)
	return k
}

func TestSignalsWeighAsTheyAreSaidTo(t *testing.T) {
	for kind, c := range map[quota.Kind]struct {
		free  int // that are no signal yet
		score int64
	}{
		quota.RateBurst:       {0, 150},
		quota.PolicyViolation: {0, 250},
		quota.RepetitionSpam:  {20, 100},
		quota.SessionChurn:    {5, 100},
		quota.SensitiveProbe:  {0, 300},
	} {
		d := newDesk(t)
		s := quota.User("ada")
		for range c.free {
			assert.Empty(t, d.signal(s, kind, "x"))
			assert.Empty(t, d.signal(s, kind, "y"))
		}
		assert.Zero(t, d.known(s).Score, kind)
		d.signal(s, kind, "x")
		assert.Equal(t, c.score, d.known(s).Score, kind)
		d.clock.Advance(300*time.Second - time.Microsecond)
		assert.Equal(t, c.score, d.known(s).Score, kind)
		d.clock.Advance(time.Microsecond)
		assert.Zero(t, d.known(s).Score, kind)
	}
}

// From 0.5 on each request waits 5 s, from 0.8 on there are none for 60 s, and then they wait again.
func TestSlowedThenKeptOut(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Pro)
	assert.Empty(t, d.signal(r.Subject, quota.PolicyViolation, ""))
	assert.Zero(t, d.rate(r).Delay)
	d.signal(r.Subject, quota.PolicyViolation, "")
	slowed := d.rate(r)
	assert.True(t, slowed.Allowed)
	assert.Equal(t, 5*time.Second, slowed.Delay)
	assert.Equal(t, []quota.Event{{Type: "QUARANTINED", Subject: "user:ada", Details: map[string]any{
		"score": 0.8, "signals": map[string]int64{"policy_violation": 2, "sensitive_probe": 1}, "blocked_for_s": 60.0}}},
		d.signal(r.Subject, quota.SensitiveProbe, ""), "0.25 + 0.25 + 0.3 is 0.8 and not a little less")
	got := d.rate(r)
	assert.Equal(t, "quarantined", got.Code)
	assert.Equal(t, "Too much that looks like abuse. Try again in 60 s.", got.Reason)
	assert.Equal(t, time.Minute, got.RetryAfter)
	assert.Empty(t, d.signal(r.Subject, quota.SensitiveProbe, ""), "it is out already")
	d.clock.Advance(time.Minute)
	assert.Equal(t, 5*time.Second, d.rate(r).Delay)
	assert.Len(t, d.signal(r.Subject, quota.PolicyViolation, ""), 1, "the next signal keeps it out again")
	d.clock.Advance(5 * time.Minute)
	assert.Zero(t, d.rate(r).Delay)
}

// A burst of requests that are refused all at once is one signal; going on for a minute is what keeps somebody out.
func TestRefusalsAreSignals(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Free)
	for range 200 {
		d.rate(r)
	}
	assert.Equal(t, int64(150), d.known(r.Subject).Score)
	d.clock.Advance(3 * time.Second)
	back := d.rate(r)
	assert.True(t, back.Allowed, "who comes back when it was told to is let in")
	assert.Zero(t, back.Delay)
	var out time.Duration
	for ; d.rate(r).Code != quota.CodeQuarantined; out += time.Second {
		require.Less(t, out, 5*time.Minute)
		d.clock.Advance(time.Second)
	}
	assert.InDelta(t, 50, out.Seconds(), 10)
}

// Who is refused and tries again is no burst; who goes on for half a minute is, once in a minute.
func TestABurstIsTold(t *testing.T) {
	d := newDesk(t)
	s := quota.User("ada")
	var told []int
	for second := range 60 {
		for _, e := range d.signal(s, quota.RateBurst, "") {
			if e.Type == "BURST_DETECTED" {
				told = append(told, second)
				assert.Equal(t, quota.Event{Type: "BURST_DETECTED", Subject: s, Details: map[string]any{"signals": int64(3)}}, e)
			}
		}
		d.clock.Advance(time.Second)
	}
	assert.Equal(t, []int{20}, told)
}

func TestTheSameProjectAgainAndAgain(t *testing.T) {
	d := newDesk(t)
	s := quota.User("ada")
	var events []quota.Event
	for range 20 {
		events = append(events, d.signal(s, quota.SessionChurn, "shop")...)
		d.clock.Advance(2 * time.Second)
	}
	require.Len(t, events, 2)
	assert.Equal(t, quota.Event{Type: "RAPID_RESTART", Subject: s,
		Details: map[string]any{"what": "shop", "more_than": int64(5), "within_s": 60.0}}, events[0])
	assert.Equal(t, "QUARANTINED", events[1].Type)
	for i := range 100 {
		assert.Empty(t, d.signal(quota.User("bob"), quota.SessionChurn, fmt.Sprint("project", i)), "different ones are no churn")
	}
}

func TestASignalThatIsTurnedOff(t *testing.T) {
	d := newDesk(t, func(o *quota.Options) {
		o.Abuse.Signals = map[quota.Kind]quota.Sign{quota.SensitiveProbe: {}, quota.RateBurst: {Weight: 0.57}}
	})
	for range 100 {
		assert.Empty(t, d.signal("user:ada", quota.SensitiveProbe, ""))
	}
	assert.Zero(t, d.known("user:ada").Score)
	d.signal("user:ada", quota.PolicyViolation, "")
	assert.Equal(t, int64(250), d.known("user:ada").Score, "the others stay as they are")
	d.signal("user:ada", quota.RateBurst, "")
	assert.Equal(t, int64(820), d.known("user:ada").Score, "and weigh what they are given")
}

// A school behind one address: what one user does, or what somebody without a name does there, touches nobody else.
func TestNoBystanderIsHit(t *testing.T) {
	d := newDesk(t)
	nat := netip.MustParseAddr("192.0.2.1")
	for range 20 {
		d.signal(quota.User("mallory"), quota.SensitiveProbe, "")
		d.signal(quota.Address(nat), quota.SensitiveProbe, "")
	}
	for range 200 {
		d.Gate(t.Context(), nat)
	}
	for i := range 30 {
		r := d.of(quota.Free)
		r.Subject = quota.User(fmt.Sprint("pupil", i))
		got := d.rate(r)
		assert.True(t, got.Allowed)
		assert.Zero(t, got.Delay)
		assert.Zero(t, d.known(r.Subject).Score)
	}
	r := d.of(quota.Free)
	r.Subject = quota.User("mallory")
	assert.Equal(t, quota.CodeQuarantined, d.rate(r).Code)
	named := d.of(quota.Free)
	named.Subject = quota.User("192.0.2.1")
	assert.True(t, d.rate(named).Allowed, "a user named like an address is not that address")
}

func TestAUserBlockedForAWhile(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Pro)
	require.NoError(t, d.Block(t.Context(), r.Subject, "being looked into", time.Hour))
	got := d.rate(r)
	assert.Equal(t, "user_blocked", got.Code)
	assert.Equal(t, "User is blocked: being looked into", got.Reason)
	assert.Equal(t, time.Hour, got.RetryAfter)
	require.Len(t, got.Events, 1)
	assert.Equal(t, "UNAUTHORIZED_ACCESS", got.Events[0].Type)
}

// A block for an hour is not replaced by a quarantine of a minute.
func TestAQuarantineReplacesNoBlock(t *testing.T) {
	d := newDesk(t)
	a := quota.Address(netip.MustParseAddr("192.0.2.1"))
	require.NoError(t, d.Block(t.Context(), a, "too many", time.Hour))
	for range 5 {
		assert.Empty(t, d.signal(a, quota.SensitiveProbe, ""))
	}
	assert.Equal(t, quota.Block{Reason: "too many", For: time.Hour}, d.known(a).Block)
}

func TestAtMostSoManySuspects(t *testing.T) {
	c := newClock()
	m := quota.NewMemory(quota.MemoryOptions{Now: c.Now, Suspects: 100})
	q, err := quota.New(quota.Options{Store: m})
	require.NoError(t, err)
	for i := range 1050 {
		q.Signal(t.Context(), quota.User(strconv.Itoa(i)), quota.Terms{}, quota.SensitiveProbe, "")
		q.Signal(t.Context(), quota.User("ada"), quota.Terms{}, quota.PolicyViolation, "")
	}
	assert.Equal(t, 100, m.Stats().Suspects)
	list, err := q.Suspects(t.Context(), 1000)
	require.NoError(t, err)
	require.Len(t, list, 100)
	assert.Equal(t, "user:ada", list[0].Subject)
	assert.Equal(t, int64(quota.MaxSignals), list[0].Signals["policy_violation"], "who goes on is not forgotten, however early it began")
	k, err := q.Known(t.Context(), "user:1049")
	require.NoError(t, err)
	assert.Equal(t, int64(300), k.Score)
	k, err = q.Known(t.Context(), "user:900")
	require.NoError(t, err)
	assert.Zero(t, k.Score, "the least active go first")
}
