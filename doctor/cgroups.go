package doctor

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/moby/sys/mountinfo"
)

// The three ways a machine mounts cgroups. In a hybrid the controllers are v1, and v2 is mounted beside them.
const (
	v1     = "v1"
	v2     = "v2"
	hybrid = "hybrid (controllers v1)"
)

// limiting are the controllers that keep cells apart: without one of them its limit is not in force.
var limiting = []string{"memory", "pids", "cpu"}

type cgroupLayout struct {
	version string
	// v1 has the mount point of each v1 controller, unified that of cgroup2.
	v1      map[string]string
	unified string
}

func readCgroups(h *Host) (cgroupLayout, error) {
	text, err := h.read("/proc/self/mountinfo")
	if err != nil {
		return cgroupLayout{}, err
	}
	mounts, err := mountinfo.GetMountsFromReader(strings.NewReader(text), nil)
	if err != nil {
		return cgroupLayout{}, err
	}
	layout := cgroupLayout{v1: map[string]string{}}
	for _, mount := range mounts {
		switch mount.FSType {
		case "cgroup2":
			layout.unified = mount.Mountpoint
		case "cgroup":
			for option := range strings.SplitSeq(mount.VFSOptions, ",") {
				layout.v1[option] = mount.Mountpoint
			}
		}
	}
	switch {
	case len(layout.v1) == 0 && layout.unified == "":
		return layout, fmt.Errorf("no cgroup file system is mounted: %w", fs.ErrNotExist)
	case len(layout.v1) == 0:
		layout.version = v2
	case layout.unified == "":
		layout.version = v1
	default:
		layout.version = hybrid
	}
	return layout, nil
}

// checkCgroups fails wherever one of the limits that keep cells apart would not be in force.
func checkCgroups(_ context.Context, m *machine) Check {
	layout, err := m.cgroups()
	if err != nil {
		return failf("%v", err).do("mount -t cgroup2 cgroup2 /sys/fs/cgroup")
	}
	rootless := m.rootless()
	switch {
	case layout.version != v2 && rootless:
		return failf("%s, rootless: Podman sets no limits there", layout.version).
			do("boot with systemd.unified_cgroup_hierarchy=1, or run as root")
	case layout.version != v2:
		return checkControllers(layout.version, slices.DeleteFunc(slices.Clone(limiting), func(c string) bool {
			return layout.v1[c] != ""
		}), "boot with cgroup_enable=memory, and mount the missing: mount -t cgroup -o NAME cgroup /sys/fs/cgroup/NAME")
	case rootless:
		return m.checkDelegation(layout)
	default:
		have, err := m.read(path.Join(layout.unified, "cgroup.controllers"))
		if err != nil {
			return failf("v2, and its controllers cannot be read: %v", err).do("run the doctor as root")
		}
		return checkControllers(v2, without(limiting, strings.Fields(have)),
			"boot with cgroup_enable=memory and without cgroup_no_v1; in a container, give it a cgroup namespace of its own")
	}
}

func checkControllers(version string, lacking []string, advice string) Check {
	if len(lacking) > 0 {
		return failf("%s, without %s: these limits would not be in force", version, strings.Join(lacking, ", ")).do("%s", advice)
	}
	return okf("%s, with %s", version, strings.Join(limiting, ", "))
}

// checkDelegation is about rootless Podman: systemd hands a user's manager only the controllers it is told to. Without
// systemd Podman falls back to cgroupfs, where a user may create no cgroup, and quietly leaves every limit out.
func (m *machine) checkDelegation(layout cgroupLayout) Check {
	if info, err := m.podman(); err == nil && info.Host.CgroupManager == "cgroupfs" {
		return failf("v2, rootless, and Podman manages cgroups by itself: it would set no limits").
			do("apt-get install dbus-user-session, loginctl enable-linger %s, log in anew; "+
				"cgroup_manager in containers.conf must be systemd", m.userName())
	}
	have, where := m.delegated(layout)
	if where == "" {
		return failf("v2, rootless, and no systemd session of %s that limits could be set in", m.userName()).
			do("loginctl enable-linger %s, and log in anew (su and sudo give no session)", m.userName())
	}
	if lacking := without(limiting, have); len(lacking) > 0 {
		return failf("v2, rootless, and %s has no %s delegated: these limits would not be in force", where, strings.Join(lacking, ", ")).
			do("mkdir -p /etc/systemd/system/user@.service.d && " +
				`printf '[Service]\nDelegate=cpu cpuset io memory pids\n' > /etc/systemd/system/user@.service.d/delegate.conf && ` +
				"systemctl daemon-reload, as root; then log in anew")
	}
	return okf("v2, rootless, with %s delegated", strings.Join(limiting, ", "))
}

// delegated is what the user's own manager may hand on; where is empty if there is no such manager.
func (m *machine) delegated(layout cgroupLayout) (controllers []string, where string) {
	manager := fmt.Sprintf("user.slice/user-%[1]d.slice/user@%[1]d.service", m.uid)
	have, err := m.read(path.Join(layout.unified, manager, "cgroup.controllers"))
	if err != nil {
		return nil, ""
	}
	return strings.Fields(have), manager
}

func without(want, have []string) []string {
	return slices.DeleteFunc(slices.Clone(want), func(s string) bool { return slices.Contains(have, s) })
}

// checkSwap is about a memory limit that means what it says: where swap is on and not counted, a cell at its limit goes
// on into swap, and the machine with it.
func checkSwap(_ context.Context, m *machine) Check {
	swaps, err := m.read("/proc/swaps")
	if err != nil || strings.Count(swaps, "\n") == 0 { // the first line is the heading
		return okf("none in use")
	}
	layout, err := m.cgroups()
	if err != nil {
		return Check{} // the line about cgroups says it
	}
	if m.countsSwap(layout) {
		return okf("in use, and limits count it")
	}
	return failf("in use, and cgroups do not count it: a cell at its memory limit would go on into swap").
		do("swapoff -a, or boot with swapaccount=1")
}

// countsSwap looks for the files that the limit is written to. The root of v2 has none of them, its children have.
func (m *machine) countsSwap(layout cgroupLayout) bool {
	if layout.version != v2 {
		return m.exists(path.Join(layout.v1["memory"], "memory.memsw.limit_in_bytes"))
	}
	found, err := fs.Glob(m.Root, strings.TrimPrefix(path.Join(layout.unified, "*", "memory.swap.max"), "/"))
	if err == nil && len(found) > 0 {
		return true
	}
	// No child with the memory controller: the kernel decides, and from 6.1 on it always counts.
	release, _ := m.read("/proc/sys/kernel/osrelease") // unreadable is not new
	return versionIn(release) != "" && !before(release, "6.1")
}
