package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// box is a machine made of literal text.
type box struct {
	files    map[string]string // by absolute path
	commands map[string]string // by the words of the command; what it prints
	programs []string          // what a shell would find
	api      map[string]string // by address and path; what the service answers
	space    map[string]Space  // by directory; what is not listed does not exist
}

func (b box) host() *Host {
	root := fstest.MapFS{}
	for path, text := range b.files {
		root[strings.TrimPrefix(path, "/")] = &fstest.MapFile{Data: []byte(text)}
	}
	return &Host{
		Root: root,
		Look: func(name string) (string, error) {
			for _, p := range b.programs {
				if filepath.Base(p) == name {
					return p, nil
				}
			}
			return "", &exec.Error{Name: name, Err: exec.ErrNotFound}
		},
		Command: func(_ context.Context, argv ...string) (string, error) {
			if out, ok := b.commands[strings.Join(argv, " ")]; ok {
				return out, nil
			}
			return "", fmt.Errorf("%s: %w", argv[0], exec.ErrNotFound)
		},
		Get: func(_ context.Context, address, path string) (Answer, error) {
			if body, ok := b.api[address+path]; ok {
				return Answer{Header: http.Header{"Libpod-Api-Version": {"5.4.2"}}, Body: []byte(body)}, nil
			}
			return Answer{}, errors.New("connection refused")
		},
		Space: func(path string) (Space, error) {
			if s, ok := b.space[path]; ok {
				return s, nil
			}
			return Space{}, &fs.PathError{Op: "statfs", Path: path, Err: fs.ErrNotExist}
		},
	}
}

// with is the same machine with other files; an empty text takes a file away.
func (b box) with(files map[string]string) box {
	b.files = replaced(b.files, files)
	return b
}

// printing is the same machine with other outputs; an empty one takes the program away.
func (b box) printing(commands map[string]string) box {
	b.commands = replaced(b.commands, commands)
	return b
}

func replaced(old, changes map[string]string) map[string]string {
	all := maps.Clone(old)
	for k, v := range changes {
		if all[k] = v; v == "" {
			delete(all, k)
		}
	}
	return all
}

const askInfo = "podman info --format json"

// debian12 is a bare Debian 12 after scripts/setup, on a host that mounts cgroup v1 and v2 side by side.
var debian12 = box{
	files: map[string]string{
		"/etc/os-release": "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\n",
		"/etc/passwd":     "root:x:0:0:root:/root:/bin/bash\n",
		"/etc/subuid":     "u:100000:65536\ncontainers:1879048192:524288\n",
		"/etc/subgid":     "u:100000:65536\ncontainers:1879048192:524288\n",
		"/proc/self/mountinfo": `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`,
		"/proc/self/status": "Name:\tpaddock\nUid:\t0\t0\t0\t0\nCapEff:\t000001fffeffffff\n",
		"/proc/self/limits": "Limit                     Soft Limit           Hard Limit           Units     \n" +
			"Max open files            1024                 20000                files     \n",
		"/proc/swaps":                                 "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n",
		"/proc/sys/kernel/osrelease":                  "6.1.0-37-amd64\n",
		"/proc/sys/kernel/seccomp/actions_avail":      "kill_process kill_thread trap errno user_notif trace log allow\n",
		"/proc/sys/user/max_user_namespaces":          "96365\n",
		"/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
		"/usr/bin/runc":                               "",
		"/var/lib/dpkg/status":                        "Package: runc\n",
	},
	programs: []string{"/usr/bin/podman"},
	commands: map[string]string{
		askInfo: `{"host": {"cgroupManager": "cgroupfs", "cgroupVersion": "v1",
			"conmon": {"package": "conmon_2.1.6+ds1-1_amd64", "path": "/usr/bin/conmon", "version": "conmon version 2.1.6, commit: unknown"},
			"ociRuntime": {"name": "runc", "package": "runc_1.1.5+ds1-1+deb12u1_amd64", "path": "/usr/bin/runc",
				"version": "runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1"},
			"security": {"rootless": false, "seccompEnabled": true}},
			"store": {"graphDriverName": "overlay", "graphRoot": "/var/lib/containers/storage", "graphOptions": {},
				"graphStatus": {"Backing Filesystem": "extfs", "Native Overlay Diff": "true"}},
			"version": {"APIVersion": "4.3.1", "Version": "4.3.1"}}`,
		"/usr/bin/runc --version":                          "runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1\nspec: 1.0.2-dev\ngo: go1.19.8\n",
		"dpkg-query --search /usr/bin/runc":                "runc: /usr/bin/runc\n",
		"dpkg-query --search /usr/bin/podman":              "podman: /usr/bin/podman\n",
		"dpkg-query --show --showformat=${Version} runc":   "1.1.5+ds1-1+deb12u1",
		"dpkg-query --show --showformat=${Version} podman": "4.3.1+ds1-8+deb12u1+b3",
	},
	space: map[string]Space{"/var/lib": {Free: 70 << 30, Total: 250 << 30, FreeFiles: 1e6, TotalFiles: 2e6}},
}

// rootlessV2 is somebody's desktop: systemd, cgroup v2, Podman 5 with crun, its service running.
var rootlessV2 = box{
	files: map[string]string{
		"/etc/os-release":                           "ID=fedora\nVERSION_ID=43\n",
		"/etc/passwd":                               "root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/bash\n",
		"/etc/subuid":                               "ada:524288:65536\n",
		"/etc/subgid":                               "ada:524288:65536\n",
		"/proc/self/mountinfo":                      "25 21 0:22 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
		"/proc/self/status":                         "Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\n",
		"/proc/self/limits":                         "Max open files            1024                 524288               files     \n",
		"/proc/swaps":                               "Filename\tType\tSize\tUsed\tPriority\n/dev/zram0 partition 8388604 0 100\n",
		"/proc/sys/kernel/osrelease":                "6.17.4-300.fc43.x86_64\n",
		"/proc/sys/kernel/seccomp/actions_avail":    "kill_process kill_thread trap errno user_notif trace log allow\n",
		"/proc/sys/user/max_user_namespaces":        "127000\n",
		"/sys/fs/cgroup/cgroup.controllers":         "cpuset cpu io memory hugetlb pids rdma misc\n",
		"/sys/fs/cgroup/user.slice/memory.swap.max": "max\n",
		"/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/cgroup.controllers": "cpu io memory pids\n",
		"/usr/bin/crun": "",
	},
	programs: []string{"/usr/bin/podman", "/usr/bin/newuidmap"},
	api: map[string]string{
		"unix:///run/user/1000/podman/podman.sock/_ping": "OK",
		"unix:///run/user/1000/podman/podman.sock/v4.0.0/libpod/info": `{"host": {"cgroupManager": "systemd", "cgroupVersion": "v2",
			"conmon": {"path": "/usr/bin/conmon", "version": "conmon version 2.2.1, commit: "},
			"ociRuntime": {"name": "crun", "path": "/usr/bin/crun", "version": "crun version 1.30.1"},
			"security": {"rootless": true, "seccompEnabled": true}},
			"store": {"graphDriverName": "overlay", "graphRoot": "/home/ada/.local/share/containers/storage",
				"graphStatus": {"Backing Filesystem": "btrfs"}},
			"version": {"Version": "6.2.0"}}`,
	},
	commands: map[string]string{"/usr/bin/crun --version": "crun version 1.30.1\ncommit: abc\n+SYSTEMD +SELINUX\n"},
	space:    map[string]Space{"/home/ada": {Free: 30 << 30, Total: 100 << 30}},
}

func TestCommandGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := command(ctx, "sleep", "60")
	assert.Error(t, err)
	assert.Less(t, time.Since(began), 30*time.Second)
}

func TestCommandKeepsTheFirstMegabyteAndTheReason(t *testing.T) {
	out, err := command(t.Context(), "sh", "-c", "head -c 3000000 /dev/zero; echo no luck >&2; exit 3")
	assert.Equal(t, mostOutput, len(out)) //nolint:testifylint // Len would print it all
	assert.ErrorContains(t, err, "no luck")

	_, err = command(t.Context(), "paddock-no-such-program")
	assert.True(t, missing(err), "%v", err)
}

func TestGetAsksAUnixSocket(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "podman.sock")
	listener, err := net.Listen("unix", socket)
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.HandleFunc("/_ping", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Libpod-API-Version", "4.3.1") })
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	defer func() { require.NoError(t, server.Close()); <-done }()

	answer, err := get(t.Context(), "unix://"+socket, "/_ping")
	require.NoError(t, err)
	assert.Equal(t, "4.3.1", answer.Header.Get("Libpod-Api-Version"))

	_, err = get(t.Context(), "unix://"+socket, "/v4.0.0/libpod/info")
	assert.ErrorContains(t, err, "404")
	_, err = get(t.Context(), "tcp://127.0.0.1:1", "/_ping")
	assert.ErrorContains(t, err, "unix://")
}

func TestSpaceOfARealDirectory(t *testing.T) {
	s, err := space(t.TempDir())
	require.NoError(t, err)
	assert.NotZero(t, s.Total)
	_, err = space("/no/such/directory")
	assert.ErrorIs(t, err, fs.ErrNotExist)
}
