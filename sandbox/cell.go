package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"paddock/sandbox/cgroup"
	"paddock/sandbox/wire"
)

// ErrCellLost says that a cell ended under a program: its agent died, or its container was taken from us.
var ErrCellLost = errors.New("the cell was lost")

// Cell is one container with our agent as its PID 1. It belongs to one tenant from its first run on. Its methods are for one
// goroutine at a time, which holds it.
type Cell struct {
	name   string
	kind   Kind
	conn   *net.UnixConn
	cgroup *cgroup.Group
	update func(context.Context, Limits) error // the engine's, where the cgroup is not ours to write
	born   time.Time
	drains int    // of the pool, when it began to be made
	seq    uint64 // number of the last run
	slot   *slot  // of whoever holds the cell
	waited time.Duration

	tenant   Tenant
	assigned bool // tenant is set, for good
	doubtful bool // something happened in it after which it is not to be kept

	settled chan struct{} // closed once the last reset has ended, well or not
	expiry  *time.Timer   // closes the cell when it has been parked for too long

	patience patience

	mu    sync.Mutex
	state State
	gear  *gear // of the next run; nil while it has none

	park  func() // the pool's: keeps the cell for its tenant, or closes it
	close func() // the pool's: removes the container in the background, once
}

// Name is the name of the cell's container.
func (c *Cell) Name() string { return c.name }

// Waited is how long whoever holds the cell waited for a slot and for room, of all the time that Get took.
func (c *Cell) Waited() time.Duration { return c.waited }

// Close gives the cell up, whatever it is doing: its processes end and its container is removed in the background.
func (c *Cell) Close() {
	c.close()
	c.slot.giveBack()
}

// Release gives the cell back. If all went well in it, it is reset in the background and kept for its tenant; else it is
// closed.
func (c *Cell) Release() {
	held := c.slot // once parked, the cell may be somebody else's to hold
	c.park()
	held.giveBack()
}

// maker makes cells: a socket directory, a container, one accepted connection, the cgroup of whoever dialled.
type maker struct {
	engine   Engine
	instance string
	dir      string        // of the cells' socket directories
	timeout  time.Duration // from the start of a creation to the agent's Hello
	cgroupOf func(pid int) (*cgroup.Group, error)
}

// cgroupOf finds the cgroup of a process of this host.
func cgroupOf(pid int) (*cgroup.Group, error) { return cgroup.Open("/", pid) }

func (m *maker) make(ctx context.Context, name string, k Kind) (*Cell, error) {
	ctx, cancel := context.WithTimeout(ctx, m.timeout)
	defer cancel()
	dir := filepath.Join(m.dir, name)
	// PID 1 of the cell is nobody here; m.dir keeps others out. Mkdir alone would leave the mode to our umask.
	if err := errors.Join(os.Mkdir(dir, 0o755), os.Chmod(dir, 0o755)); err != nil { //nolint:gosec // see above
		return nil, fmt.Errorf("make a cell: %w", err)
	}
	l, err := listen(dir)
	if err != nil {
		return nil, fmt.Errorf("make a cell: %w", err)
	}
	defer func() { _ = l.Close() }()
	err = m.engine.Create(ctx, Container{
		Name: name, Instance: m.instance, Image: k.Image, SocketDir: dir, Cgroup: cgroup.Parent(m.instance), Limits: k.Limits,
	})
	if err != nil {
		return nil, err
	}
	c := &Cell{name: name, kind: k, born: time.Now(), patience: usualPatience, update: func(ctx context.Context, l Limits) error {
		return m.engine.Update(ctx, name, l)
	}}
	if err := c.welcome(ctx, l, m.cgroupOf); err != nil {
		c.hangUp()
		return nil, fmt.Errorf("start the agent of cell %s: %w", name, err)
	}
	return c, nil
}

// unmake removes what make left behind, for a cell or for a failed attempt at one. Nothing in dir is a guest's: it is
// mounted read-only.
func (m *maker) unmake(ctx context.Context, name string) error {
	err := m.engine.Remove(ctx, name)
	dir := filepath.Join(m.dir, name)
	for _, path := range []string{filepath.Join(dir, filepath.Base(wire.SocketPath)), dir} {
		if e := os.Remove(path); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// listener accepts a cell's agent.
type listener struct {
	*net.UnixListener
	path string
}

// listen makes the socket from within its directory: a socket's name may not be longer than 107 bytes, and is to be read in
// the cell, where nothing of a path of ours should be.
func listen(dir string) (l *listener, err error) {
	name := filepath.Base(wire.SocketPath)
	err = within(dir, func() error {
		l = &listener{path: filepath.Join(dir, name)}
		if l.UnixListener, err = net.ListenUnix("unixpacket", &net.UnixAddr{Name: name, Net: "unixpacket"}); err != nil {
			return err
		}
		l.SetUnlinkOnClose(false)                     // it would look in another directory
		if err := os.Chmod(name, 0o777); err != nil { //nolint:gosec // see maker.make
			return errors.Join(err, l.Close())
		}
		return nil
	})
	return l, err
}

// Close unlinks the socket and stops listening.
func (l *listener) Close() error { return errors.Join(os.Remove(l.path), l.UnixListener.Close()) }

// within calls f with dir as the working directory of its thread, which nobody else gets afterwards.
func within(dir string, f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		err := unix.Unshare(unix.CLONE_FS)
		if err == nil {
			err = unix.Chdir(dir)
		}
		if err == nil {
			err = f()
		}
		done <- err
	}()
	return <-done
}

// welcome accepts the agent, once, and finds the cgroup it runs in.
func (c *Cell) welcome(ctx context.Context, l *listener, cgroupOf func(pid int) (*cgroup.Group, error)) error {
	deadline, _ := ctx.Deadline()
	if err := l.SetDeadline(deadline); err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = l.SetDeadline(time.Unix(1, 0)) })()
	conn, err := l.AcceptUnix()
	if err != nil {
		return fmt.Errorf("the agent did not call: %w", err)
	}
	c.conn = conn
	if err := conn.SetReadDeadline(deadline); err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })()
	kind, _, err := c.receive(make([]byte, wire.MaxFrame))
	if err != nil {
		return fmt.Errorf("no hello from the agent: %w", err)
	}
	if kind != wire.KindHello {
		return fmt.Errorf("%w: the agent began with kind %d, not with a hello", wire.ErrMalformed, kind)
	}
	pid, err := peer(conn)
	if err != nil {
		return err
	}
	if c.cgroup, err = cgroupOf(pid); err != nil {
		return err
	}
	// They are in force already; a run that wants the same has nothing to write then.
	if err := c.limit(ctx, c.kind.Limits); err != nil {
		return err
	}
	if err := c.prepare(); err != nil {
		return err
	}
	return c.become(Warm)
}

// limit puts limits in force and reads them back.
func (c *Cell) limit(ctx context.Context, l Limits) error {
	err := c.cgroup.Apply(l.cgroup())
	if !errors.Is(err, cgroup.ErrNotOurs) {
		return err
	}
	if err := c.update(ctx, l); err != nil {
		return err
	}
	return c.cgroup.Confirm(l.cgroup())
}

// resetTimeout bounds a reset: the tenant's next run may be waiting for it, and a new cell would not take longer.
const resetTimeout = time.Second

// reset lets the agent remove what the runs have left, and prove it.
func (c *Cell) reset() error {
	if err := c.conn.SetReadDeadline(time.Now().Add(resetTimeout)); err != nil {
		return err
	}
	if err := c.send(wire.KindReset, wire.Reset{Seq: c.seq}.Append(nil)); err != nil {
		return err
	}
	buf, _ := buffers.Get().(*[32 << 10]byte)
	defer buffers.Put(buf)
	kind, body, err := c.receive(buf[:])
	if err != nil {
		return fmt.Errorf("no answer to a reset: %w", err)
	}
	if kind != wire.KindClean {
		return fmt.Errorf("%w: the answer to a reset is of kind %d", wire.ErrMalformed, kind)
	}
	clean, err := wire.ParseClean(body)
	switch {
	case err != nil:
		return err
	case clean.Seq != c.seq:
		return fmt.Errorf("%w: the reset after run %d, not %d", wire.ErrMalformed, clean.Seq, c.seq)
	case clean.Found != "":
		return fmt.Errorf("not clean: %.200s", clean.Found)
	}
	return nil
}

// ready waits for a reset that goes on. It returns ErrCellLost when the cell can't be used any more.
func (c *Cell) ready(ctx context.Context) error {
	if c.settled != nil {
		select {
		case <-c.settled:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if c.State() == Removed || !c.alive() {
		return ErrCellLost
	}
	return nil
}

// peer is the process at the other end, as the kernel noted it when the agent dialled.
func peer(conn *net.UnixConn) (pid int, err error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var cred *unix.Ucred
	ctlErr := raw.Control(func(fd uintptr) {
		cred, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err = errors.Join(ctlErr, err); err != nil {
		return 0, fmt.Errorf("who dialled: %w", err)
	}
	return int(cred.Pid), nil
}

// receive waits for the next frame from the agent. Frames from there never carry descriptors; any that come are not taken.
func (c *Cell) receive(buf []byte) (wire.Kind, []byte, error) {
	n, err := c.conn.Read(buf)
	if err != nil {
		return 0, nil, err
	}
	if n == 0 {
		return 0, nil, ErrCellLost
	}
	kind, body, _, err := wire.ParseFrame(buf[:n])
	return kind, body, err
}

// send sends one frame with descriptors, which stay the caller's.
func (c *Cell) send(kind wire.Kind, body []byte, fds ...int) error {
	frame, spilled := wire.Frame(kind, body)
	if spilled {
		fd, err := wire.Memfd("paddock-frame", body)
		if err != nil {
			return err
		}
		defer func() { _ = unix.Close(fd) }()
		fds = append(fds, fd)
	}
	var oob []byte
	if len(fds) > 0 {
		oob = unix.UnixRights(fds...)
	}
	if _, _, err := c.conn.WriteMsgUnix(frame, oob, nil); err != nil {
		return fmt.Errorf("%w: %w", ErrCellLost, err)
	}
	return nil
}

// alive says whether the agent still holds its end of the connection, and keeps silent until it is asked.
func (c *Cell) alive() bool {
	raw, err := c.conn.SyscallConn()
	if err != nil {
		return false
	}
	alive := false
	_ = raw.Control(func(fd uintptr) {
		var b [1]byte
		_, _, err := unix.Recvfrom(int(fd), b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		alive = errors.Is(err, unix.EAGAIN)
	})
	return alive
}

// hangUp closes what the host holds of the cell. The agent leaves, and with it everything in the cell.
func (c *Cell) hangUp() {
	if g := c.takeGear(); g != nil {
		g.close()
	}
	if c.conn != nil {
		_ = c.conn.Close()
	}
	if c.cgroup != nil {
		c.cgroup.Close()
	}
}
