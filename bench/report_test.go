package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func exampleReport() report {
	twice, little := 2.0, 0.0123
	return report{
		Started: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC), Took: 61.4, Commit: "abc", Load: "0.10 0.20 0.30", Quiet: quiet{Turns: 20, Busy: 3},
		Machine: machine{CPU: "Some CPU", Cores: 2, MemoryGiB: 23.5, Kernel: "6.1", Cgroup: 2, Podman: "5.4.0", Runtime: "crun 1.21"},
		Cases: []caseResult{{
			Name: "hello", What: "prints hello", Mode: latency, Concurrency: 1,
			Sides: []series{
				{Side: sidePaddock, N: 10, P50: 20, P95: 30.25, P99: 123.4, Rate: 45.678, ToBare: &twice, ToPodman: &little},
				{Side: sideBare, N: 10, P50: 10, P95: 11, P99: 12, Rate: 99},
			},
			Budgets: []verdict{
				{What: "p50", Source: "design", Unit: "x", Limit: 1.05, Measured: 2},
				{What: "rate", Source: "design", Unit: "x", Limit: 1.5, Measured: 2, AtLeast: true, Within: true},
				{What: "more", Source: "design", Unit: "ms", Limit: 0.7, Measured: 10},
			},
		}},
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	want := `2026-01-02 03:04 UTC, commit abc, took 1m1s
Some CPU, 2 cores, 24 GiB, Linux 6.1, cgroup v2
Podman 5.4.0 with crun 1.21; load average at the start 0.10 0.20 0.30; the machine was busy with other things in 3 of 20 turns

Latency: one run at a time

case   at once  side     n   cold  p50 ms  p95 ms  p99 ms  runs/s  p50 to bare  p50 to podman run
hello  1        paddock  10  0     20.0    30.2    123     45.7    2.00         0.0123
hello  1        bare     10  0     10.0    11.0    12.0    99.0    -            -

Budgets

case   budget  limit       measured  within
hello  p50     <= 1.05     2.00      NO
hello  rate    >= 1.50     2.00      yes
hello  more    <= 0.70 ms  10.00 ms  NO
`
	assert.Equal(t, want, exampleReport().text())
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	got := exampleReport().markdown()
	assert.Contains(t, got, "- 2026-01-02 03:04 UTC, commit abc, took 1m1s\n")
	assert.Contains(t, got, "- `hello`: prints hello\n")
	assert.Contains(t, got, "### Budgets\n\n| case | budget | limit | measured | within |\n|---|---|---|---|---|\n| hello | p50 |")
	assert.NotContains(t, got, "Throughput", "no table without rows")
}

// What others read by machine: names are not to change by accident.
func TestJSON(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(exampleReport())
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"started": "2026-01-02T03:04:00Z", "took_s": 61.4, "commit": "abc", "load_average_at_start": "0.10 0.20 0.30",
		"quiet": {"turns": 20, "busy_turns": 3},
		"machine": {"cpu": "Some CPU", "cores": 2, "memory_gib": 23.5, "kernel": "6.1", "cgroup_version": 2,
			"podman": "5.4.0", "oci_runtime": "crun 1.21"},
		"cases": [{"name": "hello", "what": "prints hello", "mode": "latency", "concurrency": 1,
			"sides": [
				{"side": "paddock", "n": 10, "cold": 0, "p50_ms": 20, "p95_ms": 30.25, "p99_ms": 123.4, "runs_per_s": 45.678,
					"ratio_to_bare": 2, "ratio_to_podman_run": 0.0123},
				{"side": "bare", "n": 10, "cold": 0, "p50_ms": 10, "p95_ms": 11, "p99_ms": 12, "runs_per_s": 99,
					"ratio_to_bare": null, "ratio_to_podman_run": null}],
			"budgets": [
				{"what": "p50", "source": "design", "unit": "x", "limit": 1.05, "at_least": false, "measured": 2, "within": false},
				{"what": "rate", "source": "design", "unit": "x", "limit": 1.5, "at_least": true, "measured": 2, "within": true},
				{"what": "more", "source": "design", "unit": "ms", "limit": 0.7, "at_least": false, "measured": 10, "within": false}]}]
	}`, string(text))
}

func TestUpdateDocReplacesTheFiguresOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "performance.md")
	require.NoError(t, os.WriteFile(path, []byte("# Before\n"+docBegin+"\nold\n"+docEnd+"after\n"), 0o600))
	require.NoError(t, updateDoc(path, "new\n"))
	require.NoError(t, updateDoc(path, "newer\n"))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "# Before\n"+docBegin+"\nnewer\n\n"+docEnd+"after\n", string(got))
}

func TestReplaceFiguresNeedsAPlaceForThem(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{
		"no comments": "# Title\n", "no end": docBegin, "no begin": docEnd, "wrong way round": docEnd + docBegin,
	} {
		_, err := replaceFigures([]byte(doc), "figures")
		assert.ErrorContains(t, err, "no place for the figures", name)
	}
}
