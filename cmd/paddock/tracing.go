package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"paddock/api"
	"paddock/runner"
	"paddock/validate"
)

// TracingConfig says where traces go.
type TracingConfig struct {
	Endpoint string  `koanf:"endpoint" help:"URL of an OTLP/HTTP collector of traces (http://127.0.0.1:4318); empty for no traces"`
	Sample   float64 `koanf:"sample" help:"share of requests that are traced, from 0 to 1, whatever their callers say"`
}

// tracesPath is where collectors take traces (OTLP 1.0, "OTLP/HTTP Request"), unless the endpoint has a path.
const tracesPath = "/v1/traces"

// url is the whole address of the collector.
func (c TracingConfig) url() (string, error) {
	u, err := url.Parse(c.Endpoint)
	switch {
	case err != nil:
		return "", errors.New("tracing.endpoint: is no URL")
	case (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "":
		return "", errors.New("tracing.endpoint: give it as http://HOST:PORT or https://HOST:PORT, with a path if it has its own; " +
			"credentials go into OTEL_EXPORTER_OTLP_HEADERS")
	case u.Path == "" || u.Path == "/":
		u.Path = tracesPath
	}
	return u.String(), nil
}

func (c TracingConfig) validate() error {
	if !(c.Sample >= 0 && c.Sample <= 1) {
		return fmt.Errorf("tracing.sample: %v is not between 0 and 1", c.Sample)
	}
	if c.Endpoint == "" {
		return nil
	}
	_, err := c.url()
	return err
}

// How much is kept and waited for on the way to the collector. What finds no room is lost, and so is what the collector does not
// take the first time: traces are samples anyway.
const (
	mostSpans   = 2048            // that wait
	spansAtOnce = 512             // in one request to the collector
	sendEvery   = time.Second     // at the latest
	sendTimeout = 5 * time.Second // for one request, and for all that is left at the end
	complainFor = time.Minute     // at most once in it
	longestText = 128             // bytes of an attribute
)

// observer is what the API tells of its requests: the meters, and traces where there is a collector. Without one nothing of
// tracing is there.
func (a *app) observer() (api.Observer, error) {
	if a.config.Tracing.Endpoint == "" {
		return a.meters, nil
	}
	t, err := newTraces(a.config.Tracing, a.meters, a.log)
	if err != nil {
		return nil, err
	}
	a.add("send the last traces", t.close)
	return t, nil
}

// traces makes traces of what the API tells, besides the meters. Its spans are made of times when their ends are known, so that no
// room below the API knows of them, and have nothing in them that a client made up: no code, no name, no address.
type traces struct {
	meters *meters
	tracer trace.Tracer
	close  func(context.Context) error
}

func newTraces(c TracingConfig, m *meters, log zerolog.Logger) (*traces, error) {
	endpoint, err := c.url()
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck,forcetypeassert // nobody changes it
	stays := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	exporter, err := otlptracehttp.New(context.Background(), otlptracehttp.WithEndpointURL(endpoint),
		otlptracehttp.WithHTTPClient(&http.Client{Transport: transport, CheckRedirect: stays}),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{Enabled: false}), otlptracehttp.WithMaxResponseSize(64<<10))
	if err != nil {
		return nil, fmt.Errorf("tracing: %w", err)
	}
	ctx, hangUp := context.WithCancel(context.Background())
	out := &sender{SpanExporter: exporter, ctx: ctx, meters: m, log: log}
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(out, sdk.WithMaxQueueSize(mostSpans), sdk.WithMaxExportBatchSize(spansAtOnce), sdk.WithBatchTimeout(sendEvery)),
		sdk.WithSampler(sampler(c.Sample)),
		sdk.WithRawSpanLimits(sdk.SpanLimits{AttributeValueLengthLimit: longestText, AttributeCountLimit: 16}),
		sdk.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "paddock"), attribute.String("service.version", buildVersion()),
		)),
	)
	return &traces{meters: m, tracer: provider.Tracer("paddock"), close: func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		defer cancel()
		defer transport.CloseIdleConnections()
		defer hangUp()
		if provider.Shutdown(ctx) != nil {
			log.Warn().Msg("the last traces could not be sent in time")
		}
		return nil
	}}, nil
}

// sampler samples a share of all requests. A caller that does not want its request traced has its way, for that costs us nothing.
// One that does, changes nothing: neither its flag nor its trace's id counts, which are whatever it likes.
func sampler(share float64) sdk.Sampler {
	return sdk.ParentBased(dice(share), sdk.WithRemoteParentSampled(dice(share)))
}

type dice float64

func (d dice) ShouldSample(sdk.SamplingParameters) sdk.SamplingResult {
	if rand.Float64() < float64(d) { //nolint:gosec // no secret
		return sdk.SamplingResult{Decision: sdk.RecordAndSample}
	}
	return sdk.SamplingResult{Decision: sdk.Drop}
}

func (d dice) Description() string { return fmt.Sprintf("dice{%g}", float64(d)) }

// Begin goes on with the caller's trace, or begins one. Of what the caller sends only the ids are taken.
func (t *traces) Begin(h http.Header, r *http.Request) (ctx context.Context, id string) {
	ctx = propagation.TraceContext{}.Extract(r.Context(), propagation.MapCarrier{"traceparent": r.Header.Get("Traceparent")})
	theirs := trace.SpanContextFromContext(ctx).IsValid()
	ctx, span := t.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
	s := span.SpanContext()
	if !theirs && !s.IsSampled() {
		return ctx, "" // nobody knows of this trace
	}
	h.Set("Traceresponse", fmt.Sprintf("00-%s-%s-%s", s.TraceID(), s.SpanID(), s.TraceFlags()))
	return ctx, s.TraceID().String()
}

// Stage adds a stage to its request's trace.
func (t *traces) Stage(ctx context.Context, s api.Stage, began time.Time) {
	t.meters.Stage(ctx, s, began)
	t.span(ctx, string(s), began, time.Now())
}

// Looked adds the looking at code to its request's trace. What was found is not in it.
func (t *traces) Looked(ctx context.Context, began time.Time, findings []validate.Finding) {
	t.meters.Looked(ctx, began, findings)
	t.span(ctx, string(api.StageValidate), began, time.Now())
}

// Ran adds a run to its request's trace. When the request has ended the run may still go on.
func (t *traces) Ran(ctx context.Context, began time.Time, r *runner.Result, code string) {
	t.meters.Ran(ctx, began, r, code)
	now := time.Now()
	if r == nil {
		t.span(ctx, "run", began, now, attribute.String("paddock.code", code))
		return
	}
	ready := began.Add(r.Setup)
	verdict := attribute.String("paddock.verdict", string(r.Verdict))
	language := attribute.String("paddock.language", cmp.Or(r.Language, noLanguage))
	if r.Setup == 0 {
		t.span(ctx, stageWait, began, now, language, verdict) // in vain
		return
	}
	t.span(ctx, stageWait, began, began.Add(r.Wait))
	t.span(ctx, stageSetup, began.Add(r.Wait), ready)
	if c := r.Compile; c != nil {
		t.span(ctx, "compile", ready, ready.Add(c.Wall), language, attribute.String("paddock.verdict", string(c.Verdict)))
	}
	if r.Wall > 0 {
		t.span(ctx, "run", now.Add(-r.Wall), now, language, verdict)
	}
}

// Follow counts event streams. They are within their requests' spans.
func (t *traces) Follow(change int) { t.meters.Follow(change) }

// span adds a span to the trace of a context, if that is sampled.
func (t *traces) span(ctx context.Context, name string, from, to time.Time, attributes ...attribute.KeyValue) {
	if !trace.SpanContextFromContext(ctx).IsSampled() {
		return
	}
	_, s := t.tracer.Start(ctx, name, trace.WithTimestamp(from), trace.WithAttributes(attributes...))
	s.End(trace.WithTimestamp(to))
	t.meters.spans.Inc()
}

// Answered ends a request's span. Its attributes are those of OpenTelemetry's conventions for HTTP, as far as they are not a
// client's.
func (t *traces) Answered(ctx context.Context, a api.Answer) {
	t.meters.Answered(ctx, a)
	s := trace.SpanFromContext(ctx)
	if !s.IsRecording() {
		return
	}
	s.SetName(a.Method + " " + cmp.Or(a.Route, noRoute))
	s.SetAttributes(attribute.String("http.request.method", a.Method), attribute.String("http.route", a.Route),
		attribute.Int("http.response.status_code", a.Status))
	if a.Code != "" {
		s.SetAttributes(attribute.String("error.type", a.Code))
	}
	if a.RunID != "" {
		s.SetAttributes(attribute.String("paddock.run_id", a.RunID))
	}
	if a.Status >= http.StatusInternalServerError {
		s.SetStatus(codes.Error, a.Code)
	}
	s.End()
	t.meters.spans.Inc()
}

// sender sends spans to the collector, one batch at a time. What goes wrong is its own affair: it is logged, not too often.
type sender struct {
	sdk.SpanExporter
	ctx    context.Context // ends when there is no more time
	meters *meters
	log    zerolog.Logger
	said   time.Time // when something was logged
}

// rejected is how the exporter says that the collector has taken a batch but for some. It may be none, and a word of warning. It is
// an error of a package that is internal to the exporter.
var rejected = regexp.MustCompile(`OTLP partial success: [^\n]*\((\d+) spans rejected\)`)

// lostOf is how many spans of a batch are lost by an error.
func lostOf(err error, batch int) int {
	if err == nil {
		return 0
	}
	if found := rejected.FindStringSubmatch(err.Error()); found != nil {
		if n, err := strconv.Atoi(found[1]); err == nil {
			return min(n, batch)
		}
	}
	return batch
}

// ExportSpans sends a batch.
func (s *sender) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	err := s.SpanExporter.ExportSpans(ctx, spans)
	lost := lostOf(err, len(spans))
	s.meters.sent.Add(float64(len(spans) - lost))
	if lost == 0 {
		return nil
	}
	if time.Since(s.said) >= complainFor {
		s.said = time.Now()
		text := err.Error() // with what the collector answered
		s.log.Warn().Str("error", text[:min(len(text), 500)]).Int("spans", lost).
			Msg("traces are lost: the collector did not take them; this is said once a minute")
	}
	return nil
}
