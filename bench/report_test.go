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
		}, {
			Name: "many", What: "many come", Mode: thinking, Crowd: &crowded{Tenants: 500, Think: 20, Seed: 1, MaxCells: 32, Offered: 25},
			Sides: []series{
				{Side: sidePaddock, N: 200, Refused: 7, Parked: 100, Late: 50, New: 40, P50: 20, P95: 30, P99: 40, Rate: 10},
				{Side: sidePodman, Refused: 207},
			},
		}, {
			Name: "waits", What: "does nothing", Mode: idle,
			Idle: []footprint{{Side: sidePaddock, Things: 26, Processes: 0.75, Monitors: 0.4, Kernel: 1.25, Total: 2.4, ToBare: &twice}},
		}},
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	want := `2026-01-02 03:04 UTC, commit abc, took 1m1s
Some CPU, 2 cores, 24 GiB, Linux 6.1, cgroup v2
Podman 5.4.0 with crun 1.21; load average at the start 0.10 0.20 0.30; the machine was busy with other things in 3 of 20 turns

Latency: one run at a time

case   at once  side     n   late  p50 ms  p95 ms  p99 ms  runs/s  p50 to bare  p50 to podman run
hello  1        paddock  10  0     20.0    30.2    123     45.7    2.00         0.0123
hello  1        bare     10  0     10.0    11.0    12.0    99.0    -            -

Tenants who think: arrivals that wait for nobody, latency from when they are due

case  most cells  arrivals/s  side        served  refused  parked  warm  new   p50 ms  p95 ms  p99 ms  p50 to bare  p50 to podman run
many  32          25.0        paddock     200     7        50 %    30 %  20 %  20.0    30.0    40.0    -            -
many  -           25.0        podman run  0       207      -       -     -     0.00    0.00    0.00    -            -

Memory of one that is idle, in MB

case   side     there were  processes  monitors  services  files  kernel  total  to bare  to podman run
waits  paddock  26          0.75       0.40      0.00      0.00   1.25    2.40   2.00     -

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
				{"side": "paddock", "n": 10, "late": 0, "p50_ms": 20, "p95_ms": 30.25, "p99_ms": 123.4, "runs_per_s": 45.678,
					"ratio_to_bare": 2, "ratio_to_podman_run": 0.0123},
				{"side": "bare", "n": 10, "late": 0, "p50_ms": 10, "p95_ms": 11, "p99_ms": 12, "runs_per_s": 99,
					"ratio_to_bare": null, "ratio_to_podman_run": null}],
			"budgets": [
				{"what": "p50", "source": "design", "unit": "x", "limit": 1.05, "at_least": false, "measured": 2, "within": false},
				{"what": "rate", "source": "design", "unit": "x", "limit": 1.5, "at_least": true, "measured": 2, "within": true},
				{"what": "more", "source": "design", "unit": "ms", "limit": 0.7, "at_least": false, "measured": 10, "within": false}]},
			{"name": "many", "what": "many come", "mode": "thinking", "concurrency": 0, "budgets": null,
			"crowd": {"tenants": 500, "think_s": 20, "seed": 1, "max_cells": 32, "arrivals_per_s": 25},
			"sides": [
				{"side": "paddock", "n": 200, "late": 50, "parked": 100, "new": 40, "refused": 7, "p50_ms": 20, "p95_ms": 30, "p99_ms": 40,
					"runs_per_s": 10, "ratio_to_bare": null, "ratio_to_podman_run": null},
				{"side": "podman run", "n": 0, "late": 0, "refused": 207, "p50_ms": 0, "p95_ms": 0, "p99_ms": 0,
					"runs_per_s": 0, "ratio_to_bare": null, "ratio_to_podman_run": null}]},
			{"name": "waits", "what": "does nothing", "mode": "idle", "concurrency": 0, "sides": null, "budgets": null,
			"idle": [{"side": "paddock", "things": 26, "processes_mb": 0.75, "monitors_mb": 0.4, "services_mb": 0, "files_mb": 0,
				"kernel_mb": 1.25, "total_mb": 2.4, "ratio_to_bare": 2, "ratio_to_podman_run": null}]}]
	}`, string(text))
}

func TestUpdateDocReplacesTheFiguresAndKeepsHistory(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "performance.md")
	doc := "# Before\n" + docBegin + "\nold\n" + docEnd + "between\n" + historyBegin + historyEnd + "after\n"
	require.NoError(t, os.WriteFile(path, []byte(doc), 0o600))
	first, second := exampleReport(), exampleReport()
	second.Commit = "def"
	require.NoError(t, updateDoc(path, first))
	require.NoError(t, updateDoc(path, second))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	want := "# Before\n" + docBegin + "\n" + second.markdown() + "\n" + docEnd + "between\n" +
		historyBegin + "\n" + historyHead() + first.historyRow() + second.historyRow() + "\n" + historyEnd + "after\n"
	assert.Equal(t, want, string(got))
}

func TestUpdateDocNeedsAPlaceForTheFigures(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{
		"no comments": "# Title\n", "no end": docBegin, "no begin": docEnd, "wrong way round": docEnd + docBegin, "no history": docBegin + docEnd,
	} {
		path := filepath.Join(t.TempDir(), "performance.md")
		require.NoError(t, os.WriteFile(path, []byte(doc), 0o600))
		assert.ErrorContains(t, updateDoc(path, exampleReport()), "no place for the figures", name)
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, doc, string(got), "%s: it is left as it was", name)
	}
}

func TestHistoryRowHasTheKeyFigures(t *testing.T) {
	t.Parallel()
	r, fresh := exampleReport(), 1.234
	r.Cases = []caseResult{
		{Name: caseWarm, Budgets: []verdict{{What: budgetP50, Unit: "x", Measured: 1.04}, {What: budgetP99, Unit: "x", Measured: 1.5}}},
		{Name: caseFresh, Sides: []series{{Side: sidePaddock, ToBare: &fresh}}},
		{Name: caseIdle, Budgets: []verdict{{What: "memory of one idle cell", Unit: "MB", Measured: 2.5}}},
	}
	assert.Equal(t, "| 2026-01-02 | abc | Some CPU, 2 cores, Linux 6.1, Podman 5.4.0, crun 1.21 | 1.04 | 1.50 | 1.23 | - | - | - | - | 2.50 MB |\n",
		r.historyRow())
}

// A column that names no budget of any case would stay empty for ever.
func TestHistoryColumnsAreMeasured(t *testing.T) {
	t.Parallel()
	one := 1.0
	var r report
	for _, c := range cases {
		result := caseResult{Name: c.name, Sides: []series{{Side: sidePaddock, ToBare: &one}}}
		for _, b := range c.budgets {
			result.Budgets = append(result.Budgets, verdict{What: b.what, Measured: 1})
		}
		r.Cases = append(r.Cases, result)
	}
	for _, c := range historyColumns {
		assert.NotEqual(t, notMeasured, c.of(r), c.head)
	}
}

func TestHistoryWithOtherColumnsBeginsATableOfItsOwn(t *testing.T) {
	t.Parallel()
	old := "| date | speed |\n|---|---|\n| 2020-01-01 | 7 |\n"
	doc := []byte(historyBegin + "\n" + old + "\n" + historyEnd)
	doc, err := addHistory(doc, "| one |\n")
	require.NoError(t, err)
	doc, err = addHistory(doc, "| two |\n")
	require.NoError(t, err)
	assert.Equal(t, historyBegin+"\n"+old+"\n"+historyHead()+"| one |\n| two |\n\n"+historyEnd, string(doc))
}
