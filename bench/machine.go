package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// machine is what the figures depend on.
type machine struct {
	CPU       string  `json:"cpu"`
	Cores     int     `json:"cores"`
	MemoryGiB float64 `json:"memory_gib"`
	Kernel    string  `json:"kernel"`
	Cgroup    int     `json:"cgroup_version"`
	Podman    string  `json:"podman"`
	Runtime   string  `json:"oci_runtime"`
}

func describeMachine(ctx context.Context, ociRuntime string) machine {
	info, _ := os.ReadFile("/proc/cpuinfo")
	memory, _ := os.ReadFile("/proc/meminfo")
	var uts unix.Utsname
	_ = unix.Uname(&uts) // fails for a bad address only
	kib, _ := strconv.ParseFloat(strings.TrimSuffix(field(string(memory), "MemTotal"), " kB"), 64)
	return machine{
		CPU: orUnknown(field(string(info), "model name")), Cores: runtime.NumCPU(), MemoryGiB: kib / (1 << 20),
		Kernel: unix.ByteSliceToString(uts.Release[:]), Cgroup: cgroupVersion(),
		Podman: versionOf(ctx, podmanCommand), Runtime: ociRuntime + " " + versionOf(ctx, ociRuntime),
	}
}

// field is a value of a file with "name : value" lines, the first one of that name.
func field(text, name string) string {
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(line, ":")
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// cgroupVersion is 2 where the controllers are in the unified hierarchy, and 1 where a hybrid host keeps them in v1.
func cgroupVersion() int {
	if _, err := os.Stat("/sys/fs/cgroup/cgroup.controllers"); err == nil {
		return 2
	}
	return 1
}

// versionOf is the last word of the first line that a program says of its version: "podman version 4.3.1", "runc version 1.1.5".
func versionOf(ctx context.Context, program string) string {
	out, err := exec.CommandContext(ctx, program, "--version").Output()
	if err != nil {
		return "unknown"
	}
	return lastWord(string(out))
}

func lastWord(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	words := strings.Fields(line)
	if len(words) == 0 {
		return "unknown"
	}
	return words[len(words)-1]
}

// loadAverage is how busy the machine was with other things, over 1, 5 and 15 minutes.
func loadAverage() string {
	f, err := os.Open("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	defer func() { _ = f.Close() }()
	line, _ := bufio.NewReader(f).ReadString('\n')
	words := strings.Fields(line)
	return strings.Join(words[:min(3, len(words))], " ")
}
