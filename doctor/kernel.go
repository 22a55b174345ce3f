package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

const (
	// oldestKernel has openat2, by which files leave a cell without following links; provenKernel is Debian 11's, with
	// close_range and pidfds besides.
	oldestKernel, provenKernel = "5.6", "5.10"
)

func checkKernel(_ context.Context, m *machine) Check {
	release, err := m.read("/proc/sys/kernel/osrelease")
	switch {
	case err != nil || versionIn(release) == "":
		return warnf("cannot tell the kernel's version (%q)", release).do("uname -r; it should be %s or later", provenKernel)
	case before(release, oldestKernel):
		return warnf("Linux %s lacks openat2, which artifacts are read with", release).do("boot Linux %s or later", provenKernel)
	case before(release, provenKernel):
		return warnf("Linux %s: nobody has tried Paddock on it", release).do("boot Linux %s or later", provenKernel)
	default:
		return okf("Linux %s", release)
	}
}

// checkUserNamespaces: in one of them root inside a cell is nobody outside.
func checkUserNamespaces(_ context.Context, m *machine) Check {
	most, err := m.read("/proc/sys/user/max_user_namespaces")
	switch {
	case err != nil:
		return failf("the kernel has no user namespaces").do("boot a kernel with CONFIG_USER_NS=y")
	case most == "0":
		return failf("switched off (user.max_user_namespaces is 0)").
			do("sysctl -w user.max_user_namespaces=15000, and the same in /etc/sysctl.d")
	case !m.rootless():
		return okf("up to %s", most)
	}
	if allowed, err := m.read("/proc/sys/kernel/unprivileged_userns_clone"); err == nil && allowed == "0" {
		return failf("for root only (kernel.unprivileged_userns_clone is 0), and we are %s", m.userName()).
			do("sysctl -w kernel.unprivileged_userns_clone=1, and the same in /etc/sysctl.d; or run as root")
	}
	if restricted, err := m.read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"); err == nil && restricted == "1" {
		return warnf("up to %s, and only for programs with an AppArmor profile that allows them", most).
			do("apt-get install apparmor-profiles, or: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0")
	}
	return okf("up to %s", most)
}

// checkSeccomp asks the kernel for every action that our profile names. Whether the runtime takes the profile is for the
// canary to say.
func checkSeccomp(_ context.Context, m *machine) Check {
	available, err := m.read("/proc/sys/kernel/seccomp/actions_avail")
	if err != nil {
		return failf("the kernel has no seccomp filters").do("boot a kernel with CONFIG_SECCOMP_FILTER=y")
	}
	if info, err := m.podman(); err == nil && !info.Host.Security.SeccompEnabled {
		return failf("Podman is built without seccomp: cells would run without a filter").
			do("install your distribution's podman and runc")
	}
	if m.SeccompProfile == nil {
		return okf("kernel filters")
	}
	actions, err := profileActions(m.SeccompProfile)
	if err != nil {
		return failf("our profile is broken: %v", err).do("reinstall Paddock")
	}
	if lacking := without(actions, strings.Fields(available)); len(lacking) > 0 {
		return failf("the kernel does not know %s, which our profile asks for", strings.Join(lacking, ", ")).
			do("boot Linux %s or later", provenKernel)
	}
	return okf("kernel filters, with all that our profile asks for (%s)", strings.Join(actions, ", "))
}

// kernelAction is the kernel's word for an action of a profile.
var kernelAction = map[string]string{
	"SCMP_ACT_ALLOW": "allow", "SCMP_ACT_ERRNO": "errno", "SCMP_ACT_KILL": "kill_thread", "SCMP_ACT_KILL_THREAD": "kill_thread",
	"SCMP_ACT_KILL_PROCESS": "kill_process", "SCMP_ACT_LOG": "log", "SCMP_ACT_NOTIFY": "user_notif", "SCMP_ACT_TRACE": "trace",
	"SCMP_ACT_TRAP": "trap",
}

// profileActions are the kernel's words for the actions in a profile, in order and each once.
func profileActions(profile []byte) ([]string, error) {
	var p struct {
		DefaultAction string
		Syscalls      []struct {
			Names  []string
			Action string
		}
	}
	if err := json.Unmarshal(profile, &p); err != nil {
		return nil, err
	}
	if len(p.Syscalls) == 0 {
		return nil, fmt.Errorf("it names no system call")
	}
	named := []string{p.DefaultAction}
	for _, s := range p.Syscalls {
		named = append(named, s.Action)
	}
	var actions []string
	for _, name := range named {
		action, ok := kernelAction[name]
		if !ok {
			return nil, fmt.Errorf("it asks for %q, which is no action", name)
		}
		actions = append(actions, action)
	}
	slices.Sort(actions)
	return slices.Compact(actions), nil
}
