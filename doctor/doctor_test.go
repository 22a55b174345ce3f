package doctor

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// line finds a check of a report; a missing one has no status.
func line(r Report, name string) Check {
	for _, c := range r.Checks {
		if c.Name == name {
			return c
		}
	}
	return Check{}
}

func goodCanary(context.Context) (CanaryResult, error) {
	return CanaryResult{Runtime: "runc", Took: 181_400 * time.Microsecond, Proofs: []Proof{
		{Limit: "memory", InForce: true, Evidence: "killed at 32 MiB"},
		{Limit: "pids", InForce: true, Evidence: "16 of 16"},
		{Limit: "cpu", InForce: true, Evidence: "0.1 s in 1 s"},
	}}, nil
}

func TestABareDebian12IsFine(t *testing.T) {
	r := Run(t.Context(), Options{
		Host: debian12.host(), StateDir: "/var/lib/paddock", Canary: goodCanary,
		SeccompProfile: []byte(`{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`),
		Images: func(context.Context) ([]Image, error) {
			return []Image{{"python", ImagePresent}, {"go", ImagePresent}}, nil
		},
	})
	assert.False(t, r.Failed())
	var text strings.Builder
	require.NoError(t, r.WriteText(&text))
	for _, want := range []string{
		"ok    kernel       Linux 6.1.0-37-amd64\n",
		"ok    cgroups      hybrid (controllers v1), with memory, pids, cpu\n",
		"ok    swap         none in use\n",
		"ok    userns       up to 96365\n",
		`ok    subids       "containers" has ids for 256 cells at a time` + "\n",
		"ok    seccomp      kernel filters, with all that our profile asks for (allow, errno)\n",
		"ok    rlimits      20000 open files at most, 2048 needed for 64 cells\n",
		"ok    podman       4.3.1, rootful\n",
		"ok    socket       none at unix:///run/podman/podman.sock: the server starts its own Podman service\n",
		"ok    runtime      runc 1.1.5 (/usr/bin/runc)\n",
		"ok    conmon       2.1.6 (/usr/bin/conmon)\n",
		"ok    storage      overlay at /var/lib/containers/storage on extfs, native\n",
		"ok    disk         images: 70.0 GiB free at /var/lib/containers/storage; state: 70.0 GiB free at /var/lib/paddock\n",
		"warn  runc-cves    runc 1.1.5 (package 1.1.5+ds1-1+deb12u1): open to a malicious image: CVE-2025-31133 (high), ",
		"; fixed by the distribution: CVE-2024-21626 in 1.1.5+ds1-1+deb12u1  -> no fixed package for Debian bookworm",
		"ok    images       present: go, python\n",
		"ok    canary       a cell on runc kept its limits: memory (killed at 32 MiB), pids (16 of 16), cpu (0.1 s in 1 s); it took 181ms\n",
		"15 ok, 2 warn, 0 fail\n",
	} {
		assert.Contains(t, text.String(), want)
	}
}

func TestARootlessDesktopIsFine(t *testing.T) {
	r := Run(t.Context(), Options{Host: rootlessV2.host()})
	assert.False(t, r.Failed())
	for name, want := range map[string]string{
		"cgroups":     "v2, rootless, with memory, pids, cpu delegated",
		"swap":        "in use, and limits count it",
		"subids":      "ada has ids of its own",
		"podman":      "6.2.0, rootless",
		"socket":      "unix:///run/user/1000/podman/podman.sock answers, API 5.4.2",
		"runtime":     "crun 1.30.1 (/usr/bin/crun)",
		"podman-cves": "podman 6.2.0: nothing known that is open; in parts that Paddock does not use: CVE-2024-3056 (high)",
		"crun-cves":   "crun 1.30.1: nothing known that is open",
	} {
		assert.Equal(t, want, line(r, name).Found, name)
		assert.Equal(t, OK, line(r, name).Status, name)
	}
	assert.Empty(t, line(r, "runc-cves"), "runc is not installed")
	assert.Empty(t, line(r, "canary"), "nobody gave one")
}

// One thing wrong at a time: the line about it says so, and what to do.
func TestWhatIsWrongAndWhatToDo(t *testing.T) {
	info := debian12.commands[askInfo]
	change := func(old, with string) map[string]string {
		require.Contains(t, info, old)
		return map[string]string{askInfo: strings.ReplaceAll(info, old, with)}
	}
	const controllers = "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/cgroup.controllers"
	cgroup2 := rootlessV2.files["/proc/self/mountinfo"]
	oldCrun := map[string]string{"/usr/bin/crun --version": "crun version 1.8.1\ncommit: f8a096be060b22ccd3d5f3ebe44108517fbf6c30\n"}
	swapOn := "Filename Type Size Used Priority\n/dev/sda2 partition 999420 0 -2\n"

	for _, tt := range []struct {
		name    string
		box     box
		options Options
		check   string
		status  Status
		found   string
		advice  string
	}{
		{
			name: "kernel too old", box: debian12.with(map[string]string{"/proc/sys/kernel/osrelease": "4.19.0-27-amd64"}),
			check: "kernel", status: Warn, found: "openat2", advice: "boot Linux 5.10",
		},
		{
			name: "kernel unknown", box: debian12.with(map[string]string{"/proc/sys/kernel/osrelease": ""}),
			check: "kernel", status: Warn, found: "cannot tell", advice: "uname -r",
		},
		{
			name: "no pids controller",
			box: debian12.with(map[string]string{"/proc/self/mountinfo": strings.ReplaceAll(
				debian12.files["/proc/self/mountinfo"], "rw,pids", "rw,freezer")}),
			check: "cgroups", status: Fail, found: "without pids", advice: "mount -t cgroup -o NAME",
		},
		{
			name: "no cgroups at all", box: debian12.with(map[string]string{"/proc/self/mountinfo": "27 1 254:0 / / rw - ext4 /dev/vda rw\n"}),
			check: "cgroups", status: Fail, found: "no cgroup file system", advice: "mount -t cgroup2",
		},
		{
			name: "rootful v2 in a container without controllers",
			box: debian12.with(map[string]string{
				"/proc/self/mountinfo": cgroup2, "/sys/fs/cgroup/cgroup.controllers": "cpuset hugetlb",
			}),
			check: "cgroups", status: Fail, found: "v2, without memory, pids, cpu", advice: "cgroup namespace of its own",
		},
		{
			name:  "rootless on v1",
			box:   rootlessV2.with(map[string]string{"/proc/self/mountinfo": debian12.files["/proc/self/mountinfo"]}),
			check: "cgroups", status: Fail, found: "rootless: Podman sets no limits", advice: "systemd.unified_cgroup_hierarchy=1",
		},
		{
			name: "rootless v2 without delegation of cpu", box: rootlessV2.with(map[string]string{controllers: "memory pids"}),
			check: "cgroups", status: Fail, found: "has no cpu delegated", advice: "Delegate=cpu cpuset io memory pids",
		},
		{
			name: "rootless v2 without a session", box: rootlessV2.with(map[string]string{controllers: ""}),
			check: "cgroups", status: Fail, found: "no systemd session of ada", advice: "loginctl enable-linger ada",
		},
		{
			name: "rootless with cgroupfs",
			box: func() box {
				b := rootlessV2
				b.api = replaced(b.api, nil)
				for k, v := range b.api {
					b.api[k] = strings.ReplaceAll(v, `"systemd"`, `"cgroupfs"`)
				}
				return b
			}(),
			check: "cgroups", status: Fail, found: "it would set no limits", advice: "dbus-user-session",
		},
		{
			name: "swap that v1 does not count", box: debian12.with(map[string]string{"/proc/swaps": swapOn}),
			check: "swap", status: Fail, found: "do not count it", advice: "swapoff -a, or boot with swapaccount=1",
		},
		{
			name: "swap that v1 counts",
			box: debian12.with(map[string]string{
				"/proc/swaps": swapOn, "/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes": "9223372036854771712",
			}),
			check: "swap", status: OK, found: "limits count it",
		},
		{
			name: "swap on an old v2", box: rootlessV2.with(map[string]string{
				"/sys/fs/cgroup/user.slice/memory.swap.max": "", "/proc/sys/kernel/osrelease": "5.10.0-30-amd64",
			}),
			check: "swap", status: Fail, found: "do not count it", advice: "swapaccount=1",
		},
		{
			name: "user namespaces switched off", box: debian12.with(map[string]string{"/proc/sys/user/max_user_namespaces": "0"}),
			check: "userns", status: Fail, found: "switched off", advice: "sysctl -w user.max_user_namespaces",
		},
		{
			name: "no user namespaces", box: debian12.with(map[string]string{"/proc/sys/user/max_user_namespaces": ""}),
			check: "userns", status: Fail, found: "no user namespaces", advice: "CONFIG_USER_NS",
		},
		{
			name: "user namespaces for root only", box: rootlessV2.with(map[string]string{"/proc/sys/kernel/unprivileged_userns_clone": "0"}),
			check: "userns", status: Fail, found: "for root only", advice: "kernel.unprivileged_userns_clone=1",
		},
		{
			name:  "user namespaces by AppArmor profile",
			box:   rootlessV2.with(map[string]string{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"}),
			check: "userns", status: Warn, found: "AppArmor", advice: "apparmor-profiles",
		},
		{
			name: "no containers line", box: debian12.with(map[string]string{"/etc/subuid": "u:100000:65536\n", "/etc/subgid": ""}),
			check: "subids", status: Fail, found: `no line for "containers" in /etc/subuid and /etc/subgid`,
			advice: "echo containers:1879048192:524288 | tee -a /etc/subuid /etc/subgid",
		},
		{
			name: "no containers line for groups", box: debian12.with(map[string]string{"/etc/subgid": "u:100000:65536\n"}),
			check: "subids", status: Fail, found: "in /etc/subgid", advice: "| tee -a /etc/subgid",
		},
		{
			name:  "ids for few cells",
			box:   debian12.with(map[string]string{"/etc/subuid": "containers:100000:65536", "/etc/subgid": "containers:100000:65536"}),
			check: "subids", status: Warn, found: "ids for 32 cells at a time, and there may be 64", advice: "echo containers:1879048192:524288",
		},
		{
			name: "ids that somebody else has too", box: debian12.with(map[string]string{"/etc/subuid": "u:1879100000:65536\ncontainers:1879048192:524288\n"}),
			check: "subids", status: Warn, found: "also those of u (/etc/subuid)", advice: "free ids begin at 1879572480",
		},
		{
			name: "no line for a rootless user", box: rootlessV2.with(map[string]string{"/etc/subuid": "bob:100000:65536"}),
			check: "subids", status: Fail, found: "no line for ada in /etc/subuid", advice: "echo ada:1879048192:65536 | tee -a /etc/subuid",
		},
		{
			name: "rootless line by number", box: rootlessV2.with(map[string]string{"/etc/subuid": "1000:524288:65536"}),
			check: "subids", status: OK, found: "ada has ids of its own",
		},
		{
			name: "few rootless ids", box: rootlessV2.with(map[string]string{"/etc/subuid": "ada:524288:1000"}),
			check: "subids", status: Warn, found: "ada has 1000 ids", advice: "podman system migrate",
		},
		{
			name: "rootless without newuidmap", box: func() box { b := rootlessV2; b.programs = nil; return b }(),
			check: "subids", status: Fail, found: "newuidmap", advice: "apt-get install uidmap",
		},
		{
			name: "seccomp missing", box: debian12.with(map[string]string{"/proc/sys/kernel/seccomp/actions_avail": ""}),
			check: "seccomp", status: Fail, found: "no seccomp filters", advice: "CONFIG_SECCOMP_FILTER",
		},
		{
			name: "seccomp not built in", box: debian12.printing(change(`"seccompEnabled": true`, `"seccompEnabled": false`)),
			check: "seccomp", status: Fail, found: "built without seccomp", advice: "install your distribution's podman",
		},
		{
			name: "seccomp action unknown to the kernel", box: debian12.with(map[string]string{"/proc/sys/kernel/seccomp/actions_avail": "errno allow"}),
			options: Options{SeccompProfile: []byte(`{"defaultAction": "SCMP_ACT_KILL_PROCESS", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`)},
			check:   "seccomp", status: Fail, found: "does not know kill_process", advice: "boot Linux",
		},
		{
			name: "seccomp profile broken", box: debian12, options: Options{SeccompProfile: []byte(`{"defaultAction": "DENY", "syscalls": [{}]}`)},
			check: "seccomp", status: Fail, found: `"DENY", which is no action`, advice: "reinstall",
		},
		{
			name: "few open files, and no way up", box: debian12.with(map[string]string{"/proc/self/limits": "Max open files 1024 1024 files"}),
			check: "rlimits", status: Warn, found: "1024 open files at most, 2048 needed", advice: "no CAP_SYS_RESOURCE",
		},
		{
			name: "few open files, and leave to raise them",
			box: debian12.with(map[string]string{
				"/proc/self/limits": "Max open files 1024 1024 files", "/proc/self/status": "Uid:\t0\nCapEff:\t000001ffffffffff\n",
			}),
			check: "rlimits", status: Warn, found: "2048 needed", advice: "ulimit -n 2048",
		},
		{
			name: "hardly any open files", box: debian12.with(map[string]string{"/proc/self/limits": "Max open files 64 64 files"}),
			check: "rlimits", status: Fail, found: "64 open files", advice: "LimitNOFILE=2048",
		},
		{
			name: "unlimited open files", box: debian12.with(map[string]string{"/proc/self/limits": "Max open files 1024 unlimited files"}),
			check: "rlimits", status: OK, found: "any number of open files",
		},
		{
			name: "no Podman", box: debian12.printing(map[string]string{askInfo: ""}),
			check: "podman", status: Fail, found: "not installed", advice: "./scripts/setup",
		},
		{
			name: "Podman talks nonsense", box: debian12.printing(map[string]string{askInfo: "panic: runtime error"}),
			check: "podman", status: Fail, found: "does not answer", advice: "podman info",
		},
		{
			name: "Podman 3", box: debian12.printing(change("4.3.1", "3.4.4")),
			check: "podman", status: Fail, found: "older than 4.0.0", advice: "install Podman 4.3.0",
		},
		{
			name: "Podman 4.2", box: debian12.printing(change("4.3.1", "4.2.0")),
			check: "podman", status: Warn, found: "nobody has tried", advice: "install Podman 4.3.0",
		},
		{
			name: "the socket asked for is dead", box: debian12, options: Options{Socket: "unix:///tmp/podman.sock"},
			check: "socket", status: Warn, found: "unix:///tmp/podman.sock does not answer", advice: "systemctl enable --now podman.socket",
		},
		{
			name: "no runtime", box: debian12.with(map[string]string{"/usr/bin/runc": ""}).printing(change(`"/usr/bin/runc"`, `""`)),
			check: "runtime", status: Fail, found: "no runc where Podman looks", advice: "install --no-install-recommends runc",
		},
		{
			name: "old crun on a hybrid host",
			box: debian12.with(map[string]string{"/usr/bin/runc": "", "/usr/bin/crun": "x"}).
				printing(change("runc", "crun")).printing(oldCrun),
			check: "runtime", status: Fail, found: "crun 1.8.1 refuses a host that mounts cgroup v1 and v2", advice: "install --no-install-recommends runc",
		},
		{
			name: "old crun beside runc", box: debian12.with(map[string]string{"/usr/bin/crun": "x"}).printing(oldCrun),
			check: "runtime", status: OK, found: "runc 1.1.5 (/usr/bin/runc); not usable: crun 1.8.1",
		},
		{
			name: "old crun on v2", box: rootlessV2.printing(oldCrun),
			check: "runtime", status: OK, found: "crun 1.8.1 (/usr/bin/crun)",
		},
		{
			name: "old crun asked for", box: debian12.with(map[string]string{"/usr/bin/crun": "x"}).printing(oldCrun),
			options: Options{Runtime: "crun"},
			check:   "runtime", status: Fail, found: "crun 1.8.1 refuses", advice: "leave sandbox.runtime on auto",
		},
		{
			name: "a runtime that does not run", box: debian12.printing(map[string]string{"/usr/bin/runc --version": ""}),
			check: "runtime", status: Fail, found: "/usr/bin/runc: ", advice: "runc",
		},
		{
			name: "a runtime asked for by path", box: debian12.with(map[string]string{"/opt/runc": "x"}).
				printing(map[string]string{"/opt/runc --version": "runc version 1.3.6\n"}),
			options: Options{Runtime: "/opt/runc"},
			check:   "runtime", status: OK, found: "runc 1.3.6 (/opt/runc)",
		},
		{
			name: "no conmon", box: debian12.printing(change("/usr/bin/conmon", "")),
			check: "conmon", status: Fail, found: "starts no container", advice: "install --no-install-recommends conmon",
		},
		{
			name: "conmon without a version", box: debian12.printing(change("conmon version 2.1.6, commit: unknown", "")),
			check: "conmon", status: Warn, found: "does not tell", advice: "/usr/bin/conmon --version",
		},
		{
			name: "vfs", box: debian12.printing(change(`"overlay"`, `"vfs"`)),
			check: "storage", status: Warn, found: "copies its whole image", advice: "/etc/containers/storage.conf",
		},
		{
			name: "overlay through fuse", box: debian12.printing(change(`"graphOptions": {}`,
				`"graphOptions": {"overlay.mount_program": {"Executable": "/usr/bin/fuse-overlayfs"}}`)),
			check: "storage", status: Warn, found: "through /usr/bin/fuse-overlayfs", advice: "mount_program",
		},
		{
			name: "disk almost full", box: func() box { b := debian12; b.space = map[string]Space{"/": {Free: 10 << 20}}; return b }(),
			check: "disk", status: Fail, found: "10 MiB free", advice: "podman image prune",
		},
		{
			name: "disk too small for a build", box: func() box { b := debian12; b.space = map[string]Space{"/": {Free: 2 << 30}}; return b }(),
			check: "disk", status: Warn, found: "2.0 GiB free at /var/lib/containers/storage, a build", advice: "bigger disk",
		},
		{
			name: "no more files", box: func() box {
				b := debian12
				b.space = map[string]Space{"/": {Free: 50 << 30, FreeFiles: 7, TotalFiles: 1e6}}
				return b
			}(),
			check: "disk", status: Warn, found: "only 7 more files", advice: "prune",
		},
		{
			name: "images to build", box: debian12, options: Options{Images: func(context.Context) ([]Image, error) {
				return []Image{{"rust", ImageMissing}, {"go", ImageStale}, {"c", ImagePresent}, {"bash", ImageMissing}}, nil
			}},
			check: "images", status: Warn, found: "present: c; stale: go; missing: bash, rust", advice: "paddock images build go bash rust",
		},
		{
			name: "images cannot be listed", box: debian12, options: Options{Images: func(context.Context) ([]Image, error) {
				return nil, errors.New("no service")
			}},
			check: "images", status: Warn, found: "no service", advice: "paddock images list",
		},
		{
			name: "canary dies", box: debian12, options: Options{Canary: func(context.Context) (CanaryResult, error) {
				return CanaryResult{}, errors.New("OCI runtime error")
			}},
			check: "canary", status: Fail, found: "no cell would run: OCI runtime error", advice: "podman run",
		},
		{
			name: "canary proves too little", box: debian12, options: Options{Canary: func(context.Context) (CanaryResult, error) {
				return CanaryResult{Runtime: "crun", Proofs: []Proof{{"memory", true, "killed"}, {"pids", false, "500 of 16"}}}, nil
			}},
			check: "canary", status: Fail,
			found:  "a cell on crun ran without these limits in force: pids (500 of 16), cpu (not put to the test)",
			advice: "cgroups",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.options.Host = tt.box.host()
			r := Run(t.Context(), tt.options)
			got := line(r, tt.check)
			assert.Equal(t, tt.status, got.Status, got.Found)
			assert.Contains(t, got.Found, tt.found)
			assert.Contains(t, got.Advice, tt.advice)
			assert.Equal(t, got.Status == OK, got.Advice == "", "what is wrong comes with advice, and nothing else does: %q", got.Advice)
			assert.Equal(t, tt.status == Fail, r.Failed(), "exactly this one is wrong")
		})
	}
}

func TestEssentialLeavesOutWhatCannotFail(t *testing.T) {
	r := Essential(t.Context(), Options{Host: debian12.host(), StateDir: "/var/lib/paddock", Canary: goodCanary})
	var names []string
	for _, c := range r.Checks {
		names = append(names, c.Name)
	}
	assert.Equal(t, []string{"cgroups", "swap", "userns", "subids", "seccomp", "rlimits", "podman", "runtime", "conmon", "disk", "canary"}, names)
	assert.False(t, r.Failed())
}

func TestABrokenCheckIsALine(t *testing.T) {
	r := Run(t.Context(), Options{Host: debian12.host(), Images: func(context.Context) ([]Image, error) { panic("boom") }})
	assert.Equal(t, Warn, line(r, "images").Status)
	assert.Contains(t, line(r, "images").Found, "boom")
	assert.Equal(t, OK, line(r, "podman").Status)
}

func TestAHangingCheckIsALine(t *testing.T) {
	release := make(chan struct{})
	var left sync.WaitGroup
	left.Add(2)
	host := debian12.host()
	host.Space = func(string) (Space, error) { defer left.Done(); <-release; return Space{}, nil }
	r := Run(t.Context(), Options{
		Host: host, Patience: 20 * time.Millisecond, CanaryPatience: 20 * time.Millisecond,
		Canary: func(context.Context) (CanaryResult, error) { defer left.Done(); <-release; return CanaryResult{}, nil },
	})
	assert.Equal(t, Warn, line(r, "disk").Status)
	assert.Equal(t, "no answer within 20ms", line(r, "disk").Found)
	assert.Equal(t, Fail, line(r, "canary").Status, "what nobody has proven does not hold")
	assert.Equal(t, OK, line(r, "podman").Status)
	close(release)
	left.Wait()
}

func TestACancelledDoctorComesBack(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	host := debian12.host()
	host.Command = func(ctx context.Context, _ ...string) (string, error) { <-ctx.Done(); return "", ctx.Err() }
	began := time.Now()
	r := Run(ctx, Options{Host: host})
	assert.Less(t, time.Since(began), 4*time.Second)
	assert.True(t, r.Failed(), "no Podman, no cells")
}

func TestThisVeryMachine(t *testing.T) {
	r := Run(t.Context(), Options{StateDir: t.TempDir()})
	for _, c := range r.Checks {
		assert.NotContains(t, c.Found, "the check itself broke", c.Name)
		assert.NotContains(t, c.Found, "\n", c.Name)
	}
	assert.NotEmpty(t, line(r, "kernel"))
	assert.NotEmpty(t, line(r, "podman"))
}

// Whatever files and programs say, the report comes, one line a check.
func FuzzOddOutput(f *testing.F) {
	for _, text := range debian12.files {
		f.Add(text, debian12.commands[askInfo])
	}
	f.Add("containers:1:99999999999999999999\n::\na:b:c\n", `{"version": {"Version": "99999999999999999999.0"}}`)
	f.Add("Max open files\nUid:\nCapEff: zz\n", `{"host": null, "store": {"graphOptions": {"overlay.mount_program": 3}}, "version": {"Version": "1"}}`)
	f.Fuzz(func(t *testing.T, text, output string) {
		b := debian12.with(nil)
		for path := range b.files {
			b.files[path] = text
		}
		b.commands = replaced(b.commands, nil)
		for command := range b.commands {
			b.commands[command] = output
		}
		r := Run(t.Context(), Options{Host: b.host(), StateDir: "/x", SeccompProfile: []byte(output)})
		var out strings.Builder
		require.NoError(t, r.WriteText(&out))
		assert.Equal(t, len(r.Checks)+1, strings.Count(out.String(), "\n"))
		assert.NotContains(t, out.String(), "the check itself broke")
	})
}
