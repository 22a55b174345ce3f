package main

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// varPromtool is the path of Prometheus's promtool; scripts/setup test gets it.
const varPromtool = "PADDOCK_TEST_PROMTOOL"

// promtool runs promtool on what is in a directory.
func promtool(t *testing.T, dir string, stdin []byte, args ...string) {
	t.Helper()
	path := os.Getenv(varPromtool)
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s must be set in CI", varPromtool)
		}
		t.Skipf("needs promtool: run ./scripts/test, or set %s", varPromtool)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	assert.NoError(t, err, "promtool %s: %s", strings.Join(args, " "), out)
}

type families map[string]*dto.MetricFamily

// scrape is GET /metrics, read.
func (s *server) scrape(t *testing.T) (families, []byte) {
	t.Helper()
	a := s.send(t, http.MethodGet, "/metrics", nil)
	require.Equal(t, http.StatusOK, a.Status)
	parser := expfmt.NewTextParser(model.LegacyValidation)
	found, err := parser.TextToMetricFamilies(bytes.NewReader(a.Raw))
	require.NoError(t, err)
	return found, a.Raw
}

// sum is that of a metric's series with these labels, given as name=value; of a histogram it is how many were observed.
func (f families) sum(name string, labels ...string) (sum float64) {
	for _, m := range f[name].GetMetric() {
		has := map[string]bool{}
		for _, l := range m.GetLabel() {
			has[l.GetName()+"="+l.GetValue()] = true
		}
		if !slices.ContainsFunc(labels, func(l string) bool { return !has[l] }) {
			sum += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return sum
}

// labels are the names of a metric's labels, in order.
func (f families) labels(name string) []string {
	names := map[string]bool{}
	for _, m := range f[name].GetMetric() {
		for _, l := range m.GetLabel() {
			names[l.GetName()] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Real runs move the numbers; what documents, rules and the dashboard name is among them.
func TestMetrics(t *testing.T) {
	collector := newReceiver(t)
	ops := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(ops.Close)
	s := start(t, func(c *Config) {
		c.Validate.Policy = "standard"
		c.Monitor.Enabled = true
		c.Pool.Language = map[string]int{"python": 1}
		c.Tracing = TracingConfig{Endpoint: collector.URL, Sample: 1}
		c.Anomaly.Webhooks = map[string]WebhookConfig{"ops": {URL: ops.URL}}
		c.Anomaly.Allow = []string{"127.0.0.1"}
	})
	traffic(t, s)
	got, raw := s.scrape(t)
	t.Run("move", func(t *testing.T) { numbersMoved(t, got) })
	t.Run("hold nothing of clients", func(t *testing.T) { assert.NotContains(t, strings.ToUpper(string(raw)), "SECRET") })
	t.Run("documented", func(t *testing.T) { documented(t, got) })
	t.Run("promtool", func(t *testing.T) { promtool(t, ".", raw, "check", "metrics") })
	t.Run("dashboard", func(t *testing.T) { dashboard(t, got) })
	t.Run("rules", func(t *testing.T) { rulesHold(t, got) })
	require.NoError(t, s.stop())
	t.Run("traces", func(t *testing.T) { traced(t, s, collector) })
}

// traffic is what a server sees in a day, in a second.
func traffic(t *testing.T, s *server) {
	t.Helper()
	user := object{"user_id": "SECRET-user", "project_id": "SECRET-project"}
	wantVerdict(t, s.python(t, "print(1)", user), "ok")
	wantVerdict(t, s.program(t, "py", "raise SystemExit(3)", user), "nonzero_exit")
	wantVerdict(t, s.program(t, "c", "int main(void) { return 0; }", nil), "ok")
	wantVerdict(t, s.program(t, "c", "int main(void) { SECRET }", nil), "compile_error")
	wantVerdict(t, s.python(t, "while True: pass", object{"limits": object{"timeout_ms": 200}}), "time_limit")
	wantVerdict(t, s.send(t, http.MethodPost, "/api/containers/create", object{"image": "bash", "argv": []string{"true"}}), "ok")
	assert.Equal(t, "code_blocked", s.python(t, shellOut, nil).text("code"))
	assert.Equal(t, "unknown_language", s.program(t, "SECRET-language", "1", nil).text("code"))
	assert.Equal(t, http.StatusNotFound, s.send(t, http.MethodGet, "/SECRET/path", nil).Status)
	assert.Equal(t, http.StatusMethodNotAllowed, s.send(t, "SECRET", "/runner/run", nil).Status)
	admin := dialAdmin(unixPrefix + filepath.Join(s.config.StateDir, adminSocket))
	require.NoError(t, admin.call(t.Context(), http.MethodGet, "/admin/users/SECRET", nil, nil))
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	st := s.follow(t, ctx, "/runner/run", object{"language": "python", "code": "import time; time.sleep(60)"})
	now, _ := s.scrape(t)
	assert.InDelta(t, 1, now.sum("paddock_sse_clients"), 0)
	s.send(t, http.MethodDelete, "/runner/runs/"+st.id, nil)
	st.until(t, "result")
	leave()
	require.Eventually(t, func() bool { // the stream's end, and the event log, are nobody's to wait for
		now, _ := s.scrape(t)
		return now.sum("paddock_sse_clients") == 0 && now.sum("paddock_anomalies_written_total") >= 2 &&
			now.sum("paddock_spans_sent_total") > 0 && now.sum("paddock_cells_warm") > 0
	}, 20*time.Second, tick)
}

func numbersMoved(t *testing.T, got families) {
	t.Helper()
	for _, c := range []struct {
		name   string
		labels []string
		least  float64
	}{
		{"paddock_build_info", []string{"goversion=" + runtime.Version()}, 1},
		{"paddock_http_requests_total", []string{"route=/runner/run", "method=POST", "status=2xx"}, 4},
		{"paddock_http_requests_total", []string{"route=/runner/run", "method=POST", "status=4xx"}, 2},
		{"paddock_http_requests_total", []string{"route=none", "method=GET", "status=4xx"}, 1},
		{"paddock_http_requests_total", []string{"method=OTHER"}, 1},
		{"paddock_http_requests_total", []string{"route=/admin/users/{id}"}, 1},
		{"paddock_http_request_duration_seconds", []string{"route=/runner/run"}, 7},
		{"paddock_problems_total", []string{"code=code_blocked"}, 1},
		{"paddock_problems_total", []string{"code=unknown_language"}, 1},
		{"paddock_runs_total", []string{"language=python", "verdict=ok"}, 1},
		{"paddock_runs_total", []string{"language=python", "verdict=nonzero_exit"}, 1},
		{"paddock_runs_total", []string{"language=python", "verdict=time_limit"}, 1},
		{"paddock_runs_total", []string{"language=python", "verdict=cancelled"}, 1},
		{"paddock_runs_total", []string{"language=c", "verdict=ok"}, 1},
		{"paddock_runs_total", []string{"language=c", "verdict=compile_error"}, 1},
		{"paddock_runs_total", []string{"verdict=ok"}, 3},
		{"paddock_run_wall_seconds", []string{"language=python"}, 4},
		{"paddock_run_cpu_seconds", []string{"language=c"}, 1},
		{"paddock_compile_seconds", []string{"language=c"}, 2},
		{"paddock_stage_seconds", []string{"stage=tokens"}, 8},
		{"paddock_stage_seconds", []string{"stage=validate"}, 8},
		{"paddock_stage_seconds", []string{"stage=admit"}, 7},
		{"paddock_stage_seconds", []string{"stage=wait"}, 7},
		{"paddock_stage_seconds", []string{"stage=setup"}, 7},
		{"paddock_findings_total", []string{"category=process_exec", "severity=block"}, 1},
		{"paddock_cell_making_seconds", []string{"kind=python"}, 1},
		{"paddock_cells_made_total", nil, 2},
		{"paddock_cells_taken_total", nil, 7},
		{"paddock_limit_store_seconds", []string{"verb=spend"}, 8},
		{"paddock_limit_store_seconds", []string{"verb=reserve"}, 7},
		{"paddock_limit_store_seconds", []string{"verb=release"}, 7},
		{"paddock_anomalies_total", []string{"type=CODE_BLOCKED"}, 1},
		{"paddock_anomalies_total", []string{"type=EXECUTION_TIMEOUT"}, 1},
		{"paddock_anomalies_written_total", nil, 2},
		{"paddock_load_level", []string{"level=normal"}, 1},
		{"paddock_load_used_ratio", []string{"what=memory"}, .001},
		{"paddock_spans_total", nil, 8},
		{"process_open_fds", nil, 1},
		{"go_goroutines", nil, 1},
	} {
		assert.GreaterOrEqual(t, got.sum(c.name, c.labels...), c.least, "%s%v", c.name, c.labels)
	}
	for _, name := range []string{"paddock_run_failures_total", "paddock_leaks_total", "paddock_anomalies_dropped_total", "paddock_limit_store_errors_total"} {
		assert.Contains(t, got, name)
		assert.Zero(t, got.sum(name), name)
	}
}

var metricRow = regexp.MustCompile("(?m)^\\| `(paddock_[a-z_]+)` \\| ([a-z]+) \\| (.*?) \\| .+ \\|$")

// documented checks that the guide's table is what there is: each metric, of its type, with its labels, and none besides.
func documented(t *testing.T, got families) {
	t.Helper()
	text, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	listed := map[string]bool{}
	for _, row := range metricRow.FindAllStringSubmatch(string(text), -1) {
		name := row[1]
		assert.False(t, listed[name], "%s is there twice", name)
		listed[name] = true
		if !assert.Contains(t, got, name, "documented, and not there") {
			continue
		}
		assert.Equal(t, strings.ToLower(got[name].GetType().String()), row[2], name)
		labels := strings.FieldsFunc(row[3], func(r rune) bool { return strings.ContainsRune("`, ", r) })
		assert.ElementsMatch(t, got.labels(name), labels, name)
	}
	for name := range got {
		if strings.HasPrefix(name, "paddock_") {
			assert.True(t, listed[name], "%s is not documented", name)
		}
	}
}

var (
	metricName    = regexp.MustCompile(`\b(paddock|process|go)_[a-z0-9_]+\b`)
	histogramPart = regexp.MustCompile(`_(bucket|sum|count)$`)
	recorded      = regexp.MustCompile(`\bpaddock:[a-z0-9_:]+`)
)

// exist checks that every metric which an expression names is there.
func exist(t *testing.T, got families, expression string) {
	t.Helper()
	for _, name := range metricName.FindAllString(expression, -1) {
		of := histogramPart.ReplaceAllString(name, "")
		if got[of].GetType() != dto.MetricType_HISTOGRAM {
			of = name
		}
		assert.Contains(t, got, of, expression)
	}
}

// dashboard checks the queries of the dashboard: they can be read, and what they ask for exists.
func dashboard(t *testing.T, got families) {
	t.Helper()
	text, err := os.ReadFile("../../deploy/grafana/paddock.json")
	require.NoError(t, err)
	var board struct {
		UID    *string
		Panels []struct {
			Title, Type string
			Datasource  struct{ UID string }
			FieldConfig struct{ Defaults struct{ Unit string } }
			Targets     []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &board))
	assert.Nil(t, board.UID)
	type rule struct {
		Record string `yaml:"record"`
		Expr   string `yaml:"expr"`
	}
	var all []rule
	fill := strings.NewReplacer("$job", "paddock", "$__rate_interval", "1m")
	for _, p := range board.Panels {
		if p.Type == "row" {
			continue
		}
		assert.NotEmpty(t, p.Targets, p.Title)
		assert.NotEmpty(t, p.FieldConfig.Defaults.Unit, p.Title)
		assert.Equal(t, "${datasource}", p.Datasource.UID, p.Title)
		for _, target := range p.Targets {
			assert.Contains(t, target.Expr, `job="$job"`, p.Title)
			exist(t, got, fill.Replace(target.Expr))
			all = append(all, rule{"dashboard:query", fill.Replace(target.Expr)})
		}
	}
	assert.Greater(t, len(all), 50)
	dir := t.TempDir()
	rules, err := yaml.Marshal(object{"groups": []object{{"name": "dashboard", "rules": all}}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rules.yml"), rules, 0o600))
	promtool(t, dir, nil, "check", "rules", "--lint=none", "rules.yml")
}

// rulesHold checks the rules: what they ask for exists, they do what their tests say, and the guide has what to do about each alert.
func rulesHold(t *testing.T, got families) {
	t.Helper()
	const dir = "../../deploy/prometheus"
	text, err := os.ReadFile(filepath.Join(dir, "rules.yml"))
	require.NoError(t, err)
	tests, err := os.ReadFile(filepath.Join(dir, "rules_test.yml"))
	require.NoError(t, err)
	guide, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	var file struct {
		Groups []struct {
			Rules []struct {
				Record, Alert, Expr string
				Annotations         map[string]string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	var alerts, records []string
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			exist(t, got, r.Expr)
			for _, name := range recorded.FindAllString(r.Expr, -1) {
				assert.Contains(t, records, name, "recorded by none before it")
			}
			if r.Alert == "" {
				records = append(records, r.Record)
				continue
			}
			alerts = append(alerts, r.Alert)
			assert.Contains(t, string(tests), `alertname="`+r.Alert+`"`, "it is tested")
			assert.Equal(t, "docs/operations.md#"+strings.ToLower(r.Alert), r.Annotations["runbook_url"])
			for _, what := range []string{"summary", "description", "action"} {
				assert.NotEmpty(t, r.Annotations[what], r.Alert)
			}
		}
	}
	headings := regexp.MustCompile(`(?m)^### (Paddock\w+)$`).FindAllStringSubmatch(string(guide), -1)
	var explained []string
	for _, h := range headings {
		explained = append(explained, h[1])
	}
	assert.Equal(t, alerts, explained)
	promtool(t, dir, nil, "check", "rules", "rules.yml")
	promtool(t, dir, nil, "test", "rules", "rules_test.yml")
	promtool(t, dir, nil, "check", "config", "scrape.yml")
}

// traced checks that the collector has the traces of what the server did, and nothing of what clients sent.
func traced(t *testing.T, s *server, collector *receiver) {
	t.Helper()
	collector.mu.Lock()
	defer collector.mu.Unlock()
	assert.NotContains(t, string(collector.raw), "SECRET")
	spans := map[string]int{}
	for _, span := range collector.spans {
		spans[span.GetName()]++
		assert.LessOrEqual(t, span.GetStartTimeUnixNano(), span.GetEndTimeUnixNano(), span.GetName())
	}
	for name, least := range map[string]int{
		"POST /runner/run": 8, "POST /api/containers/create": 1, "GET none": 1, "OTHER none": 1, "GET /metrics": 1,
		"tokens": 8, "validate": 8, "admit": 7, "wait": 7, "setup": 7, "compile": 2, "run": 6,
	} {
		assert.GreaterOrEqual(t, spans[name], least, name)
	}
	assert.Contains(t, s.log.String(), `"trace_id":"`)
}
