package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"paddock/anomalylog"
	"paddock/languages"
	"paddock/quota"
	"paddock/runner"
	"paddock/validate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	testDefault = runner.Limits{Timeout: 10 * time.Second, CPUTime: 5 * time.Second, Memory: 256 << 20, Output: 1 << 20, Processes: 64}
	testMax     = runner.Limits{Timeout: 30 * time.Second, CPUTime: 30 * time.Second, Memory: 512 << 20, Output: 4 << 20, Processes: 128}
)

func options() Options {
	return Options{
		Languages: func() []Language {
			return []Language{{Name: "python", Title: "Python", Version: "3.11.2", Aliases: []string{"py"}, Extensions: []string{".py"}, Installed: true}}
		},
		Validate: func(context.Context, Submission) (validate.Report, error) { return validate.Report{}, nil },
		Record:   func(anomalylog.Event) {},
		Admission: Admission{
			Most:    quota.Terms{Tier: quota.Enterprise, Limits: plenty},
			Quota:   newQuota(quota.Options{}),
			Profile: func(context.Context, string) (quota.Profile, error) { return quota.Profile{}, nil },
		},
		Ready:   func(context.Context) error { return nil },
		Default: testDefault,
		Max:     testMax,
		Version: "test",
	}
}

// plenty is more than a test uses.
var plenty = quota.Limits{Concurrent: 10_000, MemoryMB: 1 << 20, CPUPercent: 100, RequestsPerMinute: 100_000, ServicesPerHour: 10_000}

// newQuota is one that lets in whatever a test sends, unless it says otherwise.
func newQuota(o quota.Options) *quota.Quota {
	if o.Store == nil {
		o.Store = quota.NewMemory(quota.MemoryOptions{})
	}
	if o.Tiers == nil {
		o.Tiers = quota.Tiers{quota.Free: plenty, quota.Basic: plenty, quota.Pro: plenty, quota.Enterprise: plenty}
		o.Burst = 1000
		o.Gate = quota.GateOptions{Rate: quota.Rate{PerMinute: 100_000, Burst: 100_000}, Offences: []quota.Window{}}
		o.Abuse.Signals = map[quota.Kind]quota.Sign{quota.RepetitionSpam: {}, quota.SessionChurn: {}, quota.PolicyViolation: {}, quota.SensitiveProbe: {}}
	}
	q, err := quota.New(o)
	if err != nil {
		panic(err)
	}
	return q
}

// realServer has a real runner, for requests that are refused before a cell is needed.
func realServer(tb testing.TB, change ...func(*Options)) http.Handler {
	tb.Helper()
	set, err := languages.Load()
	require.NoError(tb, err)
	o := options()
	o.Runner = runner.New(runner.Options{
		Languages: set,
		Installed: func(name string) (string, bool) { return "3.11.2", name == "python" },
		Images:    map[string]string{"tools": "localhost/tools"},
		Default:   testDefault, Max: testMax, MaxCode: 1 << 20, Keep: time.Minute,
	})
	for _, c := range change {
		c(&o)
	}
	h, err := New(o)
	require.NoError(tb, err)
	return h
}

// call makes a request and returns its answer.
func call(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, path, reader)
	r.Host = "localhost:8080"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// problemIn reads a problem and checks what all problems have.
func problemIn(t *testing.T, w *httptest.ResponseRecorder) Problem {
	t.Helper()
	assert.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
	var raw map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &raw), "%s", w.Body)
	for _, field := range []string{"type", "title", "status", "detail", "instance", "code", "request_id", "retryable", "errors", "success", "message", "error_category", "logs"} {
		assert.Contains(t, raw, field)
	}
	var p Problem
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p))
	assert.Equal(t, w.Code, p.Status)
	assert.Equal(t, "/docs#"+p.Code, p.Type)
	assert.Equal(t, w.Header().Get("X-Request-Id"), p.RequestID)
	assert.Equal(t, "urn:paddock:request:"+p.RequestID, p.Instance)
	assert.Equal(t, p.Detail, p.Message)
	assert.False(t, p.Success)
	assert.NotEmpty(t, p.Detail)
	assert.NotEmpty(t, p.ErrorCategory)
	return p
}

func logTo(b io.Writer) func(*Options) {
	return func(o *Options) { o.Log = zerolog.New(b) }
}
