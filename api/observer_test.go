package api

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
	"paddock/patterns"
	"paddock/runner"
	"paddock/validate"
)

// notes is an Observer that notes what it is told.
type notes struct {
	mu        sync.Mutex
	stages    []Stage
	ran       []string // verdicts and codes
	streams   []int
	findings  []validate.Finding
	answers   []Answer
	strangers int // contexts that Begin has not made
}

type noted struct{}

func (n *notes) Begin(h http.Header, r *http.Request) (ctx context.Context, trace string) {
	h.Set("Traceresponse", "its")
	return context.WithValue(r.Context(), noted{}, true), "4bf92f3577b34da6a3ce929d0e0e4736"
}

func (n *notes) note(ctx context.Context, f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if ctx.Value(noted{}) == nil {
		n.strangers++
	}
	f()
}

func (n *notes) Stage(ctx context.Context, s Stage, _ time.Time) {
	n.note(ctx, func() { n.stages = append(n.stages, s) })
}

func (n *notes) Looked(ctx context.Context, began time.Time, findings []validate.Finding) {
	n.Stage(ctx, StageValidate, began)
	n.note(ctx, func() { n.findings = append(n.findings, findings...) })
}

func (n *notes) Ran(ctx context.Context, _ time.Time, result *runner.Result, code string) {
	n.note(ctx, func() {
		if result != nil {
			code = string(result.Verdict)
		}
		n.ran = append(n.ran, code)
	})
}

func (n *notes) Follow(change int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.streams = append(n.streams, change)
}

func (n *notes) Answered(ctx context.Context, a Answer) {
	n.note(ctx, func() { n.answers = append(n.answers, a) })
}

// observed is a server whose observer notes what it is told.
func observed(t *testing.T, runs *fakeRuns, change ...func(*Options)) (http.Handler, *notes) {
	t.Helper()
	n := &notes{}
	h := fakeServer(t, runs, append(change, func(o *Options) { o.Observer = n })...)
	t.Cleanup(func() { assert.Zero(t, n.strangers, "each context comes from Begin") })
	return h, n
}

func TestTheObserverOfARun(t *testing.T) {
	finding := validate.Finding{Rule: "py.x", Severity: patterns.Warn, Category: patterns.Categories[0]}
	runs := &fakeRuns{run: endedRun(runner.Result{ID: runID, Verdict: runner.OK})}
	h, n := observed(t, runs, func(o *Options) {
		o.Validate = func(context.Context, Submission) (validate.Report, error) {
			return validate.Report{Findings: []validate.Finding{finding}}, nil
		}
	})
	w := call(h, http.MethodPost, "/runner/run", hello)
	require.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "its", w.Header().Get("Traceresponse"))
	runs.job.Ended(runs.run.result, nil)
	runs.job.Ended(nil, runner.ErrUnavailable)
	assert.Equal(t, []Stage{StageTokens, StageValidate, StageAdmit}, n.stages)
	assert.Equal(t, []string{"ok", "sandbox_unavailable"}, n.ran)
	require.Len(t, n.answers, 1)
	assert.WithinDuration(t, time.Now(), n.answers[0].Began, time.Minute)
	n.answers[0].Began = time.Time{}
	assert.Equal(t, Answer{Method: "POST", Route: "/runner/run", Status: 200, RunID: runID}, n.answers[0])
	assert.Equal(t, []validate.Finding{finding}, n.findings)
}

// A code that Ran is told is one of those it may be told.
func TestRunFailures(t *testing.T) {
	for _, err := range []error{runner.ErrUnavailable, runner.ErrNoImage, runner.ErrBusy, runner.ErrShutdown, runner.ErrCellLost, io.EOF} {
		runs := &fakeRuns{run: endedRun(runner.Result{})}
		h, n := observed(t, runs)
		call(h, http.MethodPost, "/runner/run", hello)
		runs.job.Ended(nil, err)
		require.Len(t, n.ran, 1)
		assert.Contains(t, RunFailures(), n.ran[0])
	}
	assert.NotContains(t, RunFailures(), codeStdinClosed)
}

// Whatever a client sends, what the observer is told is of a table of ours.
func TestTheObserverIsToldNothingThatClientsMakeUp(t *testing.T) {
	h, n := observed(t, &fakeRuns{run: endedRun(runner.Result{})})
	for _, c := range []struct {
		method, path, body string
		want               Answer
	}{
		{"GET", "/SECRET", "", Answer{Method: "GET", Status: 404, Code: codeNotFound}},
		{"SECRET", "/runner/run", "", Answer{Method: "OTHER", Status: 405, Code: codeMethod}},
		{"GET", "/runner/runs/SECRET", "", Answer{Method: "GET", Route: "/runner/runs/{id}", Status: 404, Code: codeRunNotFound}},
		{"POST", "/runner/run", "{", Answer{Method: "POST", Route: "/runner/run", Status: 400, Code: codeInvalidJSON}},
		{"POST", "/runner/run", `{"SECRET":1}`, Answer{Method: "POST", Route: "/runner/run", Status: 422, Code: codeInvalidRequest}},
		{"POST", "/SECRET", "", Answer{Method: "POST", Status: 404, Code: codeNotFound}},
		{"GET", "/livez", "", Answer{Method: "GET", Route: "/livez", Status: 200}},
	} {
		n.answers = nil
		call(h, c.method, c.path, c.body)
		require.Len(t, n.answers, 1)
		n.answers[0].Began = time.Time{}
		assert.Equal(t, c.want, n.answers[0], c.path)
	}
}

func TestTheObserverOfAStream(t *testing.T) {
	h, n := observed(t, &fakeRuns{run: endedRun(runner.Result{}, stdout(1, "x"), runner.Event{ID: 2, Kind: runner.EventError, Err: runner.ErrCellLost})})
	w := call(h, http.MethodPost, "/api/repl/execute/stream", hello)
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, []int{1, -1}, n.streams)
	assert.Equal(t, codeCellLost, n.answers[0].Code, "told as an event")
}

// A request for a run that has failed is no failure of its own.
func TestTheObserverOfAFailedRun(t *testing.T) {
	failed := endedRun(runner.Result{})
	failed.err = runner.ErrCellLost
	h, n := observed(t, &fakeRuns{run: failed})
	call(h, http.MethodGet, "/runner/runs/"+runID, "")
	assert.Equal(t, http.StatusOK, n.answers[0].Status)
	assert.Empty(t, n.answers[0].Code)
}

func TestTheObserverOfAdmins(t *testing.T) {
	n := &notes{}
	h, err := NewAdmin(AdminOptions{Profiles: &fakeProfiles{}, Record: func(anomalylog.Event) error { return nil }, Observer: n})
	require.NoError(t, err)
	call(h, http.MethodGet, "/admin/users/SECRET", "")
	assert.Equal(t, "/admin/users/{id}", n.answers[0].Route)
}

func TestTheTraceIsInTheAccessLog(t *testing.T) {
	var log strings.Builder
	h, _ := observed(t, &fakeRuns{}, logTo(&log))
	call(h, http.MethodGet, "/livez", "")
	assert.Contains(t, log.String(), `"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"`)
}
