package api

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/runner"
)

func TestForms(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for name, test := range map[string]struct{ text, encoding string }{
		"text":                 {"é\n", "utf8"},
		"not UTF-8":            {"\xff", "base64"},
		"a few controls":       {strings.Repeat("\x01", 800), "utf8"},
		"many controls":        {strings.Repeat("\x01", 1000), "base64"},
		"many in much text":    {strings.Repeat(long+strings.Repeat("\x1b", 700), 9), "utf8"},
		"nearly too many":      {long + strings.Repeat("\x00", 860), "utf8"},
		"a few more":           {long + strings.Repeat("\x00", 880), "base64"},
		"line ends and quotes": {strings.Repeat("\"\\\b\t\n\f\r", 10_000), "utf8"},
	} {
		var b bytes.Buffer
		_, encoding := written([]byte(test.text))
		assert.Equal(t, test.encoding, encoding, name)
		_, size := form([]byte(test.text))
		b.WriteString(call(fakeServer(t, &fakeRuns{run: endedRun(runner.Result{Stdout: []byte(test.text)})}), http.MethodPost, "/runner/run", hello).Body.String())
		empty := call(fakeServer(t, &fakeRuns{run: endedRun(runner.Result{})}), http.MethodPost, "/runner/run", hello).Body.Len()
		assert.InDelta(t, empty+size, b.Len(), 2, "%s: the size is what it takes", name)
	}
}

// reader is a client that takes each piece of an answer after a while, if the deadline lets it.
type reader struct {
	*httptest.ResponseRecorder
	takes    time.Duration // for each write
	deadline time.Time
	writing  chan struct{} // closed at the first write, when it is there
}

func (r *reader) SetWriteDeadline(t time.Time) error {
	r.deadline = t
	return nil
}

func (r *reader) Write(b []byte) (int, error) {
	if r.writing != nil {
		close(r.writing)
		r.writing = nil
	}
	if left := time.Until(r.deadline); left < r.takes {
		time.Sleep(left)
		return 0, os.ErrDeadlineExceeded
	}
	time.Sleep(r.takes)
	return r.ResponseRecorder.Write(b)
}

func (r *reader) get(ctx context.Context, h http.Handler, more string) {
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/runner/runs/"+runID+more, http.NoBody)
	req.Host = "localhost"
	h.ServeHTTP(r, req)
}

// largeServer has a run with a large result, and room for one reader of it.
func largeServer(t *testing.T) http.Handler {
	t.Helper()
	result := runner.Result{ID: runID, Verdict: runner.OK, Stdout: bytes.Repeat([]byte("x"), 4<<20)}
	run := endedRun(result, runner.Event{ID: 1, Kind: runner.EventResult, Result: &result})
	s, err := newServer(options(), &fakeRuns{run: run})
	require.NoError(t, err)
	s.answers = newBudget(10 << 20)
	return s
}

func TestStalledReaderLosesItsTurn(t *testing.T) {
	for _, more := range []string{"", "/events"} {
		synctest.Test(t, func(t *testing.T) {
			h := largeServer(t)
			stalled := &reader{ResponseRecorder: httptest.NewRecorder(), takes: time.Hour, writing: make(chan struct{})}
			writing := stalled.writing
			go stalled.get(t.Context(), h, "")
			<-writing

			leaving, leave := context.WithCancel(t.Context())
			left := &reader{ResponseRecorder: httptest.NewRecorder()}
			go left.get(leaving, h, more)
			next := &reader{ResponseRecorder: httptest.NewRecorder()}
			began := time.Now()
			done := make(chan struct{})
			go func() {
				defer close(done)
				next.get(t.Context(), h, more)
			}()
			synctest.Wait()
			assert.Zero(t, next.Body.Len(), "nothing is encoded while there is no room")
			leave()
			synctest.Wait()
			assert.Zero(t, left.Body.Len(), "who leaves does not wait on")
			small := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodDelete, "/runner/runs/"+runID, http.NoBody)
			r.Host = "localhost"
			h.ServeHTTP(small, r)
			assert.Equal(t, http.StatusOK, small.Code, "small answers need no turn")
			<-done
			assert.Equal(t, writeTimeout, time.Since(began))
			assert.Greater(t, next.Body.Len(), 4<<20)
			assert.Zero(t, stalled.Body.Len())
		})
	}
}

func TestSlowReadersGetTheirAnswerAndTricklingOnesDoNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := largeServer(t)
		slow := &reader{ResponseRecorder: httptest.NewRecorder(), takes: time.Second}
		slow.get(t.Context(), h, "")
		assert.Greater(t, slow.Body.Len(), 4<<20, "each piece has a deadline of its own")

		began := time.Now()
		trickling := &reader{ResponseRecorder: httptest.NewRecorder(), takes: 20 * time.Second}
		trickling.get(t.Context(), h, "")
		assert.Less(t, trickling.Body.Len(), 1<<20)
		assert.Less(t, time.Since(began), time.Minute)
	})
}

func TestLargeResultsTakeWhatTheySay(t *testing.T) {
	for _, unit := range []string{"x", "\x01", "\xff", "\"", "\u0085"} {
		data := bytes.Repeat([]byte(unit), 8<<20/len(unit))
		result := runner.Result{ID: runID, Verdict: runner.OK, Stdout: data, Stderr: data}
		h := fakeServer(t, &fakeRuns{run: endedRun(result, runner.Event{ID: 1, Kind: runner.EventResult, Result: &result})})
		outputs := outputsOf(&result)
		size := sizeOf(outputs)
		for more, need := range map[string]int64{"": needOf(size), "/events": eventNeed(outputs, size)} {
			got := allocated(func() { (&reader{ResponseRecorder: &httptest.ResponseRecorder{}}).get(t.Context(), h, more) })
			assert.Less(t, got, 2*uint64(need), "%q%s; under the race detector a buffer that grows is made twice", unit, more)
			assert.Less(t, need, int64(answerBudget))
		}
	}
}
