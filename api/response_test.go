package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/runner"
)

func TestAccessLog(t *testing.T) {
	var log strings.Builder
	h := fakeServer(t, &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})}, logTo(&log))
	w := call(h, http.MethodPost, "/runner/run?token=SECRETQUERY", `{"language":"python","code":"SECRETCODE","stdin":"SECRETSTDIN"}`,
		"X-Request-Id", "mine-1", "Authorization", "SECRETHEADER", "User-Agent", "SECRETAGENT")
	assert.Equal(t, "mine-1", w.Header().Get("X-Request-Id"))
	assert.NotContains(t, log.String(), "SECRET")
	var line map[string]any
	require.NoError(t, json.Unmarshal([]byte(log.String()), &line), "one line: %s", log.String())
	assert.GreaterOrEqual(t, line["duration_ms"], 0.0)
	delete(line, "duration_ms")
	assert.Equal(t, map[string]any{
		"level": "info", "message": "request", "method": "POST", "route": "/runner/run", "status": 200.0,
		"bytes": float64(w.Body.Len()), "request_id": "mine-1", "ip": "192.0.2.1", "run_id": runID,
	}, line)
}

func TestAccessLogHasThePatternNotThePath(t *testing.T) {
	var log strings.Builder
	h := fakeServer(t, &fakeRuns{}, logTo(&log))
	call(h, http.MethodGet, "/runner/runs/SECRET", "")
	call(h, http.MethodGet, "/SECRET", "")
	assert.NotContains(t, log.String(), "SECRET")
	assert.Contains(t, log.String(), `"route":"/runner/runs/{id}"`)
}

func TestRequestIDsAreSane(t *testing.T) {
	h := realServer(t)
	for id, kept := range map[string]bool{
		"a": true, "A-z_0.9": true, strings.Repeat("x", 64): true,
		"": false, "a b": false, strings.Repeat("x", 65): false, "é": false, "a\"b": false, "<b>": false,
	} {
		got := call(h, http.MethodGet, "/livez", "", "X-Request-Id", id).Header().Get("X-Request-Id")
		if kept {
			assert.Equal(t, id, got)
			continue
		}
		assert.NotEqual(t, id, got)
		assert.Regexp(t, saneID, got)
	}
}

func TestPanicIsAProblem(t *testing.T) {
	var log strings.Builder
	h := fakeServer(t, &fakeRuns{}, logTo(&log), func(o *Options) {
		o.Languages = func() []Language { panic("secret") }
	})
	w := call(h, http.MethodGet, "/api/repl/languages", "")
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	p := problemIn(t, w)
	assert.Equal(t, "internal", p.Code)
	assert.NotContains(t, w.Body.String(), "secret")
	assert.Contains(t, log.String(), "secret")
	assert.Contains(t, log.String(), `"status":500`)
}

func TestPanicInAStreamBreaksIt(t *testing.T) {
	runs := &fakeRuns{run: endedRun(runner.Result{}, stdout(1, "x"), runner.Event{ID: 2, Kind: 99})}
	h := fakeServer(t, runs)
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { call(h, http.MethodPost, "/api/repl/execute/stream", hello) })
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	h := realServer(t)
	for _, path := range []string{"/livez", "/nope", "/runner/runs/x", "/openapi.json", "/docs"} {
		w := call(h, http.MethodGet, path, "")
		assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"), path)
		assert.Equal(t, "DENY", w.Header().Get("X-Frame-Options"), path)
		assert.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'none'", path)
		assert.NotEmpty(t, w.Header().Get("Cache-Control"), path)
		assert.Empty(t, w.Header().Get("Access-Control-Allow-Origin"), path)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	_, err := New(Options{})
	assert.ErrorContains(t, err, "Runner")
	for field, change := range map[string]func(*Options){
		"Languages":   func(o *Options) { o.Languages = nil },
		"Ready":       func(o *Options) { o.Ready = nil },
		"Default":     func(o *Options) { o.Default.Memory = 0 },
		"Max":         func(o *Options) { o.Max = runner.Limits{} },
		"MaxBody":     func(o *Options) { o.MaxBody = -1 },
		"MaxInFlight": func(o *Options) { o.MaxInFlight = -1 },
	} {
		o := options()
		change(&o)
		_, err := newServer(o, &fakeRuns{})
		assert.ErrorContains(t, err, "api.Options."+field)
	}
}

func TestTwoServersAtOnce(t *testing.T) {
	a := realServer(t)
	b := realServer(t, func(o *Options) { o.Max.Processes = 7 })
	long := python(`,"limits":{"processes":100},"entrypoint":"x"`)
	assert.Contains(t, call(a, http.MethodPost, "/runner/run", long).Body.String(), "body.entrypoint")
	assert.Contains(t, call(b, http.MethodPost, "/runner/run", long).Body.String(), "from 1 to 7")
}

func TestExchangeIsNeverNil(t *testing.T) {
	assert.NotNil(t, exchangeOf(context.Background()))
	w := httptest.NewRecorder()
	assert.Same(t, w, (&response{ResponseWriter: w}).Unwrap())
}
