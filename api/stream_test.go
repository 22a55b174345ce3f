package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/runner"
)

func stdout(id uint64, data string) runner.Event {
	return runner.Event{ID: id, Kind: runner.EventStdout, Data: []byte(data)}
}

var everyEvent = []runner.Event{
	{ID: 1, Kind: runner.EventAccepted},
	{ID: 2, Kind: runner.EventCompile, Compile: &runner.Compile{Verdict: runner.OK}},
	{ID: 3, Kind: runner.EventWarning, Warning: "mind the gap"},
	stdout(6, "a\nb"),
	{ID: 8, Kind: runner.EventStderr, Data: []byte{0xff, 0xfe}},
	{ID: 9, Kind: runner.EventResult, Result: &runner.Result{ID: runID, Verdict: runner.TimeLimit, Stdout: []byte("a\nb")}},
}

func TestStreamTellsEverything(t *testing.T) {
	for _, test := range []struct{ path, body, accept string }{
		{"/runner/run", hello, "text/event-stream"},
		{"/api/repl/execute/stream", hello, ""},
		{"/api/containers/create/stream", `{"image":"bash","argv":["ls"]}`, "application/json"},
	} {
		runs := &fakeRuns{run: endedRun(runner.Result{}, everyEvent...)}
		w := call(fakeServer(t, runs), http.MethodPost, test.path, test.body, "Accept", test.accept)
		assert.Equal(t, http.StatusOK, w.Code)
		assert.Equal(t, "text/event-stream", w.Header().Get("Content-Type"))
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		assert.Equal(t, "no", w.Header().Get("X-Accel-Buffering"))
		assert.True(t, runs.job.Detached, "the run goes on when its client leaves")
		at := "/runner/runs/" + runID
		blocks := strings.Split(w.Body.String(), "\n\n")
		assert.Equal(t, []string{
			"retry: 1000",
			"id: 1\nevent: accepted\ndata: " + `{"id":"` + runID + `","language":"python","version":"3.11.2","links":{"run":"` + at +
				`","events":"` + at + `/events","stdin":"` + at + `/stdin"}}`,
		}, blocks[:2])
		assert.Contains(t, blocks[2], "id: 2\nevent: compile\ndata: {\"verdict\":\"ok\",")
		assert.Equal(t, []string{
			"id: 3\nevent: warning\ndata: " + `{"message":"mind the gap"}`,
			"id: 6\nevent: stdout\ndata: " + `{"data":"a\nb","encoding":"utf8"}`,
			"id: 8\nevent: stderr\ndata: " + `{"data":"//4=","encoding":"base64"}`,
		}, blocks[3:6])
		data, ok := strings.CutPrefix(blocks[6], "id: 9\nevent: result\ndata: ")
		require.True(t, ok, blocks[6])
		got := resultIn(t, []byte(data))
		assert.Equal(t, "time_limit", got["verdict"])
		assert.InEpsilon(t, 408, got["status"], 0)
		assert.Equal(t, []string{""}, blocks[7:])
	}
}

func TestStreamHasOneLinePerEvent(t *testing.T) {
	nasty := "a\r\nb\rc\nd\u0085e\u2028f\u2029g\vh\fi\x1cj\x00k"
	w := call(fakeServer(t, &fakeRuns{run: endedRun(runner.Result{}, stdout(1, nasty))}), http.MethodGet, "/runner/runs/"+runID+"/events", "")
	_, rest, _ := strings.Cut(w.Body.String(), "data: ")
	data, end, _ := strings.Cut(rest, "\n")
	assert.Equal(t, "\n", end)
	assert.False(t, strings.ContainsFunc(data, func(r rune) bool { return r < 0x20 || r == 0x85 || r == 0x2028 || r == 0x2029 }), "%q", data)
	var got Output
	require.NoError(t, json.Unmarshal([]byte(data), &got))
	assert.Equal(t, nasty, got.Data)
}

func TestStreamEndsWithOurFailure(t *testing.T) {
	events := []runner.Event{{ID: 1, Kind: runner.EventError, Err: errors.Join(runner.ErrCellLost, errors.New("secret"))}}
	w := call(fakeServer(t, &fakeRuns{run: endedRun(runner.Result{}, events...)}), http.MethodPost, "/api/repl/execute/stream", hello)
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Contains(t, w.Body.String(), "event: error\ndata: {\"type\":\"/docs#cell_lost\"")
	assert.Contains(t, w.Body.String(), `"request_id":"`+w.Header().Get("X-Request-Id"))
	assert.NotContains(t, w.Body.String(), "secret")
}

func TestStreamIsRefusedBeforeItBegins(t *testing.T) {
	w := call(realServer(t), http.MethodPost, "/runner/run", `{"language":"cobol","code":""}`, "Accept", "text/event-stream")
	assert.Equal(t, http.StatusUnprocessableEntity, w.Code)
	assert.Equal(t, "unknown_language", problemIn(t, w).Code)
}

func TestStreamGoesOnBehindAnEvent(t *testing.T) {
	h := fakeServer(t, &fakeRuns{run: endedRun(runner.Result{}, everyEvent...)})
	at := "/runner/runs/" + runID + "/events"
	for name, w := range map[string]*httptest.ResponseRecorder{
		"header":           call(h, http.MethodGet, at, "", "Last-Event-ID", "6"),
		"query":            call(h, http.MethodGet, at+"?last_event_id=6", ""),
		"header and query": call(h, http.MethodGet, at+"?last_event_id=1", "", "Last-Event-ID", "6"),
	} {
		assert.True(t, strings.HasPrefix(w.Body.String(), "retry: 1000\n\nid: 8\n"), "%s: %s", name, w.Body)
	}
	w := call(h, http.MethodGet, at, "", "Last-Event-ID", "9")
	assert.Equal(t, http.StatusNoContent, w.Code, "all seen: an EventSource must not come back")
	assert.Empty(t, w.Body.String())
	for _, garbage := range []string{"x", "-1", "1.5", "18446744073709551616", " 1"} {
		w := call(h, http.MethodGet, at, "", "Last-Event-ID", garbage)
		assert.Equal(t, http.StatusBadRequest, w.Code, garbage)
		assert.Equal(t, "header.Last-Event-ID", problemIn(t, w).Errors[0].Location)
	}
}

// pipeWriter is a client that gets what is flushed, as it is flushed.
type pipeWriter struct {
	mu      sync.Mutex
	header  http.Header
	pending strings.Builder
	flushed strings.Builder
	err     error
}

func (w *pipeWriter) Header() http.Header { return w.header }
func (w *pipeWriter) WriteHeader(int)     {}

func (w *pipeWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return 0, w.err
	}
	return w.pending.Write(b)
}

func (w *pipeWriter) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.flushed.WriteString(w.pending.String())
	w.pending.Reset()
}

func (w *pipeWriter) got() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.flushed.String()
}

func TestIdleStreamCarriesComments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := &fakeRuns{run: newRun(runner.Event{ID: 1, Kind: runner.EventAccepted})}
		h := fakeServer(t, runs)
		w := &pipeWriter{header: http.Header{}}
		ctx, leave := context.WithCancel(t.Context())
		served := make(chan struct{})
		go func() {
			defer close(served)
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/runner/runs/"+runID+"/events", http.NoBody)
			r.Host = "localhost"
			h.ServeHTTP(w, r)
		}()
		synctest.Wait()
		assert.Contains(t, w.got(), "event: accepted", "told at once")
		time.Sleep(2*beat + time.Second) // the bubble's clock
		assert.Equal(t, 2, strings.Count(w.got(), "\n:\n"))
		runs.run.tell(stdout(2, "x"))
		synctest.Wait()
		assert.Contains(t, w.got(), "event: stdout", "flushed at once")
		leave()
		<-served
		assert.NoError(t, runs.run.cancelled, "the runner gives it a grace, not we")
	})
}

func TestClientThatIsGoneEndsTheStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := &fakeRuns{run: newRun(runner.Event{ID: 1, Kind: runner.EventAccepted})}
		h := fakeServer(t, runs)
		w := &pipeWriter{header: http.Header{}}
		served := make(chan struct{})
		go func() {
			defer close(served)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/runner/runs/"+runID+"/events", http.NoBody)
			r.Host = "localhost"
			h.ServeHTTP(w, r)
		}()
		synctest.Wait()
		w.mu.Lock()
		w.err = io.ErrClosedPipe
		w.mu.Unlock()
		<-served // at the next comment
	})
}

func TestClientThatHangsUp(t *testing.T) {
	for _, accept := range []string{"application/json", "text/event-stream"} {
		runs := &fakeRuns{run: newRun(), started: make(chan struct{})}
		server := httptest.NewServer(fakeServer(t, runs))
		ctx, hangUp := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/runner/run", strings.NewReader(hello))
		require.NoError(t, err)
		r.Header.Set("Accept", accept)
		go func() {
			<-runs.started
			hangUp()
		}()
		if answer, err := server.Client().Do(r); err == nil { // a stream has begun
			_, _ = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
		<-runs.ctx.Done()
		server.CloseClientConnections()
		server.Close() // waits for the handler
		assert.Equal(t, accept == "text/event-stream", runs.job.Detached)
	}
}

func TestStreamOverTheNetwork(t *testing.T) {
	runs := &fakeRuns{run: newRun(runner.Event{ID: 1, Kind: runner.EventAccepted})}
	server := httptest.NewServer(fakeServer(t, runs))
	defer server.Close()
	defer server.Client().CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/runner/run", strings.NewReader(hello))
	require.NoError(t, err)
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Content-Type", "application/json")
	answer, err := server.Client().Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	until := func(want string) {
		for lines.Scan() {
			if lines.Text() == want {
				return
			}
		}
		t.Fatalf("no line %q: %v", want, lines.Err())
	}
	until("event: accepted")
	runs.run.tell(stdout(2, "x"))
	until(`data: {"data":"x","encoding":"utf8"}`)
	runs.run.tell(runner.Event{ID: 3, Kind: runner.EventResult, Result: &runner.Result{Verdict: runner.OK}})
	runs.run.end(runner.Result{})
	until("event: result")
	_, err = io.ReadAll(answer.Body)
	assert.NoError(t, err, "the stream ends by itself")
}
