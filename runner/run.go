package runner

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Run is one execution of a job, from its acceptance until its result is forgotten.
type Run struct {
	ID string

	language, version string
	user, client      string
	detached          bool
	placed            atomic.Bool // it has its cell
	job               Job         // zero once it has ended, as is plan
	plan              plan        // only the run's own goroutine looks at either

	t      *transcript
	born   time.Time
	cancel context.CancelCauseFunc
	done   chan struct{} // closed once result or err is set
	result *Result
	err    error
	input  *input // nil unless stdin stays open

	mu      sync.Mutex
	readers int
	leave   *time.Timer // of a detached run without readers: cancels it
	grace   time.Duration
}

// The reasons a run is cancelled for. A result's message tells them.
var (
	ErrLeft      = errors.New("the client went away")
	ErrCancelled = errors.New("cancelled on request")
	ErrAbandoned = errors.New("nobody reads its events any more")
	ErrShutdown  = errors.New("the server is shutting down")
	ErrByAdmin   = errors.New("an admin ended it")
	ErrBlocked   = errors.New("its user was blocked")
)

// Language is the name and version of what the run's program is written in; both are empty for a job on an image.
func (r *Run) Language() (name, version string) { return r.language, r.version }

// User is whose run it is; empty for nobody in particular.
func (r *Run) User() string { return r.user }

// Client is the address that it was asked for from.
func (r *Run) Client() string { return r.client }

// Born is when it was accepted.
func (r *Run) Born() time.Time { return r.born }

// Placed says whether it has a cell; before that it waits for one.
func (r *Run) Placed() bool { return r.placed.Load() }

// Cancel ends the run, if it has not ended, for one of the reasons above. The result tells it.
func (r *Run) Cancel(reason error) { r.cancel(reason) }

// Done is closed when the run has ended.
func (r *Run) Done() <-chan struct{} { return r.done }

// Result waits for the run to end, or for ctx. An error is ours, not the program's.
func (r *Run) Result(ctx context.Context) (*Result, error) {
	select {
	case <-r.done:
		return r.result, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Follow calls each with the run's events behind position after, as they come, until the last one. It stops when each
// returns an error, or ctx ends, and returns that error. While anybody follows a detached run, it goes on; when the last one
// leaves, it is cancelled after a grace.
func (r *Run) Follow(ctx context.Context, after uint64, each func(Event) error) error {
	r.arrive()
	defer r.depart()
	for {
		e, err := r.t.next(ctx, after)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := each(e); err != nil {
			return err
		}
		after = e.ID
	}
}

func (r *Run) arrive() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.readers++
	if r.leave != nil {
		r.leave.Stop()
	}
}

func (r *Run) depart() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.readers--
	r.awaitReader()
}

// awaitReader gives a detached run without readers its grace. The caller holds the lock.
func (r *Run) awaitReader() {
	if r.readers == 0 && r.detached {
		r.leave = time.AfterFunc(r.grace, func() { r.cancel(ErrAbandoned) })
	}
}

// finish makes the outcome known: first to those who ask, then to those who read, so that nobody who has read of the end is
// told that the run goes on. What was submitted is not needed any more; it would be kept as long as the outcome.
func (r *Run) finish(result *Result, err error) {
	r.job, r.plan = Job{}, plan{}
	r.result, r.err = result, err
	if r.input != nil {
		r.input.close()
	}
	close(r.done)
	if err != nil {
		r.t.add(Event{Kind: EventError, Err: err})
	} else {
		r.t.add(Event{Kind: EventResult, Result: result})
	}
	r.mu.Lock()
	if r.leave != nil {
		r.leave.Stop()
	}
	r.mu.Unlock()
	r.cancel(nil)
}

// size is how many bytes an ended run keeps, but for what every run does.
func (r *Run) size() int {
	n := r.t.size()
	if r.result != nil && r.result.Compile != nil {
		n += cap(r.result.Compile.Stdout) + cap(r.result.Compile.Stderr)
	}
	return n
}

// ErrStdinClosed says that a run's stdin takes nothing more: it was not opened, it was closed, or the run has ended.
var ErrStdinClosed = errors.New("stdin is not open")

// WriteStdin feeds the run's stdin, and closes it behind data when last is set. It waits while the program does not read,
// until ctx ends; then some of data may have been taken, and n says how much.
func (r *Run) WriteStdin(ctx context.Context, data []byte, last bool) (n int, err error) {
	if r.input == nil {
		return 0, ErrStdinClosed
	}
	return r.input.write(ctx, data, last)
}

// input is our end of a program's open stdin.
type input struct {
	w     *os.File
	turn  chan struct{} // holds a token while somebody writes, so that writes never mix
	close func()
}

// newInput returns the program's end, and ours with first already on its way in.
func newInput(first []byte) (*os.File, *input, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	in := &input{w: w, turn: make(chan struct{}, 1), close: sync.OnceFunc(func() { _ = w.Close() })}
	if len(first) > 0 {
		in.turn <- struct{}{}
		go func() { // ends when first is written, or with the pipe
			defer func() { <-in.turn }()
			_, _ = w.Write(first)
		}()
	}
	return r, in, nil
}

func (in *input) write(ctx context.Context, data []byte, last bool) (int, error) {
	select {
	case in.turn <- struct{}{}:
		defer func() { <-in.turn }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	_ = in.w.SetWriteDeadline(time.Time{})
	hurried := make(chan struct{})
	unhook := context.AfterFunc(ctx, func() {
		defer close(hurried)
		_ = in.w.SetWriteDeadline(time.Unix(1, 0))
	})
	n, err := in.w.Write(data)
	if !unhook() {
		<-hurried // else it could hurry the next writer
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, ctx.Err()
	case err != nil: // closed by us, or EPIPE: the program closed its end
		return n, ErrStdinClosed
	case last:
		in.close()
	}
	return n, nil
}
