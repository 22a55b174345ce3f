package doctor

import (
	"context"
	"fmt"
	"strings"
)

const (
	// oldestPodman is the oldest Podman whose API our bindings can talk to; provenPodman the oldest we test with.
	oldestPodman, provenPodman = "4.0.0", "4.3.0"
	// crunWithHybrid is the first crun that starts containers where cgroup v1 and v2 are mounted side by side.
	crunWithHybrid = "1.9"
)

func checkPodman(_ context.Context, m *machine) Check {
	info, err := m.podman()
	switch {
	case err != nil && missing(err):
		return failf("not installed").do("./scripts/setup, or: apt-get install --no-install-recommends podman runc netavark")
	case err != nil:
		return failf("does not answer: %v", err).do("find out with: podman info")
	}
	version := info.Version.Version
	what := fmt.Sprintf("%s, %s", version, rootWord(info.Host.Security.Rootless))
	switch {
	case before(version, oldestPodman):
		return failf("%s: its API is older than %s", what, oldestPodman).do("install Podman %s or later", provenPodman)
	case before(version, provenPodman):
		return warnf("%s: nobody has tried Paddock on it", what).do("install Podman %s or later", provenPodman)
	default:
		return okf("%s", what)
	}
}

func rootWord(rootless bool) string {
	if rootless {
		return "rootless"
	}
	return "rootful"
}

// checkSocket warns only about a service that somebody asked for: without one the server starts its own.
func checkSocket(_ context.Context, m *machine) Check {
	s, err := m.service()
	if err == nil {
		return okf("%s answers, API %s", s.address, listOr(strings.Fields(s.apiVersion), "of unknown version"))
	}
	if m.Socket != "" {
		return warnf("%s does not answer: %v", m.Socket, err).do("%s", startSocket(m.uid))
	}
	return okf("none at %s: the server starts its own Podman service", strings.Join(m.addresses(), ", "))
}

func startSocket(uid int) string {
	if uid == 0 {
		return "systemctl enable --now podman.socket, or leave podman.socket unset"
	}
	return "systemctl --user enable --now podman.socket, or leave podman.socket unset"
}

// checkRuntime is about what will start containers. Where several could, the canary decides.
func checkRuntime(_ context.Context, m *machine) Check {
	runtimes := m.runtimes()
	if len(runtimes) == 0 {
		name := "runc"
		if m.Runtime != "" && m.Runtime != "auto" {
			name = m.Runtime
		}
		return failf("no %s where Podman looks for one", name).do("apt-get install --no-install-recommends runc")
	}
	layout, _ := m.cgroups() // checkCgroups tells
	var usable, useless []string
	for _, r := range runtimes {
		if why := refusal(r, layout); why != "" {
			useless = append(useless, why)
		} else {
			usable = append(usable, fmt.Sprintf("%s %s (%s)", r.name, r.version, r.path))
		}
	}
	switch {
	case len(usable) == 0:
		return failf("%s", strings.Join(useless, "; ")).
			do("apt-get install --no-install-recommends runc, and leave sandbox.runtime on auto")
	case len(useless) > 0:
		return okf("%s; not usable: %s", strings.Join(usable, ", "), strings.Join(useless, "; "))
	default:
		return okf("%s", strings.Join(usable, ", "))
	}
}

// refusal says why a runtime cannot start containers here; empty if it can.
func refusal(r component, layout cgroupLayout) string {
	if r.err != nil {
		return fmt.Sprintf("%s: %v", r.path, r.err)
	}
	if r.name == "crun" && layout.version == hybrid && before(r.version, crunWithHybrid) {
		return fmt.Sprintf("crun %s refuses a host that mounts cgroup v1 and v2 (from %s on it does not)", r.version, crunWithHybrid)
	}
	return ""
}

func checkConmon(_ context.Context, m *machine) Check {
	info, err := m.podman()
	if err != nil {
		return Check{} // the line about Podman says it
	}
	conmon := info.Host.Conmon
	switch version := versionIn(conmon.Version); {
	case conmon.Path == "":
		return failf("Podman finds none, and starts no container without").do("apt-get install --no-install-recommends conmon")
	case version == "":
		return warnf("%s does not tell its version (%q)", conmon.Path, conmon.Version).do("%s --version", conmon.Path)
	default:
		return okf("%s (%s)", version, conmon.Path)
	}
}

// checkStorage is about the speed of a new cell: with overlay it is a mount, with vfs a copy of the whole image.
func checkStorage(_ context.Context, m *machine) Check {
	info, err := m.podman()
	if err != nil {
		return Check{}
	}
	store := info.Store
	where := fmt.Sprintf("%s at %s", store.GraphDriverName, store.GraphRoot)
	if fs := store.GraphStatus["Backing Filesystem"]; fs != "" {
		where += " on " + fs
	}
	const change = `set driver = "overlay" under [storage] in %s, without mount_program; ` +
		`then: podman system reset (it removes all images)`
	conf := "/etc/containers/storage.conf"
	if info.Host.Security.Rootless {
		conf = "~/.config/containers/storage.conf"
	}
	switch program := store.GraphOptions["overlay.mount_program"]; {
	case store.GraphDriverName == "vfs":
		return warnf("%s: every cell copies its whole image", where).do(change, conf)
	case store.GraphDriverName != "overlay":
		return warnf("%s: nobody has tried Paddock on it", where).do(change, conf)
	case program != nil:
		return warnf("%s through %v: slower than the kernel's own overlay", where, mountProgram(program)).do(change, conf)
	default:
		return okf("%s, native", where)
	}
}

// mountProgram is a path, or since Podman 3 an object with the path in it.
func mountProgram(v any) any {
	if m, ok := v.(map[string]any); ok {
		return m["Executable"]
	}
	return v
}
