package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/runner"
)

const hello = `{"language":"python","code":"print('hello')"}`

func resultIn(t *testing.T, body []byte) map[string]any {
	t.Helper()
	var got map[string]any
	require.NoError(t, json.Unmarshal(body, &got), "%s", body)
	return got
}

func TestResultHasEveryField(t *testing.T) {
	runs := &fakeRuns{run: endedRun(runner.Result{
		ID: runID, Language: "c", Version: "12.2.0", Verdict: runner.NonzeroExit, Message: "The program ended with exit status 3.",
		ExitStatus: 3, Stdout: []byte("nul \x00 is fine\n"), Stderr: []byte{0xff}, StderrTruncated: true,
		Wall: 7812345 * time.Nanosecond, CPU: 5 * time.Millisecond, Setup: 100 * time.Microsecond, PeakMemory: 4096,
		Compile: &runner.Compile{Verdict: runner.OK, Stderr: []byte("warning"), Wall: time.Second},
	})}
	w := call(fakeServer(t, runs), http.MethodPost, "/runner/run", hello)
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
	assert.Equal(t, map[string]any{
		"success": false, "message": "The program ended with exit status 3.", "error_category": "process_crash", "logs": []any{},
		"id": runID, "language": "c", "version": "12.2.0", "verdict": "nonzero_exit", "exit_status": 3.0, "signal": "",
		"stdout": "nul \x00 is fine\n", "stdout_encoding": "utf8", "stdout_truncated": false,
		"stderr": "/w==", "stderr_encoding": "base64", "stderr_truncated": true,
		"wall_time_ms": 7.812, "cpu_time_ms": 5.0, "setup_time_ms": 0.1, "peak_memory_bytes": 4096.0, "warnings": []any{},
		"compile": map[string]any{
			"verdict": "ok", "exit_status": 0.0, "signal": "", "stdout": "", "stdout_encoding": "utf8", "stdout_truncated": false,
			"stderr": "warning", "stderr_encoding": "utf8", "stderr_truncated": false,
			"wall_time_ms": 1000.0, "cpu_time_ms": 0.0, "peak_memory_bytes": 0.0,
		},
	}, resultIn(t, w.Body.Bytes()))
}

func TestVerdicts(t *testing.T) {
	for verdict, want := range map[runner.Verdict]struct {
		status   int
		category string
	}{
		runner.OK:           {200, "none"},
		runner.NonzeroExit:  {200, "process_crash"},
		runner.Signalled:    {200, "process_crash"},
		runner.TimeLimit:    {408, "process_crash"},
		runner.CPULimit:     {200, "process_crash"},
		runner.MemoryLimit:  {200, "process_crash"},
		runner.OutputLimit:  {200, "process_crash"},
		runner.ProcessLimit: {200, "process_crash"},
		runner.CompileError: {200, "validation"},
		runner.Cancelled:    {200, "unknown"},
	} {
		for _, path := range []string{"/runner/run", "/api/repl/execute"} {
			runs := &fakeRuns{run: endedRun(runner.Result{Verdict: verdict, Stdout: []byte("before")})}
			w := call(fakeServer(t, runs), http.MethodPost, path, hello)
			assert.Equal(t, want.status, w.Code, verdict)
			got := resultIn(t, w.Body.Bytes())
			assert.Equal(t, string(verdict), got["verdict"])
			assert.Equal(t, verdict == runner.OK, got["success"])
			assert.Equal(t, want.category, got["error_category"], verdict)
			assert.Equal(t, "before", got["stdout"])
		}
	}
}

func TestOurFailures(t *testing.T) {
	secret := errors.New("dial /run/secret.sock")
	for _, test := range []struct {
		err        error
		status     int
		code       string
		category   string
		retryAfter bool
	}{
		{fmt.Errorf("%w: %w", runner.ErrUnavailable, runner.ErrNoImage), 503, "language_not_installed", "environment", false},
		{fmt.Errorf("%w: %w", runner.ErrUnavailable, secret), 503, "sandbox_unavailable", "environment", true},
		{fmt.Errorf("x: %w", runner.ErrBusy), 503, "server_overloaded", "environment", true},
		{runner.ErrClosed, 503, "shutting_down", "environment", true},
		{fmt.Errorf("cell x: %w: %w", runner.ErrCellLost, secret), 500, "cell_lost", "environment", false},
		{secret, 500, "internal", "unknown", false},
	} {
		t.Run(test.code, func(t *testing.T) {
			for _, runs := range []*fakeRuns{{err: test.err}, {run: failedRun(test.err)}} {
				var log strings.Builder
				w := call(fakeServer(t, runs, logTo(&log)), http.MethodPost, "/runner/run", hello)
				assert.Equal(t, test.status, w.Code)
				p := problemIn(t, w)
				assert.Equal(t, test.code, p.Code)
				assert.Equal(t, test.category, p.ErrorCategory)
				assert.Equal(t, test.retryAfter, w.Header().Get("Retry-After") != "")
				assert.NotContains(t, w.Body.String(), "secret", "details are for the log")
				assert.Contains(t, log.String(), test.err.Error())
				assert.Contains(t, log.String(), p.RequestID)
			}
		})
	}
}

func failedRun(err error) *fakeRun {
	r := newRun()
	r.err = err
	close(r.done)
	return r
}

func TestRetryAfterHasJitter(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		seen[newProblem(codeUnavailable, "x").GetHeaders().Get("Retry-After")] = true
	}
	for after := range seen {
		assert.Contains(t, []string{"5", "6", "7", "8"}, after)
	}
	assert.Greater(t, len(seen), 1)
}

func TestClientThatLeavesCancelsItsPlainRun(t *testing.T) {
	runs := &fakeRuns{run: newRun(), started: make(chan struct{})}
	var log strings.Builder
	h := fakeServer(t, runs, logTo(&log))
	ctx, leave := context.WithCancel(t.Context())
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/runner/run", strings.NewReader(hello))
	r.Host = "localhost"
	go func() {
		<-runs.started
		leave()
	}()
	h.ServeHTTP(httptest.NewRecorder(), r)
	assert.False(t, runs.job.Detached)
	assert.Error(t, runs.ctx.Err(), "the run's context is the request's")
	assert.Contains(t, log.String(), `"status":499`)
}

func TestAcceptChooses(t *testing.T) {
	for accept, want := range map[string]format{
		"":                                    formatJSON,
		"*/*":                                 formatJSON,
		"application/json":                    formatJSON,
		"text/event-stream":                   formatStream,
		"TEXT/Event-Stream; charset=utf-8":    formatStream,
		"text/event-stream, */*":              formatStream,
		"*/*, text/event-stream":              formatStream,
		"text/*":                              formatStream,
		"application/json, text/event-stream": formatJSON,
		"text/event-stream, application/json": formatJSON,
		"application/json;q=0.5, text/event-stream;q=0.9": formatStream,
		"application/json, text/event-stream;q=0.9":       formatJSON,
		"text/event-stream;q=0, */*":                      formatJSON,
		"text/html":                                       formatNone,
		"application/json;q=0":                            formatNone,
		";;;":                                             formatNone,
		"application/json;q=x":                            formatNone,
	} {
		assert.Equal(t, want, negotiate(accept), accept)
	}
	w := call(realServer(t), http.MethodPost, "/runner/run", hello, "Accept", "image/png")
	assert.Equal(t, "not_acceptable", problemIn(t, w).Code)
}

func TestRunIsFoundWhileItGoesOnAndAfter(t *testing.T) {
	runs := &fakeRuns{run: newRun()}
	h := fakeServer(t, runs)
	w := call(h, http.MethodGet, "/runner/runs/"+runID, "")
	assert.Equal(t, http.StatusOK, w.Code)
	at := "/runner/runs/" + runID
	assert.Equal(t, map[string]any{
		"id": runID, "state": "running", "language": "python", "version": "3.11.2",
		"links": map[string]any{"run": at, "events": at + "/events", "stdin": at + "/stdin"},
	}, resultIn(t, w.Body.Bytes()))

	runs.run.end(runner.Result{ID: runID, Verdict: runner.TimeLimit})
	w = call(h, http.MethodGet, at, "")
	assert.Equal(t, http.StatusOK, w.Code, "the request for it was in time")
	got := resultIn(t, w.Body.Bytes())
	assert.Equal(t, "ended", got["state"])
	assert.Equal(t, "time_limit", got["result"].(map[string]any)["verdict"])
	assert.NotContains(t, got, "problem")
}

func TestRunThatFailedHasItsProblem(t *testing.T) {
	w := call(fakeServer(t, &fakeRuns{run: failedRun(runner.ErrCellLost)}), http.MethodGet, "/runner/runs/"+runID, "")
	assert.Equal(t, http.StatusOK, w.Code)
	got := resultIn(t, w.Body.Bytes())
	assert.Equal(t, "cell_lost", got["problem"].(map[string]any)["code"])
	assert.NotContains(t, got, "result")
}

func TestDeleteCancels(t *testing.T) {
	runs := &fakeRuns{run: newRun()}
	h := fakeServer(t, runs)
	w := call(h, http.MethodDelete, "/runner/runs/"+runID, "")
	assert.Equal(t, http.StatusAccepted, w.Code)
	assert.Equal(t, "running", resultIn(t, w.Body.Bytes())["state"])
	assert.ErrorIs(t, runs.run.cancelled, runner.ErrCancelled)
	runs.run.end(runner.Result{Verdict: runner.Cancelled})
	for range 2 {
		w = call(h, http.MethodDelete, "/runner/runs/"+runID, "")
		assert.Equal(t, http.StatusOK, w.Code)
		assert.Equal(t, "ended", resultIn(t, w.Body.Bytes())["state"])
	}
}

func TestUnknownRun(t *testing.T) {
	h := realServer(t)
	for _, id := range []string{"x", runID, "%2e%2e", strings.Repeat("y", 60)} {
		for _, c := range []struct{ method, path string }{
			{http.MethodGet, "/runner/runs/" + id}, {http.MethodDelete, "/runner/runs/" + id},
			{http.MethodGet, "/runner/runs/" + id + "/events"}, {http.MethodPost, "/runner/runs/" + id + "/stdin"},
		} {
			body := ""
			if c.method == http.MethodPost {
				body = `{"data":""}`
			}
			w := call(h, c.method, c.path, body)
			assert.Equal(t, http.StatusNotFound, w.Code, c)
			assert.Equal(t, "run_not_found", problemIn(t, w).Code)
		}
	}
}

func TestStdinIsFed(t *testing.T) {
	for name, test := range map[string]struct {
		contentType, query, body string
		data                     string
		last                     bool
	}{
		"JSON":          {"application/json", "", `{"data":"a\n"}`, "a\n", false},
		"JSON with eof": {"Application/JSON; charset=utf-8", "", `{"data":"a","eof":true}`, "a", true},
		"JSON base64":   {"", "", `{"data":"/wA=","encoding":"base64"}`, "\xff\x00", false},
		"text":          {"text/plain; charset=utf-8", "", "{}", "{}", false},
		"bytes and eof": {"application/octet-stream", "?eof=true", "\xff\x00", "\xff\x00", true},
		"only eof":      {"text/plain", "?eof=true", "", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			runs := &fakeRuns{run: newRun()}
			runs.run.stdin = func(_ context.Context, data []byte, last bool) (int, error) {
				assert.Equal(t, test.data, string(data))
				assert.Equal(t, test.last, last)
				return len(data), nil
			}
			w := call(fakeServer(t, runs), http.MethodPost, "/runner/runs/"+runID+"/stdin"+test.query, test.body, "Content-Type", test.contentType)
			assert.Equal(t, http.StatusOK, w.Code, "%s", w.Body)
			assert.Equal(t, map[string]any{"id": runID, "taken_bytes": float64(len(test.data)), "eof": test.last}, resultIn(t, w.Body.Bytes()))
		})
	}
}

func TestStdinThatIsNotTaken(t *testing.T) {
	runs := &fakeRuns{run: newRun()}
	h := fakeServer(t, runs)
	at := "/runner/runs/" + runID + "/stdin"
	w := call(h, http.MethodPost, at, "x", "Content-Type", "image/png")
	assert.Equal(t, "unsupported_media_type", problemIn(t, w).Code)
	w = call(h, http.MethodPost, at, `{"data":"!","encoding":"base64"}`)
	assert.Equal(t, "body.data", problemIn(t, w).Errors[0].Location)
	w = call(h, http.MethodPost, at, `{"date":""}`)
	assert.Equal(t, "invalid_request", problemIn(t, w).Code)
	w = call(h, http.MethodPost, at+"?eof=maybe", "x", "Content-Type", "text/plain")
	assert.Equal(t, "query.eof", problemIn(t, w).Errors[0].Location)

	runs.run.stdin = func(context.Context, []byte, bool) (int, error) { return 0, runner.ErrStdinClosed }
	w = call(h, http.MethodPost, at, `{"data":"x"}`)
	assert.Equal(t, http.StatusConflict, w.Code)
	p := problemIn(t, w)
	assert.Equal(t, "stdin_closed", p.Code)
	assert.False(t, p.Retryable)
	assert.Contains(t, w.Body.String(), `"taken_bytes":0`)
}

func TestStdinThatBlocksIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := &fakeRuns{run: newRun()}
		runs.run.stdin = func(ctx context.Context, _ []byte, _ bool) (int, error) {
			<-ctx.Done()
			return 3, ctx.Err()
		}
		began := time.Now()
		w := call(fakeServer(t, runs), http.MethodPost, "/runner/runs/"+runID+"/stdin", `{"data":"12345"}`)
		assert.Equal(t, stdinTimeout, time.Since(began))
		assert.Equal(t, http.StatusConflict, w.Code)
		p := problemIn(t, w)
		assert.Equal(t, "stdin_blocked", p.Code)
		assert.True(t, p.Retryable)
		assert.Equal(t, 3, *p.Taken)
	})
}

// BenchmarkRun is what HTTP adds to a run: everything but the network and the program.
func BenchmarkRun(b *testing.B) {
	for name, size := range map[string]int{"hello": 6, "1MiB": 1 << 20} {
		b.Run(name, func(b *testing.B) {
			runs := &fakeRuns{run: endedRun(runner.Result{ID: runID, Verdict: runner.OK, Stdout: []byte(strings.Repeat("x", size)), Log: []string{"a"}})}
			h := fakeServer(b, runs, logTo(io.Discard))
			b.ReportAllocs()
			for b.Loop() {
				if w := call(h, http.MethodPost, "/runner/run", hello); w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
