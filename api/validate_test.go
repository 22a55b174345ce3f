package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
	"paddock/patterns"
	"paddock/runner"
	"paddock/validate"
)

func finding(severity patterns.Severity, category patterns.Category, rule string, line int) validate.Finding {
	return validate.Finding{
		Rule: rule, Severity: severity, Category: category, Message: "os.system runs a shell.",
		File: "main.py", Line: line, Column: 5, Excerpt: "os.system(cmd)", CWE: 78, References: []string{"bandit:B605"},
	}
}

// finds makes a validator that finds this in everything, and remembers what it was shown.
func finds(shown *Submission, err error, findings ...validate.Finding) func(*Options) {
	return func(o *Options) {
		o.Validate = func(_ context.Context, s Submission) (validate.Report, error) {
			*shown = s
			return validate.Report{Findings: findings}, err
		}
	}
}

// The ways to ask for a run, and what each sends.
var waysIn = map[string]string{
	"/runner/run":            hello,
	"/api/repl/execute":      hello,
	"/api/containers/create": `{"image":"python","argv":["ls"]}`,
}

func TestBlockedCodeIsRefused(t *testing.T) {
	for path, body := range waysIn {
		var shown Submission
		var log bytes.Buffer
		runs := &fakeRuns{}
		var recorded []anomalylog.Event
		h := fakeServer(t, runs, logTo(&log), func(o *Options) {
			o.Record = func(e anomalylog.Event) { recorded = append(recorded, e) }
		}, finds(&shown, nil,
			finding(patterns.Block, "process_exec", "py.exec.os-system", 3), finding(patterns.Block, "process_exec", "py.exec.popen", 4),
			finding(patterns.Warn, "infinite_loop", "py.loop.while-true", 9)))
		w := call(h, "POST", path, body)
		assert.Equal(t, 403, w.Code)
		p := problemIn(t, w)
		assert.Equal(t, "code_blocked", p.Code)
		assert.Equal(t, "validation", p.ErrorCategory)
		assert.False(t, p.Retryable)
		assert.Equal(t, "main.py:3:5: os.system runs a shell. (py.exec.os-system) (and 1 more)", p.Detail)
		assert.Len(t, p.Violations, 2, "a warning is no violation")
		assert.Zero(t, runs.starts)
		require.Len(t, recorded, 1)
		assert.Equal(t, anomalylog.CodeBlocked, recorded[0].Type)
		assert.Equal(t, p.RequestID, recorded[0].RequestID)
		assert.Equal(t, []string{"py.exec.os-system", "py.exec.popen", "py.loop.while-true"}, recorded[0].Details["rules"])
		assert.JSONEq(t, `{"rule":"py.exec.os-system","severity":"block","category":"process_exec","message":"os.system runs a shell.",
			"file":"main.py","line":3,"column":5,"excerpt":"os.system(cmd)","cwe":78,"references":["bandit:B605"]}`,
			violationIn(t, w, 0))
		assert.Contains(t, log.String(), `"rules":["py.exec.os-system","py.exec.popen","py.loop.while-true"]`)
		assert.NotContains(t, log.String(), "os.system(cmd)", "code does not reach the log")
	}
}

// violationIn is a violation as a client reads it.
func violationIn(t *testing.T, w *httptest.ResponseRecorder, i int) string {
	t.Helper()
	var body struct {
		Violations []json.RawMessage `json:"violations"`
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body))
	require.Greater(t, len(body.Violations), i)
	return string(body.Violations[i])
}

func TestBlockedCodeIsAnEventOfAStream(t *testing.T) {
	var shown Submission
	h := fakeServer(t, &fakeRuns{}, finds(&shown, nil, finding(patterns.Block, "process_exec", "py.exec.os-system", 3)))
	for name, w := range map[string]*httptest.ResponseRecorder{
		"repl":      call(h, "POST", "/api/repl/execute/stream", hello),
		"container": call(h, "POST", "/api/containers/create/stream", `{"image":"python","argv":["ls"]}`),
		"by Accept": call(h, "POST", "/runner/run", hello, "Accept", "text/event-stream"),
	} {
		assert.Equal(t, 200, w.Code, name)
		assert.Equal(t, "text/event-stream", w.Header().Get("Content-Type"), name)
		assert.Contains(t, w.Body.String(), "id: 1\nevent: error\ndata: {", name)
		assert.Contains(t, w.Body.String(), `"status":403`, name)
		assert.Contains(t, w.Body.String(), `"code":"code_blocked"`, name)
		assert.Contains(t, w.Body.String(), `"rule":"py.exec.os-system"`, name)
	}
}

func TestWarningsTravelWithTheRun(t *testing.T) {
	var shown Submission
	runs := &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})}
	h := fakeServer(t, runs, finds(&shown, nil, finding(patterns.Warn, "infinite_loop", "py.loop.while-true", 9)))
	assert.Equal(t, 200, call(h, "POST", "/runner/run", hello).Code)
	assert.Equal(t, []string{"main.py:9:5: os.system runs a shell. (py.loop.while-true)"}, runs.job.Warnings)
}

func TestCodeThatCannotBeChecked(t *testing.T) {
	var shown Submission
	runs := &fakeRuns{}
	h := fakeServer(t, runs, finds(&shown, validate.ErrTimeout))
	w := call(h, "POST", "/runner/run", hello)
	assert.Equal(t, 403, w.Code)
	p := problemIn(t, w)
	assert.Equal(t, "validation_timeout", p.Code)
	assert.Zero(t, runs.starts, "what can't be checked is not run")
	assert.Contains(t, call(h, "POST", "/api/repl/execute/stream", hello).Body.String(), `"code":"validation_timeout"`)
	assert.Equal(t, 403, call(h, "POST", "/api/validate", hello).Code)
}

func TestWhatIsWrongWithARequestComesBeforeItsCode(t *testing.T) {
	var shown Submission
	runs := &fakeRuns{refuses: &runner.InvalidJobError{Field: "language", Code: runner.UnknownLanguage}}
	h := fakeServer(t, runs, finds(&shown, nil, finding(patterns.Block, "process_exec", "py.exec.os-system", 3)))
	for _, path := range []string{"/runner/run", "/api/validate", "/api/repl/execute/stream"} {
		assert.Equal(t, "unknown_language", problemIn(t, call(h, "POST", path, hello)).Code, path)
	}
	assert.Empty(t, shown)
}

func TestDependenciesAreLookedAt(t *testing.T) {
	var shown Submission
	const body = `{"language":"python","code":"print(1)","dependencies":["reqeusts"],"user_profile":{"tier":"PRO"}}`
	h := fakeServer(t, &fakeRuns{}, finds(&shown, nil, finding(patterns.Block, "dependency", "any.dependency.typosquat", 0)))
	p := problemIn(t, call(h, "POST", "/runner/run", body))
	assert.Equal(t, "code_blocked", p.Code)
	assert.Equal(t, "dependency", p.ErrorCategory)
	assert.Equal(t, []string{"reqeusts"}, shown.Dependencies)
	assert.Equal(t, "PRO", shown.Tier)
	h = fakeServer(t, &fakeRuns{}, finds(&shown, nil))
	assert.Equal(t, "not_supported_yet", problemIn(t, call(h, "POST", "/runner/run", body)).Code, "only once they are known to be harmless")
}

func TestValidationRunsNothing(t *testing.T) {
	var shown Submission
	runs := &fakeRuns{}
	h := fakeServer(t, runs, finds(&shown, nil))
	w := call(h, "POST", "/api/validate", `{"language":"python","code":"print(1)","dependencies":["requests"]}`)
	assert.Equal(t, 200, w.Code)
	assert.JSONEq(t, `{"valid":true,"violations":[],"warnings":[]}`, w.Body.String())
	h = fakeServer(t, runs, finds(&shown, nil,
		finding(patterns.Block, "process_exec", "py.exec.os-system", 3), finding(patterns.Warn, "infinite_loop", "py.loop.while-true", 9)))
	w = call(h, "POST", "/api/validate", hello)
	assert.Equal(t, 200, w.Code)
	var v Validation
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &v))
	assert.False(t, v.Valid)
	assert.Equal(t, "py.exec.os-system", v.Violations[0].Rule)
	assert.Equal(t, "py.loop.while-true", v.Warnings[0].Rule)
	assert.Zero(t, runs.starts)
}
