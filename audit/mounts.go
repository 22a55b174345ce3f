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
	root    []string // what of the file system is mounted; nil is any: these are paths of the host, known and documented
}{
	{at: []string{"/"}, options: []string{"ro"}, root: []string{"/"}},
	{at: []string{"/proc"}, types: []string{"proc"}, options: []string{"nosuid", "nodev", "noexec"}, root: []string{"/"}},
	{at: []string{"/proc/*"}, types: []string{"proc"}, options: []string{"ro"}, root: []string{"/bus", "/fs", "/irq", "/sys", "/sysrq-trigger"}},
	{at: []string{"/sys"}, types: []string{"sysfs"}, options: []string{"ro", "nosuid", "nodev", "noexec"}, root: []string{"/"}},
	{at: []string{"/sys/fs/cgroup", "/sys/fs/cgroup/*"}, types: []string{"cgroup", "cgroup2"},
		options: []string{"ro", "nosuid", "nodev", "noexec"}, root: []string{"/"}},
	{at: []string{"/sys/fs/cgroup"}, types: []string{"tmpfs"}, options: []string{"nosuid", "nodev", "noexec"}, root: []string{"/"}},
	{at: []string{"/dev"}, types: []string{"tmpfs"}, options: []string{"nosuid", "noexec"}, root: []string{"/"}},
	{at: []string{"/dev/pts"}, types: []string{"devpts"}, options: []string{"nosuid", "noexec"}, root: []string{"/"}},
	{at: []string{"/dev/mqueue"}, types: []string{"mqueue"}, options: []string{"nosuid", "nodev", "noexec"}, root: []string{"/"}},
	{at: wire.Writable, types: []string{"tmpfs"}, options: []string{"nosuid", "nodev"}, root: []string{"/"}},
	{at: []string{"/dev/*"}, types: []string{"devtmpfs", "tmpfs"},
		root: []string{"/null", "/zero", "/full", "/random", "/urandom", "/tty"}},
	// Masks: the null device over a file, an empty tmpfs over a directory.
	{at: []string{"/proc/*", "/dev/pts/ptmx"}, types: []string{"devtmpfs", "tmpfs"}, root: []string{"/null"}},
	{at: []string{"/proc/*", "/sys/*", "/sys/*/*"}, types: []string{"tmpfs"}, options: []string{"ro"}, root: []string{"/"}},
	// From the host: the agent, its socket's directory, and two small files of Podman's.
	{at: []string{wire.AgentPath, path.Dir(wire.SocketPath), "/run/.containerenv", "/etc/hostname"},
		options: []string{"ro", "nosuid", "nodev"}},
}

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
		if !isExpected(m) {
			found = append(found, fmt.Sprintf("%s: %s of %s, %s", m.Mountpoint, m.Root, m.FSType, m.Options))
		}
	}
	return found
}

func isExpected(m *mountinfo.Info) bool {
	has := strings.Split(m.Options, ",")
	for _, x := range expected {
		lacks := slices.ContainsFunc(x.options, func(o string) bool { return !slices.Contains(has, o) })
		if matches(x.at, m.Mountpoint) && !lacks && (x.types == nil || slices.Contains(x.types, m.FSType)) &&
			(x.root == nil || slices.Contains(x.root, m.Root)) {
			return true
		}
	}
	return false
}

// knownMountPaths are paths of the host that the mount table shows of expected mounts.
func knownMountPaths(e evidence) []string {
	var found []string
	for _, m := range mounts(e) {
		if !isExpected(m) {
			continue
		}
		for option := range strings.SplitSeq(m.VFSOptions, ",") {
			if name, dir, ok := strings.Cut(option, "="); ok && strings.HasPrefix(dir, "/") && m.FSType == "overlay" {
				found = append(found, fmt.Sprintf("%s: %s=%s", m.Mountpoint, name, dir))
			}
		}
		if x := expected[len(expected)-1]; matches(x.at, m.Mountpoint) {
			found = append(found, m.Mountpoint+": "+m.Root)
		}
	}
	return found
}
