package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
	"paddock/quota"
	"paddock/runner"
)

// fakeProfiles keeps profiles in a map, as a store does in its file.
type fakeProfiles struct {
	mu  sync.Mutex
	all map[string]quota.Profile
	err error // of every change
}

func (f *fakeProfiles) Profile(_ context.Context, user string) (quota.Profile, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.all[user]
	return p, ok, nil
}

func (f *fakeProfiles) Profiles(_ context.Context, after string, limit int) (page []quota.UserProfile, next string, err error) {
	for id, p := range f.all {
		if id > after {
			page = append(page, quota.UserProfile{UserID: id, Profile: p})
		}
	}
	slices.SortFunc(page, func(a, b quota.UserProfile) int { return strings.Compare(a.UserID, b.UserID) })
	if len(page) > limit {
		page, next = page[:limit], page[limit-1].UserID
	}
	return page, next, nil
}

func (f *fakeProfiles) EditProfile(_ context.Context, user string, edit func(*quota.Profile, bool) error) error {
	if f.err != nil {
		return f.err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	p, exists := f.all[user]
	if err := edit(&p, exists); err != nil {
		return err
	}
	f.all[user] = p
	return nil
}

func (f *fakeProfiles) DeleteProfile(_ context.Context, user string) (quota.Profile, bool, error) {
	p, ok := f.all[user]
	delete(f.all, user)
	return p, ok, f.err
}

// desk is an admin's server, and what it has written down.
type desk struct {
	http.Handler
	profiles *fakeProfiles
	quota    *quota.Quota
	log      *anomalylog.Log
	drained  int
	events   []anomalylog.Event
}

func newDesk(t *testing.T, r runs) *desk {
	t.Helper()
	d := &desk{
		profiles: &fakeProfiles{all: map[string]quota.Profile{}},
		quota:    mustQuota(t, quota.Options{Store: quota.NewMemory(quota.MemoryOptions{})}),
	}
	var err error
	d.log, err = anomalylog.New(anomalylog.Options{Path: filepath.Join(t.TempDir(), "anomalies.jsonl")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.log.Close()) })
	h, err := NewAdmin(AdminOptions{
		Profiles: d.profiles,
		Record:   func(e anomalylog.Event) error { d.events = append(d.events, e); return nil },
		Live: &Live{
			Runner: &runner.Runner{}, Quota: d.quota, Anomalies: d.log, Stopping: t.Context(),
			Load:  func() any { return map[string]string{"level": "normal"} },
			Pool:  func() PoolState { return PoolState{MaxCells: 7} },
			Drain: func() int { d.drained++; return 3 },
		},
	})
	require.NoError(t, err)
	if a, ok := h.(*admin); ok {
		a.runs = r
	}
	d.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(AsAdmin(r.Context(), "root")))
	})
	return d
}

// ask makes a request that must be answered with a status.
func (d *desk) ask(t *testing.T, status int, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	w := call(d, method, path, body)
	require.Equal(t, status, w.Code, "%s %s: %s", method, path, w.Body)
	return w
}

// last is what was written down last.
func (d *desk) last(t *testing.T) anomalylog.Event {
	t.Helper()
	require.NotEmpty(t, d.events)
	e := d.events[len(d.events)-1]
	assert.Equal(t, anomalylog.AdminAction, e.Type)
	assert.Equal(t, "root", e.Details["by"])
	assert.NotEmpty(t, e.RequestID)
	return e
}

func TestAdminsSeeAndReleaseSuspects(t *testing.T) {
	d := newDesk(t, &fakeRuns{})
	assert.JSONEq(t, `{"suspects":[]}`, d.ask(t, 200, http.MethodGet, "/admin/abuse", "").Body.String())
	assert.JSONEq(t, `{"level":"normal"}`, d.ask(t, 200, http.MethodGet, "/admin/load", "").Body.String())

	address := quota.Address(netip.MustParseAddr("2001:db8::1"))
	require.NoError(t, d.quota.Block(t.Context(), address, "flood", time.Hour))
	for range 4 {
		d.quota.Signal(t.Context(), quota.User("mallory"), quota.Terms{}, quota.PolicyViolation, "")
	}
	var got Suspects
	require.NoError(t, json.Unmarshal(d.ask(t, 200, http.MethodGet, "/admin/abuse?limit=5", "").Body.Bytes(), &got))
	require.Len(t, got.Suspects, 2)
	assert.Equal(t, "user:mallory", got.Suspects[0].Subject)
	assert.InDelta(t, 1, got.Suspects[0].Score, 0.01)
	assert.Equal(t, map[string]int64{"policy_violation": 4}, got.Suspects[0].Signals)
	assert.Positive(t, got.Suspects[0].BlockedFor)
	assert.Equal(t, "flood", got.Suspects[1].Reason)

	d.ask(t, 204, http.MethodDelete, "/admin/abuse?subject="+got.Suspects[1].Subject, "")
	known, err := d.quota.Known(t.Context(), address)
	require.NoError(t, err)
	assert.Zero(t, known.Block.For)
	assert.Equal(t, "release", d.last(t).Details["action"])
	assert.Len(t, d.events, 1)
	d.ask(t, 404, http.MethodDelete, "/admin/abuse?subject=user:ada", "")
	for _, bad := range []string{"?subject=ada", "?subject=user:", "", "?subject="} {
		d.ask(t, 422, http.MethodDelete, "/admin/abuse"+bad, "")
	}
	d.ask(t, 422, http.MethodGet, "/admin/abuse?limit=0", "")
	assert.Len(t, d.events, 1, "what was refused is no action")
}

func TestAdminsChangeUsers(t *testing.T) {
	d := newDesk(t, &fakeRuns{})
	assert.JSONEq(t, `{"users":[],"next":""}`, d.ask(t, 200, http.MethodGet, "/admin/users", "").Body.String())
	ada := func(w *httptest.ResponseRecorder) (u User) {
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &u))
		assert.Equal(t, "ada", u.UserID)
		return u
	}
	free := ada(d.ask(t, 200, http.MethodGet, "/admin/users/ada", ""))
	assert.False(t, free.Stored)
	assert.Equal(t, int64(256), free.Limits.MemoryMB, "what counts for who has no profile")

	set := ada(d.ask(t, 200, http.MethodPut, "/admin/users/ada", `{"tier":"PRO","max_memory_mb":4096,"allowed_ports":[3000]}`))
	assert.Equal(t, int64(4096), set.Limits.MemoryMB)
	assert.Equal(t, int64(10), set.Limits.Concurrent)
	e := d.last(t)
	assert.Equal(t, "ada", e.UserID)
	assert.Equal(t, "set_user", e.Details["action"])
	assert.Empty(t, e.Details["from"])
	assert.Equal(t, []string{"allowed_ports=[3000]", "max_memory_mb=4096", `tier="PRO"`}, e.Details["to"])

	d.ask(t, 200, http.MethodPatch, "/admin/users/ada", `{"max_memory_mb":null,"max_cpu_percent":50,"tier":"BASIC"}`)
	e = d.last(t)
	assert.Equal(t, []string{"max_memory_mb=4096", `tier="PRO"`}, e.Details["from"])
	assert.Equal(t, []string{"max_cpu_percent=50", `tier="BASIC"`}, e.Details["to"])
	assert.Equal(t, []int{3000}, ada(d.ask(t, 200, http.MethodGet, "/admin/users/ada", "")).Profile.AllowedPorts)

	d.ask(t, 200, http.MethodDelete, "/admin/users/ada", "")
	assert.Equal(t, []string{"allowed_ports=[3000]", "max_cpu_percent=50", `tier="BASIC"`}, d.last(t).Details["from"])
	d.ask(t, 404, http.MethodDelete, "/admin/users/ada", "")
	assert.Len(t, d.events, 3)
}

func TestUsersArePaged(t *testing.T) {
	d := newDesk(t, &fakeRuns{})
	for _, id := range []string{"a", "b", "c"} {
		d.ask(t, 200, http.MethodPut, "/admin/users/"+id, "{}")
	}
	var got []string
	for after, pages := "", 0; pages == 0 || after != ""; pages++ {
		var page Users
		require.NoError(t, json.Unmarshal(d.ask(t, 200, http.MethodGet, "/admin/users?limit=2&after="+after, "").Body.Bytes(), &page))
		for _, u := range page.Users {
			got = append(got, u.UserID)
		}
		after = page.Next
		require.Less(t, pages, 3)
	}
	assert.Equal(t, []string{"a", "b", "c"}, got)
}

func TestWhatCannotBeAUserIsRefused(t *testing.T) {
	d := newDesk(t, &fakeRuns{})
	for body, want := range map[string]string{
		`{"tier":"GOLD"}`:         "body.tier",
		`{"max_memory_mb":0}`:     "body.max_memory_mb",
		`{"max_memory_mb":"1"}`:   "body.max_memory_mb",
		`{"allowed_ports":[0,1]}`: "body.allowed_ports[0]",
		`{"teir":"PRO"}`:          "body.teir",
		`[]`:                      "body",
		`null`:                    "body",
		`"x"`:                     "body",
		`{`:                       "body",
	} {
		for _, method := range []string{http.MethodPut, http.MethodPatch} {
			w := call(d, method, "/admin/users/ada", body)
			assert.Contains(t, []int{400, 422}, w.Code, "%s %s: %s", method, body, w.Body)
			assert.Contains(t, w.Body.String(), want, "%s %s", method, body)
		}
	}
	d.ask(t, 400, http.MethodPut, "/admin/users/ada", "")
	d.ask(t, 400, http.MethodPatch, "/admin/users/ada", "")
	d.ask(t, 422, http.MethodPost, "/admin/users/ada/block", `{"reason":"`+strings.Repeat("x", 501)+`"}`)
	d.ask(t, 422, http.MethodGet, "/admin/users/a%20b", "")
	d.ask(t, 422, http.MethodPut, "/admin/users/"+strings.Repeat("a", 129), "{}")
	d.ask(t, 422, http.MethodGet, "/admin/users?limit=1001", "")
	d.ask(t, 404, http.MethodPost, "/admin/users/ada/unblock", "")
	assert.Empty(t, d.profiles.all)
	assert.Empty(t, d.events)
}

func TestABlockEndsWhatTheUserHasRunning(t *testing.T) {
	r := &fakeRuns{run: newRun()}
	r.run.user = "mallory"
	d := newDesk(t, r)
	d.ask(t, 200, http.MethodPost, "/admin/users/ada/block", "")
	assert.NoError(t, r.run.cancelled, "another's")
	d.ask(t, 200, http.MethodPost, "/admin/users/mallory/block", `{"reason":"mining"}`)
	require.ErrorIs(t, r.run.cancelled, runner.ErrBlocked)
	assert.Equal(t, quota.Profile{IsBlocked: true, BlockedReason: "mining"}, d.profiles.all["mallory"])
	assert.Equal(t, 1, d.last(t).Details["runs_ended"])
	d.ask(t, 200, http.MethodPost, "/admin/users/mallory/unblock", "")
	assert.Equal(t, []string{`blocked_reason="mining"`, "is_blocked=true"}, d.last(t).Details["from"])
	assert.False(t, d.profiles.all["mallory"].IsBlocked)
	r.run.cancelled = nil
	d.ask(t, 200, http.MethodPatch, "/admin/users/mallory", `{"is_blocked":true}`)
	assert.ErrorIs(t, r.run.cancelled, runner.ErrBlocked, "however it comes about")
}

// An edit that ends a block takes its reason with it, and one that changes nothing is none.
func TestWhatFollowsFromAnEdit(t *testing.T) {
	d := newDesk(t, &fakeRuns{})
	var u User
	w := d.ask(t, 200, http.MethodPost, "/admin/users/malory/block", `{"reason":"mining"}`)
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &u))
	assert.True(t, u.Created, "who meant mallory is told")
	d.ask(t, 200, http.MethodPatch, "/admin/users/malory", `{"is_blocked":false}`)
	assert.Equal(t, quota.Profile{}, d.profiles.all["malory"])
	d.ask(t, 200, http.MethodPatch, "/admin/users/malory", `{"is_blocked":false}`)
	assert.Len(t, d.events, 2)
}

// What can't be stored is not done, nor said to be.
func TestProfilesThatFail(t *testing.T) {
	r := &fakeRuns{run: newRun()}
	r.run.user = "mallory"
	d := newDesk(t, r)
	d.profiles.err = errors.New("the disk is gone")
	for method, path := range map[string]string{
		http.MethodPost: "/admin/users/mallory/block", http.MethodDelete: "/admin/users/mallory", http.MethodPatch: "/admin/users/mallory",
	} {
		assert.NotContains(t, d.ask(t, 500, method, path, map[string]string{http.MethodPatch: "{}"}[method]).Body.String(), "disk")
	}
	assert.NoError(t, r.run.cancelled)
	assert.Empty(t, d.events)
}

// What can't be written down is done all the same.
func TestALogThatFails(t *testing.T) {
	var log strings.Builder
	p := &fakeProfiles{all: map[string]quota.Profile{}}
	h, err := NewAdmin(AdminOptions{
		Profiles: p, Record: func(anomalylog.Event) error { return errors.New("the disk is full") }, Log: zerolog.New(&log),
	})
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, call(h, http.MethodPost, "/admin/users/mallory/block", "").Code)
	assert.True(t, p.all["mallory"].IsBlocked)
	assert.Contains(t, log.String(), "an admin's action is not written down")
	assert.Contains(t, log.String(), "the disk is full")
}

// A run that passed admission just before its user was blocked, and so was not there yet to be ended, is ended at its start.
func TestABlockBetweenAdmissionAndStart(t *testing.T) {
	r := &fakeRuns{run: endedRun(runner.Result{})}
	r.run.user = "mallory"
	reads := 0
	h := fakeServer(t, r, func(o *Options) {
		o.Admission.Profile = func(context.Context, string) (quota.Profile, error) {
			reads++
			return quota.Profile{IsBlocked: reads > 1}, nil
		}
	})
	call(h, http.MethodPost, "/runner/run", python(`,"user_id":"mallory"`))
	assert.ErrorIs(t, r.run.cancelled, runner.ErrBlocked)
}

// Where nobody can tell whether the user is blocked by now, nothing runs; nor does it where the client has left meanwhile.
func TestABlockThatCannotBeLookedUp(t *testing.T) {
	for name, second := range map[string]func(context.Context) (quota.Profile, error){
		"the store fails": func(context.Context) (quota.Profile, error) { return quota.Profile{}, errors.New("gone") },
		"the client left": func(ctx context.Context) (quota.Profile, error) { return quota.Profile{IsBlocked: true}, ctx.Err() },
	} {
		r := &fakeRuns{run: endedRun(runner.Result{})}
		r.run.user = "mallory"
		reads := 0
		ctx, leave := context.WithCancel(t.Context())
		h := fakeServer(t, r, func(o *Options) {
			o.Admission.Profile = func(ctx context.Context, _ string) (quota.Profile, error) {
				reads++
				if reads == 1 {
					return quota.Profile{}, nil
				}
				leave()
				return second(ctx)
			}
		})
		q := httptest.NewRequestWithContext(ctx, http.MethodPost, "/api/repl/execute/stream", strings.NewReader(
			`{"language":"python","code":"1","user_id":"mallory"}`))
		q.Host = "localhost"
		h.ServeHTTP(httptest.NewRecorder(), q)
		assert.Error(t, r.run.cancelled, name)
	}
}

func TestAdminsSeeAndEndRuns(t *testing.T) {
	r := &fakeRuns{run: newRun()}
	r.run.user = "ada"
	d := newDesk(t, r)
	var got RunList
	require.NoError(t, json.Unmarshal(d.ask(t, 200, http.MethodGet, "/admin/runs", "").Body.Bytes(), &got))
	require.Len(t, got.Runs, 1)
	assert.Positive(t, got.Runs[0].Age)
	got.Runs[0].Age = 0
	assert.Equal(t, RunInfo{
		ID: runID, UserID: "ada", IP: "192.0.2.1", Language: "python", State: "running", Accepted: r.run.Born(),
	}, got.Runs[0])
	assert.JSONEq(t, `{"runs":[]}`, d.ask(t, 200, http.MethodGet, "/admin/runs?user=bob", "").Body.String())
	d.ask(t, 404, http.MethodDelete, "/admin/runs/nope", "")
	d.ask(t, 202, http.MethodDelete, "/admin/runs/"+runID, "")
	require.ErrorIs(t, r.run.cancelled, runner.ErrByAdmin)
	assert.Equal(t, runID, d.last(t).RunID)
	close(r.run.done)
	d.ask(t, 404, http.MethodDelete, "/admin/runs/"+runID, "")
}

func TestAdminsSeeAndDrainThePool(t *testing.T) {
	d := newDesk(t, &fakeRuns{})
	assert.Contains(t, d.ask(t, 200, http.MethodGet, "/admin/pool", "").Body.String(), `"max_cells":7`)
	assert.JSONEq(t, `{"closed":3}`, d.ask(t, 200, http.MethodPost, "/admin/pool/drain", "").Body.String())
	assert.Equal(t, 1, d.drained)
	assert.Equal(t, 3, d.last(t).Details["closed"])
}

// A page in the browser of somebody on this machine can't act for admins, nor read, nor hold what they need, and neither can a name
// that somebody points here.
func TestNoPageActsForAdmins(t *testing.T) {
	d := newDesk(t, &fakeRuns{})
	w := call(d, http.MethodPost, "/admin/pool/drain", "", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	assert.Equal(t, http.StatusForbidden, w.Code)
	for _, path := range []string{"/admin/runs", "/admin/anomalies/stream", "/admin/anomalies/summary"} {
		assert.Equal(t, http.StatusForbidden, call(d, http.MethodGet, path, "", "Sec-Fetch-Site", "cross-site").Code, path)
	}
	for _, host := range []string{"evil.example", "evil.localhost"} {
		r := httptest.NewRequest(http.MethodGet, "/admin/runs", http.NoBody)
		r.Host = host
		rec := httptest.NewRecorder()
		d.ServeHTTP(rec, r)
		assert.Equal(t, http.StatusForbidden, rec.Code, host)
	}
	assert.Zero(t, d.drained)
}

// Without a server there are users only.
func TestAdminRoutesWithoutAServer(t *testing.T) {
	h, err := NewAdmin(AdminOptions{Profiles: &fakeProfiles{}, Record: func(anomalylog.Event) error { return nil }})
	require.NoError(t, err)
	w := call(h, http.MethodGet, "/admin/users/ada", "")
	assert.JSONEq(t, `{"user_id":"ada","stored":false,"profile":{"is_blocked":false}}`, w.Body.String())
	assert.Equal(t, http.StatusNotFound, call(h, http.MethodGet, "/admin/pool", "").Code)
	assert.Contains(t, call(h, http.MethodGet, "/openapi.json", "").Body.String(), "/admin/users/{id}")
}
