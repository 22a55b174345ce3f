package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"paddock/sandbox/cgroup"
	"paddock/sandbox/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeEngine is an Engine whose containers are goroutines of the test that dial the socket and speak as an agent would.
// They run outside any synctest bubble: a goroutine that waits for a socket would keep the bubble's clock from moving.
type fakeEngine struct {
	// onCreate is called for each creation, numbered from 0, before there is a container; an error fails it.
	onCreate func(ctx context.Context, n int, c Container) error
	onRemove func(name string) error
	onUpdate func(name string, l Limits) error
	onReset  func(a *fakeAgent, seq uint64) // how an agent answers a reset; it finds nothing when nil
	agent    func(a *fakeAgent)             // the life of an agent; obedient when nil
	owned    []string

	outside func(f func()) // runs f outside the bubble

	mu         sync.Mutex
	creations  []time.Time
	removed    []string
	containers map[string]*fakeContainer
	most       int // containers at one time
}

type fakeContainer struct {
	Container
	agent *fakeAgent
	done  chan struct{} // closed when PID 1 has ended
}

func newFakeEngine(t *testing.T) *fakeEngine {
	t.Helper()
	calls, returns := make(chan func()), make(chan struct{})
	go func() {
		for f := range calls {
			f()
			returns <- struct{}{}
		}
	}()
	t.Cleanup(func() { close(calls) })
	var one sync.Mutex
	return &fakeEngine{
		containers: map[string]*fakeContainer{},
		outside: func(f func()) {
			one.Lock()
			defer one.Unlock()
			calls <- f
			<-returns
		},
	}
}

func (e *fakeEngine) Create(ctx context.Context, c Container) error {
	e.mu.Lock()
	n := len(e.creations)
	e.creations = append(e.creations, time.Now())
	e.mu.Unlock()
	if e.onCreate != nil {
		if err := e.onCreate(ctx, n, c); err != nil {
			return err
		}
	}
	var err error
	e.outside(func() { err = e.start(c) })
	return err
}

func (e *fakeEngine) start(c Container) error {
	dir, err := os.Open(c.SocketDir)
	if err != nil {
		return err
	}
	defer dir.Close()
	at := fmt.Sprintf("/proc/self/fd/%d/agent.sock", dir.Fd())
	conn, err := net.DialUnix("unixpacket", nil, &net.UnixAddr{Name: at, Net: "unixpacket"})
	if err != nil {
		return err
	}
	box := &fakeContainer{Container: c, agent: &fakeAgent{conn: conn, onReset: e.onReset}, done: make(chan struct{})}
	live := e.agent
	if live == nil {
		live = func(a *fakeAgent) { a.serve(exits(0)) }
	}
	e.mu.Lock()
	e.containers[c.Name] = box
	e.most = max(e.most, len(e.containers))
	e.mu.Unlock()
	go func() {
		defer close(box.done)
		defer conn.Close()
		live(box.agent)
	}()
	return nil
}

func (e *fakeEngine) Remove(_ context.Context, name string) error {
	e.mu.Lock()
	box := e.containers[name]
	e.removed = append(e.removed, name)
	e.mu.Unlock()
	if e.onRemove != nil {
		if err := e.onRemove(name); err != nil {
			return err
		}
	}
	if box != nil {
		box.kill()
		e.mu.Lock()
		delete(e.containers, name)
		e.mu.Unlock()
	}
	return nil
}

func (e *fakeEngine) Update(_ context.Context, name string, l Limits) error {
	if e.onUpdate == nil {
		return errors.New("nobody expected an update")
	}
	return e.onUpdate(name, l)
}

func (e *fakeEngine) Owned(context.Context, string) ([]string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.owned), nil
}

// setOwned says what containers there are of the instance, as Podman would.
func (e *fakeEngine) setOwned(names ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.owned = names
}

// gone is what was asked to be removed.
func (e *fakeEngine) gone() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.removed)
}

// kill ends a container's PID 1 and waits for that.
func (c *fakeContainer) kill() {
	_ = c.agent.conn.Close()
	<-c.done
}

// count is how many creations were tried, how many containers there are, and the most there were.
func (e *fakeEngine) count() (tried, there, most int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.creations), len(e.containers), e.most
}

// created is when each creation was tried.
func (e *fakeEngine) created() []time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.creations)
}

func (e *fakeEngine) container(t *testing.T, c *Cell) *fakeContainer {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	require.Contains(t, e.containers, c.Name())
	return e.containers[c.Name()]
}

// fakeAgent is the other end of a cell's socket.
type fakeAgent struct {
	conn    *net.UnixConn
	onReset func(a *fakeAgent, seq uint64)
	spilled bool       // the last frame's body came beside it
	open    []*os.File // of the last program
	signals []unix.Signal
}

// program is what a fake agent was asked to run.
type program struct {
	wire.Exec
	in, out, err *os.File
}

// serve says hello and then does as it is told; each program it is asked for is a call of run.
func (a *fakeAgent) serve(run func(a *fakeAgent, p program)) {
	a.send(wire.KindHello, nil)
	for {
		kind, body, files, err := a.receive()
		if err != nil {
			return
		}
		if kind == wire.KindReset {
			a.reset(body)
		}
		if kind != wire.KindExec {
			continue
		}
		exec, err := wire.ParseExec(body)
		if err != nil {
			panic(err)
		}
		a.open = files
		run(a, program{exec, files[0], files[1], files[2]})
	}
}

func (a *fakeAgent) reset(body []byte) {
	m, err := wire.ParseReset(body)
	if err != nil {
		panic(err)
	}
	if a.onReset != nil {
		a.onReset(a, m.Seq)
		return
	}
	a.clean(m.Seq, "")
}

// clean answers a reset with what was found.
func (a *fakeAgent) clean(seq uint64, found string) {
	a.send(wire.KindClean, wire.Clean{Seq: seq, Found: found}.Append(nil))
}

// exits is a program that ends at once, by itself.
func exits(status int) func(*fakeAgent, program) {
	return func(a *fakeAgent, p program) { a.exit(wire.Exit{Seq: p.Seq, Status: status}) }
}

// exit reports a program's end, of which nothing is left then.
func (a *fakeAgent) exit(m wire.Exit) {
	a.closeFiles()
	a.send(wire.KindExit, m.Append(nil))
}

func (a *fakeAgent) closeFiles() {
	for _, f := range a.open {
		_ = f.Close()
	}
	a.open = nil
}

func (a *fakeAgent) send(kind wire.Kind, body []byte) {
	frame, _ := wire.Frame(kind, body)
	_, _ = a.conn.Write(frame)
}

// signal waits for the next signal to the running program; 0 means that the server has hung up.
func (a *fakeAgent) signal() unix.Signal {
	_, body, _, err := a.receive()
	if err != nil {
		return 0
	}
	m, err := wire.ParseSignal(body)
	if err != nil {
		panic(err)
	}
	a.signals = append(a.signals, unix.Signal(m.Signal))
	return unix.Signal(m.Signal)
}

// hang waits until the server hangs up, whatever it says.
func (a *fakeAgent) hang() {
	for a.signal() != 0 {
	}
	a.closeFiles()
}

func (a *fakeAgent) receive() (wire.Kind, []byte, []*os.File, error) {
	buf, oob := make([]byte, wire.MaxFrame), make([]byte, 128)
	n, oobn, _, _, err := a.conn.ReadMsgUnix(buf, oob)
	if err != nil {
		return 0, nil, nil, err
	}
	if n == 0 {
		return 0, nil, nil, os.ErrClosed
	}
	files := received(oob[:oobn])
	kind, body, spilled, err := wire.ParseFrame(buf[:n])
	a.spilled = spilled
	if spilled {
		last := files[len(files)-1]
		err = wire.Mapped(int(last.Fd()), func(b []byte) error { body = bytes.Clone(b); return nil })
		_ = last.Close()
		files = files[:len(files)-1]
	}
	return kind, body, files, err
}

func received(oob []byte) []*os.File {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		panic(err)
	}
	var files []*os.File
	for _, m := range messages {
		fds, err := unix.ParseUnixRights(&m)
		if err != nil {
			panic(err)
		}
		for _, fd := range fds {
			unix.CloseOnExec(fd)
			files = append(files, os.NewFile(uintptr(fd), "received"))
		}
	}
	return files
}

// host is a pool over a fake engine, with literal cgroup files for each cell.
type host struct {
	*Pool
	engine *fakeEngine
	dir    string // of the sockets
	base   string // of the cgroup files

	mu    sync.Mutex
	roots []string // of each cell's cgroup files, in the order they were made
}

// newHost makes a host and expects, at the end of the test, the descriptors that were open at its beginning. A test on a
// clock of its own makes it outside the bubble.
func newHost(t *testing.T) *host {
	t.Helper()
	dir := t.TempDir()
	before := descriptors(t)
	t.Cleanup(func() { assert.Equal(t, before, descriptors(t), "descriptors are left open") })
	return &host{engine: newFakeEngine(t), dir: filepath.Join(dir, "cells"), base: dir}
}

// start makes the pool, which is stopped with the test or the bubble.
func (h *host) start(t *testing.T, o Options, kinds ...Kind) {
	t.Helper()
	o.Engine, o.Instance, o.Dir = h.engine, "test", h.dir
	if o.cgroupOf == nil {
		o.cgroupOf = h.cgroupOf
	}
	if o.Queue == 0 {
		o.Queue = 1000
	}
	if o.Slots == 0 {
		o.Slots = 1000
	}
	if o.root == "" {
		o.root = h.base
	}
	if o.Create == 0 {
		o.Create = 5 * time.Second
	}
	var err error
	h.Pool, err = NewPool(t.Context(), o, kinds...)
	require.NoError(t, err)
	t.Cleanup(func() { h.stop(t) })
}

// stop closes the pool and finds nothing left of it.
func (h *host) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, h.Close(context.Background()))
	_, there, _ := h.engine.count()
	assert.Zero(t, there, "containers are left")
	left, err := os.ReadDir(h.dir)
	require.NoError(t, err)
	assert.Empty(t, left, "directories are left")
	stats := h.Stats()
	stats.Counts, stats.SlotsLent = Counts{}, 0 // a test need not give back what it has
	assert.Equal(t, Stats{Warm: map[string]int{}}, stats)
}

var cgroupFiles = map[string]string{
	"cpu.stat": "usage_usec 2000\n", "cpu.max": "max 100000\n", "cpu.weight": "100\n",
	"memory.peak":   "12345678\n", // a reset makes its first digit 0
	"memory.events": "oom_kill 0\n", "memory.max": "max\n", "memory.swap.max": "max\n",
	"pids.events": "max 0\n", "pids.max": "max\n", "cgroup.threads": "1\n",
}

func (h *host) cgroupOf(pid int) (*cgroup.Group, error) {
	h.mu.Lock()
	root := filepath.Join(h.base, "cgroup"+strconv.Itoa(len(h.roots)))
	h.roots = append(h.roots, root)
	h.mu.Unlock()
	proc := filepath.Join(root, "proc", strconv.Itoa(pid))
	for _, dir := range []string{proc, filepath.Join(root, "proc", "1")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	if err := os.WriteFile(filepath.Join(root, "proc", "1", "stat"), []byte("1 (a) R b) S 0"), 0o600); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(proc, "cgroup"), []byte("0::/libpod-1/container\n"), 0o600); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(h.cgroupDir(root), 0o755); err != nil {
		return nil, err
	}
	for name, text := range cgroupFiles {
		if err := os.WriteFile(filepath.Join(h.cgroupDir(root), name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	return cgroup.Open(root, pid)
}

func (h *host) cgroupDir(root string) string {
	return filepath.Join(root, "sys", "fs", "cgroup", "libpod-1")
}

// cgroupFile is the path of a cgroup file of the newest cell.
func (h *host) cgroupFile(name string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return filepath.Join(h.cgroupDir(h.roots[len(h.roots)-1]), name)
}

// counts lets the kernel count something for the newest cell, in one step, as the kernel would.
func (h *host) counts(name, text string) {
	f, err := os.OpenFile(h.cgroupFile(name), os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteAt([]byte(text), 0)
		_ = f.Close()
	}
	if err != nil {
		panic(err)
	}
}

// descriptors are the numbers of the open descriptors of this process.
func descriptors(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	var list []string
	for _, e := range entries {
		if at, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil {
			list = append(list, at)
		}
	}
	slices.Sort(list)
	return list
}
