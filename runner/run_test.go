package runner

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newRun is a run that goes on until ctx, which it is cancelled by, ends.
func newRun(t *testing.T, job Job) (*Run, context.Context) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	t.Cleanup(func() { cancel(nil) })
	return &Run{ID: "run", job: job, detached: job.Detached, t: &transcript{limit: 100}, cancel: cancel, done: make(chan struct{}), grace: 10 * time.Second}, ctx
}

func ignore(Event) error { return nil }

func TestFollow(t *testing.T) {
	r, _ := newRun(t, Job{})
	r.t.add(Event{Kind: EventAccepted})
	text(t, r.t, EventStdout, "out")
	want := &Result{ID: "run"}
	r.finish(want, nil)

	var kinds []EventKind
	each := func(e Event) error { kinds = append(kinds, e.Kind); return nil }
	require.NoError(t, r.Follow(t.Context(), 0, each))
	assert.Equal(t, []EventKind{EventAccepted, EventStdout, EventResult}, kinds)
	kinds = nil
	require.NoError(t, r.Follow(t.Context(), 4, each))
	assert.Equal(t, []EventKind{EventResult}, kinds)

	full := errors.New("the client is gone")
	assert.ErrorIs(t, r.Follow(t.Context(), 0, func(Event) error { return full }), full)
	<-r.Done()
	got, err := r.Result(t.Context())
	require.NoError(t, err)
	assert.Same(t, want, got)
}

func TestAnErrorIsTheLastEvent(t *testing.T) {
	r, ctx := newRun(t, Job{})
	r.finish(nil, ErrCellLost)
	var last Event
	require.NoError(t, r.Follow(t.Context(), 0, func(e Event) error { last = e; return nil }))
	assert.Equal(t, EventError, last.Kind)
	assert.ErrorIs(t, last.Err, ErrCellLost)
	_, err := r.Result(t.Context())
	assert.ErrorIs(t, err, ErrCellLost)
	assert.Error(t, ctx.Err(), "nothing of it goes on")
}

// Whoever reads of the end and asks at once is told the same.
func TestTheLastEventComesAfterTheEnd(t *testing.T) {
	r, _ := newRun(t, Job{})
	r.t.mu.Lock() // nobody can be told anything
	var end sync.WaitGroup
	end.Go(func() { r.finish(&Result{}, nil) })
	select {
	case <-r.Done():
	case <-time.After(10 * time.Second):
		assert.Fail(t, "readers are told before the run has ended")
	}
	r.t.mu.Unlock()
	end.Wait()
}

func TestResultWaitsNoLongerThanItsCaller(t *testing.T) {
	r, _ := newRun(t, Job{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.Result(ctx)
	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorIs(t, r.Follow(ctx, 0, ignore), context.Canceled)
}

// follow reads r until the returned function is called, and has stopped when that returns.
func follow(t *testing.T, r *Run) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var reader sync.WaitGroup
	reader.Go(func() { _ = r.Follow(ctx, 0, ignore) })
	synctest.Wait()
	return func() { cancel(); reader.Wait() }
}

func TestADetachedRunOutlivesItsReadersForAGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, ctx := newRun(t, Job{Detached: true})
		one, two := follow(t, r), follow(t, r)
		one()
		time.Sleep(time.Minute)
		assert.NoError(t, ctx.Err(), "somebody still reads")
		two()
		time.Sleep(9 * time.Second)
		three := follow(t, r)
		time.Sleep(time.Minute)
		assert.NoError(t, ctx.Err(), "somebody came back")
		three()
		time.Sleep(10*time.Second - time.Nanosecond)
		synctest.Wait()
		assert.NoError(t, ctx.Err())
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		assert.ErrorIs(t, context.Cause(ctx), ErrAbandoned)
	})
}

func TestOtherRunsDoNotDependOnReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, ctx := newRun(t, Job{})
		follow(t, r)()
		time.Sleep(time.Hour)
		assert.NoError(t, ctx.Err(), "the request that it belongs to ends it")
	})
}

func TestCancel(t *testing.T) {
	r, ctx := newRun(t, Job{})
	r.Cancel(ErrCancelled)
	r.cancel(ErrShutdown)
	assert.ErrorIs(t, context.Cause(ctx), ErrCancelled, "the first reason counts")
}

func TestReasons(t *testing.T) {
	for _, reason := range []error{ErrCancelled, ErrAbandoned, ErrShutdown, ErrByAdmin, ErrBlocked} {
		assert.Equal(t, reason, reasonOf(reason))
	}
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		assert.Equal(t, ErrLeft, reasonOf(cause))
	}
}

// stdin opens an input with first on its way in, and returns the program's end too.
func stdin(t *testing.T, first []byte) (*os.File, *input) {
	t.Helper()
	r, in, err := newInput(first)
	require.NoError(t, err)
	t.Cleanup(func() {
		in.close()
		_ = r.Close()
	})
	return r, in
}

// more is more than a pipe holds.
const more = 1 << 20

func TestInput(t *testing.T) {
	r, in := stdin(t, []byte("first "))
	n, err := in.write(t.Context(), []byte("second "), false)
	require.NoError(t, err)
	assert.Equal(t, 7, n)
	n, err = in.write(t.Context(), nil, false)
	require.NoError(t, err)
	assert.Zero(t, n)
	_, err = in.write(t.Context(), []byte("last"), true)
	require.NoError(t, err)
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	assert.Equal(t, "first second last", string(got))
	_, err = in.write(t.Context(), []byte("x"), false)
	assert.ErrorIs(t, err, ErrStdinClosed)
	in.close()
}

func TestInputLargerThanThePipe(t *testing.T) {
	r, in := stdin(t, bytes.Repeat([]byte("a"), more))
	var writers sync.WaitGroup
	for _, part := range []string{"b", "c"} {
		writers.Go(func() {
			n, err := in.write(t.Context(), bytes.Repeat([]byte(part), more), false)
			assert.NoError(t, err)
			assert.Equal(t, more, n)
		})
	}
	go func() {
		writers.Wait()
		in.close()
	}()
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	a, b, c := strings.Repeat("a", more), strings.Repeat("b", more), strings.Repeat("c", more)
	assert.True(t, string(got) == a+b+c || string(got) == a+c+b, "writes mix")
}

func TestAWriterThatGivesUp(t *testing.T) {
	r, in := stdin(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = io.ReadFull(r, make([]byte, 1)) // it has begun
		cancel()
	}()
	n, err := in.write(ctx, make([]byte, more), true)
	require.ErrorIs(t, err, context.Canceled)
	assert.Positive(t, n, "and tells how much was taken")
	assert.Less(t, n, more)

	go func() { _, _ = io.Copy(io.Discard, r) }()
	n, err = in.write(t.Context(), make([]byte, more), true)
	require.NoError(t, err, "stdin is still open")
	assert.Equal(t, more, n)
}

func TestAWriterThatGivesUpBeforeItsTurn(t *testing.T) {
	_, in := stdin(t, make([]byte, more)) // which nobody reads
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n, err := in.write(ctx, []byte("x"), true)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Zero(t, n)
}

// A caller that goes away as its write ends must not hurry the next one.
func TestWritersThatComeAndGo(t *testing.T) {
	r, in := stdin(t, nil)
	copied := make(chan int64, 1)
	go func() {
		n, _ := io.Copy(io.Discard, r)
		copied <- n
	}()
	taken := 0
	for range 500 {
		ctx, cancel := context.WithCancel(t.Context())
		go cancel()
		n, _ := in.write(ctx, make([]byte, 100), false)
		m, err := in.write(t.Context(), make([]byte, 100_000), false)
		require.NoError(t, err)
		require.Equal(t, 100_000, m)
		taken += n + m
	}
	in.close()
	assert.Equal(t, int64(taken), <-copied)
}

func TestInputOfAProgramThatIsGone(t *testing.T) {
	r, in := stdin(t, make([]byte, more))
	require.NoError(t, r.Close())
	_, err := in.write(t.Context(), make([]byte, more), false)
	assert.ErrorIs(t, err, ErrStdinClosed)
}

func TestTheEndOfARunEndsItsWriters(t *testing.T) {
	run, _ := newRun(t, Job{})
	r, in, err := newInput(nil)
	require.NoError(t, err)
	run.input = in
	go func() {
		_, _ = io.ReadFull(r, make([]byte, 1)) // it has begun
		run.finish(&Result{}, nil)
	}()
	_, err = run.WriteStdin(t.Context(), make([]byte, more), false)
	assert.ErrorIs(t, err, ErrStdinClosed)
	_, err = run.WriteStdin(t.Context(), []byte("x"), false)
	assert.ErrorIs(t, err, ErrStdinClosed)
	require.NoError(t, r.Close())
}

func TestARunWithoutOpenStdin(t *testing.T) {
	r, _ := newRun(t, Job{})
	_, err := r.WriteStdin(t.Context(), []byte("x"), false)
	assert.ErrorIs(t, err, ErrStdinClosed)
}
