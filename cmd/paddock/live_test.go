package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
	"github.com/tmaxmax/go-sse"
)

// The live tests run the whole program in this process, against real Podman. scripts/test says where Podman and the
// agent are; without it they skip.
const (
	varPodman = "PADDOCK_TEST_PODMAN" // URI of a Podman socket
	varBin    = "PADDOCK_TEST_BIN"    // directory with paddock and paddock-agent
	varRedis  = "PADDOCK_TEST_REDIS"  // URL of a Redis server
)

func needPodman(t *testing.T) {
	t.Helper()
	if os.Getenv(varPodman) == "" || os.Getenv(varBin) == "" {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s and %s must be set in CI", varPodman, varBin)
		}
		t.Skipf("needs Podman: run ./scripts/test, or set %s and %s", varPodman, varBin)
	}
}

// liveConfig is a configuration for tests: every default, but a state directory and a port of its own.
func liveConfig(dir string) Config {
	c := defaults()
	c.Addr = "127.0.0.1:0"
	c.StateDir = dir
	c.Podman.Socket = os.Getenv(varPodman)
	c.Sandbox.Agent = filepath.Join(os.Getenv(varBin), "paddock-agent")
	c.Pool.Warm, c.Pool.MostWarm = 0, 0 // tests that want warm cells say so
	c.Limits.Grace = time.Second
	// Tests that are about these say so.
	c.Quota.Enabled, c.Monitor.Enabled, c.Breaker.Failures = false, false, 1_000_000
	c.Validate.Policy = "none" // cells hold whatever is in them, and that is what most tests are about
	return c
}

// server is a running program.
type server struct {
	url    string
	config Config
	log    *logBuffer
	stop   func() error // stops it, waits, and returns what serve returned; may be called again
}

// start runs the program until the test, or stop, ends it.
func start(t *testing.T, change func(*Config)) *server {
	t.Helper()
	needPodman(t)
	c := liveConfig(t.TempDir())
	if change != nil {
		change(&c)
	}
	s, err := startWith(c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.stop()) })
	return s
}

func startWith(c Config) (*server, error) {
	s := &server{config: c, log: &logBuffer{}}
	ctx, cancel := context.WithCancel(context.Background())
	listening := make(chan net.Addr, 1)
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, c, zerolog.New(s.log), func(a net.Addr) { listening <- a }) }()
	s.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	select {
	case addr := <-listening:
		s.url = "http://" + addr.String()
		return s, nil
	case err := <-ended:
		cancel()
		return nil, err
	}
}

var sharedStarted atomic.Bool

// shared is one server for all tests that don't change it or count what it has. TestMain stops it.
var shared = sync.OnceValues(func() (*server, error) {
	sharedStarted.Store(true)
	dir, err := os.MkdirTemp("", "paddock-live-")
	if err != nil {
		return nil, err
	}
	s, err := startWith(liveConfig(dir))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
})

func live(t *testing.T) *server {
	t.Helper()
	needPodman(t)
	s, err := shared()
	require.NoError(t, err)
	return s
}

// logBuffer keeps what the program logs.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// answer is a response, read whole.
type answer struct {
	Status int
	Header http.Header
	Raw    []byte
	Body   map[string]any // nil when it is no JSON object
}

func (a answer) text(key string) string { s, _ := a.Body[key].(string); return s }

// client makes no keep-alive connections, so that none is left to be counted.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// send makes a request with a JSON body, or a raw one when body is a []byte.
func (s *server) send(t *testing.T, method, path string, body any) answer {
	t.Helper()
	a, err := s.try(context.Background(), method, path, body)
	require.NoError(t, err)
	return a
}

func (s *server) try(ctx context.Context, method, path string, body any) (answer, error) {
	raw, isRaw := body.([]byte)
	if !isRaw && body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return answer{}, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(raw))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{Status: res.StatusCode, Header: res.Header}
	if a.Raw, err = io.ReadAll(res.Body); err != nil {
		return a, err
	}
	_ = json.Unmarshal(a.Raw, &a.Body)
	return a, nil
}

type object = map[string]any

// python runs Python code with more fields of the request over it.
func (s *server) python(t *testing.T, code string, more object) answer {
	t.Helper()
	return s.program(t, "python", code, more)
}

func (s *server) program(t *testing.T, language, code string, more object) answer {
	t.Helper()
	body := object{"language": language, "code": code}
	for k, v := range more {
		body[k] = v
	}
	return s.send(t, http.MethodPost, "/runner/run", body)
}

// wantVerdict checks what became of a program, and says all of it when it is not what was wanted.
func wantVerdict(t *testing.T, a answer, verdict string) {
	t.Helper()
	require.Equal(t, verdict, a.text("verdict"), "%s", fmt.Sprintf("HTTP %d: %.2000s", a.Status, a.Raw))
}

// tick is how often a condition is looked at.
const tick = 20 * time.Millisecond

// stream is an event stream that is being read.
type stream struct {
	id     string // of the run
	last   string // id of the last event
	events chan sse.Event
	seen   []sse.Event
}

// follow opens an event stream by POST, and returns once the run has been accepted.
func (s *server) follow(t *testing.T, ctx context.Context, path string, body any) *stream { //nolint:revive // t first, as in every helper here
	t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, bytes.NewReader(raw))
	require.NoError(t, err)
	st := s.read(t, req)
	st.id = st.until(t, "accepted").text("id")
	return st
}

// resume opens the event stream of a run behind the event with id last.
func (s *server) resume(t *testing.T, ctx context.Context, run, last string) *stream { //nolint:revive // t first, as in every helper here
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/runner/runs/"+run+"/events", http.NoBody)
	require.NoError(t, err)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	st := s.read(t, req)
	st.id = run
	return st
}

// read starts to read a stream; its reader ends with the stream, which ends with the request's context at the latest.
func (s *server) read(t *testing.T, req *http.Request) *stream {
	t.Helper()
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	res, err := client.Do(req)
	require.NoError(t, err)
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		require.FailNow(t, "no stream", "HTTP %d: %s", res.StatusCode, text)
	}
	require.Equal(t, "text/event-stream", res.Header.Get("Content-Type"))
	st := &stream{events: make(chan sse.Event, 1000)}
	go func() {
		defer close(st.events)
		defer func() { _ = res.Body.Close() }()
		for ev, err := range sse.Read(res.Body, &sse.ReadConfig{MaxEventSize: maxEvent}) {
			if err != nil {
				return // hung up, by the test
			}
			st.events <- ev
		}
	}()
	return st
}

// until reads on to the next event of this type.
func (st *stream) until(t *testing.T, kind string) answer {
	t.Helper()
	for ev := range st.events {
		st.seen = append(st.seen, ev)
		st.last = ev.LastEventID
		if ev.Type == kind {
			a := answer{Raw: []byte(ev.Data)}
			require.NoError(t, json.Unmarshal(a.Raw, &a.Body))
			return a
		}
	}
	require.FailNow(t, "the stream ended", "without %s, after %v", kind, st.seen)
	return answer{}
}
