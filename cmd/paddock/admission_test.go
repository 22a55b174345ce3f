package main

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// limiting is a server with the limits an operator's has by default, but for addresses: all of a test's requests come from one.
func limiting(t *testing.T, change func(*Config)) *server {
	t.Helper()
	return start(t, func(c *Config) {
		c.Quota = quotaDefaults()
		c.Quota.Address.PerMinute = 0
		c.Pool.MaxCells = 64
		if change != nil {
			change(c)
		}
	})
}

func as(user, tier string, more object) object {
	body := object{"language": "python", "code": "print(1)", "user_id": user, "user_profile": object{"tier": tier}}
	for k, v := range more {
		body[k] = v
	}
	return body
}

// As many runs as a tier allows go on at once, and the next one is refused in the words that users know, and leaves its line.
func TestTierTable(t *testing.T) {
	s := limiting(t, nil)
	for _, tier := range []struct {
		name       string
		concurrent int
		burst      int
	}{{"FREE", 2, 10}, {"BASIC", 5, 10}, {"PRO", 10, 10}} {
		t.Run(tier.name, func(t *testing.T) {
			user := "walker-" + strings.ToLower(tier.name)
			var streams []*stream
			for range tier.concurrent {
				streams = append(streams, s.follow(t, t.Context(), "/runner/run", as(user, tier.name, object{"code": "import time; time.sleep(60)"})))
			}
			if tier.concurrent < tier.burst { // else there is no token left for one more
				a := s.send(t, http.MethodPost, "/runner/run", as(user, tier.name, nil))
				assert.Equal(t, http.StatusTooManyRequests, a.Status)
				assert.Equal(t, "concurrent_limit_exceeded", a.text("code"))
				assert.Equal(t, fmt.Sprintf("Concurrent service limit reached (%d/%d)", tier.concurrent, tier.concurrent), a.text("message"))
				assert.NotEmpty(t, a.Header.Get("Retry-After"))
			}
			for _, st := range streams {
				s.send(t, http.MethodDelete, "/runner/runs/"+st.id, nil)
				st.until(t, "result")
			}
		})
	}
	wantVerdict(t, s.send(t, http.MethodPost, "/runner/run", as("walker-free", "FREE", nil)), "ok") // leases came back with the ends
	require.NoError(t, s.stop())
	lines, err := os.ReadFile(filepath.Join(s.config.StateDir, "anomalies.jsonl"))
	require.NoError(t, err)
	assert.Contains(t, string(lines), `"type":"CONCURRENT_LIMIT_EXCEEDED","user_id":"walker-free","details":{"limit":2,`)
}

func TestTokensOverHTTP(t *testing.T) {
	s := limiting(t, nil)
	for i := range 10 {
		a := s.send(t, http.MethodPost, "/runner/run", as("hasty", "FREE", nil))
		wantVerdict(t, a, "ok")
		assert.NotEmpty(t, a.Header.Get("X-RateLimit-Remaining"), "request %d", i)
	}
	a := s.send(t, http.MethodPost, "/runner/run", as("hasty", "FREE", nil))
	if a.Status == http.StatusOK { // the ten took three seconds, and a token came back meanwhile
		a = s.send(t, http.MethodPost, "/runner/run", as("hasty", "FREE", nil))
	}
	assert.Equal(t, "rate_limit_exceeded", a.text("code"))
	assert.Contains(t, a.text("message"), "Rate limit exceeded. Try again in ")
	assert.NotEmpty(t, a.Header.Get("Retry-After"))
}

func TestATiersLimitsAreInForce(t *testing.T) {
	s := limiting(t, nil)
	const spin = "import time\nend = time.monotonic() + 2\nwhile time.monotonic() < end: pass"
	share := func(tier string) float64 {
		a := s.send(t, http.MethodPost, "/runner/run", as("spinner-"+tier, tier, object{"code": spin}))
		wantVerdict(t, a, "ok")
		return a.Body["cpu_time_ms"].(float64) / a.Body["wall_time_ms"].(float64) //nolint:forcetypeassert // a panic is a failure too
	}
	assert.Less(t, share("FREE"), 0.35, "25 % of a core, and what a first period may use")

	const fill = "x = bytearray(300 << 20)"
	wantVerdict(t, s.send(t, http.MethodPost, "/runner/run", as("filler", "FREE", object{"code": fill})), "memory_limit")
	wantVerdict(t, s.send(t, http.MethodPost, "/runner/run",
		as("filler-b", "BASIC", object{"code": fill, "limits": object{"memory_mb": 400}})), "ok")
	a := s.send(t, http.MethodPost, "/runner/run", as("filler", "FREE", object{"limits": object{"memory_mb": 400}}))
	assert.Equal(t, http.StatusUnprocessableEntity, a.Status)
	assert.Contains(t, a.text("message"), "at most 256 with the tier FREE")
}

func TestQuotaSettings(t *testing.T) {
	for _, c := range []struct {
		change func(*QuotaConfig)
		want   string
	}{
		{func(c *QuotaConfig) { c.Free.Concurrent = 0 }, "FREE.max_concurrent_services: 0 is not between 1 and 10000"},
		{func(c *QuotaConfig) { c.Burst = 0 }, ""},
		{func(c *QuotaConfig) { c.Abuse.SlowFrom = 90 }, "SlowFrom 0.9 and QuarantineFrom 0.8 are not in order"},
		{func(c *QuotaConfig) { c.OnFailure = map[string]string{"FREE": "maybe"} }, `Failure: FREE: "maybe" is neither allow nor deny`},
		{func(c *QuotaConfig) { c.Redis = "http://user:secret@x" }, "redis"},
		{func(c *QuotaConfig) { c.Address.Exempt = []string{"10.0.0.0/99"} }, `quota.address.exempt: "10.0.0.0/99" is neither`},
	} {
		config := defaults()
		c.change(&config.Quota)
		state, err := openState(t.TempDir())
		require.NoError(t, err)
		a := &app{config: config, state: state, meters: newMeters()}
		a.add("close the state directory", func(context.Context) error { return state.close() })
		_, err = a.admission(nil, nil)
		require.NoError(t, a.stop())
		if c.want == "" {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, c.want)
		}
	}
	list, err := prefixes("x", []string{"10.0.0.0/8", "::1"})
	require.NoError(t, err)
	assert.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}, list)
}

// Two servers that share a Redis share their users' limits; one whose Redis is gone says whom it still lets in.
func TestServersShareLimits(t *testing.T) {
	redis := os.Getenv(varRedis)
	if redis == "" {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s must be set in CI", varRedis)
		}
		t.Skipf("needs Redis: run ./scripts/test, or set %s", varRedis)
	}
	shared := func(c *Config) { c.Quota.Redis = redis }
	one, other := limiting(t, shared), limiting(t, shared)
	user := "shared-" + uuid.NewString()
	sleeps := func(s *server) (end func()) {
		st := s.follow(t, t.Context(), "/runner/run", as(user, "FREE", object{"code": "import time; time.sleep(60)"}))
		return func() {
			s.send(t, http.MethodDelete, "/runner/runs/"+st.id, nil)
			st.until(t, "result")
		}
	}
	defer sleeps(one)()
	defer sleeps(other)()
	for _, s := range []*server{one, other} {
		assert.Equal(t, "Concurrent service limit reached (2/2)",
			s.send(t, http.MethodPost, "/runner/run", as(user, "FREE", nil)).text("message"))
	}
}

func TestRedisThatIsNotThere(t *testing.T) {
	s := limiting(t, func(c *Config) { c.Quota.Redis = "redis://user:secret@127.0.0.1:1" })
	a := s.send(t, http.MethodPost, "/runner/run", as("ada", "FREE", nil))
	assert.Equal(t, http.StatusServiceUnavailable, a.Status)
	assert.Equal(t, "admission_unavailable", a.text("code"))
	assert.NotEmpty(t, a.Header.Get("Retry-After"))
	wantVerdict(t, s.send(t, http.MethodPost, "/runner/run", as("ada", "PRO", nil)), "ok")
	assert.Equal(t, 1, strings.Count(s.log.String(), "the store of limits fails"), "once for the episode")
	assert.NotContains(t, s.log.String(), "secret")
	assert.Contains(t, string(s.send(t, http.MethodGet, "/metrics", nil).Raw), "paddock_limit_store_failures_total 1\n")
}
