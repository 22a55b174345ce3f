package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/moby/sys/user"
)

// machine is what several checks want to know, found out once.
type machine struct {
	Options
	*Host

	uid      int
	podman   func() (podmanInfo, error)
	service  func() (service, error)
	cgroups  func() (cgroupLayout, error)
	runtimes func() []component
}

func newMachine(ctx context.Context, o Options) *machine {
	m := &machine{Options: o, Host: o.Host, uid: uidOf(o.Host)}
	m.service = sync.OnceValues(func() (service, error) {
		ctx, cancel := context.WithTimeout(ctx, o.Patience/2) // so that its askers still have time to say so
		defer cancel()
		return m.findService(ctx)
	})
	m.podman = sync.OnceValues(func() (podmanInfo, error) {
		ctx, cancel := context.WithTimeout(ctx, o.Patience*9/10)
		defer cancel()
		return m.askPodman(ctx)
	})
	m.cgroups = sync.OnceValues(func() (cgroupLayout, error) { return readCgroups(o.Host) })
	m.runtimes = sync.OnceValue(func() []component {
		ctx, cancel := context.WithTimeout(ctx, o.Patience*9/10)
		defer cancel()
		return m.findRuntimes(ctx)
	})
	return m
}

// uidOf reads our user id where all else is read, so that a test can be somebody else.
func uidOf(h *Host) int {
	fields := strings.Fields(procStatus(h, "Uid"))
	if len(fields) == 0 {
		return 0
	}
	uid, err := strconv.Atoi(fields[0])
	if err != nil {
		return 0
	}
	return uid
}

// procStatus is the value of one key of /proc/self/status.
func procStatus(h *Host, key string) string {
	status, _ := h.read("/proc/self/status") // without it there is no such key
	for line := range strings.Lines(status) {
		if k, v, ok := strings.Cut(line, ":"); ok && k == key {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// rootless asks Podman first: root inside somebody's user namespace is rootless too.
func (m *machine) rootless() bool {
	if info, err := m.podman(); err == nil {
		return info.Host.Security.Rootless
	}
	return m.uid != 0
}

// userName is who we are, by name if /etc/passwd knows it.
func (m *machine) userName() string {
	passwd, err := m.read("/etc/passwd")
	if err == nil {
		users, err := user.ParsePasswdFilter(strings.NewReader(passwd), func(u user.User) bool { return u.Uid == m.uid })
		if err == nil && len(users) > 0 {
			return users[0].Name
		}
	}
	return strconv.Itoa(m.uid)
}

// podmanInfo is the part of `podman info` that matters here. Old and new versions have all of it.
type podmanInfo struct {
	Host struct {
		CgroupManager string
		CgroupVersion string
		Conmon        struct{ Path, Version, Package string }
		OCIRuntime    struct{ Name, Path, Version, Package string }
		Security      struct {
			Rootless       bool
			SeccompEnabled bool
		}
	}
	Store struct {
		GraphDriverName string
		GraphOptions    map[string]any
		GraphRoot       string
		GraphStatus     map[string]string
	}
	Version struct{ Version string }
}

// askPodman asks the service in use, which may have been started with options of its own, and else the command.
func (m *machine) askPodman(ctx context.Context) (podmanInfo, error) {
	var info podmanInfo
	if s, err := m.service(); err == nil {
		answer, err := m.Get(ctx, s.address, "/v4.0.0/libpod/info")
		if err == nil && json.Unmarshal(answer.Body, &info) == nil && info.Version.Version != "" {
			return info, nil
		}
	}
	out, err := m.Command(ctx, "podman", "info", "--format", "json")
	if err != nil {
		return podmanInfo{}, err
	}
	info = podmanInfo{}
	if err := json.Unmarshal([]byte(out), &info); err != nil {
		return podmanInfo{}, fmt.Errorf("podman info: %w", err)
	}
	if info.Version.Version == "" {
		return podmanInfo{}, errors.New("podman info names no version")
	}
	return info, nil
}

// service is a Podman service that answers.
type service struct{ address, apiVersion string }

func (m *machine) findService(ctx context.Context) (service, error) {
	var errs []error
	for _, address := range m.addresses() {
		answer, err := m.Get(ctx, address, "/_ping")
		if err == nil {
			return service{address, answer.Header.Get("Libpod-Api-Version")}, nil
		}
		errs = append(errs, err)
	}
	return service{}, errors.Join(errs...)
}

func (m *machine) addresses() []string {
	switch {
	case m.Socket != "":
		return []string{m.Socket}
	case m.uid != 0:
		return []string{fmt.Sprintf("unix:///run/user/%d/podman/podman.sock", m.uid)}
	default:
		return []string{"unix:///run/podman/podman.sock"}
	}
}

// component is a program that Podman stands on.
type component struct {
	name, path, version string
	err                 error // it is there and does not tell its version
}

// Podman takes the first of these that exists, so a newer build in /usr/local does not win by itself.
var runtimeDirs = []string{"/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/sbin", "/bin",
	"/run/current-system/sw/bin"}

// findRuntimes are the runtimes a cell may get: the one asked for, or all that we know how to judge.
func (m *machine) findRuntimes(ctx context.Context) []component {
	names := []string{"runc", "crun"}
	if m.Runtime != "" && m.Runtime != "auto" {
		names = []string{m.Runtime}
	}
	var found []component
	for _, name := range names {
		if file := m.runtimePath(name); file != "" {
			found = append(found, m.askVersion(ctx, component{name: path.Base(name), path: file}))
		}
	}
	return found
}

func (m *machine) askVersion(ctx context.Context, c component) component {
	var out string
	out, c.err = m.Command(ctx, c.path, "--version")
	c.version = versionIn(out)
	if c.err == nil && c.version == "" {
		c.err = fmt.Errorf("%s --version says %q", c.path, oneLine(out))
	}
	return c
}

// runtimePath is where Podman would take a runtime from; empty if nowhere.
func (m *machine) runtimePath(name string) string {
	if path.IsAbs(name) {
		if m.exists(name) {
			return name
		}
		return ""
	}
	if info, err := m.podman(); err == nil && info.Host.OCIRuntime.Name == name && info.Host.OCIRuntime.Path != "" {
		return info.Host.OCIRuntime.Path
	}
	for _, dir := range runtimeDirs {
		if p := path.Join(dir, name); m.exists(p) {
			return p
		}
	}
	return ""
}
