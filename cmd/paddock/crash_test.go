package main

import (
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// crashes is what a crash-only loop saw.
type crashes struct {
	Killed  int             // servers that were killed under load
	Unborn  int             // and those that were killed before they listened
	Runs    int             // answered in between
	Serving []time.Duration // from each start to its first answer
}

// crashLoop starts the built program on one state directory again and again, and kills it at a random moment: under load, and
// each third time while it starts. Each start has to serve at once. After the last, and a stop, nothing is left.
func crashLoop(t *testing.T, times int, seed uint64) (seen crashes) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	s := &server{config: liveConfig(dir)}
	serve := func() *exec.Cmd {
		began := time.Now()
		cmd, url := process(t, dir, "--podman.socket=") // a Podman service of its own, where there is no other
		s.url = url
		wantVerdict(t, s.python(t, "pass", object{"user_id": "first"}), "ok")
		seen.Serving = append(seen.Serving, time.Since(began))
		return cmd
	}
	for i := range times {
		moment := time.Duration(r.Int64N(int64(2 * time.Second)))
		if i%3 == 2 {
			cmd := exec.Command(filepath.Join(os.Getenv(varBin), "paddock"), "serve", "--addr=127.0.0.1:0", "--state-dir", dir)
			require.NoError(t, cmd.Start())
			time.Sleep(moment)
			require.NoError(t, cmd.Process.Kill())
			_ = cmd.Wait()
			seen.Unborn++
			continue
		}
		cmd := serve()
		under, end := context.WithCancel(t.Context())
		l := &crowd{url: s.url, seed: r.Uint64(), time: time.Hour, at: 8}
		done := make(chan tally, 1)
		go func() { done <- l.drive(under) }()
		time.Sleep(moment)
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
		end()
		result := <-done
		assert.Empty(t, result.Wrong)
		seen.Killed++
		for _, n := range result.Verdicts {
			seen.Runs += n
		}
	}
	cmd := serve()
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, cmd.Wait())
	s.nothingIsLeft(t)
	return seen
}

// nothingIsLeft checks that a server that has ended left no container, cgroup, process, directory of a cell or socket.
func (s *server) nothingIsLeft(t *testing.T) {
	t.Helper()
	var left inventory
	var others []string
	if !assert.Eventually(t, func() bool {
		left, others = s.take(t), s.leftovers(t)
		return left.Containers+left.Cgroups+left.Processes+len(others) == 0
	}, settled, tick) {
		require.FailNow(t, "left behind", "%+v, %v", left, others)
	}
}

// leftovers lists cells' directories and sockets in the state directory, and processes that were started with it.
func (s *server) leftovers(t *testing.T) (found []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(s.config.StateDir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && (d.Type()&fs.ModeSocket != 0 || strings.Contains(path, "/cells/")) {
			found = append(found, path)
		}
		return err
	}))
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	for _, path := range lines {
		if line, err := os.ReadFile(path); err == nil && strings.Contains(string(line), s.config.StateDir+"/") {
			found = append(found, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

func TestCrashOnly(t *testing.T) {
	needPodman(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	t.Logf("%+v", crashLoop(t, 6, seed))
}
