package api

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
	"paddock/monitor"
	"paddock/patterns"
	"paddock/quota"
	"paddock/runner"
)

// admitting makes admission what it is by default, with changes, and remembers what is recorded.
func admitting(recorded *[]anomalylog.Event, change func(*Admission)) func(*Options) {
	return func(o *Options) {
		if recorded != nil {
			o.Record = func(e anomalylog.Event) { *recorded = append(*recorded, e) }
		}
		o.Admission.Quota = newQuota(quota.Options{Tiers: quota.DefaultTiers()})
		if change != nil {
			change(&o.Admission)
		}
	}
}

func forUser(user string) string {
	return fmt.Sprintf(`{"language":"python","code":"x","user_id":%q}`, user)
}

func TestThirdRunOfAFreeUser(t *testing.T) {
	var recorded []anomalylog.Event
	first, second := newRun(), newRun()
	runs := &fakeRuns{run: first}
	h := fakeServer(t, runs, admitting(&recorded, nil))
	var asked sync.WaitGroup
	defer asked.Wait()
	starts := func(r *fakeRun) (job runner.Job) {
		runs.run, runs.started = r, make(chan struct{})
		asked.Go(func() { call(h, "POST", "/runner/run", forUser("ada")) })
		<-runs.started
		return runs.job
	}
	defer first.end(runner.Result{Verdict: runner.OK})
	defer second.end(runner.Result{Verdict: runner.OK})
	one := starts(first)
	starts(second)
	runs.started = nil
	w := call(h, "POST", "/runner/run", forUser("ada"))
	assert.Equal(t, 429, w.Code)
	p := problemIn(t, w)
	assert.Equal(t, "concurrent_limit_exceeded", p.Code)
	assert.Equal(t, "Concurrent service limit reached (2/2)", p.Detail)
	assert.True(t, p.Retryable)
	assert.NotEmpty(t, w.Header().Get("Retry-After"))
	assert.Equal(t, "2", w.Header().Get("X-RateLimit-Limit"))
	assert.Equal(t, "0", w.Header().Get("X-RateLimit-Remaining"))
	require.Len(t, recorded, 1)
	assert.Equal(t, anomalylog.ConcurrentLimitExceeded, recorded[0].Type)
	assert.Equal(t, "ada", recorded[0].UserID)
	assert.Equal(t, p.RequestID, recorded[0].RequestID)

	runs.run = endedRun(runner.Result{Verdict: runner.OK})
	assert.Equal(t, 200, call(h, "POST", "/runner/run", forUser("grace")).Code, "another user is none of it")
	one.Ended(nil, nil)
	assert.Equal(t, 200, call(h, "POST", "/runner/run", forUser("ada")).Code, "what has ended makes room")
}

func TestARunThatCannotStartGivesItsLeaseBack(t *testing.T) {
	runs := &fakeRuns{err: runner.ErrBusy}
	h := fakeServer(t, runs, admitting(nil, nil))
	for range 5 {
		assert.Equal(t, "server_overloaded", problemIn(t, call(h, "POST", "/runner/run", forUser("ada"))).Code)
	}
}

func TestTokensRunOut(t *testing.T) {
	var recorded []anomalylog.Event
	runs := &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})}
	h := fakeServer(t, runs, admitting(&recorded, nil))
	for i := range 10 {
		w := call(h, "POST", "/runner/run", forUser("ada"))
		require.Equal(t, 200, w.Code)
		assert.NotEmpty(t, w.Header().Get("RateLimit"))
		assert.NotEmpty(t, w.Header().Get("RateLimit-Policy"))
		assert.Empty(t, w.Header().Get("Retry-After"))
		runs.job.Ended(nil, nil)
		if i == 0 {
			assert.Contains(t, w.Header().Get("RateLimit-Policy"), `"run";q=20;w=60`)
		}
	}
	shown := runs.starts
	w := call(h, "POST", "/runner/run", forUser("ada"))
	assert.Equal(t, 429, w.Code)
	p := problemIn(t, w)
	assert.Equal(t, "rate_limit_exceeded", p.Code)
	after, err := strconv.Atoi(w.Header().Get("Retry-After"))
	require.NoError(t, err)
	reset, err := strconv.Atoi(w.Header().Get("X-RateLimit-Reset"))
	require.NoError(t, err)
	assert.Positive(t, after)
	assert.GreaterOrEqual(t, reset, after)
	assert.Equal(t, shown, runs.starts)
	assert.Equal(t, anomalylog.RateLimitExceeded, recorded[0].Type)
	assert.Equal(t, 200, call(h, "POST", "/api/repl/execute", forUser("ada")).Code, "the bucket of the other category is another")
}

func TestABlockedUser(t *testing.T) {
	var recorded []anomalylog.Event
	h := fakeServer(t, &fakeRuns{}, admitting(&recorded, func(a *Admission) {
		a.Profile = func(_ context.Context, user string) (quota.Profile, error) {
			return quota.Profile{IsBlocked: user == "mallory", BlockedReason: "mining"}, nil
		}
	}))
	w := call(h, "POST", "/runner/run", `{"language":"python","code":"x","user_id":"mallory","user_profile":{"tier":"ENTERPRISE"}}`)
	assert.Equal(t, 403, w.Code, "no request lifts a block")
	p := problemIn(t, w)
	assert.Equal(t, "user_blocked", p.Code)
	assert.Contains(t, p.Detail, "mining")
	assert.Equal(t, anomalylog.UnauthorizedAccess, recorded[0].Type)
}

func TestProfilesThatCannotBeRead(t *testing.T) {
	h := fakeServer(t, &fakeRuns{}, admitting(nil, func(a *Admission) {
		a.Profile = func(context.Context, string) (quota.Profile, error) { return quota.Profile{}, errors.New("no disk") }
	}))
	w := call(h, "POST", "/runner/run", forUser("ada"))
	assert.Equal(t, 500, w.Code)
	assert.NotContains(t, w.Body.String(), "no disk")
}

func TestATiersLimitsReachTheJob(t *testing.T) {
	runs := &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})}
	h := fakeServer(t, runs, admitting(nil, nil))
	call(h, "POST", "/runner/run", `{"language":"python","code":"x","user_id":"a","user_profile":{"tier":"BASIC"}}`)
	assert.EqualValues(t, 50, runs.job.Limits.CPUPercent)
	assert.Equal(t, testDefault.Memory, runs.job.Limits.Memory)
	call(h, "POST", "/runner/run", `{"language":"python","code":"x","user_id":"b","user_profile":{"tier":"BASIC","max_memory_mb":64,"max_cpu_percent":7}}`)
	assert.EqualValues(t, 7, runs.job.Limits.CPUPercent)
	assert.EqualValues(t, 64<<20, runs.job.Limits.Memory)
	w := call(h, "POST", "/runner/run", `{"language":"python","code":"x","user_id":"c","user_profile":{"max_memory_mb":64},"limits":{"memory_mb":65}}`)
	assert.Equal(t, 422, w.Code)
	assert.Contains(t, problemIn(t, w).Detail, "body.limits.memory_mb: at most 64 with the tier FREE")
}

func TestAddresses(t *testing.T) {
	runs := &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})}
	var recorded []anomalylog.Event
	o := options()
	admitting(&recorded, func(a *Admission) {
		a.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} // httptest's is 192.0.2.1
		a.Exempt = []netip.Prefix{netip.MustParsePrefix("203.0.113.7/32")}
	})(&o)
	s, err := newServer(o, runs)
	require.NoError(t, err)
	get := func(forwarded string) *httptest.ResponseRecorder {
		return call(s, "GET", "/api/repl/languages", "", "X-Forwarded-For", forwarded)
	}
	for range 10 {
		require.Equal(t, 200, get("198.51.100.1").Code)
	}
	w := get("198.51.100.1")
	assert.Equal(t, 429, w.Code)
	assert.Equal(t, "rate_limit_exceeded", problemIn(t, w).Code)
	assert.NotEmpty(t, w.Header().Get("Retry-After"))
	assert.Equal(t, 200, get("198.51.100.2").Code, "an address is none of another's business")
	assert.Equal(t, 200, get("10.0.0.1, 198.51.100.3").Code)
	for range 30 {
		require.Equal(t, 200, get("203.0.113.7").Code, "a backend of ours speaks for many")
		require.Equal(t, 200, call(s, "GET", "/livez", "", "X-Forwarded-For", "198.51.100.1").Code, "health is nobody's")
	}
	assert.Equal(t, 200, call(s, "POST", "/runner/run", forUser("ada"), "X-Forwarded-For", "198.51.100.1").Code,
		"a user does not pay for the neighbours behind the same address")
	assert.Equal(t, "198.51.100.1", runs.job.Client)
	assert.Equal(t, "198.51.100.1", recorded[0].IP)
}

func TestASlowedRequestWaitsAndLeavesWithItsClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})}
		var recorded []anomalylog.Event
		h := fakeServer(t, runs, admitting(&recorded, func(a *Admission) {
			a.Load = func(context.Context, quota.Tier) LoadDecision {
				return LoadDecision{Delay: 3 * time.Second, Events: []anomalylog.Event{{Type: anomalylog.ServerOverloaded}}}
			}
		}))
		began := time.Now()
		assert.Equal(t, 200, call(h, "POST", "/runner/run", forUser("ada")).Code)
		assert.Equal(t, 3*time.Second, time.Since(began))
		assert.Equal(t, anomalylog.ServerOverloaded, recorded[0].Type)
		runs.job.Ended(nil, nil)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		assert.ErrorIs(t, monitor.Wait(ctx, 3*time.Second), context.DeadlineExceeded)
	})
}

func TestAnOverloadedHostRefuses(t *testing.T) {
	runs := &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})}
	h := fakeServer(t, runs, admitting(nil, func(a *Admission) {
		a.Load = func(_ context.Context, tier quota.Tier) LoadDecision {
			if tier == quota.Enterprise {
				return LoadDecision{}
			}
			return LoadDecision{Retry: 7 * time.Second}
		}
	}))
	for range 3 { // a refused one keeps no lease
		w := call(h, "POST", "/runner/run", forUser("ada"))
		assert.Equal(t, 503, w.Code)
		assert.Equal(t, "server_overloaded", problemIn(t, w).Code)
		assert.NotEmpty(t, w.Header().Get("Retry-After"))
	}
	assert.Equal(t, 200, call(h, "POST", "/runner/run", `{"language":"python","code":"x","user_id":"b","user_profile":{"tier":"ENTERPRISE"}}`).Code)
}

func TestBlockedCodeSpeaksAgainstItsUser(t *testing.T) {
	var shown Submission
	var recorded []anomalylog.Event
	h := fakeServer(t, &fakeRuns{}, finds(&shown, nil, finding(patterns.Block, "process_exec", "py.exec.os-system", 3)), func(o *Options) {
		find := o.Validate
		admitting(&recorded, func(a *Admission) {
			a.Quota = mustQuota(t, quota.Options{Store: quota.NewMemory(quota.MemoryOptions{}), Abuse: quota.AbuseOptions{SlowFrom: 0.79}})
		})(o)
		o.Validate = find
	})
	for range 4 { // 0.25 each
		assert.Equal(t, "code_blocked", problemIn(t, call(h, "POST", "/runner/run", forUser("mallory"))).Code)
	}
	w := call(h, "POST", "/runner/run", forUser("mallory"))
	assert.Equal(t, 429, w.Code)
	assert.Equal(t, "quarantined", problemIn(t, w).Code)
	assert.Equal(t, "code_blocked", problemIn(t, call(h, "POST", "/runner/run", forUser("ada"))).Code, "nobody else is")
}

func mustQuota(t *testing.T, o quota.Options) *quota.Quota {
	t.Helper()
	q, err := quota.New(o)
	require.NoError(t, err)
	return q
}

func TestProbesOfAdminRoutes(t *testing.T) {
	h := fakeServer(t, &fakeRuns{}, admitting(nil, func(a *Admission) {
		a.Quota = mustQuota(t, quota.Options{Store: quota.NewMemory(quota.MemoryOptions{})})
	}))
	for range 3 { // 0.30 each
		assert.Equal(t, 404, call(h, "GET", "/admin/users/ada", "").Code)
	}
	assert.Equal(t, "quarantined", problemIn(t, call(h, "GET", "/api/repl/languages", "")).Code)
}

func TestFingerprint(t *testing.T) {
	one := runner.Job{Files: []runner.File{{Path: "a", Data: []byte("bc")}}}
	again := runner.Job{Files: []runner.File{{Path: "a", Data: []byte("bc")}}}
	assert.Equal(t, fingerprint(one), fingerprint(again))
	assert.NotEqual(t, fingerprint(one), fingerprint(runner.Job{Files: []runner.File{{Path: "ab", Data: []byte("c")}}}))
	assert.NotEqual(t, fingerprint(runner.Job{Stdin: []byte("1")}), fingerprint(runner.Job{Stdin: []byte("2")}), "a judge's cases are no spam")
	assert.NotEqual(t, fingerprint(runner.Job{Argv: []string{"a"}}), fingerprint(runner.Job{Argv: []string{"b"}}))
}
