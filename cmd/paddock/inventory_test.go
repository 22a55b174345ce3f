package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"paddock/sandbox/cgroup"
	"paddock/sandbox/podman"
)

// inventory is everything a run could leave behind, counted.
type inventory struct {
	Containers  int // with this server's label
	Cgroups     int // of this server, of every controller
	Processes   int // in this server's cells, agents included
	Files       int // in the state directory: sockets, directories, files
	Goroutines  int
	Descriptors int
}

// settled is how long what a run leaves may take to go away: removals go on behind the answer.
const settled = 20 * time.Second

// observer is the tests' own connection to Podman: one for all, so that it does not grow while it counts.
var observer = sync.OnceValues(func() (*podman.Client, error) {
	return podman.Dial(context.Background(), os.Getenv(varPodman))
})

// take counts what there is now.
func (s *server) take(t *testing.T) inventory {
	t.Helper()
	client, err := observer()
	require.NoError(t, err)
	id, err := os.ReadFile(filepath.Join(s.config.StateDir, "instance"))
	require.NoError(t, err)
	owned, err := (&podman.Engine{Client: client}).Owned(context.Background(), strings.TrimSpace(string(id)))
	require.NoError(t, err)
	i := inventory{Containers: len(owned), Processes: s.countInside(t), Goroutines: runtime.NumGoroutine()}
	for _, hierarchy := range []string{"", "*/"} {
		found, err := filepath.Glob("/sys/fs/cgroup/" + hierarchy + cgroup.Parent(strings.TrimSpace(string(id))) + "*/libpod-*")
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

// countInside counts processes in this server's cells, agents and programs: their mounts show a socket directory of ours.
func (s *server) countInside(t *testing.T) int {
	t.Helper()
	procs, err := filepath.Glob("/proc/[0-9]*/mountinfo")
	require.NoError(t, err)
	n := 0
	for _, p := range procs {
		if text, err := os.ReadFile(p); err == nil && strings.Contains(string(text), s.config.StateDir+"/cells/") {
			n++
		}
	}
	return n
}

// nothingLeft runs f and checks that everything is as it was before.
func (s *server) nothingLeft(t *testing.T, f func()) {
	t.Helper()
	var first sync.WaitGroup // what is made once, connections kept alive among it, is made now
	for range 4 {
		first.Go(func() { s.python(t, "pass", nil) })
	}
	first.Wait()
	before := s.steady(t)
	f()
	var after inventory
	defer func() { t.Logf("before %+v, after %+v", before, after) }()
	require.Eventuallyf(t, func() bool {
		after = s.take(t)
		return after.Containers <= before.Containers && after.Cgroups <= before.Cgroups && after.Processes <= before.Processes &&
			after.Files <= before.Files && after.Goroutines <= before.Goroutines && after.Descriptors <= before.Descriptors
	}, settled, 50*time.Millisecond, "left behind")
}

// steady waits until the last run's cell has gone, and counts then.
func (s *server) steady(t *testing.T) inventory {
	t.Helper()
	var now inventory
	require.Eventually(t, func() bool {
		last := now
		now = s.take(t)
		return now == last && now.Containers == 0
	}, settled, 50*time.Millisecond)
	return now
}
