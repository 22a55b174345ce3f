package cgroup

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A real cgroup with a process in it that does not mean to leave, and a name that no instance has.
func TestSweepEndsWhatDoesNotLeave(t *testing.T) {
	const instance = "c0ffee00-0000-4000-8000-0000000000ff"
	dir := filepath.Join("/sys/fs/cgroup/memory", Parent(instance), "libpod-left")
	if _, err := os.Stat("/sys/fs/cgroup/memory"); err != nil {
		dir = filepath.Join("/sys/fs/cgroup", Parent(instance), "libpod-left")
	}
	require.NoError(t, os.MkdirAll(dir, 0o755))
	inside, outside := exec.Command("sleep", "1000"), exec.Command("sleep", "1000")
	require.NoError(t, inside.Start())
	require.NoError(t, outside.Start())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cgroup.procs"), []byte(strconv.Itoa(inside.Process.Pid)), 0o600))
	ended := make(chan error, 1)
	go func() { ended <- inside.Wait() }()

	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	require.NoError(t, Sweep(ctx, "/", instance))
	assert.NoDirExists(t, filepath.Dir(dir))
	assert.ErrorContains(t, <-ended, "signal: killed")
	killMember("/", strconv.Itoa(outside.Process.Pid), Parent(instance))
	require.NoError(t, outside.Process.Signal(syscall.Signal(0)), "what is not in it lives")
	require.NoError(t, outside.Process.Kill())
	_ = outside.Wait()
}
