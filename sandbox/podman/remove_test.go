package podman

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/containers/podman/v5/pkg/bindings/containers"
	"github.com/google/uuid"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/sandbox"
	"paddock/sandbox/cgroup"
	"paddock/sandbox/wire"
)

const testInstance = "c0ffee00-0000-4000-8000-000000000001"

// testLimits are small, and unlike what Podman gives by itself.
var testLimits = sandbox.Limits{Memory: 64 << 20, Processes: 20, CPUPercent: 50, Disk: 16 << 20}

// testEngine makes containers through c.
func testEngine(t *testing.T, c *Client) *Engine {
	t.Helper()
	facts, err := c.Facts(context.Background())
	require.NoError(t, err)
	seccomp := filepath.Join(t.TempDir(), "seccomp.json")
	require.NoError(t, os.WriteFile(seccomp, Seccomp, 0o600))
	return &Engine{
		Client: c, AgentBinary: filepath.Join(os.Getenv("PADDOCK_TEST_BIN"), "paddock-agent"), SeccompFile: seccomp,
		Rootless: facts.Rootless, Systemd: facts.SystemdCgroups,
	}
}

func ownService(t *testing.T) *Client {
	t.Helper()
	needPodman(t)
	c, stop, err := startService(context.Background(), ConnectOptions{StateDir: t.TempDir(), Log: zerolog.Nop()})
	require.NoError(t, err)
	t.Cleanup(stop)
	return c
}

func dialTestPodman(t *testing.T) *Client {
	t.Helper()
	needPodman(t)
	c, err := Dial(context.Background(), os.Getenv("PADDOCK_TEST_PODMAN"))
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// testCell is a running container with the real agent, which has called.
type testCell struct {
	name   string
	agent  *net.UnixConn
	seen   inspected
	cgroup *cgroup.Group
}

func newTestCell(t *testing.T, e *Engine) *testCell {
	t.Helper()
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "paddock-test-") //nolint:usetesting // a socket's path is short, and PID 1 is nobody here
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	socket := filepath.Join(dir, filepath.Base(wire.SocketPath))
	l, err := net.ListenUnix("unixpacket", &net.UnixAddr{Name: socket, Net: "unixpacket"})
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	require.NoError(t, os.Chmod(socket, 0o777))
	c := &testCell{name: "paddock-test-" + uuid.NewString()}
	require.NoError(t, e.Create(ctx, sandbox.Container{
		Name: c.name, Instance: testInstance, Image: "localhost/paddock/bash:latest", SocketDir: dir,
		Cgroup: cgroup.Parent(testInstance), Limits: testLimits,
	}))
	t.Cleanup(func() {
		_ = e.Remove(ctx, c.name)
		_ = cgroup.Sweep(ctx, "/", testInstance)
	})
	require.NoError(t, l.SetDeadline(time.Now().Add(serviceStart)))
	c.agent, err = l.AcceptUnix()
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.agent.Close() })
	c.seen, err = e.Client.inspect(ctx, c.name)
	require.NoError(t, err)
	c.cgroup, err = cgroup.Open("/", c.seen.State.Pid)
	require.NoError(t, err)
	t.Cleanup(c.cgroup.Close)
	return c
}

// requireNothingLeft looks for what a container may leave behind. Podman's own cleanup may just be ending.
func requireNothingLeft(t *testing.T, e *Engine, c *testCell) {
	t.Helper()
	there, err := containers.Exists(e.Client.call(context.Background()), c.name, nil)
	require.NoError(t, err)
	require.False(t, there, "the container is in Podman's books")
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	require.NoError(t, err)
	require.NotContains(t, string(mounts), c.seen.ID, "mounted")
	require.Eventually(t, func() bool { return len(processesOf(c.seen.ID)) == 0 }, serviceStart, servicePoll, "its monitor, or a cleanup")
	require.True(t, ended(c.seen.State.Pid), "PID 1")
	require.NoError(t, c.cgroup.Remove(context.Background()))
	require.NoError(t, cgroup.Sweep(context.Background(), "/", testInstance))
	require.NoError(t, filepath.WalkDir("/sys/fs/cgroup", func(path string, _ fs.DirEntry, _ error) error {
		if strings.Contains(path, c.seen.ID) {
			return fmt.Errorf("left behind: %s", path)
		}
		return nil
	}))
}

// processesOf are the processes with a container's id in their command line.
func processesOf(id string) []string {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	var found []string
	for _, path := range lines {
		if line, err := os.ReadFile(path); err == nil && strings.Contains(string(line), id) {
			found = append(found, path)
		}
	}
	return found
}

// ended says whether a process is gone, or nothing of it runs any more.
func ended(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

// Whatever state a container is in, Remove leaves nothing of it, both for the engine that made it and for a successor that
// knows its name only.
func TestRemoveLeavesNothing(t *testing.T) {
	client := ownService(t)
	states := map[string]func(t *testing.T, e *Engine, c *testCell){
		"running": func(*testing.T, *Engine, *testCell) {}, // and PID 1 does not mean to end
		"hung up": func(t *testing.T, _ *Engine, c *testCell) { require.NoError(t, c.agent.Close()) },
		"pid 1 killed": func(t *testing.T, _ *Engine, c *testCell) {
			require.NoError(t, syscall.Kill(c.seen.State.Pid, syscall.SIGKILL))
		},
		"monitor killed": func(t *testing.T, _ *Engine, c *testCell) {
			require.NoError(t, syscall.Kill(c.seen.State.ConmonPid, syscall.SIGKILL))
		},
		"both killed": func(t *testing.T, _ *Engine, c *testCell) {
			require.NoError(t, syscall.Kill(c.seen.State.ConmonPid, syscall.SIGKILL))
			require.NoError(t, syscall.Kill(c.seen.State.Pid, syscall.SIGKILL))
		},
		"paused": func(t *testing.T, e *Engine, c *testCell) {
			require.NoError(t, containers.Pause(e.Client.call(context.Background()), c.name, nil))
		},
		"gone": func(t *testing.T, e *Engine, c *testCell) {
			require.NoError(t, removeOnce(e.Client.call(context.Background()), c.name,
				new(containers.RemoveOptions).WithForce(true).WithTimeout(0)))
		},
	}
	for name, bring := range states {
		for _, by := range []string{"its engine", "a successor"} {
			t.Run(name+" by "+by, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				e := testEngine(t, client)
				c := newTestCell(t, e)
				bring(t, e, c)
				remover := e
				if by == "a successor" {
					remover = testEngine(t, client)
				}
				require.NoError(t, remover.Remove(ctx, c.name))
				requireNothingLeft(t, e, c)
				require.NoError(t, remover.Remove(ctx, c.name), "once more")
			})
		}
	}
}

// Remove ends the monitor before PID 1, so that no other Podman is started to clean up.
func TestRemoveEndsTheMonitorFirst(t *testing.T) {
	e := testEngine(t, ownService(t))
	c := newTestCell(t, e)
	held, found := e.monitors.Load(c.name)
	require.True(t, found)
	m := held.(*monitor)
	assert.True(t, hasArgument(c.seen.State.ConmonPid, c.seen.ID))
	require.True(t, m.end(context.Background()))
	assert.Empty(t, processesOf(c.seen.ID), "neither the monitor nor what it starts")
	require.True(t, ended(c.seen.State.Pid))
	require.NoError(t, e.Remove(context.Background(), c.name))
	requireNothingLeft(t, e, c)
	_, found = e.monitors.Load(c.name)
	assert.False(t, found)
	assert.False(t, e.keepMonitors.Load())
}

// Orphans of our service that nobody knows of do not stay as zombies, and what we wait for ourselves is left to us.
func TestOrphansAreReaped(t *testing.T) {
	e := testEngine(t, ownService(t))
	c := newTestCell(t, e)
	require.Contains(t, children(), c.seen.State.ConmonPid)
	sleeper := exec.Command("sleep", "1000")
	require.NoError(t, sleeper.Start())
	held, found := e.monitors.LoadAndDelete(c.name)
	require.True(t, found)
	held.(*monitor).close() //nolint:forcetypeassert // nothing else is kept there
	for _, pid := range []int{c.seen.State.ConmonPid, c.seen.State.Pid, sleeper.Process.Pid} {
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	}
	require.Eventually(t, func() bool {
		left := children()
		return !slices.Contains(left, c.seen.State.ConmonPid) && !slices.Contains(left, c.seen.State.Pid)
	}, 10*time.Second, 10*time.Millisecond)
	var exit *exec.ExitError
	require.ErrorAs(t, sleeper.Wait(), &exit)
	assert.Equal(t, syscall.SIGKILL, exit.Sys().(syscall.WaitStatus).Signal(), "its end is ours to know") //nolint:forcetypeassert // on Linux
	require.NoError(t, e.Remove(context.Background(), c.name))
	requireNothingLeft(t, e, c)
}

func TestTwoRemovesAtOnce(t *testing.T) {
	e := testEngine(t, dialTestPodman(t))
	c := newTestCell(t, e)
	require.NoError(t, c.agent.Close())
	errs := make([]error, 4)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { errs[i] = e.Remove(context.Background(), c.name) })
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	requireNothingLeft(t, e, c)
}

// A removal outlasts a service that dies under it.
func TestRemoveWhileTheServiceIsStartedAnew(t *testing.T) {
	needPodman(t)
	ctx := context.Background()
	dir := t.TempDir()
	client, stop, err := startService(ctx, ConnectOptions{StateDir: dir, Log: zerolog.New(zerolog.NewTestWriter(t))})
	require.NoError(t, err)
	t.Cleanup(stop)
	e := testEngine(t, client)
	c := newTestCell(t, e)
	require.NoError(t, syscall.Kill(listenerOf(t, dir), syscall.SIGKILL))
	require.NoError(t, e.Remove(ctx, c.name))
	requireNothingLeft(t, e, c)
}

// What Podman calls a process is killed only if it is one of that container's.
func TestMonitorOfAnotherIsRefused(t *testing.T) {
	_, err := openProcess(0)
	require.ErrorIs(t, err, errNotHere)
	_, err = openProcess(1)
	require.ErrorIs(t, err, errNotHere)
	assert.False(t, hasArgument(os.Getpid(), "no such argument"))
	assert.Equal(t, os.Getppid(), parentOf(os.Getpid()))
	assert.Zero(t, parentOf(-1))
}

func TestUpdatePutsLimitsInForce(t *testing.T) {
	e := testEngine(t, dialTestPodman(t))
	c := newTestCell(t, e)
	for _, l := range []sandbox.Limits{
		{Memory: 128 << 20, Processes: 40, CPUPercent: 150}, // more of everything
		{Memory: 32 << 20, Processes: 10, CPUPercent: 25},   // and less
	} {
		require.NoError(t, e.Update(context.Background(), c.name, l))
		require.NoError(t, c.cgroup.Confirm(cgroup.Limits{
			Memory: l.Memory, Processes: l.CgroupPids(), CPUQuota: l.CPUQuota(), CPUPeriod: sandbox.CPUPeriod,
		}))
	}
	require.Error(t, e.Update(context.Background(), "paddock-test-no-such", testLimits))
}
