package podman

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"paddock/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// With no service anywhere we run one of our own, start it anew when it dies, and take it along when we stop.
func TestOwnServiceIsLookedAfter(t *testing.T) {
	needPodman(t)
	ctx := context.Background()
	dir := t.TempDir()
	c, stop, err := startService(ctx, ConnectOptions{StateDir: dir, Log: zerolog.New(zerolog.NewTestWriter(t))})
	require.NoError(t, err)
	facts, err := c.Facts(ctx)
	require.NoError(t, err)
	assert.Equal(t, os.Geteuid() != 0, facts.Rootless)

	first := listenerOf(t, dir)
	require.NoError(t, syscall.Kill(first, syscall.SIGKILL))
	require.Eventually(t, func() bool { _, err := c.Facts(ctx); return err == nil }, serviceStart, servicePoll)
	assert.NotEqual(t, first, listenerOf(t, dir))

	stop()
	_, err = net.Dial("unix", filepath.Join(dir, "podman.sock"))
	require.Error(t, err)
}

// A service takes its OCI runtime when it starts: ours is started anew for another, and a foreign one has to have it.
func TestUseRuntime(t *testing.T) {
	needPodman(t)
	ctx := context.Background()
	own, stop, err := startService(ctx, ConnectOptions{StateDir: t.TempDir(), Log: zerolog.New(zerolog.NewTestWriter(t))})
	require.NoError(t, err)
	defer stop()
	runc, err := exec.LookPath("runc")
	require.NoError(t, err)
	require.NoError(t, own.UseRuntime(ctx, runc))
	facts, err := own.Facts(ctx)
	require.NoError(t, err)
	assert.Equal(t, runc, facts.RuntimePath)
	require.Error(t, own.UseRuntime(ctx, "/no/such/runtime"))
	require.NoError(t, own.UseRuntime(ctx, "runc"), "and back")

	foreign, err := Dial(ctx, os.Getenv("PADDOCK_TEST_PODMAN"))
	require.NoError(t, err)
	defer foreign.Close()
	require.ErrorContains(t, foreign.UseRuntime(ctx, "no-such-runtime"), "--runtime no-such-runtime")
}

func TestConnectSaysWhatIsWrong(t *testing.T) {
	_, _, err := Connect(context.Background(), ConnectOptions{Socket: "unix:///no/such/podman.sock"})
	require.ErrorContains(t, err, "/no/such/podman.sock")
}

// listenerOf is the process whose command line names the socket in dir.
func listenerOf(t *testing.T, dir string) int {
	t.Helper()
	self := os.Getpid()
	var pid int
	require.Eventually(t, func() bool {
		out, _ := exec.Command("sh", "-c", "grep -l -s '"+dir+"' /proc/[0-9]*/cmdline").Output()
		for line := range strings.Lines(string(out)) {
			_, err := os.Stat(filepath.Dir(strings.TrimSpace(line)))
			n, _ := strconv.Atoi(strings.Split(line, "/")[2])
			exe, _ := os.Readlink(filepath.Dir(strings.TrimSpace(line)) + "/exe")
			if err == nil && n != self && strings.HasSuffix(exe, "/podman") {
				pid = n
			}
		}
		return pid != 0
	}, serviceStart, servicePoll)
	return pid
}

func needPodman(t *testing.T) {
	t.Helper()
	if os.Getenv("PADDOCK_TEST_PODMAN") == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("PADDOCK_TEST_PODMAN must be set in CI")
		}
		t.Skip("needs Podman: run ./scripts/test")
	}
}

func TestSeccompProfileIsWhatWePromise(t *testing.T) {
	var profile struct {
		DefaultAction   string
		DefaultErrnoRet int
		ArchMap         []struct{ SubArchitectures []string }
		Syscalls        []struct {
			Names   []string
			Action  string
			Comment string
			Args    []struct{ Value uint64 }
		}
	}
	require.NoError(t, json.Unmarshal(Seccomp, &profile))
	assert.Equal(t, "SCMP_ACT_ERRNO", profile.DefaultAction)
	for _, a := range profile.ArchMap {
		assert.Empty(t, a.SubArchitectures, "32-bit calls are a second kernel interface nobody here needs")
	}
	action := map[string]string{}
	for _, s := range profile.Syscalls {
		assert.NotEmpty(t, s.Comment)
		for _, name := range s.Names {
			if len(s.Args) == 0 {
				_, twice := action[name]
				assert.False(t, twice, name)
				action[name] = s.Action
			}
		}
	}
	for _, refused := range strings.Fields(`unshare setns mount umount2 pivot_root chroot move_mount open_tree fsopen fsmount fspick
		keyctl add_key request_key bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register ptrace
		process_vm_readv process_vm_writev pidfd_getfd kcmp open_by_handle_at name_to_handle_at init_module finit_module
		delete_module kexec_load kexec_file_load reboot syslog acct clock_settime settimeofday adjtimex sethostname
		setdomainname iopl ioperm modify_ldt quotactl swapon swapoff clone3`) {
		assert.Equal(t, "SCMP_ACT_ERRNO", action[refused], refused)
	}
	for _, needed := range strings.Fields("read write openat execve exit_group mmap futex wait4 kill setuid setgid setgroups sendmsg recvmsg") {
		assert.Equal(t, "SCMP_ACT_ALLOW", action[needed], needed)
	}
}

func TestContainerIsWhatWePromise(t *testing.T) {
	e := &Engine{AgentBinary: "/agent", SeccompFile: "/seccomp.json"}
	limits := sandbox.Limits{Memory: 64 << 20, Processes: 10, CPUPercent: 150, Disk: 1 << 20}
	s := e.spec(sandbox.Container{Name: "n", Instance: "i", Image: "img", SocketDir: "/dir", Cgroup: "paddock_i", Limits: limits})
	assert.Equal(t, "none", string(s.NetNS.NSMode))
	assert.Equal(t, "auto", string(s.UserNS.NSMode))
	assert.Equal(t, []string{"all"}, s.CapDrop)
	assert.Equal(t, agentCapabilities, s.CapAdd)
	assert.True(t, *s.NoNewPrivileges && *s.ReadOnlyFilesystem && *s.Remove)
	assert.Equal(t, "/seccomp.json", s.SeccompProfilePath)
	assert.Equal(t, map[string]string{labelInstance: "i"}, s.Labels)
	assert.Equal(t, "/paddock_i", s.CgroupParent)
	r := s.ResourceLimits
	assert.Equal(t, limits.Memory, *r.Memory.Limit)
	assert.Equal(t, limits.Memory, *r.Memory.Swap, "memory and swap together: no swap")
	assert.Equal(t, limits.CgroupPids(), r.Pids.Limit)
	assert.Equal(t, 150*time.Millisecond, time.Duration(*r.CPU.Quota)*time.Microsecond)
	for _, m := range s.Mounts {
		assert.Contains(t, m.Options, "nosuid", m.Destination)
		assert.Contains(t, m.Options, "nodev", m.Destination)
		if m.Type == "bind" {
			assert.Contains(t, m.Options, "ro", m.Destination)
		}
	}
	e.Rootless, e.Systemd = true, true
	s = e.spec(sandbox.Container{Cgroup: "paddock_i", Limits: limits})
	assert.Empty(t, s.UserNS.NSMode, "rootless Podman's own user namespace")
	assert.Equal(t, "paddock_i.slice", s.CgroupParent)
}
