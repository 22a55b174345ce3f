package podman

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/containers/podman/v5/pkg/bindings"
	"github.com/containers/podman/v5/pkg/bindings/containers"
	"github.com/google/uuid"
	"github.com/rs/zerolog"
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

// inspected is what we want to know of a container. The bindings' own type can't read what older servers say.
type inspected struct {
	ID    string `json:"Id"`
	State struct{ Pid, ConmonPid int }
}

func inspect(ctx context.Context, c *Client, name string) (container inspected, err error) {
	conn, err := bindings.GetClient(c.conn)
	if err != nil {
		return container, err
	}
	response, err := conn.DoRequest(ctx, nil, http.MethodGet, "/containers/%s/json", nil, nil, name)
	if err != nil {
		return container, err
	}
	defer func() { _ = response.Body.Close() }()
	err = response.Process(&container)
	return container, err
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
	c.seen, err = inspect(ctx, e.Client, c.name)
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

// requireNoRuntimeState looks at what an OCI runtime keeps of a container until it is deleted.
func requireNoRuntimeState(t *testing.T, c *testCell) {
	t.Helper()
	for _, runtime := range []string{"runc", "crun"} {
		require.NoDirExists(t, filepath.Join("/run", runtime, c.seen.ID))
	}
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

// Whatever state a container is in, Remove leaves nothing of it.
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
		"monitor and pid 1 killed": func(t *testing.T, _ *Engine, c *testCell) {
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
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			e := testEngine(t, client)
			c := newTestCell(t, e)
			bring(t, e, c)
			require.NoError(t, e.Remove(ctx, c.name))
			requireNothingLeft(t, e, c)
			if !strings.Contains(name, "monitor") { // without one Podman does not tell the OCI runtime
				requireNoRuntimeState(t, c)
			}
			require.NoError(t, e.Remove(ctx, c.name), "once more")
		})
	}
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
