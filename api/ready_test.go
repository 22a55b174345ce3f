package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestReadinessIsCachedAndProbedOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		probes, running := 0, 0
		var fail error
		r := newReadiness(func(context.Context) error {
			probes++
			running++
			assert.Equal(t, 1, running)
			time.Sleep(time.Second)
			running--
			return fail
		})
		var callers sync.WaitGroup
		for range 20 {
			callers.Go(func() { assert.NoError(t, r.check(t.Context())) })
		}
		callers.Wait()
		assert.Equal(t, 1, probes)
		fail = errors.New("no podman")
		assert.NoError(t, r.check(t.Context()), "the answer still counts")
		time.Sleep(readyFor)
		assert.Error(t, r.check(t.Context()))
		fail = nil
		assert.Error(t, r.check(t.Context()), "a bad answer counts as long")
		time.Sleep(readyFor)
		assert.NoError(t, r.check(t.Context()))
		assert.Equal(t, 3, probes)
	})
}

func TestProbeIsBoundedAndNotItsFirstCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReadiness(func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		})
		began := time.Now()
		ctx, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		assert.ErrorIs(t, r.check(ctx), context.DeadlineExceeded)
		assert.Equal(t, probeTimeout, time.Since(began))
	})
}

func TestWaiterLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		r := newReadiness(func(context.Context) error {
			<-release
			return nil
		})
		go func() { _ = r.check(t.Context()) }()
		synctest.Wait()
		ctx, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		assert.ErrorIs(t, r.check(ctx), context.DeadlineExceeded)
		close(release)
	})
}

func TestHealth(t *testing.T) {
	var log strings.Builder
	h := realServer(t, logTo(&log), func(o *Options) {
		o.Ready = func(context.Context) error { return errors.New("dial /secret") }
	})
	w := call(h, http.MethodGet, "/livez", "")
	assert.Equal(t, http.StatusOK, w.Code, "alive all the same")
	w = call(h, http.MethodGet, "/readyz", "")
	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	assert.Equal(t, "not_ready", problemIn(t, w).Code)
	assert.NotEmpty(t, w.Header().Get("Retry-After"))
	assert.NotContains(t, w.Body.String(), "secret")
	assert.Contains(t, log.String(), "dial /secret")
}
