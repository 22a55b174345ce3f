package podman

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/rs/zerolog"
)

// Sockets are the places where a Podman service usually listens for this user, in the order to try them.
func Sockets() []string {
	rootful := "unix:///run/podman/podman.sock"
	if os.Geteuid() == 0 {
		return []string{rootful}
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		dir = fmt.Sprintf("/run/user/%d", os.Geteuid())
	}
	return []string{"unix://" + dir + "/podman/podman.sock", rootful}
}

// ConnectOptions say how to reach Podman.
type ConnectOptions struct {
	Socket   string // URI; empty to look at Sockets and start a service of our own when none answers
	StateDir string // for the socket of a service of our own; empty for a temporary directory
	Log      zerolog.Logger
}

// Connect reaches Podman on the configured socket, or on one of the usual ones, or by a service of its own. stop closes the
// connection, and ends that service, if there is one, and waits for it.
func Connect(ctx context.Context, o ConnectOptions) (c *Client, stop func(), err error) {
	if o.Socket != "" {
		if c, err = Dial(ctx, o.Socket); err != nil {
			return nil, nil, err
		}
		return c, c.Close, nil
	}
	for _, uri := range Sockets() {
		if c, err = Dial(ctx, uri); err == nil {
			return c, c.Close, nil
		}
	}
	return startService(ctx, o)
}

// How a service of our own is looked after.
const (
	serviceStart  = 15 * time.Second       // from its start to its first answer
	servicePoll   = 20 * time.Millisecond  // between two tries to reach it until then
	serviceEnd    = 5 * time.Second        // from SIGTERM to SIGKILL
	firstRestart  = 200 * time.Millisecond // after it ended by itself, doubling
	lastRestart   = 10 * time.Second
	restartsReset = time.Minute // a service that lived this long starts again from firstRestart
)

// service is a `podman system service` of our own, started anew whenever it ends.
type service struct {
	binary  string
	socket  string
	runtime string // OCI runtime, by name or path; empty for Podman's default
	log     zerolog.Logger
	end     func() // stops it and waits
}

func startService(ctx context.Context, o ConnectOptions) (*Client, func(), error) {
	binary, err := exec.LookPath("podman")
	if err != nil {
		return nil, nil, errors.New("no Podman service answers and there is no podman to start one: install podman, or set podman.socket")
	}
	dir, clean := o.StateDir, func() {}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "paddock-podman-"); err != nil {
			return nil, nil, err
		}
		clean = func() { _ = os.RemoveAll(dir) }
	}
	s := &service{binary: binary, socket: filepath.Join(dir, "podman.sock"), log: o.Log}
	s.start(ctx)
	c, err := s.reach(ctx)
	if err != nil {
		s.end()
		clean()
		return nil, nil, err
	}
	c.own = s
	return c, func() { c.Close(); s.end(); clean() }, nil
}

// start begins to look after the service, until end.
func (s *service) start(ctx context.Context) {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	s.end = func() { cancel(); <-ended }
	go func() {
		defer close(ended)
		s.supervise(running)
	}()
}

// restart makes the service one whose containers run on another OCI runtime.
func (s *service) restart(ctx context.Context, ociRuntime string) error {
	s.end()
	s.runtime = ociRuntime
	s.start(ctx)
	c, err := s.reach(ctx)
	if err != nil {
		return err
	}
	c.Close()
	return nil
}

// reach waits for the service's first answer.
func (s *service) reach(ctx context.Context) (*Client, error) {
	ctx, cancel := context.WithTimeout(ctx, serviceStart)
	defer cancel()
	for {
		c, err := Dial(ctx, "unix://"+s.socket)
		if err == nil {
			return c, nil
		}
		if pause(ctx, servicePoll) != nil {
			return nil, fmt.Errorf("`%s system service` did not answer within %v: %w", s.binary, serviceStart, err)
		}
	}
}

// supervise keeps the service running until ctx ends. It stays on one thread, because the kernel sends a child its
// parent-death signal when the thread that made it ends.
func (s *service) supervise(ctx context.Context) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	delay := firstRestart
	for ctx.Err() == nil {
		began := time.Now()
		err := s.runOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > restartsReset {
			delay = firstRestart
		}
		s.log.Error().Err(err).Dur("restart_in", delay).Msg("the Podman service ended")
		_ = pause(ctx, delay)
		delay = min(2*delay, lastRestart)
	}
}

func (s *service) runOnce(ctx context.Context) error {
	//nolint:gosec // below our own state directory
	if err := os.Remove(s.socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	args := []string{"system", "service", "--time=0", "unix://" + s.socket}
	if s.runtime != "" {
		args = append([]string{"--runtime", s.runtime}, args...)
	}
	cmd := exec.CommandContext(ctx, s.binary, args...) //nolint:gosec // an operator's podman, on an operator's runtime
	// A group of its own: Ctrl-C is for us, and the service has to outlive the cells.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Dir = filepath.Dir(s.socket) // conmon leaves files named oom where its service was started
	cmd.WaitDelay = serviceEnd
	s.log.Info().Str("socket", s.socket).Str("runtime", s.runtime).Msg("starting a Podman service")
	var out tail
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return errors.New("it stopped by itself")
}

// tail keeps the end of what is written to it: a service lives long, and says what it died of last.
type tail []byte

const tailSize = 1 << 10

func (t *tail) Write(p []byte) (int, error) {
	*t = append(*t, p[max(0, len(p)-tailSize):]...)
	*t = append((*t)[:0], (*t)[max(0, len(*t)-tailSize):]...)
	return len(p), nil
}
