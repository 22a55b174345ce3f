package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/sandbox"
)

// whichCell is Python code that prints the name of the cell it runs in.
const whichCell = "import re\nprint(re.search(r'/(paddock-[0-9a-f-]+) /run/paddock ', open('/proc/self/mountinfo').read())[1], flush=True)\n"

// heavy uses a second of CPU time, 150 MB of memory, files among them, and most processes of its limit; light uses what the
// interpreter needs.
const (
	heavy = whichCell + `import os, signal, time
kept = bytearray(os.urandom(1)) * (110 << 20)
open('/tmp/big', 'wb').write(bytes(40 << 20))
children = [os.fork() or signal.pause() for _ in range(55)]
for c in children: os.kill(c, signal.SIGKILL)
for c in children: os.wait()
while time.process_time() < 1: pass
`
	light       = whichCell
	heavyMemory = 150 << 20
	lightMemory = 40 << 20 // far from both
	lightCPU    = 500      // in milliseconds
)

// Every run is accounted for by itself, whatever ran in its cell before.
func TestAccountingInAKeptCell(t *testing.T) {
	s := live(t)
	run := func(code, verdict string) (cell string, a answer) {
		a = s.python(t, code, object{"user_id": "accountant"})
		wantVerdict(t, a, verdict)
		cell, _, _ = strings.Cut(a.text("stdout"), "\n")
		return cell, a
	}
	isLight := func(a answer) {
		t.Helper()
		assert.Greater(t, a.Body["cpu_time_ms"], 0.0)
		assert.Less(t, a.Body["cpu_time_ms"], float64(lightCPU))
		assert.Greater(t, a.Body["peak_memory_bytes"], 0.0)
		assert.Less(t, a.Body["peak_memory_bytes"], float64(lightMemory))
	}
	first, a := run(light, "ok")
	isLight(a)
	for range 2 {
		cell, a := run(heavy, "ok")
		assert.Equal(t, first, cell)
		assert.InDelta(t, 1000, a.Body["cpu_time_ms"], lightCPU)
		assert.InDelta(t, heavyMemory, a.Body["peak_memory_bytes"], lightMemory)
		cell, a = run(light, "ok")
		assert.Equal(t, first, cell)
		isLight(a)
	}
	cell, _ := run(whichCell+"kept = b'x' * (235 << 20)", "ok") // next to all there may be: what others had has been given back
	assert.Equal(t, first, cell)

	for _, c := range []struct{ name, code, verdict string }{
		{"memory", "kept = b'x' * (1 << 30)", "memory_limit"},
		{"processes", "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass", "process_limit"},
		{"a few processes too many, which is no verdict", `import os, time
for _ in range(80):
  try:
    if os.fork() == 0: time.sleep(1000)
  except OSError: os._exit(0)`, "ok"},
		{"output", "while True: print('x' * 4096)", "output_limit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, a := run(light, "ok")
			isLight(a)
			_, a = run(whichCell+c.code, c.verdict)
			assert.True(t, strings.HasPrefix(a.text("stdout"), before), "in the same cell as the one before")
			after, a := run(light, "ok")
			assert.NotEqual(t, before, after, "the cell is gone")
			isLight(a)
		})
	}
}

// waitsForInput ends when something is written to its stdin.
const waitsForInput = whichCell + "input()\n"

// A run's limits are those of its cell's cgroup while it runs, whatever the one before had.
func TestLimitsOfEachRunInAKeptCell(t *testing.T) {
	s := live(t)
	first := ""
	for _, c := range []struct{ memory, processes int64 }{{256, 64}, {64, 10}, {1024, 200}, {16, 1}, {512, 64}} {
		st := s.follow(t, context.Background(), "/runner/run", object{
			"language": "python", "code": waitsForInput, "user_id": "limited", "stdin_open": true,
			"limits": object{"memory_mb": c.memory, "processes": c.processes},
		})
		cell := strings.TrimSpace(st.until(t, "stdout").text("data"))
		if first == "" {
			first = cell
		}
		assert.Equal(t, first, cell, "the cell is kept")
		for name, want := range cgroupFiles(t, cell, sandbox.Limits{
			Memory: c.memory << 20, Processes: c.processes, CPUPercent: s.config.Sandbox.CPUPercent,
		}) {
			assert.Equal(t, want.want, want.is, name)
		}
		a := s.send(t, http.MethodPost, "/runner/runs/"+st.id+"/stdin", object{"data": "\n", "eof": true})
		require.Less(t, a.Status, 300, "%s", a.Raw)
		assert.Equal(t, "ok", st.until(t, "result").text("verdict"))
	}
}

// kernelFile is what a file of a cgroup should say, and says.
type kernelFile struct{ want, is string }

// cgroupFiles reads the files that hold the limits of a running cell.
func cgroupFiles(t *testing.T, cell string, l sandbox.Limits) map[string]kernelFile {
	t.Helper()
	memory, processes := strconv.FormatInt(l.Memory, 10), strconv.FormatInt(l.CgroupPids(), 10)
	quota, period := strconv.FormatInt(l.CPUQuota().Microseconds(), 10), strconv.FormatInt(sandbox.CPUPeriod.Microseconds(), 10)
	versions := []map[string]string{
		{
			"memory/memory.limit_in_bytes": memory, "memory/memory.memsw.limit_in_bytes": memory, "pids/pids.max": processes,
			"cpu/cpu.cfs_quota_us": quota, "cpu/cpu.cfs_period_us": period,
		},
		{"memory.max": memory, "memory.swap.max": "0", "pids.max": processes, "cpu.max": quota + " " + period},
	}
	group := groupOf(t, cell)
	found := map[string]kernelFile{}
	for _, version := range versions {
		for name, want := range version {
			controller, file := filepath.Split(name)
			text, err := os.ReadFile(filepath.Join("/sys/fs/cgroup", controller, group, file))
			if err == nil { // of the host's version, and swap is not counted everywhere
				found[file] = kernelFile{want, strings.TrimSpace(string(text))}
			}
		}
	}
	require.GreaterOrEqual(t, len(found), 3, "of %s: %v", group, found)
	return found
}

// groupOf is the path of a running cell's cgroup: that of whoever has the cell's socket directory mounted.
func groupOf(t *testing.T, cell string) string {
	t.Helper()
	tables, err := filepath.Glob("/proc/[0-9]*/mountinfo")
	require.NoError(t, err)
	i := slices.IndexFunc(tables, func(path string) bool {
		text, err := os.ReadFile(path)
		return err == nil && strings.Contains(string(text), "/"+cell+" /run/paddock ")
	})
	require.NotEqual(t, -1, i, "nobody is in %s", cell)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(tables[i]), "cgroup"))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		path := strings.SplitN(strings.TrimSpace(line), ":", 3)[2]
		if before, id, ok := strings.Cut(path, "/libpod-"); ok { // some runtimes put processes one level below
			id, _, _ = strings.Cut(id, "/")
			return before + "/libpod-" + id
		}
	}
	require.FailNow(t, "no container's cgroup", "%s", text)
	return ""
}
