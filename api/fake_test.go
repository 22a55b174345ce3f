package api

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"paddock/runner"
)

// fakeRuns starts the run it holds and remembers the job.
type fakeRuns struct {
	run     *fakeRun
	err     error // of Start
	refuses error // of Program
	job     runner.Job
	ctx     context.Context
	starts  int

	started chan struct{} // closed at the first start, when it is there
}

func (f *fakeRuns) Start(ctx context.Context, job runner.Job) (run, error) {
	f.starts++
	f.ctx, f.job = ctx, job
	r, err := f.run, f.err
	if f.started != nil {
		close(f.started) // a test may change what f holds from here on
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (f *fakeRuns) Program(job runner.Job) (runner.Program, error) {
	return runner.Program{Files: job.Files, Argv: job.Argv}, f.refuses
}

func (f *fakeRuns) Runs() []run {
	if f.run == nil || ended(f.run) {
		return nil
	}
	return []run{f.run}
}

func (f *fakeRuns) Find(id string) (run, bool) {
	if f.run == nil || id != f.run.id {
		return nil, false
	}
	return f.run, true
}

const runID = "0199d7a0-0000-7000-8000-000000000001"

// fakeRun is a run whose events are told by tell, and which ends with end.
type fakeRun struct {
	id        string
	user      string
	done      chan struct{}
	result    *runner.Result
	err       error
	cancelled error
	stdin     func(ctx context.Context, data []byte, last bool) (int, error)

	mu      sync.Mutex
	events  []runner.Event
	changed chan struct{}
}

func newRun(events ...runner.Event) *fakeRun {
	return &fakeRun{id: runID, done: make(chan struct{}), events: events, changed: make(chan struct{})}
}

// endedRun is a run that has ended with a result.
func endedRun(result runner.Result, events ...runner.Event) *fakeRun {
	r := newRun(events...)
	r.result = &result
	close(r.done)
	return r
}

func (r *fakeRun) ID() string                       { return r.id }
func (r *fakeRun) Language() (name, version string) { return "python", "3.11.2" }
func (r *fakeRun) User() string                     { return r.user }
func (r *fakeRun) Done() <-chan struct{}            { return r.done }
func (r *fakeRun) Cancel(reason error)              { r.cancelled = reason }
func (r *fakeRun) Client() string                   { return "192.0.2.1" }
func (r *fakeRun) Born() time.Time                  { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
func (r *fakeRun) Placed() bool                     { return true }

func (r *fakeRun) tell(e runner.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *fakeRun) end(result runner.Result) {
	r.result = &result
	close(r.done)
}

func (r *fakeRun) Result(ctx context.Context) (*runner.Result, error) {
	select {
	case <-r.done:
		return r.result, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (r *fakeRun) Follow(ctx context.Context, after uint64, each func(runner.Event) error) error {
	for {
		r.mu.Lock()
		i := slices.IndexFunc(r.events, func(e runner.Event) bool { return e.ID > after })
		changed := r.changed
		var e runner.Event
		if i >= 0 {
			e = r.events[i]
		}
		r.mu.Unlock()
		if i >= 0 {
			if err := each(e); err != nil {
				return err
			}
			after = e.ID
			continue
		}
		select {
		case <-r.done:
			return nil
		default:
		}
		select {
		case <-changed:
		case <-r.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (r *fakeRun) WriteStdin(ctx context.Context, data []byte, last bool) (int, error) {
	return r.stdin(ctx, data, last)
}

// fakeServer has the given run behind it.
func fakeServer(tb testing.TB, runs *fakeRuns, change ...func(*Options)) http.Handler {
	tb.Helper()
	o := options()
	for _, c := range change {
		c(&o)
	}
	s, err := newServer(o, runs)
	require.NoError(tb, err)
	return s
}
