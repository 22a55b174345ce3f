package quota_test

import (
	"math/rand/v2"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
)

func TestHeaders(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Free)
	r.Service = true
	rate := d.rate(r)
	assert.Equal(t, map[string]string{
		"X-RateLimit-Limit": "20", "X-RateLimit-Remaining": "9", "X-RateLimit-Reset": "3",
		"RateLimit-Policy": `"run";q=20;w=60`, "RateLimit": `"run";r=9;t=3`,
	}, quota.Headers(rate))

	d.admitted(r)
	run := r
	run.Service = false
	admit, _ := d.admit(run)
	assert.Equal(t, map[string]string{
		"X-RateLimit-Limit": "20", "X-RateLimit-Remaining": "9", "X-RateLimit-Reset": "3",
		"RateLimit-Policy": `"run";q=20;w=60, "concurrent";q=2;qu="concurrent-requests"`,
		"RateLimit":        `"run";r=9;t=3, "concurrent";r=0`,
	}, quota.Headers(rate, admit), "requests in a time speak before runs at a time")

	full, _ := d.admit(r)
	assert.Equal(t, map[string]string{
		"X-RateLimit-Limit": "2", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1", "Retry-After": "1",
		"RateLimit-Policy": `"run";q=20;w=60, "concurrent";q=2;qu="concurrent-requests"`,
		"RateLimit":        `"run";r=9;t=3, "concurrent";r=0;t=1`,
	}, quota.Headers(rate, full), "a refusal speaks first")

	d.clock.Advance(100 * time.Millisecond)
	for range 20 {
		rate = d.rate(r)
	}
	gate := d.Gate(t.Context(), netip.MustParseAddr("192.0.2.1"))
	assert.Equal(t, map[string]string{
		"X-RateLimit-Limit": "20", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "3", "Retry-After": "3",
		"RateLimit-Policy": `"address";q=60;w=60, "run";q=20;w=60`,
		"RateLimit":        `"address";r=9;t=1, "run";r=0;t=3`,
	}, quota.Headers(gate, rate), "2.9 s are 3")

	assert.Empty(t, quota.Headers())
	assert.Empty(t, quota.Headers(quota.Decision{Allowed: true}), "nobody knows what is left")
	assert.Equal(t, map[string]string{"Retry-After": "5"}, quota.Headers(quota.Decision{Code: quota.CodeUnavailable, RetryAfter: 5 * time.Second}))
}

func TestTheStrictestSpeaks(t *testing.T) {
	out := quota.Decision{Code: quota.CodeUserBlocked}
	long := quota.Decision{Code: quota.CodeHourly, RetryAfter: time.Hour}
	short := quota.Decision{Code: quota.CodeRate, RetryAfter: time.Second}
	little := quota.Decision{Allowed: true, Remaining: 1, Window: time.Minute}
	much := quota.Decision{Allowed: true, Remaining: 9, Window: time.Minute}
	atATime := quota.Decision{Allowed: true}
	order := []quota.Decision{out, long, short, little, much, atATime}
	for i := range order {
		for range 10 {
			shuffled := append([]quota.Decision(nil), order[i:]...)
			rand.Shuffle(len(shuffled), func(a, b int) { shuffled[a], shuffled[b] = shuffled[b], shuffled[a] })
			assert.Equal(t, order[i], quota.Strictest(shuffled...))
		}
	}
	assert.True(t, quota.Strictest().Allowed)
}

var (
	policyItem = regexp.MustCompile(`^"([a-z]+)";q=(\d+)(;w=[1-9]\d*|;qu="concurrent-requests")$`)
	limitItem  = regexp.MustCompile(`^"([a-z]+)";r=(\d+)(?:;t=(\d+))?$`)
)

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}

// Whatever the decisions, the fields agree with each other.
func TestHeadersAgree(t *testing.T) {
	d := newDesk(t)
	r := rand.New(rand.NewPCG(1, 5))
	for range 5000 {
		d.clock.Advance(time.Duration(r.IntN(3000)) * time.Millisecond)
		if r.IntN(100) == 0 {
			d.clock.Advance(time.Hour)
		}
		q := d.of([]quota.Tier{quota.Free, quota.Basic}[r.IntN(2)])
		q.Subject = quota.Address(netip.MustParseAddr("192.0.2.1"))
		q.Service, q.Cost = r.IntN(2) == 0, int64(r.IntN(4))
		decisions := []quota.Decision{d.Gate(t.Context(), netip.MustParseAddr("192.0.2.1"))}
		if decisions[0].Allowed {
			decisions = append(decisions, d.rate(q))
		}
		if last := decisions[len(decisions)-1]; last.Allowed {
			got, lease := d.admit(q)
			decisions = append(decisions, got)
			if lease != nil && r.IntN(2) == 0 {
				lease.Release(t.Context())
			}
		}
		agree(t, decisions)
	}
}

func agree(t *testing.T, decisions []quota.Decision) {
	t.Helper()
	h := quota.Headers(decisions...)
	policies, limits := strings.Split(h["RateLimit-Policy"], ", "), strings.Split(h["RateLimit"], ", ")
	require.Len(t, limits, len(policies))
	after, refused := h["Retry-After"]
	require.Equal(t, !decisions[len(decisions)-1].Allowed, refused)
	spoken := false
	for i := range policies {
		p, l := policyItem.FindStringSubmatch(policies[i]), limitItem.FindStringSubmatch(limits[i])
		require.NotNil(t, p, policies[i])
		require.NotNil(t, l, limits[i])
		require.Equal(t, p[1], l[1])
		require.LessOrEqual(t, number(t, l[2]), number(t, p[2]), "more is left than there is: %v", h)
		if refused && l[2] == "0" && l[3] != "" {
			require.GreaterOrEqual(t, number(t, after), number(t, l[3]), "told to come back too early: %v", h)
		}
		if p[2] == h["X-RateLimit-Limit"] && l[2] == h["X-RateLimit-Remaining"] && (l[3] == h["X-RateLimit-Reset"] || l[3] == "") {
			spoken = true
		}
	}
	require.True(t, spoken, "X-RateLimit says what no policy says: %v", h)
}
