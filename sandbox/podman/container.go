package podman

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/containers/podman/v5/pkg/bindings/containers"
	"github.com/containers/podman/v5/pkg/errorhandling"
	"github.com/containers/podman/v5/pkg/specgen"
	spec "github.com/opencontainers/runtime-spec/specs-go"
	"go.podman.io/storage/types"

	"paddock/sandbox"
	"paddock/sandbox/cgroup"
	"paddock/sandbox/wire"
)

// Seccomp is the profile every cell runs under, in the format of the container engines.
//
//go:embed seccomp.json
var Seccomp []byte

// labelInstance marks every container with the instance that made it.
const labelInstance = "io.paddock.instance"

// IDsPerCell is the size of a cell's user namespace: enough for root (the agent), the job user and "nobody" (65534 maps
// nowhere and need not), and small so that a host's 65536-id range still gives 32 cells.
const IDsPerCell = 2048

// perUserProcesses is RLIMIT_NPROC. The cgroup is what limits processes; but where it is not named Podman asks for more than
// a host without CAP_SYS_RESOURCE may give.
const perUserProcesses = 4096

// What the kernel counts for all processes of a user, the host's root among them: where it is not limited, one cell can use
// up what every other one has.
const (
	pendingSignals = 512
	messageQueues  = 64 << 10 // bytes
)

// agentCapabilities are what PID 1 needs to become the job user, signal it, write and hand over its files, and remove what is
// left of them. SETPCAP it gives up at once, after it has emptied the bounding set with it: programs can have no capability.
var agentCapabilities = []string{"CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETPCAP", "SETUID"}

// Engine makes cells' containers through a Client. It implements sandbox.Engine.
type Engine struct {
	Client      *Client
	AgentBinary string // on the host; required
	SeccompFile string // on the host, with the contents of Seccomp; required
	Rootless    bool   // Podman runs as an ordinary user, whose own user namespace the cell then has
	Systemd     bool   // systemd manages cgroups; their parents are slices
}

// Create makes and starts a container; see sandbox.Engine.
func (e *Engine) Create(ctx context.Context, c sandbox.Container) error {
	call := e.Client.call(ctx)
	if _, err := containers.CreateWithSpec(call, e.spec(c), nil); err != nil {
		if notFound(err) { // the image is the only other thing that a create looks up
			err = errors.Join(sandbox.ErrNoImage, err)
		}
		return fmt.Errorf("create container %s from %s: %w", c.Name, c.Image, err)
	}
	if err := containers.Start(call, c.Name, nil); err != nil {
		return fmt.Errorf("start container %s: %w", c.Name, err)
	}
	return nil
}

func (e *Engine) spec(c sandbox.Container) *specgen.SpecGenerator {
	s := specgen.NewSpecGenerator(c.Image, false)
	s.Name = c.Name
	s.Labels = map[string]string{labelInstance: c.Instance}
	s.Command = []string{wire.AgentPath}
	s.CgroupParent = "/" + c.Cgroup
	if e.Systemd {
		s.CgroupParent = c.Cgroup + cgroup.SliceSuffix
	}
	s.Remove = ptr(true) // should we be gone, Podman's own cleanup takes the container with it
	s.Volatile = ptr(true)
	s.Systemd = "false"
	s.SdNotifyMode = "ignore"
	s.LogConfiguration = &specgen.LogConfig{Driver: "none"}
	e.isolate(s)
	e.mount(s, c)
	limit(s, c.Limits)
	return s
}

// masked is what a cell does not see, besides what Podman masks by itself. Some are not there on every host.
var masked = []string{
	// The kernel's own business.
	"/proc/interrupts", "/proc/kallsyms", "/proc/kmsg", "/proc/sysrq-trigger",
	// How the host was started, and its disks.
	"/proc/cmdline", "/proc/modules", "/proc/diskstats", "/proc/partitions", "/proc/fs",
	// The whole host's load. Anybody may write to it, and the kernel then watches for them.
	"/proc/pressure",
	// Pseudo-terminals are few, and the whole host's.
	"/dev/pts/ptmx",
	// The host's hardware and its kernel. Of /sys only the cgroup is left, where runtimes read their limits.
	"/sys/block", "/sys/bus", "/sys/class", "/sys/dev", "/sys/devices", "/sys/kernel", "/sys/module", "/sys/power",
	"/sys/fs/btrfs", "/sys/fs/ext4", "/sys/fs/xfs",
}

// isolate is the cell's outer wall: its own namespaces, no network, no way up.
func (e *Engine) isolate(s *specgen.SpecGenerator) {
	private := specgen.Namespace{NSMode: specgen.Private}
	s.PidNS, s.IpcNS, s.UtsNS, s.CgroupNS = private, private, private, private
	s.NetNS = specgen.Namespace{NSMode: specgen.NoNetwork}
	if !e.Rootless {
		s.UserNS = specgen.Namespace{NSMode: specgen.Auto}
		s.IDMappings = &types.IDMappingOptions{AutoUserNs: true, AutoUserNsOpts: types.AutoUserNsOptions{Size: IDsPerCell}}
	}
	s.Hostname = "cell"
	s.CapDrop = []string{"all"}
	s.CapAdd = agentCapabilities
	s.NoNewPrivileges = ptr(true)
	s.SeccompProfilePath = e.SeccompFile
	s.ReadOnlyFilesystem = ptr(true)
	s.ReadWriteTmpfs = ptr(false)
	s.Passwd = ptr(false)
	s.UseImageHosts, s.UseImageResolvConf, s.UseImageHostname = ptr(true), ptr(true), ptr(true)
	s.Mask = masked
}

// mount gives the cell its only writable places, its agent and its socket.
func (e *Engine) mount(s *specgen.SpecGenerator, c sandbox.Container) {
	tmpfs := func(at string, mode string) spec.Mount {
		size := fmt.Sprintf("size=%d", c.Limits.Disk)
		return spec.Mount{Type: "tmpfs", Source: "tmpfs", Destination: at, Options: []string{size, "mode=" + mode, "nosuid", "nodev"}}
	}
	bind := func(from, to string) spec.Mount {
		return spec.Mount{Type: "bind", Source: from, Destination: to, Options: []string{"ro", "nosuid", "nodev", "rprivate"}}
	}
	s.Mounts = []spec.Mount{
		bind(e.AgentBinary, wire.AgentPath),
		bind(c.SocketDir, path.Dir(wire.SocketPath)),
		tmpfs(wire.BoxDir, "0755"),
		tmpfs("/tmp", "1777"),
	}
	s.ShmSize = ptr(c.Limits.Disk)
}

// limit puts the cell's limits in force from its first instruction on; later changes go to its cgroup.
func limit(s *specgen.SpecGenerator, l sandbox.Limits) {
	s.ResourceLimits = resources(l)
	s.Rlimits = []spec.POSIXRlimit{
		{Type: "nofile", Hard: sandbox.OpenFiles, Soft: sandbox.OpenFiles},
		{Type: "nproc", Hard: perUserProcesses, Soft: perUserProcesses},
		{Type: "fsize", Hard: uint64(l.Disk), Soft: uint64(l.Disk)}, //nolint:gosec // a size is positive
		{Type: "core", Hard: 0, Soft: 0},
		{Type: "sigpending", Hard: pendingSignals, Soft: pendingSignals},
		{Type: "msgqueue", Hard: messageQueues, Soft: messageQueues},
	}
}

// removeTries and removePause bound the race of a forced remove with Podman's own cleanup, which for some milliseconds
// leaves the container in a state that neither may touch ("container state improper"), and the wait for a service that is
// being started anew: a try that reaches none takes the bindings some tenths of a second.
const (
	removeTries = 20
	removePause = 50 * time.Millisecond
)

// Remove ends and removes a container; see sandbox.Engine.
func (e *Engine) Remove(ctx context.Context, name string) error {
	options := new(containers.RemoveOptions).WithForce(true).WithTimeout(0).WithIgnore(true).WithVolumes(true)
	var err error
	for range removeTries {
		if err = removeOnce(e.Client.call(ctx), name, options); err == nil || ctx.Err() != nil {
			break
		}
		if pause(ctx, removePause) != nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("remove container %s: %w", name, err)
	}
	return nil
}

func removeOnce(ctx context.Context, name string, options *containers.RemoveOptions) error {
	reports, err := containers.Remove(ctx, name, options)
	for _, r := range reports {
		err = errors.Join(err, r.Err)
	}
	if notFound(err) || (err != nil && strings.Contains(err.Error(), "no such container")) { // a report is text only
		return nil
	}
	return err
}

func notFound(err error) bool {
	var model *errorhandling.ErrorModel
	return errors.As(err, &model) && model.ResponseCode == http.StatusNotFound
}

// Owned lists an instance's containers; see sandbox.Engine.
func (e *Engine) Owned(ctx context.Context, instance string) ([]string, error) {
	filters := map[string][]string{"label": {labelInstance + "=" + instance}}
	list, err := containers.List(e.Client.call(ctx), new(containers.ListOptions).WithAll(true).WithFilters(filters))
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	var names []string
	for _, c := range list {
		names = append(names, c.Names...)
	}
	return names, nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func ptr[T any](v T) *T { return &v }
