package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/tmaxmax/go-sse"
)

// crowd is clients with runs of all sorts, many at a time, from a seed: users and nobody in particular, several languages, programs that
// end well and badly, clients that hang up and clients that cancel. What a run should come to is known beforehand.
type crowd struct {
	url  string
	seed uint64
	runs int           // at least
	time time.Duration // at least
	at   int           // clients at a time

	mu     sync.Mutex
	began  int
	until  time.Time
	result tally
}

// tally is what became of a load.
type tally struct {
	Runs     int
	Verdicts map[string]int
	Refusals map[string]int // by code of the problem
	HungUp   int            // clients that left, by their own will
	Unheard  []string       // requests that got no answer at all
	Wrong    []string       // answers that can't be, the first of them
	Took     []time.Duration
}

// program is one whose end is known.
type program struct {
	language, code string
	verdict        string
	limits         object
	share          int // of all runs, in parts of the sum
}

// Each prints its argument, which no other run has, and what lies where an earlier run may have left something.
const lookAround = "import os, sys\nprint(sys.argv[1], os.listdir('/tmp'), flush=True)\nopen('/tmp/left', 'w').write('x')\n"

var programs = []program{
	{"python", lookAround, "ok", nil, 40},
	{"bash", `echo "$1 [$(ls -A /tmp)]"; echo x > /tmp/left`, "ok", nil, 20},
	{"javascript", `const fs = require('fs'); console.log(process.argv[2], '[' + fs.readdirSync('/tmp') + ']'); fs.writeFileSync('/tmp/left', 'x')`,
		"ok", nil, 10},
	{"python", lookAround + "sys.exit(3)", "nonzero_exit", nil, 8},
	{"python", lookAround + "os.kill(os.getpid(), 11)", "signalled", nil, 5},
	{"python", lookAround + "import time; time.sleep(1000)", "time_limit", object{"timeout_ms": 300}, 5},
	{"python", lookAround + "while True: pass", "cpu_limit", object{"cpu_time_ms": 200}, 3},
	{"python", lookAround + "b = b'x' * (1 << 30)", "memory_limit", object{"memory_mb": 64}, 3},
	{"bash", `echo "$1 [$(ls -A /tmp)]"; exec yes`, "output_limit", nil, 3},
	{"c", "#include <stdio.h>\nint main(int n, char **a) { (void)n; printf(\"%s []\\n\", a[1]); return 0; }", "ok", nil, 3},
}

// users are few, so that their cells are used again. The empty one is nobody in particular.
var users = []string{"", "", "ada", "ben", "cem", "dua", "eva", "fay", "gus", "hal"}

// manner is what a client does besides waiting.
type manner int

const (
	waits   manner = iota // for a JSON answer
	reads                 // a stream, to its end
	hangsUp               // after a while
	cancels               // a streamed run by DELETE, after a while, and reads on
)

var manners = []manner{waits, waits, waits, waits, reads, reads, hangsUp, cancels}

// shot is one run of the load.
type shot struct {
	program
	manner manner
	token  string
	body   object
	after  time.Duration // until it hangs up or cancels
}

// draw makes the n-th run. It depends on the seed and n alone, but for a name that no other run ever had.
func (l *crowd) draw(n int) shot {
	r := rand.New(rand.NewPCG(l.seed, uint64(n)))
	sum := 0
	for _, p := range programs {
		sum += p.share
	}
	pick, i := r.IntN(sum), 0
	for ; pick >= programs[i].share; i++ {
		pick -= programs[i].share
	}
	s := shot{program: programs[i], manner: manners[r.IntN(len(manners))], token: uuid.NewString()}
	s.after = time.Duration(r.IntN(500)) * time.Millisecond
	s.body = object{"language": s.language, "code": s.code, "args": []string{s.token}}
	if user := users[r.IntN(len(users))]; user != "" {
		s.body["user_id"] = user
	}
	if s.limits != nil {
		s.body["limits"] = s.limits
	}
	return s
}

// drive sends the load and returns when every run has been answered. It ends early with ctx, at the next run of each client.
func (l *crowd) drive(ctx context.Context) tally {
	l.result = tally{Verdicts: map[string]int{}, Refusals: map[string]int{}}
	l.until = time.Now().Add(l.time)
	var clients sync.WaitGroup
	for range l.at {
		clients.Go(func() {
			for n, more := l.next(ctx); more; n, more = l.next(ctx) {
				l.fire(ctx, l.draw(n))
			}
		})
	}
	clients.Wait()
	return l.result
}

func (l *crowd) next(ctx context.Context) (n int, more bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ctx.Err() != nil || (l.began >= l.runs && !time.Now().Before(l.until)) {
		return 0, false
	}
	l.began++
	return l.began, true
}

func (l *crowd) count(f func(*tally)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(&l.result)
}

// fire makes one request, does with it what the shot says, and counts what comes of it.
func (l *crowd) fire(ctx context.Context, s shot) {
	leaving, hangUp := context.WithCancel(ctx)
	defer hangUp()
	if s.manner == hangsUp {
		defer time.AfterFunc(s.after, hangUp).Stop()
	}
	began := time.Now()
	a, err := l.ask(leaving, s)
	took := time.Since(began)
	l.count(func(t *tally) {
		t.Runs++
		switch {
		case err != nil && leaving.Err() != nil:
			t.HungUp++
		case err != nil:
			t.Unheard = append(t.Unheard, err.Error())
		default:
			t.answer(s, a, took)
		}
	})
}

// ask sends a request and returns its answer, which for a stream is its last event.
func (l *crowd) ask(ctx context.Context, s shot) (answer, error) {
	if s.manner == waits || s.manner == hangsUp {
		return (&server{url: l.url}).try(ctx, http.MethodPost, "/runner/run", s.body)
	}
	raw, err := json.Marshal(s.body)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url+"/api/repl/execute/stream", bytes.NewReader(raw))
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
	if res.StatusCode != http.StatusOK {
		err = json.NewDecoder(res.Body).Decode(&a.Body)
		return a, err
	}
	for ev, err := range sse.Read(res.Body, &sse.ReadConfig{MaxEventSize: maxEvent}) {
		a.Body = nil
		if err == nil {
			err = json.Unmarshal([]byte(ev.Data), &a.Body)
		}
		if err != nil || ev.Type == "result" || ev.Type == "error" {
			return a, err
		}
		if ev.Type == "accepted" && s.manner == cancels {
			id := a.text("id")
			time.AfterFunc(s.after, func() { l.cancel(ctx, id) })
		}
	}
	return a, errors.New("the stream of a run ended without its result")
}

// cancel ends a run, unless it has ended and its client, ctx, with it.
func (l *crowd) cancel(ctx context.Context, id string) {
	_, _ = (&server{url: l.url}).try(ctx, http.MethodDelete, "/runner/runs/"+id, nil)
}

// answer counts an answer, and sees whether it is one that may be.
func (t *tally) answer(s shot, a answer, took time.Duration) {
	verdict := a.text("verdict")
	if verdict == "" {
		code := a.text("code")
		t.Refusals[code]++
		if a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
			if s.manner == waits || a.Status != http.StatusOK { // a problem within a stream has no status of its own
				t.wrong(fmt.Sprintf("HTTP %d %s: %.300s", a.Status, code, a.text("detail")))
			}
		}
		return
	}
	t.Verdicts[verdict]++
	t.Took = append(t.Took, took)
	cancelled := verdict == "cancelled" && s.manner == cancels
	if verdict != s.verdict && !cancelled {
		t.wrong(fmt.Sprintf("%s came to %s, not %s: %.300s", s.language, verdict, s.verdict, a.Raw))
		return
	}
	want := s.token + " []\n"
	if out := a.text("stdout"); !cancelled && (len(out) < len(want) || out[:len(want)] != want) {
		t.wrong(fmt.Sprintf("%s (%s) printed %.100q, not %q", s.language, verdict, out, want))
	}
}

func (t *tally) wrong(what string) { t.Wrong = append(t.Wrong, what) }

// progress is how many runs have ended.
func (l *crowd) progress() (n int) {
	l.count(func(t *tally) { n = t.Runs })
	return n
}

// percentile is one of how long answers took, by nearest rank.
func (t *tally) percentile(p int) time.Duration {
	if len(t.Took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t.Took))
	return sorted[max(0, (len(sorted)*p+99)/100-1)]
}

// concurrency is how many clients a load has at a time.
const concurrency = 50

func TestLoad(t *testing.T) {
	s := start(t, func(c *Config) {
		c.Pool.Idle, c.Pool.Wait, c.Results.Return = time.Second, time.Minute, time.Second // it is slow with the race detector
	})
	l := &crowd{url: s.url, seed: rand.Uint64(), runs: 300, at: concurrency}
	t.Logf("seed %d", l.seed)
	s.nothingLeft(t, func() {
		done := l.drive(t.Context())
		t.Logf("%d runs: verdicts %v, refusals %v, %d hung up, p50 %v, p99 %v", done.Runs, done.Verdicts, done.Refusals, done.HungUp,
			done.percentile(50), done.percentile(99))
		assert.Empty(t, done.Unheard)
		assert.Empty(t, done.Wrong)
		assert.Empty(t, done.Refusals, "there is time and room for all")
	})
}
