package podman

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/containers/podman/v5/pkg/bindings"
	"golang.org/x/sys/unix"
)

// monitor is the process that Podman leaves beside a container (conmon), and the container's PID 1. When PID 1 ends the
// monitor starts another Podman to clean up, which takes about as much CPU time as making the container did, and a forced
// removal does all of that itself. So Remove ends the monitor first, as Podman allows: what has lost its monitor is removed
// like anything else. Should the server die, the monitors are still there and clean up behind it.
type monitor struct {
	conmon, pid1 process
}

// errNotHere says that what Podman calls a process is none that we can see: Podman lives in another PID namespace.
var errNotHere = errors.New("not among this host's processes")

// monitorOf finds the monitor of a running container. Podman's word is checked, because we are going to kill what it names.
func (c *Client) monitorOf(ctx context.Context, name string) (*monitor, error) {
	container, err := c.inspect(ctx, name)
	if err != nil {
		return nil, err
	}
	m := &monitor{}
	if m.conmon, err = openProcess(container.State.ConmonPid); err != nil {
		return nil, err
	}
	if m.pid1, err = openProcess(container.State.Pid); err != nil {
		m.conmon.close()
		return nil, err
	}
	// Descriptors first: if these numbers are right now, they were when we opened them.
	if !hasArgument(container.State.ConmonPid, container.ID) || parentOf(container.State.Pid) != container.State.ConmonPid {
		m.close()
		return nil, errNotHere
	}
	return m, nil
}

// inspected is what we want to know of a container. The bindings' own type can't read what older servers say.
type inspected struct {
	ID    string `json:"Id"`
	State struct{ Pid, ConmonPid int }
}

func (c *Client) inspect(ctx context.Context, name string) (inspected, error) {
	var container inspected
	conn, err := bindings.GetClient(c.conn)
	if err != nil {
		return container, err
	}
	response, err := conn.DoRequest(ctx, nil, http.MethodGet, "/containers/%s/json", nil, nil, name)
	if err != nil {
		return container, err
	}
	defer func() { _ = response.Body.Close() }()
	err = response.Process(&container)
	return container, err
}

// end ends the monitor, then PID 1. It returns false when the monitor can't be ended, or nobody asks how it ended: as long as
// that is open Podman takes it for alive, and waits for it in vain.
func (m *monitor) end(ctx context.Context) bool {
	if !m.conmon.end(ctx) {
		return false
	}
	m.pid1.end(ctx) // one that is frozen does not, and is Podman's to thaw
	return true
}

func (m *monitor) close() {
	m.conmon.close()
	m.pid1.close()
}

// process is a descriptor of a process, whose number may go to another one, but never what the descriptor means.
type process int

func openProcess(pid int) (process, error) {
	if pid <= 1 { // not running, or not in our PID namespace
		return 0, errNotHere
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return 0, fmt.Errorf("open process %d: %w", pid, err)
	}
	return process(fd), nil
}

func (p process) close() { _ = unix.Close(int(p)) }

// How long a killed process may take to be gone, and how often to look. Most are gone at the second look.
const (
	processEnd  = time.Second
	processPoll = time.Millisecond
)

// end kills the process and waits until nothing is left of it, not even how it ended. It returns false when something still
// is after processEnd.
func (p process) end(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, processEnd)
	defer cancel()
	for signal := unix.SIGKILL; ; signal = 0 {
		if err := unix.PidfdSendSignal(int(p), signal, nil, 0); err != nil {
			return errors.Is(err, unix.ESRCH)
		}
		_ = unix.Waitid(unix.P_PIDFD, int(p), nil, unix.WEXITED|unix.WNOHANG, nil) // an adopted one; others' are theirs to ask
		if pause(ctx, processPoll) != nil {
			return false
		}
	}
}

// hasArgument says whether a process was started with this among its arguments.
func hasArgument(pid int, argument string) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && strings.Contains(string(line), "\x00"+argument+"\x00")
}

// parentOf is the number of a process's parent, 0 when there is no such process.
func parentOf(pid int) int {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	line := string(stat)
	fields := strings.Fields(line[strings.LastIndexByte(line, ')')+1:]) // a name may contain anything; state and parent follow it
	if len(fields) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(fields[1])
	return parent
}
