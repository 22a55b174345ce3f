package cgroup

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pid is the process whose cgroup the tests look for.
const pid = 4711

// host writes files, by path below the root, and returns the root.
func host(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for path, text := range files {
		path = filepath.Join(root, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return root
}

func with(m, more map[string]string) map[string]string {
	m = maps.Clone(m)
	maps.Copy(m, more)
	return m
}

func without(m map[string]string, paths ...string) map[string]string {
	m = maps.Clone(m)
	for _, path := range paths {
		delete(m, path)
	}
	return m
}

// v1Files are a Debian host with split v1 hierarchies, beside a v2 one without controllers, and Podman's cgroupfs manager.
var v1Files = map[string]string{
	"proc/4711/cgroup": `9:name=systemd:/
8:pids:/libpod_parent/libpod-4f0c
7:blkio:/libpod_parent/libpod-4f0c
4:memory:/libpod_parent/libpod-4f0c
3:cpuset:/libpod_parent/libpod-4f0c
2:cpuacct:/libpod_parent/libpod-4f0c
1:cpu:/libpod_parent/libpod-4f0c
0::/
`,
	"sys/fs/cgroup/cpuacct/libpod_parent/libpod-4f0c/cpuacct.usage":              "1500000001\n",
	"sys/fs/cgroup/memory/libpod_parent/libpod-4f0c/memory.max_usage_in_bytes":   "8388608\n",
	"sys/fs/cgroup/memory/libpod_parent/libpod-4f0c/memory.oom_control":          "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
	"sys/fs/cgroup/memory/libpod_parent/libpod-4f0c/memory.limit_in_bytes":       "268435456\n",
	"sys/fs/cgroup/memory/libpod_parent/libpod-4f0c/memory.memsw.limit_in_bytes": "268435456\n",
	"sys/fs/cgroup/pids/libpod_parent/libpod-4f0c/pids.events":                   "max 7\n",
	"sys/fs/cgroup/pids/libpod_parent/libpod-4f0c/pids.max":                      "64\n",
	"sys/fs/cgroup/cpu/libpod_parent/libpod-4f0c/cpu.cfs_period_us":              "100000\n",
	"sys/fs/cgroup/cpu/libpod_parent/libpod-4f0c/cpu.cfs_quota_us":               "100000\n",
}

const (
	v1Memory = "sys/fs/cgroup/memory/libpod_parent/libpod-4f0c/"
	v1Pids   = "sys/fs/cgroup/pids/libpod_parent/libpod-4f0c/"
	v1CPU    = "sys/fs/cgroup/cpu/libpod_parent/libpod-4f0c/"
	v2Cell   = "sys/fs/cgroup/machine.slice/libpod-4f0c.scope/"
)

// v2At are a v2 host's files, with the process at path and its container's cgroup at dir.
func v2At(path, dir string) map[string]string {
	dir = "sys/fs/cgroup" + dir + "/"
	return map[string]string{
		"proc/4711/cgroup":    "0::" + path + "\n",
		dir + "cpu.stat":      "usage_usec 1500000\nuser_usec 1000000\nsystem_usec 500000\nnr_periods 3\n",
		dir + "memory.peak":   "8388608\n",
		dir + "memory.events": "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 1\n",
		dir + "memory.max":    "268435456\n", dir + "memory.swap.max": "0\n",
		dir + "pids.events": "max 7\n", dir + "pids.max": "64\n",
		dir + "cpu.max": "100000 100000\n",
	}
}

func v2Files() map[string]string {
	return v2At("/machine.slice/libpod-4f0c.scope/container", "/machine.slice/libpod-4f0c.scope")
}

func open(t *testing.T, root string) *Group {
	t.Helper()
	g, err := Open(root, pid)
	require.NoError(t, err)
	t.Cleanup(g.Close)
	return g
}

func TestOpenFindsTheContainersCgroup(t *testing.T) {
	const user = "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-4f0c.scope"
	for name, c := range map[string]struct {
		files map[string]string
		dir   string
	}{
		"v1, split, cgroupfs manager":    {v1Files, "memory/libpod_parent/libpod-4f0c"},
		"v2, crun":                       {v2Files(), "machine.slice/libpod-4f0c.scope"},
		"v2, runc":                       {v2At("/machine.slice/libpod-4f0c.scope", "/machine.slice/libpod-4f0c.scope"), "machine.slice/libpod-4f0c.scope"},
		"v2, cgroupfs manager":           {v2At("/libpod_parent/libpod-4f0c", "/libpod_parent/libpod-4f0c"), "libpod_parent/libpod-4f0c"},
		"v2, rootless":                   {v2At(user+"/container", user), user},
		"a Podman in another's cell, v2": {v2At("/libpod-0uter.scope/libpod-4f0c.scope/container", "/libpod-0uter.scope/libpod-4f0c.scope"), "libpod-0uter.scope/libpod-4f0c.scope"},
	} {
		t.Run(name, func(t *testing.T) {
			root := host(t, c.files)
			g := open(t, root)
			assert.Equal(t, filepath.Join(root, "sys", "fs", "cgroup", c.dir), g.Dir())
			u, err := g.Usage()
			require.NoError(t, err)
			assert.Equal(t, int64(8<<20), u.PeakMemory)
		})
	}
}

// systemd mounts cpu and cpuacct together and links their single names to the joint directory.
func TestOpenFollowsSystemdsLinks(t *testing.T) {
	files := map[string]string{}
	for path, text := range v1Files {
		for _, c := range []string{"/cpu/", "/cpuacct/"} {
			path = strings.Replace(path, c, "/cpu,cpuacct/", 1)
		}
		files[path] = text
	}
	files["proc/4711/cgroup"] = strings.NewReplacer("2:cpuacct:", "2:cpu,cpuacct:", "1:cpu:/libpod_parent/libpod-4f0c\n", "").Replace(files["proc/4711/cgroup"])
	root := host(t, files)
	for _, c := range []string{"cpu", "cpuacct"} {
		require.NoError(t, os.Symlink("cpu,cpuacct", filepath.Join(root, "sys", "fs", "cgroup", c)))
	}
	g := open(t, root)
	u, err := g.Usage()
	require.NoError(t, err)
	assert.Equal(t, 1500000001*time.Nanosecond, u.CPU)
	assert.NoError(t, g.Apply(Limits{CPUQuota: 50 * time.Millisecond, CPUPeriod: 100 * time.Millisecond}))
}

func TestOpenRefusesWhatIsNoContainers(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                          "",
		"no lines of it":                   "what is this\n4:memory\n",
		"v2, a session":                    "0::/user.slice/user-1000.slice/session-1.scope\n",
		"v2, the root":                     "0::/\n",
		"v2, conmon's own":                 "0::/machine.slice/libpod-conmon-4f0c.scope\n",
		"v2, conmon in a container":        "0::/machine.slice/libpod-0uter.scope/libpod-conmon-4f0c.scope\n",
		"v2, Podman's parent":              "0::/libpod_parent/conmon\n",
		"v1, rootless":                     "4:memory:/user.slice\n3:pids:/user.slice\n2:cpu,cpuacct:/user.slice\n0::/user.slice/libpod-4f0c.scope\n",
		"v1, without the pids controller":  "4:memory:/libpod-4f0c\n2:cpu,cpuacct:/libpod-4f0c\n",
		"v1, one controller not container": "4:memory:/libpod-4f0c\n3:pids:/\n2:cpu,cpuacct:/libpod-4f0c\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(host(t, with(v1Files, map[string]string{"proc/4711/cgroup": text})), pid)
			require.ErrorIs(t, err, ErrNoCgroup)
			assert.ErrorContains(t, err, "process 4711")
		})
	}
}

func TestOpenSaysWhatIsMissing(t *testing.T) {
	_, err := Open(t.TempDir(), pid)
	assert.ErrorIs(t, err, fs.ErrNotExist, "no such process")
	for name, files := range map[string]map[string]string{
		"v1": without(v1Files, v1Pids+"pids.events"), "v1, no limit": without(v1Files, v1Memory+"memory.limit_in_bytes"),
		"v2, before Linux 5.19": without(v2Files(), v2Cell+"memory.peak"),
	} {
		before := descriptors(t)
		_, err := Open(host(t, files), pid)
		assert.ErrorIs(t, err, fs.ErrNotExist, name)
		assert.Equal(t, before, descriptors(t), "%s: a descriptor was left open", name)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(list)
}

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  Usage
	}{
		"v1": {v1Files, Usage{CPU: 1500000001, PeakMemory: 8 << 20, OOMKills: 2, ForksDenied: 7}},
		"v2": {v2Files(), Usage{CPU: 1500 * time.Millisecond, PeakMemory: 8 << 20, OOMKills: 2, ForksDenied: 7}},
	} {
		t.Run(name, func(t *testing.T) {
			g := open(t, host(t, c.files))
			for range 2 { // reading does not move on
				u, err := g.Usage()
				require.NoError(t, err)
				assert.Equal(t, c.want, u)
			}
		})
	}
}

func TestUsageReadsAnewEachTime(t *testing.T) {
	root := host(t, v1Files)
	g := open(t, root)
	require.NoError(t, os.WriteFile(filepath.Join(root, v1Pids, "pids.events"), []byte("max 12\n"), 0o644))
	u, err := g.Usage()
	require.NoError(t, err)
	assert.Equal(t, int64(12), u.ForksDenied)
}

func TestUsageOfFilesThatMakeNoSense(t *testing.T) {
	for name, c := range map[string]struct{ path, text string }{
		"empty":         {v1Memory + "memory.max_usage_in_bytes", ""},
		"no number":     {v1Memory + "memory.max_usage_in_bytes", "max\n"},
		"two numbers":   {v1Memory + "memory.max_usage_in_bytes", "1 2\n"},
		"too large":     {v1Memory + "memory.max_usage_in_bytes", "9223372036854775808\n"},
		"no such key":   {v1Pids + "pids.events", "maximum 7\n"},
		"key only":      {v1Pids + "pids.events", "max\n"},
		"key and words": {v1Memory + "memory.oom_control", "oom_kill many\n"},
		"another's end": {v1Memory + "memory.oom_control", "oom_kill_disable 0\nunder_oom_kill 1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(t, host(t, with(v1Files, map[string]string{c.path: c.text}))).Usage()
			assert.Error(t, err)
		})
	}
}

func TestResetPeak(t *testing.T) {
	root := host(t, with(v2Files(), map[string]string{v2Cell + "memory.peak": "9"}))
	g := open(t, root)
	g.ResetPeak()
	u, err := g.Usage()
	require.NoError(t, err)
	assert.Zero(t, u.PeakMemory)
}

// Before Linux 6.12 memory.peak can't be written to, and a user who is not root can't even open it so. A file of /proc/sys
// that nobody may write to stands in for it, whoever runs the test.
func TestAPeakThatCannotBeReset(t *testing.T) {
	files := without(v2Files(), v2Cell+"memory.peak")
	root := host(t, files)
	require.NoError(t, os.Symlink("/proc/sys/kernel/ngroups_max", filepath.Join(root, v2Cell, "memory.peak")))
	g := open(t, root)
	g.ResetPeak()
	u, err := g.Usage()
	require.NoError(t, err)
	assert.Equal(t, int64(65536), u.PeakMemory)
}

func TestCloseClosesEverything(t *testing.T) {
	root := host(t, v1Files)
	before := descriptors(t)
	g, err := Open(root, pid)
	require.NoError(t, err)
	assert.Equal(t, before+4, descriptors(t))
	g.Close()
	assert.Equal(t, before, descriptors(t))
}

func FuzzLocate(f *testing.F) {
	f.Add(v1Files["proc/4711/cgroup"])
	f.Add("0::/machine.slice/libpod-4f0c.scope/container\n")
	f.Add("0::/../../libpod-1/../../../etc\n")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := locate("/sys/fs/cgroup", text)
		if err != nil {
			require.ErrorIs(t, err, ErrNoCgroup)
			return
		}
		for _, dir := range slices.Collect(maps.Values(g.dirs)) {
			require.True(t, strings.HasPrefix(filepath.Base(dir), "libpod-"), "%q of %q", dir, text)
		}
	})
}
