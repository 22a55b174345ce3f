// Package cgroup reads what a cell really used, and puts limits in force, through the cell's own cgroup: v1, v2, or v1 on a
// hybrid host. It reads and writes kernel files only, never anything a guest could have made.
package cgroup

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Usage is what a cgroup has counted since it was made, but for PeakMemory, which ResetPeak starts anew where the kernel can.
type Usage struct {
	CPU         time.Duration
	PeakMemory  int64 // bytes
	OOMKills    int64 // processes the kernel killed because the cgroup's memory was used up
	ForksDenied int64 // forks and threads refused because of the process limit
}

// Limits are the values a cgroup enforces. Zero leaves a value as it is.
type Limits struct {
	Memory    int64         // bytes, swap included
	Processes int64         // processes and threads
	CPUQuota  time.Duration // CPU time per CPUPeriod of wall time
	CPUPeriod time.Duration
	CPUWeight int64 // share of contended CPU beside other cgroups; 100 is the usual
}

// ErrNoCgroup says that a process has no cgroup we could account: rootless on cgroup v1, say.
var ErrNoCgroup = errors.New("no cgroup of its own")

// Group is the cgroup of one cell. Its files stay open, so that reading it costs four preads. It is not safe for concurrent use.
type Group struct {
	layout  layout
	mount   string            // of all hierarchies: /sys/fs/cgroup
	proc    string            // /proc
	path    string            // below mount, or below each controller's directory in it
	dirs    map[string]string // controller -> directory
	cpu     *os.File
	peak    *os.File
	oom     *os.File
	forks   *os.File
	applied Limits // in force as far as we know; the memory limit from the start
	buf     [4096]byte
}

// layout says where a cgroup version keeps what we read and write.
type layout struct {
	cpu, peak, oom, forks file
	memory                file          // the limit
	inUse                 file          // memory in use, to be asked before the limit is lowered; none where the kernel refuses
	cpuScale              time.Duration // unit of the CPU counter
	tasks                 file          // threads in the group
	limits                func(Limits) []write
}

type file struct{ controller, name, key string } // key: of a "key value" line; empty for a file that is one number

type write struct {
	file
	value string
}

var v1 = layout{
	cpu:      file{"cpuacct", "cpuacct.usage", ""},
	peak:     file{"memory", "memory.max_usage_in_bytes", ""},
	oom:      file{"memory", "memory.oom_control", "oom_kill"},
	forks:    file{"pids", "pids.events", "max"},
	memory:   file{"memory", "memory.limit_in_bytes", ""},
	tasks:    file{"pids", "tasks", ""},
	cpuScale: time.Nanosecond,
	limits:   limitsV1,
}

var v2 = layout{
	cpu:      file{"", "cpu.stat", "usage_usec"},
	peak:     file{"", "memory.peak", ""}, // Linux 5.19
	oom:      file{"", "memory.events", "oom_kill"},
	forks:    file{"", "pids.events", "max"},
	memory:   file{"", "memory.max", ""},
	inUse:    file{"", "memory.current", ""},
	tasks:    file{"", "cgroup.threads", ""},
	cpuScale: time.Microsecond,
	limits:   limitsV2,
}

// Open finds and opens the cgroup of the process pid. root is where /proc and /sys are: "/" but in tests.
func Open(root string, pid int) (*Group, error) {
	text, err := os.ReadFile(filepath.Join(root, "proc", strconv.Itoa(pid), "cgroup")) //nolint:gosec // a kernel file
	if err != nil {
		return nil, fmt.Errorf("cgroup of process %d: %w", pid, err)
	}
	g, err := locate(filepath.Join(root, "sys", "fs", "cgroup"), string(text))
	if err != nil {
		return nil, fmt.Errorf("cgroup of process %d: %w", pid, err)
	}
	g.proc = filepath.Join(root, "proc")
	if err := g.open(); err != nil {
		g.Close()
		return nil, fmt.Errorf("cgroup of process %d: %w", pid, err)
	}
	return g, nil
}

// locate reads /proc/PID/cgroup: lines of "id:controllers:path", where v2 has id 0 and no controllers. On a hybrid host v2
// is there but holds no controller, so v1 wins where it has the memory controller.
func locate(mount, text string) (*Group, error) {
	dirs := map[string]string{}
	for line := range strings.Lines(text) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(parts) != 3 {
			continue
		}
		for controller := range strings.SplitSeq(parts[1], ",") {
			dirs[controller] = parts[2]
		}
	}
	g, needs := &Group{layout: v2, mount: mount, dirs: map[string]string{}}, []string{""}
	if _, ok := dirs["memory"]; ok {
		g.layout, needs = v1, []string{"memory", "pids", "cpu", "cpuacct"}
	}
	for _, c := range needs {
		dir, ok := containerLevel(dirs[c])
		if !ok {
			return nil, fmt.Errorf("%w: controller %q has %q, which is no container's", ErrNoCgroup, c, dirs[c])
		}
		g.path, g.dirs[c] = dir, filepath.Join(mount, c, dir)
	}
	return g, nil
}

// containerLevel cuts a path behind the container's own directory, if there is one in it: crun puts the processes one level
// below it, and the limits are not there. Of containers in containers it is the innermost.
func containerLevel(path string) (dir string, ok bool) {
	parts := strings.Split(path, "/")
	for i, p := range slices.Backward(parts) {
		if strings.HasPrefix(p, "libpod-") {
			return strings.Join(parts[:i+1], "/"), !strings.HasPrefix(p, "libpod-conmon-")
		}
	}
	return "", false
}

func (g *Group) open() error {
	var err error
	for _, f := range []struct {
		to    **os.File
		which file
		flag  int
	}{
		{&g.cpu, g.layout.cpu, os.O_RDONLY},
		{&g.peak, g.layout.peak, os.O_RDWR},
		{&g.oom, g.layout.oom, os.O_RDONLY},
		{&g.forks, g.layout.forks, os.O_RDONLY},
	} {
		*f.to, err = os.OpenFile(g.at(f.which), f.flag, 0)
		if f.flag != os.O_RDONLY && errors.Is(err, fs.ErrPermission) { // a peak that can't be reset, and whoever is not root
			*f.to, err = os.Open(g.at(f.which))
		}
		if err != nil {
			return err
		}
	}
	text, err := os.ReadFile(g.at(g.layout.memory))
	if err != nil {
		return err
	}
	if g.applied.Memory, err = parse(text, ""); err != nil {
		g.applied.Memory = math.MaxInt64 // "max"
	}
	return nil
}

func (g *Group) at(f file) string { return filepath.Join(g.dirs[f.controller], f.name) }

// Close closes the files. The cgroup itself is the container engine's to remove.
func (g *Group) Close() {
	for _, f := range []*os.File{g.cpu, g.peak, g.oom, g.forks} {
		if f != nil {
			_ = f.Close()
		}
	}
}

// Dir is the directory that holds the memory limit, for messages.
func (g *Group) Dir() string { return filepath.Dir(g.at(g.layout.oom)) }

// Usage reads the counters.
func (g *Group) Usage() (Usage, error) {
	cpu, err1 := g.number(g.cpu, g.layout.cpu.key)
	peak, err2 := g.number(g.peak, g.layout.peak.key)
	oom, err3 := g.number(g.oom, g.layout.oom.key)
	forks, err4 := g.number(g.forks, g.layout.forks.key)
	u := Usage{CPU: time.Duration(cpu) * g.layout.cpuScale, PeakMemory: peak, OOMKills: oom, ForksDenied: forks}
	return u, errors.Join(err1, err2, err3, err4)
}

// ResetPeak makes PeakMemory start again from the present use, and says whether it did: v2 kernels before 6.12 keep the old peak.
func (g *Group) ResetPeak() bool {
	_, err := g.peak.WriteAt([]byte("0"), 0)
	return err == nil
}

// number reads a file of one number, or of some lines. The kernel hands such a file over whole; os.File would ask for more.
func (g *Group) number(f *os.File, key string) (n int64, err error) {
	raw, err := f.SyscallConn()
	if err != nil {
		return 0, err
	}
	var size int
	controlErr := raw.Control(func(fd uintptr) { size, err = syscall.Pread(int(fd), g.buf[:], 0) })
	if err := errors.Join(controlErr, err); err != nil {
		return 0, err
	}
	return parse(g.buf[:size], key)
}

// parse reads the number that is the whole text, or the one behind key in lines of "key value".
func parse(text []byte, key string) (int64, error) {
	value := bytes.TrimSpace(text)
	if key != "" {
		value = nil
		for line := range bytes.Lines(text) {
			if k, v, ok := bytes.Cut(bytes.TrimSpace(line), []byte(" ")); ok && string(k) == key {
				value = v
				break
			}
		}
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("no number for %q in %.80q", key, text)
	}
	return n, nil
}
