package api

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/runner"
)

// allocated is how many bytes f allocates, all of them together.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestBodiesTakeASmallMultipleOfTheirSize(t *testing.T) {
	s, err := newServer(options(), &fakeRuns{})
	require.NoError(t, err)
	schemas := s.api.OpenAPI().Components.Schemas
	const size = DefaultMaxBody
	for name, body := range map[string]string{
		"numbers":       python(`,"args":[` + strings.Repeat("1,", size/2-50) + `1]`),
		"empty files":   python(`,"files":[` + strings.Repeat("{},", size/3-50) + `{}]`),
		"empty arrays":  python(`,"env":[` + strings.Repeat("[],", size/3-50) + `[]]`),
		"names":         `{` + variables(size/10) + `}`,
		"the same name": `{` + strings.Repeat(`"":0,`, size/5) + `"":0}`,
		"deep":          strings.Repeat("[", size),
		"one string":    python(`,"args":["` + strings.Repeat("x", size-100) + `"]`),
		"escapes":       python(`,"args":["` + strings.Repeat(`\n`, size/2-50) + `"]`),
		"one number":    python(`,"args":[` + strings.Repeat("1", size-100) + `]`),
		"white space":   strings.Repeat(" ", size),
	} {
		data := []byte(body)
		var p payload[RunRequest]
		got := allocated(func() { p.decode(schemas, data) })
		assert.Less(t, got, uint64(6*size), name)
	}
	mistakes := []byte(python(`,"args":[` + strings.Repeat("1,", maxValues-20) + `1]`))
	var p payload[RunRequest]
	assert.Less(t, allocated(func() { p.decode(schemas, mistakes) }), uint64(8<<20), "a mistake per value")
	assert.Error(t, p.err)
}

func TestTheLargestRequestsAreTaken(t *testing.T) {
	list := make([]string, runner.MaxFiles)
	for i := range list {
		list[i] = fmt.Sprintf(`{"path":"f%d","content":"aGVsbG8=","encoding":"base64"}`, i)
	}
	args := `,"args":[` + strings.Repeat(`"x",`, runner.MaxArgs-1) + `"x"],"env":{` + variables(runner.MaxEnv) + `}`
	for _, body := range []string{
		`{"language":"python","files":[` + strings.Join(list, ",") + `]` + args + `}`,
		`{"language":"python","code":"` + strings.Repeat("x", 1<<20) + `","stdin":"` + strings.Repeat(`\n`, 1<<20) + `"` + args + `}`,
	} {
		runs := &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})}
		w := call(fakeServer(t, runs), http.MethodPost, "/runner/run", body)
		assert.Equal(t, http.StatusOK, w.Code, "%.300s", w.Body)
		assert.Len(t, runs.job.Args, runner.MaxArgs)
		assert.Len(t, runs.job.Env, runner.MaxEnv)
	}
}

func TestCountingLeavesTheBodyAsItIs(t *testing.T) {
	data := []byte(python(`,"args":["\u0041","\n"]`))
	before := string(data)
	require.NoError(t, countValues(data))
	assert.Equal(t, before, string(data))
}

// unread is a POST whose body fails the test when it is read.
func unread(t *testing.T, path string) *http.Request {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, failingBody{t})
	r.Host = "localhost"
	return r
}

func TestPlacesAreBounded(t *testing.T) {
	runs := &fakeRuns{run: newRun(), started: make(chan struct{})}
	runs.run.stdin = func(_ context.Context, data []byte, _ bool) (int, error) { return len(data), nil }
	h := fakeServer(t, runs, func(o *Options) { o.MaxInFlight = 1 })
	first := make(chan *httptest.ResponseRecorder, 1)
	go func() { first <- call(h, http.MethodPost, "/runner/run", hello) }()
	<-runs.started

	events := httptest.NewRequest(http.MethodGet, "/runner/runs/"+runID+"/events", http.NoBody)
	events.Host = "localhost"
	for _, r := range []*http.Request{
		unread(t, "/runner/run"), unread(t, "/api/repl/execute"), unread(t, "/api/repl/execute/stream"),
		unread(t, "/api/containers/create"), unread(t, "/api/containers/create/stream"), events,
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, http.StatusServiceUnavailable, w.Code, r.URL.Path)
		assert.Equal(t, "server_overloaded", problemIn(t, w).Code)
		assert.NotEmpty(t, w.Header().Get("Retry-After"))
	}
	at := "/runner/runs/" + runID
	for _, path := range []string{"/livez", "/readyz", at} {
		assert.Equal(t, http.StatusOK, call(h, http.MethodGet, path, "").Code, path)
	}
	assert.Equal(t, http.StatusOK, call(h, http.MethodPost, at+"/stdin", `{"data":"x"}`).Code, "a full server can still be fed")
	assert.Equal(t, http.StatusAccepted, call(h, http.MethodDelete, at, "").Code)

	runs.run.end(runner.Result{Verdict: runner.OK})
	assert.Equal(t, http.StatusOK, (<-first).Code)
	runs.started = nil
	for range 3 { // a place is given back after a refusal too
		assert.Equal(t, http.StatusUnprocessableEntity, call(h, http.MethodPost, "/runner/run", `{}`).Code)
	}
	assert.Equal(t, http.StatusOK, call(h, http.MethodPost, "/runner/run", hello).Code)
}

func TestFeedersAreBounded(t *testing.T) {
	fed, taken := make(chan struct{}), make(chan struct{})
	runs := &fakeRuns{run: newRun()}
	runs.run.stdin = func(_ context.Context, data []byte, _ bool) (int, error) {
		close(fed)
		<-taken
		return len(data), nil
	}
	h := fakeServer(t, runs, func(o *Options) { o.MaxInFlight = 1 })
	path := "/runner/runs/" + runID + "/stdin"
	first := make(chan *httptest.ResponseRecorder, 1)
	go func() { first <- call(h, http.MethodPost, path, `{"data":"x"}`) }()
	<-fed
	w := httptest.NewRecorder()
	h.ServeHTTP(w, unread(t, path))
	assert.Equal(t, "server_overloaded", problemIn(t, w).Code)
	close(taken)
	assert.Equal(t, http.StatusOK, (<-first).Code)
}
