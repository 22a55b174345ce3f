package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/sandbox/cgroup"
)

// A host's cgroups below the parent of the instance "test", and others that are not ours: v1, v2 and systemd's v2.
func (h *host) group(parts ...string) string {
	return filepath.Join(append([]string{h.base, "sys", "fs", "cgroup"}, parts...)...)
}

func made(t *testing.T, dirs ...string) {
	t.Helper()
	for _, dir := range dirs {
		require.NoError(t, os.MkdirAll(dir, 0o755))
	}
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// patrols lets the janitor look n times, from just before one look to just before another.
func patrols(n int) {
	time.Sleep(time.Duration(n) * patrolEvery)
	synctest.Wait()
}

// leaks are the log's lines about leaks, as "what name removed".
func leaks(t *testing.T, log []byte) []string {
	t.Helper()
	var list []string
	for line := range bytes.Lines(log) {
		var l struct {
			Message, What, Name string
			Removed             bool
		}
		require.NoError(t, json.Unmarshal(line, &l))
		if l.Message == "a leak" {
			list = append(list, l.What+" "+l.Name+map[bool]string{true: " removed", false: " stays"}[l.Removed])
		}
	}
	slices.Sort(list)
	return list
}

// logged is a log that can be read while it is written.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.buf.Bytes())
}

func TestTheJanitor(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		var log logged
		h.start(t, Options{MaxCells: 8, Log: zerolog.New(&log)}, kind("python", 1))
		held := h.mustGet(t, kind("c", 0))
		patrols(2)
		require.Empty(t, leaks(t, log.bytes()))

		h.engine.setOwned("paddock-lost", held.Name())
		stray := filepath.Join(h.dir, "paddock-dir")
		made(t, stray, filepath.Join(h.dir, "database"))
		require.NoError(t, os.WriteFile(filepath.Join(stray, "agent.sock"), nil, 0o600))
		parent := cgroup.Parent("test")
		ours := []string{
			h.group(parent, "libpod-v2"), h.group("memory", parent, "libpod-v1", "inner"), h.group("pids", parent, "libpod-v1"),
			h.group(parent+".slice", "libpod-systemd.scope"), h.group(parent, "libpod-conmon-lost"),
		}
		others := []string{
			h.group(parent, "libpod-1"), h.group(parent, "libpod-conmon-1"), // the cells'
			h.group(parent, "conmon"), h.group("memory", parent, "conmon"), // of all monitors
			h.group(cgroup.Parent("other"), "libpod-other"), h.group("libpod_parent", "libpod-theirs"),
		}
		made(t, append(ours, others...)...)

		patrols(1)
		assert.True(t, there(stray), "it may be on its way in or out")
		for _, dir := range ours {
			assert.True(t, there(dir), dir)
		}
		assert.Empty(t, leaks(t, log.bytes()))
		assert.Empty(t, h.Stats().Leaked)

		patrols(1)
		assert.False(t, there(stray))
		assert.Contains(t, h.engine.gone(), "paddock-lost")
		for _, dir := range ours {
			assert.False(t, there(dir), dir)
		}
		for _, dir := range append(others, filepath.Join(h.dir, "database")) {
			assert.True(t, there(dir), dir)
		}
		assert.Equal(t, []string{
			"cgroup libpod-conmon-lost removed", "cgroup libpod-systemd.scope removed", "cgroup libpod-v1 removed", "cgroup libpod-v2 removed",
			"container paddock-lost removed", "directory paddock-dir removed",
		}, leaks(t, log.bytes()))
		assert.Equal(t, map[string]uint64{LeakContainer: 1, LeakDirectory: 1, LeakCgroup: 4}, h.Stats().Leaked)
		assert.NotContains(t, h.engine.gone(), held.Name())

		h.engine.setOwned()
		patrols(3)
		assert.Len(t, leaks(t, log.bytes()), 6, "once is enough")
		_, err := held.Run(t.Context(), command())
		require.NoError(t, err, "nothing happened to it")
		require.NoError(t, os.Remove(filepath.Join(h.dir, "database")))
	})
}

// What is gone at the second look was on its way out; another of the same kind is not the same.
func TestTheJanitorTakesNobodyForAnother(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		h.start(t, Options{MaxCells: 8})
		h.engine.setOwned("paddock-1")
		patrols(1)
		h.engine.setOwned("paddock-2")
		patrols(1)
		h.engine.setOwned("paddock-1")
		patrols(1)
		assert.Empty(t, h.engine.gone())
		patrols(1)
		assert.Equal(t, []string{"paddock-1"}, h.engine.gone())
	})
}

func TestTheJanitorLeavesAloneWhatIsBeingMadeOrRemoved(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		var making string
		entered, goOn, removed := make(chan struct{}), make(chan struct{}), make(chan struct{})
		h.engine.onCreate = func(_ context.Context, n int, c Container) error {
			if n == 1 {
				making = c.Name
				close(entered)
				<-goOn
			}
			return nil
		}
		h.engine.onRemove = func(string) error { <-removed; return nil }
		h.start(t, Options{MaxCells: 8, Create: time.Hour})
		leaving := h.mustGet(t, kind("python", 0))
		got := h.later(t, ada, kind("python", 0))
		<-entered
		leaving.Close()
		synctest.Wait()
		h.engine.setOwned(making, leaving.Name())
		made(t, h.group(cgroup.Parent("test"), leaving.cgroup.Name()), filepath.Join(h.dir, leaving.Name()))
		asked := len(h.engine.gone())
		patrols(3)
		assert.Len(t, h.engine.gone(), asked)
		assert.True(t, there(filepath.Join(h.dir, making)))
		assert.Empty(t, h.Stats().Leaked)
		close(goOn)
		runs(t, <-got).Close()
		close(removed)
		synctest.Wait()
		h.engine.setOwned()
		patrols(3)
		assert.Equal(t, map[string]uint64{LeakCgroup: 1}, h.Stats().Leaked, "the one that nobody has any more")
	})
}

// A leak that will not go is tried again, and looking goes on where something can't be looked at.
func TestTheJanitorGoesOn(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		var log logged
		var mu sync.Mutex
		stuck := errors.New("it will not go")
		h.engine.onRemove = func(string) error {
			mu.Lock()
			defer mu.Unlock()
			return stuck
		}
		h.start(t, Options{MaxCells: 8, Log: zerolog.New(&log)})
		h.engine.setOwned("paddock-stuck")
		patrols(2)
		assert.Equal(t, []string{"container paddock-stuck stays"}, leaks(t, log.bytes()))
		mu.Lock()
		stuck = nil
		mu.Unlock()
		require.NoError(t, os.Rename(h.dir, h.dir+".away"))
		patrols(2)
		assert.Len(t, leaks(t, log.bytes()), 1)
		assert.Contains(t, string(log.bytes()), "the janitor could not look everywhere")
		require.NoError(t, os.Rename(h.dir+".away", h.dir))
		patrols(2)
		assert.Equal(t, []string{"container paddock-stuck removed", "container paddock-stuck stays"}, leaks(t, log.bytes()))
		assert.Equal(t, map[string]uint64{LeakContainer: 1}, h.Stats().Leaked, "it was one all the time")
	})
}

// What a cell that could not be removed has left is found by the janitor.
func TestTheJanitorRemovesWhatARemovalCouldNot(t *testing.T) {
	h := newHost(t)
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		stuck := errors.New("it will not go")
		h.engine.onRemove = func(string) error {
			mu.Lock()
			defer mu.Unlock()
			return stuck
		}
		h.start(t, Options{MaxCells: 8})
		c := h.mustGet(t, kind("python", 0))
		h.engine.setOwned(c.Name())
		c.Close()
		synctest.Wait()
		assert.Zero(t, h.Stats().Cells, "its place is free")
		mu.Lock()
		stuck = nil
		mu.Unlock()
		patrols(2)
		_, there, _ := h.engine.count()
		assert.Zero(t, there)
		assert.Equal(t, map[string]uint64{LeakContainer: 1}, h.Stats().Leaked)
		h.engine.setOwned()
	})
}
