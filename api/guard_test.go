package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/runner"
)

func TestHosts(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "localhost:8080": true, "LOCALHOST.": true, "a.localhost:1": true,
		"127.0.0.1:8080": true, "127.9.9.9": true, "[::1]:8080": true, "[::1]": true, "::1": true, "[::ffff:127.0.0.1]": true,
		"Paddock.Example:8080": true, "paddock.example": true,
		"": false, "evil.example": false, "localhost.evil.example": false, "127.0.0.1.evil.example": false,
		"10.0.0.1": false, "0.0.0.0": false, "xlocalhost": false, "paddock.example.evil": false, "[": false,
	} {
		assert.Equal(t, want, hostAllowed(host, []string{"paddock.example"}, false), host)
		assert.True(t, hostAllowed(host, []string{"*"}, false), host)
	}
}

func TestOtherHostIsRefusedEverywhere(t *testing.T) {
	h := realServer(t)
	for _, path := range []string{"/livez", "/docs", "/runner/runs/x", "/nope"} {
		r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		r.Host = "evil.example"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, http.StatusForbidden, w.Code)
		p := problemIn(t, w)
		assert.Equal(t, "host_not_allowed", p.Code)
		assert.Equal(t, "permission", p.ErrorCategory)
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	runs := &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})}
	h := fakeServer(t, runs)
	for name, test := range map[string]struct {
		header, value string
		allowed       bool
	}{
		"no browser":        {"X-None", "", true},
		"our own page":      {"Origin", "http://localhost:8080", true},
		"our page, fetched": {"Sec-Fetch-Site", "same-origin", true},
		"other site":        {"Origin", "https://evil.example", false},
		"other port":        {"Origin", "http://localhost:3000", false},
		"sandboxed page":    {"Origin", "null", false},
		"cross-site":        {"Sec-Fetch-Site", "cross-site", false},
		"same-site":         {"Sec-Fetch-Site", "same-site", false},
	} {
		for _, c := range []struct{ method, path, body string }{
			{http.MethodPost, "/runner/run", hello}, {http.MethodDelete, "/runner/runs/" + runID, ""},
		} {
			runs.starts, runs.run.cancelled = 0, nil
			w := call(h, c.method, c.path, c.body, test.header, test.value)
			if test.allowed {
				assert.Equal(t, http.StatusOK, w.Code, name)
				continue
			}
			assert.Equal(t, "cross_origin", problemIn(t, w).Code, name)
			assert.Zero(t, runs.starts)
			assert.NoError(t, runs.run.cancelled)
		}
	}
}

// failingBody fails the test when it is read.
type failingBody struct{ t *testing.T }

func (b failingBody) Read([]byte) (int, error) {
	b.t.Error("the body was read")
	return 0, io.EOF
}

func TestBodyOverTheCap(t *testing.T) {
	h := realServer(t, func(o *Options) { o.MaxBody = 1000 })
	send := func(body io.Reader, length int64) Problem {
		r := httptest.NewRequest(http.MethodPost, "/runner/run", body)
		r.Host = "localhost"
		r.ContentLength = length
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, http.StatusRequestEntityTooLarge, w.Code, "%s", w.Body)
		return problemIn(t, w)
	}
	p := send(failingBody{t}, 1001)
	assert.Equal(t, "body_too_large", p.Code)
	assert.Contains(t, p.Detail, "1000")
	endless := &counter{}
	p = send(endless, -1)
	assert.Equal(t, "body_too_large", p.Code)
	assert.Contains(t, p.Detail, "1000")
	assert.Less(t, endless.n, 10_000, "it is not read to its end")
}

type counter struct{ n int }

func (c *counter) Read(p []byte) (int, error) {
	n := copy(p, bytes.Repeat([]byte(" "), min(len(p), 512)))
	c.n += n
	return n, nil
}

// brokenBody is what a client that goes away, or is too slow, leaves to be read.
type brokenBody struct{ err error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }

func TestBodyThatDoesNotCome(t *testing.T) {
	for name, test := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"too slow":  {timeoutError{}, http.StatusRequestTimeout, "request_timeout"},
		"cut short": {io.ErrUnexpectedEOF, http.StatusBadRequest, "bad_request"},
		"broken":    {errors.New("connection reset"), http.StatusBadRequest, "bad_request"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/runner/run", brokenBody{test.err})
		r.Host = "localhost"
		w := httptest.NewRecorder()
		realServer(t).ServeHTTP(w, r)
		assert.Equal(t, test.status, w.Code, name)
		assert.Equal(t, test.code, problemIn(t, w).Code, name)
	}
}

type timeoutError struct{}

func (timeoutError) Error() string   { return "i/o timeout" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }

// deadlines remembers the deadlines that were set.
type deadlines struct {
	*httptest.ResponseRecorder
	read, write []time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error {
	d.read = append(d.read, t)
	return nil
}

func (d *deadlines) SetWriteDeadline(t time.Time) error {
	d.write = append(d.write, t)
	return nil
}

func TestDeadlines(t *testing.T) {
	runs := &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})}
	r := httptest.NewRequest(http.MethodPost, "/runner/run", strings.NewReader(hello))
	r.Host = "localhost"
	w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	fakeServer(t, runs).ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code, "%s", w.Body)
	assert.WithinDuration(t, time.Now().Add(bodyTimeout), w.read[0], time.Second)
	assert.True(t, w.read[len(w.read)-1].IsZero(), "a deadline left behind would cancel a long run")
	require.NotEmpty(t, w.write)
	assert.WithinDuration(t, time.Now().Add(writeTimeout), w.write[len(w.write)-1], time.Second)
}

func TestBodiesOfOtherTypes(t *testing.T) {
	h := realServer(t)
	for _, path := range []string{"/runner/run", "/api/repl/execute", "/api/containers/create/stream"} {
		for _, contentType := range []string{"application/x-www-form-urlencoded", "text/plain", "application/jsonx", "multipart/form-data; boundary=x", ";", "application/problem+json"} {
			w := call(h, http.MethodPost, path, hello, "Content-Type", contentType)
			assert.Equal(t, http.StatusUnsupportedMediaType, w.Code, contentType)
			assert.Equal(t, "unsupported_media_type", problemIn(t, w).Code)
		}
	}
}

func TestPathsAndMethodsThatAreNotThere(t *testing.T) {
	h := realServer(t)
	for _, path := range []string{"/", "/runner", "/runner/run/", "/docs/../docs", "/docs/x", "/schemas/Problem", "/openapi.yaml", "/metrics"} {
		w := call(h, http.MethodGet, path, "")
		assert.Equal(t, http.StatusNotFound, w.Code, path)
		assert.Equal(t, "not_found", problemIn(t, w).Code)
	}
	for path, allow := range map[string][]string{"/runner/run": {"POST"}, "/runner/runs/x": {"GET", "DELETE"}, "/livez": {"GET"}} {
		w := call(h, http.MethodPut, path, "")
		assert.Equal(t, http.StatusMethodNotAllowed, w.Code, path)
		assert.Equal(t, "method_not_allowed", problemIn(t, w).Code)
		assert.Equal(t, allow, w.Header().Values("Allow"))
	}
}
