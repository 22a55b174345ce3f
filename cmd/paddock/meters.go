package main

import (
	"cmp"
	"context"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"paddock/anomalylog"
	"paddock/api"
	"paddock/runner"
	"paddock/validate"
)

// meters count what happens, for GET /metrics. Their labels are of tables that are ours or the operator's: no client, and no user,
// ever makes one up.
type meters struct {
	registry *prometheus.Registry

	requests  *prometheus.CounterVec   // by route, method and class of status
	latency   *prometheus.HistogramVec // by route
	problems  *prometheus.CounterVec   // by code
	streams   prometheus.Gauge
	stages    *prometheus.HistogramVec // by stage
	findings  *prometheus.CounterVec   // by category and severity
	runs      *prometheus.CounterVec   // by language and verdict
	failures  *prometheus.CounterVec   // by code
	wall      *prometheus.HistogramVec // by language, as cpu and compile
	cpu       *prometheus.HistogramVec
	compile   *prometheus.HistogramVec
	makings   *prometheus.HistogramVec // by kind of cell
	verbs     *prometheus.HistogramVec // by verb, as verbErrs
	verbErrs  *prometheus.CounterVec
	outages   prometheus.Counter
	anomalies *prometheus.CounterVec // by type
	spans     prometheus.Counter
	sent      prometheus.Counter
}

// Buckets, in seconds. Programs take from a millisecond to their limit; what we do on the way to them should take next to nothing,
// and the store of limits a microsecond or a round trip.
var (
	runBuckets   = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}
	stageBuckets = []float64{.00001, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	verbBuckets  = []float64{.000001, .000005, .00001, .00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .1, .25}
)

// The stages of a run, beside those of its request.
const (
	stageWait  = "wait"  // for a slot, and for room for a cell
	stageSetup = "setup" // of the cell: what is not waiting
)

func newMeters() *meters {
	registry := prometheus.NewRegistry()
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "paddock_" + name, Help: help}, labels)
		registry.MustRegister(c)
		return c
	}
	histogram := func(name, help string, buckets []float64, label string) *prometheus.HistogramVec {
		h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "paddock_" + name, Help: help, Buckets: buckets}, []string{label})
		registry.MustRegister(h)
		return h
	}
	m := &meters{
		registry: registry,
		requests: counter("http_requests_total", "Requests answered.", "route", "method", "status"),
		latency:  histogram("http_request_duration_seconds", "From a request's header to the end of its answer.", runBuckets, "route"),
		problems: counter("problems_total", "Problems told to clients: refusals and errors.", "code"),
		streams:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "paddock_sse_clients", Help: "Event streams that are being read."}),
		stages:   histogram("stage_seconds", "What a request for a run goes through before its program starts.", stageBuckets, "stage"),
		findings: counter("findings_total", "Danger patterns found in code.", "category", "severity"),
		runs:     counter("runs_total", "Runs that ended with a result.", "language", "verdict"),
		failures: counter("run_failures_total", "Runs that got no result, because of us.", "code"),
		wall:     histogram("run_wall_seconds", "How long programs ran.", runBuckets, "language"),
		cpu:      histogram("run_cpu_seconds", "CPU time that programs used.", runBuckets, "language"),
		compile:  histogram("compile_seconds", "How long compilers ran.", runBuckets, "language"),
		makings:  histogram("cell_making_seconds", "How long cells took to make.", runBuckets, "kind"),
		verbs:    histogram("limit_store_seconds", "How long the store of limits took.", verbBuckets, "verb"),
		verbErrs: counter("limit_store_errors_total", "Calls that the store of limits failed.", "verb"),
		outages: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "paddock_limit_store_failures_total", Help: "Times that the store of limits began to fail.",
		}),
		anomalies: counter("anomalies_total", "Security events.", "type"),
		spans:     prometheus.NewCounter(prometheus.CounterOpts{Name: "paddock_spans_total", Help: "Spans of sampled traces."}),
		sent: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "paddock_spans_sent_total", Help: "Spans that the collector of traces has taken.",
		}),
	}
	registry.MustRegister(m.streams, m.outages, m.spans, m.sent, buildInfo())
	// A series that begins with its first event does not show it to rate(): those that alerts go by begin with 0.
	for t := range anomalylog.Severities {
		m.anomalies.WithLabelValues(string(t))
	}
	for _, code := range api.RunFailures() {
		m.failures.WithLabelValues(code)
	}
	return m
}

func buildInfo() prometheus.Collector {
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "paddock_build_info", Help: "1, labelled with what runs.",
		ConstLabels: prometheus.Labels{"version": buildVersion(), "commit": commit, "goversion": runtime.Version()},
	})
	build.Set(1)
	return build
}

// Begin, with the methods after it, makes meters an api.Observer. It has nothing to add.
func (m *meters) Begin(_ http.Header, r *http.Request) (ctx context.Context, trace string) {
	return r.Context(), ""
}

// Stage counts the time of a stage.
func (m *meters) Stage(_ context.Context, s api.Stage, began time.Time) {
	m.stages.WithLabelValues(string(s)).Observe(time.Since(began).Seconds())
}

// Looked counts the time of looking at code, and what was found.
func (m *meters) Looked(ctx context.Context, began time.Time, findings []validate.Finding) {
	m.Stage(ctx, api.StageValidate, began)
	for _, f := range findings {
		m.findings.WithLabelValues(string(f.Category), string(f.Severity)).Inc()
	}
}

// Ran counts a run. The language in a result is one that there is, whatever the request said.
func (m *meters) Ran(_ context.Context, _ time.Time, r *runner.Result, code string) {
	if r == nil {
		m.failures.WithLabelValues(code).Inc()
		return
	}
	language := cmp.Or(r.Language, noLanguage)
	m.runs.WithLabelValues(language, string(r.Verdict)).Inc()
	if r.Setup > 0 {
		m.stages.WithLabelValues(stageWait).Observe(r.Wait.Seconds())
		m.stages.WithLabelValues(stageSetup).Observe((r.Setup - r.Wait).Seconds())
	}
	if r.Compile != nil {
		m.compile.WithLabelValues(language).Observe(r.Compile.Wall.Seconds())
	}
	if r.Wall > 0 {
		m.wall.WithLabelValues(language).Observe(r.Wall.Seconds())
		m.cpu.WithLabelValues(language).Observe(r.CPU.Seconds())
	}
}

// noLanguage stands for that of a command on an image.
const noLanguage = "image"

// Follow counts event streams.
func (m *meters) Follow(change int) { m.streams.Add(float64(change)) }

// noRoute stands for that of a request which has none.
const noRoute = "none"

// Answered counts a request.
func (m *meters) Answered(_ context.Context, a api.Answer) {
	route := cmp.Or(a.Route, noRoute)
	m.requests.WithLabelValues(route, a.Method, strconv.Itoa(a.Status/100)+"xx").Inc()
	m.latency.WithLabelValues(route).Observe(time.Since(a.Began).Seconds())
	if a.Code != "" {
		m.problems.WithLabelValues(a.Code).Inc()
	}
}

// made counts a cell.
func (m *meters) made(kind string, took time.Duration) {
	m.makings.WithLabelValues(kind).Observe(took.Seconds())
}

// anomaly counts a security event.
func (m *meters) anomaly(e anomalylog.Event) { m.anomalies.WithLabelValues(string(e.Type)).Inc() }
