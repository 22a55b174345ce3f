package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"paddock/sandbox/podman"
)

// inventory is everything a run could leave behind, counted.
type inventory struct {
	Containers  int // with this server's label
	Cgroups     int // of containers, of any controller
	Agents      int // processes of this server's agent, and everything else in its cells
	Files       int // in the state directory: sockets, directories, files
	Goroutines  int
	Descriptors int
}

// settled is how long what a run leaves may take to go away: removals go on behind the answer.
const settled = 20 * time.Second

// take counts what there is now.
func (s *server) take(t testing.TB) inventory {
	t.Helper()
	client, err := podman.Dial(context.Background(), os.Getenv(varPodman))
	require.NoError(t, err)
	id, err := os.ReadFile(filepath.Join(s.config.StateDir, "instance"))
	require.NoError(t, err)
	owned, err := (&podman.Engine{Client: client}).Owned(context.Background(), strings.TrimSpace(string(id)))
	require.NoError(t, err)
	i := inventory{Containers: len(owned), Agents: countAgents(t), Goroutines: runtime.NumGoroutine()}
	for _, controller := range []string{"memory", "pids", "cpu", "."} {
		found, err := filepath.Glob(filepath.Join("/sys/fs/cgroup", controller, "libpod_parent", "libpod-*"))
		require.NoError(t, err)
		i.Cgroups += len(found)
	}
	require.NoError(t, filepath.WalkDir(s.config.StateDir, func(string, fs.DirEntry, error) error {
		i.Files++
		return nil
	}))
	fds, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	i.Descriptors = len(fds)
	return i
}

// countAgents counts processes whose user is in no user namespace of the host's own: the agents, and what runs under them.
func countAgents(t testing.TB) int {
	t.Helper()
	procs, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	n := 0
	for _, p := range procs {
		if text, err := os.ReadFile(p); err == nil && strings.Contains(string(text), "paddock-agent") {
			n++
		}
	}
	return n
}

// nothingLeft runs f and checks that everything is as it was before.
func (s *server) nothingLeft(t testing.TB, f func()) {
	t.Helper()
	s.python(t, "pass", nil) // what is made once is made now
	before := s.steady(t)
	f()
	var after inventory
	require.Eventuallyf(t, func() bool {
		after = s.take(t)
		return after.Containers <= before.Containers && after.Cgroups <= before.Cgroups && after.Agents <= before.Agents &&
			after.Files <= before.Files && after.Goroutines <= before.Goroutines && after.Descriptors <= before.Descriptors
	}, settled, 50*time.Millisecond, "left behind: before %+v", before)
	t.Logf("before %+v, after %+v", before, after)
}

// steady waits until the last run's cell has gone, and counts then.
func (s *server) steady(t testing.TB) inventory {
	t.Helper()
	var now inventory
	require.Eventually(t, func() bool {
		last := now
		now = s.take(t)
		return now == last && now.Containers == 0
	}, settled, 50*time.Millisecond)
	return now
}
