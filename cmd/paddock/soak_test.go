package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"paddock/sandbox/cgroup"
)

// scripts/soak sets these. Without them the soak is just long enough to show that it works.
var (
	soakTime   = flag.Duration("soak", 0, "how long the load of TestSoak lasts, at least")
	soakDoc    = flag.String("soak.doc", "", "document to put TestSoak's figures into, between its two soak comments")
	soakCommit = flag.String("soak.commit", "unknown", "commit that is soaked, for the figures")
)

// soakPlan is how much of everything there is in a soak.
type soakPlan struct {
	first   int // runs before the first look at the server
	runs    int // at least
	time    time.Duration
	outage  time.Duration // of the Podman service, in the middle
	settle  time.Duration // until the books agree with what there is; the janitor looks twice, a minute apart
	crashes int
}

func planSoak() soakPlan {
	if *soakTime == 0 {
		return soakPlan{first: 20, runs: 60, outage: time.Second, settle: 5 * time.Minute, crashes: 2}
	}
	return soakPlan{
		first: 500, runs: 5000, time: *soakTime, outage: min(time.Minute, *soakTime/5), settle: 5 * time.Minute, crashes: 21,
	}
}

// soak is what came of it.
type soak struct {
	plan       soakPlan
	seed       uint64
	began      time.Time
	loaded     time.Duration
	tally      tally
	start, end vitals
	crashes    crashes
}

// vitals are a server's own numbers, from GET /metrics.
type vitals map[string]float64

const (
	memory      = "process_resident_memory_bytes"
	descriptors = "process_open_fds"
	goroutines  = "go_goroutines"
	allCells    = "paddock_cells"
)

func (s *server) vitals(t *testing.T) vitals {
	t.Helper()
	a := s.send(t, http.MethodGet, "/metrics", nil)
	require.Equal(t, http.StatusOK, a.Status)
	v := vitals{}
	for lines := bufio.NewScanner(bytes.NewReader(a.Raw)); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if n, err := strconv.ParseFloat(words[len(words)-1], 64); err == nil && words[0] != "#" {
			name, _, labelled := strings.Cut(words[0], "{")
			v[words[0]] = n
			if labelled {
				v[name] += n // the sum over its labels
			}
		}
	}
	return v
}

// What a server may have more of in the end than in the beginning: something for each cell more, and a little.
const (
	cellDescriptors, moreDescriptors = 12, 20
	cellGoroutines, moreGoroutines   = 4, 20
	moreMemory                       = 512 << 20 // results are kept for a while
)

// TestSoak is the built program with every default under a load from many clients, with a Podman service that stands still
// for a while, and then killed again and again.
func TestSoak(t *testing.T) {
	needPodman(t)
	k := &soak{plan: planSoak(), seed: rand.Uint64(), began: time.Now().UTC()}
	t.Logf("seed %d", k.seed)
	s := &server{config: liveConfig(t.TempDir())}
	cmd, url := process(t, s.config.StateDir, "--podman.socket=")
	s.url = url

	k.load(t, s, cmd.Process.Pid)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, cmd.Wait())
	s.nothingIsLeft(t)
	t.Logf("the server has stopped and left nothing; now %d servers are killed", k.plan.crashes)
	k.crashes = crashLoop(t, k.plan.crashes, k.seed)

	assert.Empty(t, k.tally.Unheard, "requests without an answer")
	assert.Empty(t, k.tally.Wrong, "wrong answers")
	cells := max(0, k.end[allCells]-k.start[allCells])
	assert.LessOrEqual(t, k.end[descriptors], k.start[descriptors]+cells*cellDescriptors+moreDescriptors, "descriptors")
	assert.LessOrEqual(t, k.end[goroutines], k.start[goroutines]+cells*cellGoroutines+moreGoroutines, "goroutines")
	assert.LessOrEqual(t, k.end[memory], k.start[memory]+moreMemory, "memory")
	table := k.markdown(t)
	t.Log("\n" + table)
	if *soakDoc != "" && !t.Failed() {
		require.NoError(t, putFigures(*soakDoc, table))
	}
}

// load drives the load and looks at the server before and after it.
func (k *soak) load(t *testing.T, s *server, pid int) {
	t.Helper()
	first := (&crowd{url: s.url, seed: k.seed + 1, runs: k.plan.first, at: concurrency}).drive(t.Context())
	assert.Empty(t, first.Wrong)
	k.start = s.agreed(t, pid, k.plan.settle)
	l := &crowd{url: s.url, seed: k.seed, runs: k.plan.runs, time: k.plan.time, at: concurrency}
	began := time.Now()
	done := make(chan tally, 1)
	go func() { done <- l.drive(t.Context()) }()
	outage := time.After(k.plan.time / 3)
	var over <-chan time.Time
	service := s.service(t)
	defer func() { _ = syscall.Kill(service, syscall.SIGCONT) }()
	report := time.NewTicker(10 * time.Second)
	defer report.Stop()
	for {
		select {
		case <-outage:
			t.Logf("Podman stands still for %v", k.plan.outage)
			require.NoError(t, syscall.Kill(service, syscall.SIGSTOP))
			over = time.After(k.plan.outage)
		case <-over:
			t.Log("Podman goes on")
			require.NoError(t, syscall.Kill(service, syscall.SIGCONT))
		case <-report.C:
			t.Logf("%v: %d runs have ended", time.Since(began).Round(time.Second), l.progress())
		case k.tally = <-done:
			_ = syscall.Kill(service, syscall.SIGCONT)
			k.loaded = time.Since(began)
			t.Logf("%d runs in %v; now the books are compared", k.tally.Runs, k.loaded.Round(time.Second))
			k.end = s.agreed(t, pid, k.plan.settle)
			return
		}
	}
}

// service is the process of the Podman service that the server has started.
func (s *server) service(t *testing.T) int {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	for _, path := range lines {
		line, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(line), "\x00service\x00") && strings.Contains(string(line), s.config.StateDir+"/") {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			require.NoError(t, err)
			return pid
		}
	}
	require.FailNow(t, "the server has no Podman service of its own: another one answers on this machine's usual socket")
	return 0
}

// agreed waits until the server, which is process pid, does nothing, has in its books what there is (containers, cgroups,
// directories), and has taken leave of every child that has ended.
func (s *server) agreed(t *testing.T, pid int, within time.Duration) (v vitals) {
	t.Helper()
	var found [4]int
	if !assert.Eventually(t, func() bool {
		v = s.vitals(t)
		dirs, err := os.ReadDir(filepath.Join(s.config.StateDir, "cells"))
		require.NoError(t, err)
		found = [4]int{s.take(t).Containers, s.cgroups(t), len(dirs), zombies(t, pid)}
		busy := v["paddock_cells_leaving"] + v["paddock_slots_lent"] + v["paddock_cell_waiters"] + v["paddock_slot_waiters"]
		n := int(v[allCells])
		return busy == 0 && found == [4]int{n, n, n, 0}
	}, within, time.Second) {
		require.FailNow(t, "the books are wrong", "cells %v, but containers, cgroups, directories, zombies are %v", v[allCells], found)
	}
	return v
}

// zombies counts children of a process that have ended and that it has not asked how.
func zombies(t *testing.T, parent int) (n int) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(text), fmt.Sprintf(") Z %d ", parent)) {
			n++
		}
	}
	return n
}

// cgroups counts containers that have a cgroup of this server's.
func (s *server) cgroups(t *testing.T) int {
	t.Helper()
	id, err := os.ReadFile(filepath.Join(s.config.StateDir, "instance"))
	require.NoError(t, err)
	names := map[string]bool{}
	for _, hierarchy := range []string{"", "*/"} {
		found, err := filepath.Glob("/sys/fs/cgroup/" + hierarchy + cgroup.Parent(strings.TrimSpace(string(id))) + "*/libpod-*")
		require.NoError(t, err)
		for _, path := range found {
			names[strings.Replace(filepath.Base(path), "libpod-conmon-", "libpod-", 1)] = true
		}
	}
	return len(names)
}

// markdown is the soak as a table.
func (k *soak) markdown(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "- %s, commit %s, seed %d, took %v\n- %s\n\n| what | figure |\n|---|---|\n",
		k.began.Format("2006-01-02 15:04 UTC"), *soakCommit, k.seed, time.Since(k.began).Round(time.Second), host(t.Context()))
	row := func(what, format string, args ...any) {
		fmt.Fprintf(&b, "| %s | "+format+" |\n", append([]any{what}, args...)...)
	}
	row("runs, clients at a time", "%d in %v, %d", k.tally.Runs, k.loaded.Round(time.Second), concurrency)
	row("Podman stood still for", "%v", k.plan.outage)
	row("verdicts", "%s", listed(k.tally.Verdicts))
	row("refused", "%s", listed(k.tally.Refusals))
	row("clients that hung up", "%d", k.tally.HungUp)
	row("requests without an answer, wrong answers", "%d, %d", len(k.tally.Unheard), len(k.tally.Wrong))
	row("time to the answer: p50, p99", "%v, %v", k.tally.percentile(50).Round(time.Millisecond), k.tally.percentile(99).Round(time.Millisecond))
	during := func(name string) int { return int(k.end[name] - k.start[name]) }
	row("cells taken: parked, warm, new", "%d, %d, %d", during(`paddock_cells_taken_total{from="parked"}`),
		during(`paddock_cells_taken_total{from="warm"}`), during(`paddock_cells_taken_total{from="new"}`))
	row("cells made; not made", "%d; %d", during("paddock_cells_made_total"), during("paddock_cells_not_made_total"))
	row("cells evicted, expired, not proven clean", "%d, %d, %d", during("paddock_cells_evicted_total"),
		during("paddock_cells_expired_total"), during("paddock_cells_not_reset_total"))
	row("leaks that the janitor found and removed", "%d", during("paddock_leaks_total"))
	row("cells at the start, at the end", "%.0f, %.0f", k.start[allCells], k.end[allCells])
	row("memory of the server at the start, at the end", "%.0f MiB, %.0f MiB", k.start[memory]/mib, k.end[memory]/mib)
	row("descriptors at the start, at the end", "%.0f, %.0f", k.start[descriptors], k.end[descriptors])
	row("goroutines at the start, at the end", "%.0f, %.0f", k.start[goroutines], k.end[goroutines])
	row("servers killed under load, while they started", "%d, %d", k.crashes.Killed, k.crashes.Unborn)
	row("from a start to its first answer: fastest, slowest", "%v, %v", slices.Min(k.crashes.Serving).Round(time.Millisecond),
		slices.Max(k.crashes.Serving).Round(time.Millisecond))
	row("containers, cgroups, processes, directories, sockets left behind", "0")
	return b.String()
}

// listed is counts as text: ok 12, cancelled 3.
func listed(counts map[string]int) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, fmt.Sprintf("%s %d", name, counts[name]))
	}
	if all == nil {
		return "none"
	}
	return strings.Join(all, ", ")
}

// host is what the figures depend on.
func host(ctx context.Context) string {
	var uts unix.Utsname
	var info unix.Sysinfo_t
	_, _ = unix.Uname(&uts), unix.Sysinfo(&info) // they fail for a bad address only
	version, err := exec.CommandContext(ctx, "podman", "--version").Output()
	if err != nil {
		version = []byte("Podman of an unknown version")
	}
	return fmt.Sprintf("%d cores, %d GiB, Linux %s, %s", runtime.NumCPU(), (info.Totalram*uint64(info.Unit)+1<<29)>>30,
		unix.ByteSliceToString(uts.Release[:]), strings.TrimSpace(string(version)))
}

func TestFiguresGoBetweenTheComments(t *testing.T) {
	doc := filepath.Join(t.TempDir(), "doc.md")
	require.NoError(t, os.WriteFile(doc, []byte("before\n<!-- soak:begin -->\nold\n<!-- soak:end -->\nafter\n"), 0o600))
	require.NoError(t, putFigures(doc, "new\n"))
	text, err := os.ReadFile(doc)
	require.NoError(t, err)
	assert.Equal(t, "before\n<!-- soak:begin -->\n\nnew\n\n<!-- soak:end -->\nafter\n", string(text))
	require.NoError(t, os.WriteFile(doc, []byte("no place"), 0o600))
	require.ErrorContains(t, putFigures(doc, "new\n"), "no place for the figures")
}

// putFigures puts the figures into a document, between two comments.
func putFigures(path, figures string) error {
	const begin, end = "<!-- soak:begin -->\n", "<!-- soak:end -->\n"
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(old), begin)
	_, after, ends := strings.Cut(rest, end)
	if !found || !ends {
		return fmt.Errorf("%s: no place for the figures between %q and %q", path, begin, end)
	}
	return os.WriteFile(path, []byte(before+begin+"\n"+figures+"\n"+end+after), 0o644)
}
