package cgroup

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An ordinary directory stands in for a cgroup: rmdir refuses both while something is in them, a file here, a process there.
func cgroups(t *testing.T, root string, dirs ...string) {
	t.Helper()
	for _, d := range dirs {
		require.NoError(t, os.MkdirAll(filepath.Join(root, "sys/fs/cgroup", d), 0o755))
	}
}

func TestSweepTakesAnInstancesCgroupsAndNobodyElses(t *testing.T) {
	root := t.TempDir()
	cgroups(t, root, "memory/paddock_ab12/libpod-1/inner", "memory/paddock_ab12/conmon", "pids/paddock_ab12/libpod-1",
		"paddock_ab12.slice/libpod-2.scope", "memory/paddock_other/libpod-3", "memory/libpod_parent/libpod-4")
	require.NoError(t, Sweep(context.Background(), root, "ab-12"))
	for dir, there := range map[string]bool{
		"memory/paddock_ab12": false, "pids/paddock_ab12": false, "paddock_ab12.slice": false,
		"memory/paddock_other/libpod-3": true, "memory/libpod_parent/libpod-4": true, "memory": true,
	} {
		_, err := os.Stat(filepath.Join(root, "sys/fs/cgroup", dir))
		assert.Equal(t, there, err == nil, dir)
	}
	require.NoError(t, Sweep(context.Background(), root, "ab-12"), "nothing there is nothing to do")
}

func TestRemoveTakesOneGroupFromEveryHierarchy(t *testing.T) {
	root := t.TempDir()
	cgroups(t, root, "memory/p/libpod-1", "pids/p/libpod-1", "unified/p/libpod-1", "memory/p/libpod-2")
	g := &Group{mount: filepath.Join(root, "sys/fs/cgroup"), path: "/p/libpod-1"}
	require.NoError(t, g.Remove(context.Background()))
	left, err := filepath.Glob(filepath.Join(root, "sys/fs/cgroup/*/p/*"))
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(root, "sys/fs/cgroup/memory/p/libpod-2")}, left)
}

func TestRemoveSaysWhatStays(t *testing.T) {
	root := t.TempDir()
	cgroups(t, root, "memory/p/libpod-1")
	require.NoError(t, os.WriteFile(filepath.Join(root, "sys/fs/cgroup/memory/p/libpod-1/file"), nil, 0o600))
	g := &Group{mount: filepath.Join(root, "sys/fs/cgroup"), path: "/p/libpod-1"}
	err := g.Remove(context.Background())
	require.ErrorIs(t, err, syscall.ENOTEMPTY)
	require.ErrorContains(t, err, "libpod-1")
}
