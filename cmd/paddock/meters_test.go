package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/api"
	"paddock/quota"
	"paddock/runner"
	"paddock/validate"
)

func TestMetersOfARun(t *testing.T) {
	m := newMeters()
	ctx, began := t.Context(), time.Now()
	compiled := &runner.Compile{Verdict: runner.OK, Wall: time.Second}
	for _, r := range []*runner.Result{
		{Language: "c", Verdict: runner.OK, Setup: 3 * time.Second, Wait: time.Second, Compile: compiled, Wall: 5 * time.Second, CPU: 4 * time.Second},
		{Language: "c", Verdict: runner.CompileError, Setup: time.Second, Compile: compiled},
		{Verdict: runner.Cancelled}, // before there was a cell
	} {
		m.Ran(ctx, began, r, "")
	}
	m.Ran(ctx, began, nil, "cell_lost")
	m.Follow(1)
	for name, want := range map[string]float64{
		"paddock_runs_total": 3, "paddock_run_failures_total": 1, "paddock_run_wall_seconds": 5, "paddock_run_cpu_seconds": 4,
		"paddock_compile_seconds": 2, "paddock_stage_seconds": 4, "paddock_sse_clients": 1,
	} {
		assert.InDelta(t, want, gathered(t, m.registry, name), 0, name)
	}
	assert.InDelta(t, 1, testutil.ToFloat64(m.runs.WithLabelValues(noLanguage, "cancelled")), 0)
	problems, err := testutil.GatherAndLint(m.registry)
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestMetersOfARequest(t *testing.T) {
	m := newMeters()
	found := []validate.Finding{{Category: "process_exec", Severity: "warn"}, {Category: "process_exec", Severity: "warn"}}
	m.Answered(t.Context(), api.Answer{Began: time.Now(), Method: "POST", Route: "/runner/run", Status: 403, Code: "code_blocked"})
	m.Looked(t.Context(), time.Now(), found)
	m.Answered(t.Context(), api.Answer{Began: time.Now(), Method: "GET", Status: 404})
	assert.InDelta(t, 1, testutil.ToFloat64(m.requests.WithLabelValues("/runner/run", "POST", "4xx")), 0)
	assert.InDelta(t, 1, testutil.ToFloat64(m.requests.WithLabelValues(noRoute, "GET", "4xx")), 0)
	assert.InDelta(t, 1, testutil.ToFloat64(m.problems.WithLabelValues("code_blocked")), 0)
	assert.InDelta(t, 2, testutil.ToFloat64(m.findings.WithLabelValues("process_exec", "warn")), 0)
}

// Every verb of a store is timed, also one that comes to be.
func TestEveryVerbIsTimed(t *testing.T) {
	m := newMeters()
	s := reflect.ValueOf(m.timed(quota.NewMemory(quota.MemoryOptions{})))
	verbs := reflect.TypeFor[quota.Store]()
	for i := range verbs.NumMethod() {
		v := verbs.Method(i)
		args := []reflect.Value{reflect.ValueOf(t.Context())}
		for j := 1; j < v.Type.NumIn(); j++ {
			args = append(args, reflect.Zero(v.Type.In(j)))
		}
		before := gathered(t, m.registry, "paddock_limit_store_seconds")
		func() {
			defer func() { _ = recover() }() // what is asked makes no sense
			s.MethodByName(v.Name).Call(args)
		}()
		assert.Greater(t, gathered(t, m.registry, "paddock_limit_store_seconds"), before, v.Name)
	}
	assert.Equal(t, verbs.NumMethod(), testutil.CollectAndCount(m.verbs), "a series for each")
}

// failing is a store that fails.
type failing struct{ quota.Store }

func (failing) Known(ctx context.Context, _ string) (quota.Known, error) {
	return quota.Known{}, errors.Join(errors.New("no"), ctx.Err())
}

func TestWhatAStoreFails(t *testing.T) {
	m := newMeters()
	s := m.timed(failing{})
	gone, leave := context.WithCancel(t.Context())
	leave()
	late, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	for ctx, want := range map[context.Context]float64{t.Context(): 1, gone: 0, late: 1} {
		before := testutil.ToFloat64(s.known.failed)
		_, err := s.Known(ctx, "user:ada")
		require.Error(t, err)
		assert.InDelta(t, want, testutil.ToFloat64(s.known.failed)-before, 0)
	}
}

// What is measured of a run costs it next to nothing beside its milliseconds: microseconds, and tens of them where it is traced.
func BenchmarkObserver(b *testing.B) {
	m := newMeters()
	store := m.timed(quota.NewMemory(quota.MemoryOptions{}))
	r := httptest.NewRequest(http.MethodPost, "/runner/run", http.NoBody)
	result := &runner.Result{Language: "python", Verdict: runner.OK, Setup: time.Millisecond, Wall: time.Millisecond, CPU: time.Millisecond}
	run := func(b *testing.B, o api.Observer) {
		b.Helper()
		b.ReportAllocs()
		for b.Loop() {
			began := time.Now()
			ctx, _ := o.Begin(http.Header{}, r)
			for range 4 { // as many questions to the store as a run has
				var err error
				store.spend.done(ctx, began, &err)
			}
			o.Stage(ctx, api.StageTokens, began)
			o.Looked(ctx, began, nil)
			o.Stage(ctx, api.StageAdmit, began)
			o.Ran(ctx, began, result, "")
			o.Answered(ctx, api.Answer{Began: began, Method: "POST", Route: "/runner/run", Status: 200})
		}
	}
	b.Run("meters", func(b *testing.B) { run(b, m) })
	for _, share := range []float64{0, 1} {
		b.Run(fmt.Sprintf("traces of %g", share), func(b *testing.B) {
			t, err := newTraces(TracingConfig{Endpoint: "http://127.0.0.1:9", Sample: share}, m, zerolog.Nop())
			require.NoError(b, err)
			run(b, t)
			require.NoError(b, t.close(b.Context()))
		})
	}
}
