package audit

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/moby/sys/mountinfo"

	"paddock/sandbox/wire"
)

// expected are a cell's mounts. One that none of them describes is a finding.
var expected = []struct {
	at      []string // patterns of path.Match
	types   []string // of the file system; nil is any
	options []string // that it must have
	root    []string // what of the file system is mounted
	host    string   // or which path of the host, by a pattern of its last two elements: known and documented
}{
	{at: []string{"/"}, types: []string{"overlay", "fuse.fuse-overlayfs"}, options: []string{"ro"}, root: []string{"/"}},
	{at: []string{"/proc"}, types: []string{"proc"}, options: []string{"nosuid", "nodev", "noexec"}, root: []string{"/"}},
	{at: []string{"/proc/*"}, types: []string{"proc"}, options: []string{"ro"},
		root: []string{"/bus", "/fs", "/irq", "/sys", "/sysrq-trigger"}},
	{at: []string{"/sys"}, types: []string{"sysfs"}, options: []string{"ro", "nosuid", "nodev", "noexec"}, root: []string{"/"}},
	{at: []string{"/sys/fs/cgroup", "/sys/fs/cgroup/*"}, types: []string{"cgroup", "cgroup2"},
		options: []string{"ro", "nosuid", "nodev", "noexec"}, root: []string{"/"}},
	{at: []string{"/sys/fs/cgroup"}, types: []string{"tmpfs"}, options: []string{"nosuid", "nodev", "noexec"}, root: []string{"/"}},
	{at: []string{"/dev"}, types: []string{"tmpfs"}, options: []string{"nosuid", "noexec"}, root: []string{"/"}},
	{at: []string{"/dev/pts"}, types: []string{"devpts"}, options: []string{"nosuid", "noexec"}, root: []string{"/"}},
	{at: []string{"/dev/mqueue"}, types: []string{"mqueue"}, options: []string{"nosuid", "nodev", "noexec"}, root: []string{"/"}},
	{at: []string{wire.BoxDir, "/tmp", "/dev/shm"}, types: []string{"tmpfs"}, options: []string{"nosuid", "nodev"},
		root: []string{"/"}},
	{at: []string{"/dev/*"}, types: []string{"devtmpfs", "tmpfs"},
		root: []string{"/null", "/zero", "/full", "/random", "/urandom", "/tty"}},
	// Masks: the null device over a file, an empty tmpfs over a directory.
	{at: []string{"/proc/*", "/dev/pts/ptmx"}, types: []string{"devtmpfs", "tmpfs"}, root: []string{"/null"}},
	{at: []string{"/proc/*", "/sys/*", "/sys/*/*"}, types: []string{"tmpfs"}, options: []string{"ro"}, root: []string{"/"}},
	// From the host: the agent, its socket's directory, and two small files of Podman's.
	{at: []string{wire.AgentPath}, options: fromHost, host: "*/paddock-agent"},
	{at: []string{path.Dir(wire.SocketPath)}, options: fromHost, host: "cells/paddock-*"},
	{at: []string{"/run/.containerenv"}, options: fromHost, host: "userdata/.containerenv"},
	{at: []string{"/etc/hostname"}, options: fromHost, host: "userdata/hostname"},
}

var fromHost = []string{"ro", "nosuid", "nodev"}

func mounts(e evidence) []*mountinfo.Info {
	list, err := mountinfo.GetMountsFromReader(strings.NewReader(e.Mountinfo), nil)
	if err != nil {
		return nil
	}
	return list
}

func checkMounts(e evidence) []string {
	list := mounts(e)
	if len(list) == 0 {
		return []string{"there is no mount table that can be read"}
	}
	var found []string
	for _, m := range list {
		if ok, _ := judgeMount(m); !ok {
			found = append(found, fmt.Sprintf("%s: %s of %s, %s", m.Mountpoint, m.Root, m.FSType, m.Options))
		}
	}
	return found
}

// judgeMount says whether a mount is one of a cell's own, and whether its root is a path of the host.
func judgeMount(m *mountinfo.Info) (expects, ofHost bool) {
	has := strings.Split(m.Options, ",")
	tail := path.Join(path.Base(path.Dir(m.Root)), path.Base(m.Root))
	for _, x := range expected {
		lacks := slices.ContainsFunc(x.options, func(o string) bool { return !slices.Contains(has, o) })
		if lacks || !matches(x.at, m.Mountpoint) || (x.types != nil && !slices.Contains(x.types, m.FSType)) {
			continue
		}
		if slices.Contains(x.root, m.Root) {
			return true, false
		}
		if x.host != "" && matches([]string{x.host}, tail) {
			return true, true
		}
	}
	return false, false
}

// knownMountPaths are paths of the host that the mount table shows of expected mounts.
func knownMountPaths(e evidence) []string {
	var found []string
	for _, m := range mounts(e) {
		ok, ofHost := judgeMount(m)
		switch {
		case ofHost:
			found = append(found, m.Mountpoint+": "+m.Root)
		case ok && m.FSType == "overlay":
			for option := range strings.SplitSeq(m.VFSOptions, ",") {
				if name, dir, _ := strings.Cut(option, "="); strings.HasPrefix(dir, "/") {
					found = append(found, fmt.Sprintf("%s: %s=%s", m.Mountpoint, name, dir))
				}
			}
		}
	}
	return found
}
