package breaker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	errNoAnswer = errors.New("podman does not answer")
	errNoImage  = errors.New("no such image")
)

// podman is what cells are made with, as far as a breaker sees it.
type podman struct {
	mu    sync.Mutex
	takes time.Duration
	err   error
	calls int
}

// create is a creation: what a breaker stands in front of.
func (p *podman) create(ctx context.Context) error {
	p.mu.Lock()
	p.calls++
	takes, err := p.takes, p.err
	p.mu.Unlock()
	select {
	case <-time.After(takes):
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// engine is a part that makes cells, and breaks itself off: how a breaker is wired in.
type engine struct {
	make  func(context.Context) error
	guard func(context.Context, func(context.Context) error) error
}

func (e engine) create(ctx context.Context) error { return e.guard(ctx, e.make) }

// with runs a test in a bubble, with a breaker of 3 failures and 10 s. changes are what it has told.
func with(t *testing.T, test func(t *testing.T, p *podman, b *Breaker, e engine, changes *[]string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var changes []string
		p := &podman{takes: 100 * time.Millisecond}
		b := New(Options{
			Neutral: func(err error) bool { return errors.Is(err, errNoImage) },
			OnChange: func(from, to State, cause error) {
				changes = append(changes, fmt.Sprintf("%s -> %s: %v", from, to, cause))
			},
		})
		test(t, p, b, engine{p.create, b.Do}, &changes)
	})
}

func TestBreaker(t *testing.T) {
	with(t, func(t *testing.T, p *podman, b *Breaker, e engine, changes *[]string) {
		require.NoError(t, e.create(t.Context()))
		p.err = errNoAnswer
		for range 3 {
			err := e.create(t.Context())
			assert.Equal(t, errNoAnswer, err, "as it is")
		}
		assert.Equal(t, Open, b.State())
		assert.Equal(t, 4, p.calls)

		time.Sleep(4 * time.Second)
		began := time.Now()
		err := e.create(t.Context())
		open, ok := errors.AsType[*OpenError](err)
		require.True(t, ok, "%v", err)
		assert.Equal(t, 6*time.Second, open.RetryAfter)
		assert.ErrorIs(t, err, errNoAnswer, "it is told as what it comes from")
		assert.Zero(t, time.Since(began), "at once")
		assert.Equal(t, 4, p.calls, "nothing was tried")

		time.Sleep(6*time.Second + 1)
		assert.Equal(t, errNoAnswer, e.create(t.Context()), "one may try")
		assert.Equal(t, 5, p.calls)
		open, ok = errors.AsType[*OpenError](e.create(t.Context()))
		require.True(t, ok, "and it is open again")
		assert.Equal(t, 10*time.Second, open.RetryAfter)

		p.err = nil
		time.Sleep(10*time.Second + 1)
		require.NoError(t, e.create(t.Context()))
		require.NoError(t, e.create(t.Context()))
		assert.Equal(t, Closed, b.State())
		assert.Equal(t, []string{
			"closed -> open: podman does not answer", "open -> probing: <nil>", "probing -> open: podman does not answer",
			"open -> probing: <nil>", "probing -> closed: <nil>",
		}, *changes, "each once")
	})
}

// While one tries nobody else does, however many ask.
func TestOneProbes(t *testing.T) {
	with(t, func(t *testing.T, p *podman, b *Breaker, e engine, changes *[]string) {
		p.err = errNoAnswer
		for range 3 {
			assert.Error(t, e.create(t.Context()))
		}
		time.Sleep(10*time.Second + 1)
		p.err, p.takes, p.calls = nil, 5*time.Second, 0
		var all sync.WaitGroup
		var mu sync.Mutex
		refused := map[time.Duration]int{}
		for range 200 {
			all.Go(func() {
				if open, ok := errors.AsType[*OpenError](e.create(t.Context())); ok {
					mu.Lock()
					defer mu.Unlock()
					refused[open.RetryAfter]++
				}
			})
		}
		synctest.Wait()
		assert.Equal(t, Probing, b.State())
		all.Wait()
		assert.Equal(t, 1, p.calls)
		assert.Equal(t, map[time.Duration]int{time.Second: 199}, refused, "nobody knows how long it takes")
		assert.Equal(t, Closed, b.State())
		assert.Len(t, *changes, 3)
	})
}

func TestWhatCounts(t *testing.T) {
	with(t, func(t *testing.T, p *podman, b *Breaker, e engine, changes *[]string) {
		fail := func(times int) {
			p.err = errNoAnswer
			for range times {
				assert.ErrorIs(t, e.create(t.Context()), errNoAnswer)
			}
			p.err = nil
		}
		fail(2)
		require.NoError(t, e.create(t.Context()))
		fail(2)
		assert.Equal(t, Closed, b.State(), "not in a row")

		p.err = errNoImage
		for range 10 {
			assert.Equal(t, errNoImage, e.create(t.Context()))
		}
		assert.Equal(t, Closed, b.State(), "what was asked for is at fault")
		p.err = nil

		p.takes = time.Hour
		for range 10 {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			assert.ErrorIs(t, e.create(ctx), context.Canceled)
		}
		assert.Equal(t, Closed, b.State(), "who leaves says nothing")

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		assert.ErrorIs(t, e.create(ctx), context.DeadlineExceeded)
		assert.Equal(t, Open, b.State(), "too long is a failure, the third in a row: the others have not ended it")
		assert.Equal(t, []string{"closed -> open: context deadline exceeded"}, *changes)
	})
}

// A probe that says nothing lets the next one try: the breaker does not stay as it is for ever.
func TestAProbeThatSaysNothing(t *testing.T) {
	with(t, func(t *testing.T, p *podman, b *Breaker, e engine, _ *[]string) {
		p.err = errNoAnswer
		for range 3 {
			assert.Error(t, e.create(t.Context()))
		}
		time.Sleep(10*time.Second + 1)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		p.takes = time.Hour
		assert.ErrorIs(t, e.create(ctx), context.Canceled)
		p.err, p.takes = errNoImage, 0
		assert.ErrorIs(t, e.create(t.Context()), errNoImage)
		assert.Equal(t, Probing, b.State())
		p.err = nil
		require.NoError(t, e.create(t.Context()))
		assert.Equal(t, Closed, b.State())
	})
}

// What was begun before it opened ends when it ends, and says nothing about the time after.
func TestLateFailures(t *testing.T) {
	with(t, func(t *testing.T, p *podman, b *Breaker, e engine, changes *[]string) {
		p.err, p.takes = errNoAnswer, 12*time.Second
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() { assert.ErrorIs(t, e.create(t.Context()), errNoAnswer) })
			synctest.Wait()
		}
		p.takes = 0
		for range 3 {
			assert.Error(t, e.create(t.Context()))
		}
		time.Sleep(10*time.Second + 1)
		p.err = nil
		require.NoError(t, e.create(t.Context()))
		all.Wait()
		assert.Equal(t, Closed, b.State())
		assert.Len(t, *changes, 3)
	})
}

func TestAPanicIsAFailure(t *testing.T) {
	b := New(Options{Failures: 1})
	assert.Panics(t, func() { _ = b.Do(t.Context(), func(context.Context) error { panic("no") }) })
	err := b.Do(t.Context(), func(context.Context) error { return nil })
	_, open := errors.AsType[*OpenError](err)
	assert.True(t, open, "%v", err)
	assert.NotEmpty(t, err.Error())
}
