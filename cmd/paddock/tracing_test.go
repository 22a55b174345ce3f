package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"paddock/api"
	"paddock/runner"
	"paddock/validate"
)

// receiver is a collector of traces that keeps them.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	raw   []byte
	spans []*otlp.Span
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		body := io.Reader(req.Body)
		if req.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(body)
			if !assert.NoError(t, err) {
				return
			}
			body = z
		}
		raw, err := io.ReadAll(body)
		assert.NoError(t, err)
		assert.Equal(t, "/v1/traces", req.URL.Path)
		var batch collector.ExportTraceServiceRequest
		assert.NoError(t, proto.Unmarshal(raw, &batch))
		r.mu.Lock()
		defer r.mu.Unlock()
		r.raw = append(r.raw, raw...)
		for _, resource := range batch.GetResourceSpans() {
			for _, scope := range resource.GetScopeSpans() {
				r.spans = append(r.spans, scope.GetSpans()...)
			}
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// names are the spans, by name, each of which there is once.
func (r *receiver) names(t *testing.T) map[string]*otlp.Span {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	spans := map[string]*otlp.Span{}
	for _, s := range r.spans {
		assert.NotContains(t, spans, s.GetName())
		spans[s.GetName()] = s
	}
	return spans
}

// tracing makes traces for a collector. The test closes them, or has it done.
func tracing(t *testing.T, endpoint string, sample float64, log io.Writer) *traces {
	t.Helper()
	tr, err := newTraces(TracingConfig{Endpoint: endpoint, Sample: sample}, newMeters(), zerolog.New(log))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, tr.close(context.Background())) })
	return tr
}

const (
	theirTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
	theirSpan  = "00f067aa0ba902b7"
)

// begin begins a request, with pairs of header fields.
func begin(tr *traces, fields ...string) (ctx context.Context, header http.Header, id string) {
	r := httptest.NewRequest(http.MethodPost, "/runner/run", http.NoBody)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	header = http.Header{}
	ctx, id = tr.Begin(header, r)
	return ctx, header, id
}

func TestTracesOfARun(t *testing.T) {
	r := newReceiver(t)
	tr := tracing(t, r.URL, 1, io.Discard)
	began := time.Now()
	ctx, header, id := begin(tr, "Traceparent", "00-"+theirTrace+"-"+theirSpan+"-01", "Tracestate", "secret=SECRET",
		"User-Agent", "SECRET", "Baggage", "secret=SECRET")
	assert.Equal(t, theirTrace, id)
	tr.Stage(ctx, api.StageTokens, began)
	tr.Looked(ctx, began, []validate.Finding{{Category: "SECRET", Excerpt: "SECRET"}})
	tr.Stage(ctx, api.StageAdmit, began)
	tr.Ran(context.WithoutCancel(ctx), began, &runner.Result{
		Language: "c", Verdict: runner.OK, Setup: 3 * time.Millisecond, Wait: time.Millisecond, Wall: 2 * time.Millisecond,
		Compile: &runner.Compile{Verdict: runner.OK, Wall: 7 * time.Millisecond},
	}, "")
	tr.Answered(ctx, api.Answer{Began: began, Method: "POST", Route: "/runner/run", Status: 200, RunID: "one"})
	require.NoError(t, tr.close(context.Background()))

	spans := r.names(t)
	request := spans["POST /runner/run"]
	require.NotNil(t, request)
	assert.Equal(t, theirSpan, hex.EncodeToString(request.GetParentSpanId()))
	assert.Equal(t, "00-"+theirTrace+"-"+hex.EncodeToString(request.GetSpanId())+"-01", header.Get("Traceresponse"))
	attributes := map[string]string{}
	for _, a := range append(request.GetAttributes(), spans["run"].GetAttributes()...) {
		attributes[a.GetKey()] = a.GetValue().GetStringValue()
	}
	assert.Equal(t, map[string]string{
		"http.request.method": "POST", "http.route": "/runner/run", "http.response.status_code": "", // a number
		"paddock.run_id": "one", "paddock.language": "c", "paddock.verdict": "ok",
	}, attributes)
	for name, took := range map[string]time.Duration{
		"tokens": -1, "validate": -1, "admit": -1, "wait": time.Millisecond, "setup": 2 * time.Millisecond, "compile": 7 * time.Millisecond,
		"run": 2 * time.Millisecond,
	} {
		s := spans[name]
		require.NotNil(t, s, name)
		assert.Equal(t, theirTrace, hex.EncodeToString(s.GetTraceId()), name)
		assert.Equal(t, request.GetSpanId(), s.GetParentSpanId(), name)
		if took >= 0 {
			assert.Equal(t, uint64(took), s.GetEndTimeUnixNano()-s.GetStartTimeUnixNano(), name)
		}
	}
	assert.Len(t, spans, 8)
	assert.NotContains(t, string(r.raw), "SECRET")
	assert.InDelta(t, 8, testutil.ToFloat64(tr.meters.spans), 0)
	assert.InDelta(t, 8, testutil.ToFloat64(tr.meters.sent), 0)
}

// What a caller says of its trace may save us work, and never makes us any.
func TestNobodyForcesATrace(t *testing.T) {
	r := newReceiver(t)
	for name, c := range map[string]struct {
		share       float64
		parent      string
		least, most int
		known       bool
	}{
		"all":            {1, "", 1000, 1000, true},
		"none":           {0, "", 0, 0, false},
		"wanted":         {0, "00-" + theirTrace + "-" + theirSpan + "-01", 0, 0, true},
		"not wanted":     {1, "00-" + theirTrace + "-" + theirSpan + "-00", 0, 0, true},
		"a chosen id":    {.5, "00-00000000000000000000000000000001-" + theirSpan + "-01", 300, 700, true},
		"another one":    {.5, "00-ffffffffffffffffffffffffffffffff-" + theirSpan + "-01", 300, 700, true},
		"not hex":        {0, "00-" + theirTrace + "-SECRET-01", 0, 0, false},
		"a zero trace":   {0, "00-00000000000000000000000000000000-" + theirSpan + "-01", 0, 0, false},
		"a long version": {0, "00-" + theirTrace + "-" + theirSpan + "-01-SECRET", 0, 0, false},
	} {
		tr := tracing(t, r.URL, c.share, io.Discard)
		for range 1000 {
			ctx, header, id := begin(tr, "Traceparent", c.parent)
			tr.Answered(ctx, api.Answer{Began: time.Now(), Method: "GET", Status: 200})
			assert.Equal(t, c.known, id != "", name)
			assert.Equal(t, c.known, header.Get("Traceresponse") != "", name)
			assert.NotContains(t, header.Get("Traceresponse"), "SECRET")
		}
		n := int(testutil.ToFloat64(tr.meters.spans))
		assert.GreaterOrEqual(t, n, c.least, name)
		assert.LessOrEqual(t, n, c.most, name)
	}
}

// A collector that takes a connection and never answers costs requests nothing and a stop no more than its bound.
func TestACollectorThatHangs(t *testing.T) {
	asked, stop := make(chan struct{}, 100), make(chan struct{})
	hangs := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-stop
	}))
	defer hangs.Close()
	defer close(stop)
	tr := tracing(t, hangs.URL, 1, io.Discard)
	for range spansAtOnce + 1 {
		ctx, _, _ := begin(tr)
		tr.Answered(ctx, api.Answer{Method: "GET", Status: 200})
	}
	<-asked
	for range 10 * mostSpans { // more than there is room for: it would wait here for ever
		ctx, _, _ := begin(tr)
		tr.Answered(ctx, api.Answer{Method: "GET", Status: 200})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.NoError(t, tr.close(ctx))
	assert.Zero(t, testutil.ToFloat64(tr.meters.sent))
}

// A collector that takes nothing is complained of, once in a while.
func TestACollectorThatRefuses(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"an error": func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, string(bytes.Repeat([]byte("x"), 10_000)), http.StatusTeapot)
		},
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		},
		"overloaded": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusServiceUnavailable)
		},
	} {
		refuses := httptest.NewServer(handler)
		log := &logBuffer{}
		tr := tracing(t, refuses.URL, 1, log)
		for range 3 * spansAtOnce {
			ctx, _, _ := begin(tr)
			tr.Answered(ctx, api.Answer{Method: "GET", Status: 200})
		}
		require.NoError(t, tr.close(context.Background()))
		refuses.Close()
		assert.Zero(t, testutil.ToFloat64(tr.meters.sent), name)
		assert.Equal(t, 1, bytes.Count([]byte(log.String()), []byte("\n")), "%s: %s", name, log)
		assert.Less(t, len(log.String()), 1000, name)
	}
}

// A collector that has taken a batch but for some has taken the others; it may also only warn.
func TestACollectorThatRejectsSome(t *testing.T) {
	for rejected, logs := range map[int64]int{0: 0, 1: 1} {
		takes := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			answer, err := proto.Marshal(&collector.ExportTraceServiceResponse{PartialSuccess: &collector.ExportTracePartialSuccess{
				RejectedSpans: rejected, ErrorMessage: "be (7 spans rejected) careful",
			}})
			assert.NoError(t, err)
			w.Header().Set("Content-Type", "application/x-protobuf")
			_, _ = w.Write(answer)
		}))
		log := &logBuffer{}
		tr := tracing(t, takes.URL, 1, log)
		for range 10 {
			ctx, _, _ := begin(tr)
			tr.Answered(ctx, api.Answer{Method: "GET", Status: 200})
		}
		require.NoError(t, tr.close(context.Background()))
		takes.Close()
		assert.InDelta(t, 10-rejected, testutil.ToFloat64(tr.meters.sent), 0)
		assert.Equal(t, logs, bytes.Count([]byte(log.String()), []byte("\n")), "%s", log)
	}
}

func TestWithoutACollectorThereIsNothingOfTracing(t *testing.T) {
	a := &app{config: defaults(), meters: newMeters()}
	o, err := a.observer()
	require.NoError(t, err)
	assert.Same(t, a.meters, o)
	assert.Empty(t, a.steps)
}

func TestTracingSettings(t *testing.T) {
	for endpoint, want := range map[string]string{
		"http://127.0.0.1:4318":        "http://127.0.0.1:4318/v1/traces",
		"https://traces.example/":      "https://traces.example/v1/traces",
		"https://traces.example/a/b":   "https://traces.example/a/b",
		"127.0.0.1:4318":               "",
		"grpc://127.0.0.1:4317":        "",
		"http://":                      "",
		"http://user:SECRET@127.0.0.1": "",
		"http://127.0.0.1/?key=SECRET": "",
		"http://SECRET%zz":             "",
	} {
		got, err := TracingConfig{Endpoint: endpoint}.url()
		assert.Equal(t, want, got, endpoint)
		assert.Equal(t, want == "", err != nil, endpoint)
		if err != nil {
			assert.NotContains(t, err.Error(), "SECRET")
		}
	}
	for _, sample := range []string{"-0.1", "1.1", "NaN", "x"} {
		_, err := loadArgs(t, nil, "--tracing.sample", sample)
		assert.ErrorContains(t, err, "tracing.sample", sample)
	}
	c, err := loadArgs(t, nil, "--tracing.endpoint", "http://127.0.0.1:4318", "--tracing.sample", "0.01")
	require.NoError(t, err)
	assert.Equal(t, TracingConfig{Endpoint: "http://127.0.0.1:4318", Sample: .01}, c.Tracing)
}
