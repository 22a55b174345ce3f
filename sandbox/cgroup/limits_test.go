package cgroup

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func read(t *testing.T, root, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	require.NoError(t, err)
	return strings.TrimSpace(string(text))
}

// replace puts a link to target in a file's place, to have a kernel that does not do as it is told: /dev/full takes
// nothing, /dev/null takes anything and keeps nothing.
func replace(t *testing.T, root, path, target string) {
	t.Helper()
	path = filepath.Join(root, path)
	require.NoError(t, os.Remove(path))
	if target != "" {
		require.NoError(t, os.Symlink(target, path))
	}
}

var page = int64(os.Getpagesize())

var some = Limits{Memory: 128<<20 + page/2, Processes: 20, CPUQuota: 150 * time.Millisecond, CPUPeriod: 100 * time.Millisecond}

func TestApplyV1(t *testing.T) {
	root := host(t, v1Files)
	require.NoError(t, open(t, root).Apply(some))
	assert.Equal(t, "134217728", read(t, root, v1Memory+"memory.limit_in_bytes"), "whole pages")
	assert.Equal(t, "134217728", read(t, root, v1Memory+"memory.memsw.limit_in_bytes"))
	assert.Equal(t, "20", read(t, root, v1Pids+"pids.max"))
	assert.Equal(t, "100000", read(t, root, v1CPU+"cpu.cfs_period_us"))
	assert.Equal(t, "150000", read(t, root, v1CPU+"cpu.cfs_quota_us"))
}

func TestApplyV2(t *testing.T) {
	root := host(t, with(v2Files(), map[string]string{v2Cell + "memory.swap.max": "max\n"}))
	require.NoError(t, open(t, root).Apply(some))
	assert.Equal(t, "134217728", read(t, root, v2Cell+"memory.max"))
	assert.Equal(t, "0", read(t, root, v2Cell+"memory.swap.max"))
	assert.Equal(t, "20", read(t, root, v2Cell+"pids.max"))
	assert.Equal(t, "150000 100000", read(t, root, v2Cell+"cpu.max"))
}

// In v1 memory+swap may at no time be below memory. Whichever file comes first is the one that is written when the other
// fails.
func TestApplyKeepsSwapAboveMemoryV1(t *testing.T) {
	const memory, swap = v1Memory + "memory.limit_in_bytes", v1Memory + memoryAndSwapV1
	for name, c := range map[string]struct {
		to            int64
		first, second string
	}{
		"raising":  {512 << 20, swap, memory},
		"lowering": {64 << 20, memory, swap},
	} {
		t.Run(name, func(t *testing.T) {
			root := host(t, v1Files)
			g := open(t, root)
			replace(t, root, c.second, "/dev/full")
			require.Error(t, g.Apply(Limits{Memory: c.to}))
			assert.NotEqual(t, "268435456", read(t, root, c.first), "the other one was first")

			root = host(t, v1Files)
			g = open(t, root)
			replace(t, root, c.first, "/dev/full")
			require.Error(t, g.Apply(Limits{Memory: c.to}))
			assert.Equal(t, "268435456", read(t, root, c.second), "it was first")
		})
	}
}

// The direction is known also after changes, and after those that left the memory limit as it was.
func TestApplyKnowsWhatIsInForce(t *testing.T) {
	root := host(t, v1Files)
	g := open(t, root)
	require.NoError(t, g.Apply(Limits{Memory: 512 << 20}))
	require.NoError(t, g.Apply(Limits{Processes: 10}))
	replace(t, root, v1Memory+memoryAndSwapV1, "/dev/full")
	require.Error(t, g.Apply(Limits{Memory: 64 << 20}))
	assert.Equal(t, "67108864", read(t, root, v1Memory+"memory.limit_in_bytes"), "lowered, so it is first")

	root = host(t, with(v2Files(), map[string]string{v2Cell + "memory.max": "max\n"}))
	require.NoError(t, open(t, root).Apply(Limits{Memory: 64 << 20}))
}

func TestApplyWritesOnlyWhatChanged(t *testing.T) {
	for name, c := range map[string]struct {
		files     map[string]string
		untouched []string
	}{
		"v1": {v1Files, []string{v1Memory + "memory.limit_in_bytes", v1Memory + memoryAndSwapV1, v1CPU + "cpu.cfs_quota_us", v1CPU + "cpu.cfs_period_us"}},
		"v2": {v2Files(), []string{v2Cell + "memory.max", v2Cell + "memory.swap.max", v2Cell + "cpu.max"}},
	} {
		t.Run(name, func(t *testing.T) {
			root := host(t, c.files)
			g := open(t, root)
			require.NoError(t, g.Apply(some))
			for _, path := range c.untouched {
				replace(t, root, path, "/dev/full")
			}
			require.NoError(t, g.Apply(some))
			fewer := some
			fewer.Processes = 5
			assert.NoError(t, g.Apply(fewer))
			assert.NoError(t, g.Apply(Limits{}), "zero leaves a value as it is")
			assert.NoError(t, g.Apply(Limits{Processes: 5}))
			fewer.Memory /= 2
			assert.Error(t, g.Apply(fewer))
		})
	}
}

func TestApplyTriesAgainWhatFailed(t *testing.T) {
	root := host(t, v2Files())
	g := open(t, root)
	replace(t, root, v2Cell+"pids.max", "/dev/full")
	require.Error(t, g.Apply(some))
	require.Error(t, g.Apply(some))
	replace(t, root, v2Cell+"pids.max", "")
	require.NoError(t, os.WriteFile(filepath.Join(root, v2Cell, "pids.max"), nil, 0o644))
	require.NoError(t, g.Apply(some))
	assert.Equal(t, "20", read(t, root, v2Cell+"pids.max"))
}

func TestApplyWithoutSwapAccounting(t *testing.T) {
	for _, files := range []map[string]string{without(v1Files, v1Memory+memoryAndSwapV1), without(v2Files(), v2Cell+"memory.swap.max")} {
		root := host(t, files)
		require.NoError(t, open(t, root).Apply(some))
		assert.NoFileExists(t, filepath.Join(root, v1Memory+memoryAndSwapV1), "made up")
		assert.NoFileExists(t, filepath.Join(root, v2Cell, "memory.swap.max"), "made up")
	}
}

func TestApplyOnAKernelThatDoesNotComply(t *testing.T) {
	for name, c := range map[string]struct{ path, target, why string }{
		"another value":  {v1Pids + "pids.max", "/dev/null", `pids.max to 20: the kernel says ""`},
		"a refusal":      {v1CPU + "cpu.cfs_quota_us", "/dev/full", "cpu.cfs_quota_us to 150000: write"},
		"no swap either": {v1Memory + memoryAndSwapV1, "/dev/null", "memory.memsw.limit_in_bytes to 134217728"},
		"a missing file": {v1Pids + "pids.max", "", "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			root := host(t, v1Files)
			g := open(t, root)
			replace(t, root, c.path, c.target)
			assert.ErrorContains(t, g.Apply(some), c.why)
		})
	}
}

func TestApplyAWeight(t *testing.T) {
	root := host(t, with(v1Files, map[string]string{v1CPU + "cpu.shares": "1024\n"}))
	require.NoError(t, open(t, root).Apply(Limits{CPUWeight: 25}))
	assert.Equal(t, "256", read(t, root, v1CPU+"cpu.shares"))
	root = host(t, with(v2Files(), map[string]string{v2Cell + "cpu.weight": "100\n"}))
	g := open(t, root)
	require.NoError(t, g.Apply(Limits{CPUWeight: 25}))
	assert.Equal(t, "25", read(t, root, v2Cell+"cpu.weight"))
	replace(t, root, v2Cell+"cpu.weight", "/dev/full")
	require.NoError(t, g.Apply(Limits{CPUWeight: 25}), "it is what it was")
	require.Error(t, g.Apply(Limits{CPUWeight: 100}))
}

// A file system that is read-only for everybody, root too: a directory bound over itself.
func TestApplyWhereTheFilesAreNotOurs(t *testing.T) {
	for name, files := range map[string]map[string]string{"v1": v1Files, "v2": v2Files()} {
		t.Run(name, func(t *testing.T) {
			root := host(t, files)
			g := open(t, root)
			readOnly(t, filepath.Join(root, "sys"))
			require.ErrorIs(t, g.Apply(some), ErrNotOurs)
			assert.ErrorContains(t, g.Confirm(some), "the kernel says", "nobody has done it")
		})
	}
}

func readOnly(t *testing.T, dir string) {
	t.Helper()
	require.NoError(t, syscall.Mount(dir, dir, "", syscall.MS_BIND, ""))
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	require.NoError(t, syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
}

func TestConfirmWhatSomebodyElseHasDone(t *testing.T) {
	root := host(t, v1Files)
	g := open(t, root)
	asked := Limits{Memory: 256 << 20, Processes: 64, CPUQuota: 100 * time.Millisecond, CPUPeriod: 100 * time.Millisecond}
	require.NoError(t, g.Confirm(asked))
	replace(t, root, v1Pids+"pids.max", "/dev/full")
	require.NoError(t, g.Apply(asked), "and nothing is written again")
	other := asked
	other.Memory *= 2
	assert.ErrorContains(t, g.Confirm(other), "memory.limit_in_bytes to 536870912: the kernel says")
}

func TestApplyBelowWhatIsInUse(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "sys/fs/cgroup/machine.slice/libpod-1.scope")
	require.NoError(t, os.MkdirAll(dir, 0o755))
	for name, text := range map[string]string{"memory.max": "100000000", "memory.current": "60000000"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	g := &Group{layout: v2, dirs: map[string]string{"": dir}, applied: Limits{Memory: 100000000}}
	require.ErrorIs(t, g.Apply(Limits{Memory: 50 << 20}), ErrInUse)
	text, err := os.ReadFile(filepath.Join(dir, "memory.max"))
	require.NoError(t, err)
	assert.Equal(t, "100000000", string(text), "the limit stays: lowering it would kill")
	require.NoError(t, g.Apply(Limits{Memory: 64 << 20}))
}
