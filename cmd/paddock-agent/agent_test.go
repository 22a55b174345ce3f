package main

import (
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"paddock/sandbox/wire"
)

// boxOfAgent names, in the environment of a test binary that is to be an agent, the directory that is its box.
const boxOfAgent = "PADDOCK_TEST_AGENT_BOX"

// TestMain is two programs: the tests, and in a PID namespace of its own the agent that they talk to. The agent kills all
// there is, so it must never be anything but PID 1.
func TestMain(m *testing.M) {
	dir := os.Getenv(boxOfAgent)
	if dir == "" {
		goleak.VerifyTestMain(m)
		return
	}
	if os.Getpid() != 1 {
		os.Exit(98)
	}
	b := box{dir: dir, uid: wire.JobUID}
	if err := work(&conn{fd: 3}, b, []string{dir}); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
}

// guest is an agent as PID 1 of a namespace that only it and its programs are in.
type guest struct {
	t      *testing.T
	cmd    *exec.Cmd
	conn   *net.UnixConn
	box    string
	stderr bytes.Buffer // the agent's own
	seq    uint64
}

func newGuest(t *testing.T) *guest {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root: a PID namespace, and programs of another user")
	}
	g := &guest{t: t, box: filepath.Join(t.TempDir(), "box")}
	for dir := range map[string]bool{filepath.Dir(g.box): true, filepath.Dir(filepath.Dir(g.box)): true} {
		require.NoError(t, os.Chmod(dir, 0o755))
	}
	require.NoError(t, os.Mkdir(g.box, 0o755))
	require.NoError(t, box{dir: g.box, uid: wire.JobUID}.prepare())
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	ours, its := os.NewFile(uintptr(fds[0]), "ours"), os.NewFile(uintptr(fds[1]), "its")
	conn, err := net.FileConn(ours)
	require.NoError(t, err)
	g.conn, _ = conn.(*net.UnixConn)
	require.NoError(t, ours.Close())
	require.NoError(t, g.conn.SetDeadline(time.Now().Add(20*time.Second)))

	g.cmd = exec.Command("/proc/self/exe")
	g.cmd.Env = []string{boxOfAgent + "=" + g.box, "GORACE=atexit_sleep_ms=0"}
	g.cmd.ExtraFiles = []*os.File{its}
	g.cmd.Stderr = &g.stderr
	g.cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC | syscall.CLONE_NEWNET}
	require.NoError(t, g.cmd.Start())
	require.NoError(t, its.Close())
	t.Cleanup(func() {
		_ = g.conn.Close()
		_ = g.cmd.Wait()
	})
	kind, _ := g.receive()
	require.Equal(t, wire.KindHello, kind)
	return g
}

func (g *guest) receive() (wire.Kind, []byte) {
	g.t.Helper()
	buf := make([]byte, wire.MaxFrame)
	n, err := g.conn.Read(buf)
	require.NoError(g.t, err, "agent: %s", &g.stderr)
	kind, body, spilled, err := wire.ParseFrame(buf[:n])
	require.NoError(g.t, err)
	require.False(g.t, spilled)
	return kind, body
}

func (g *guest) send(kind wire.Kind, body []byte, fds ...int) {
	g.t.Helper()
	frame, spilled := wire.Frame(kind, body)
	if spilled {
		fd, err := wire.Memfd("frame", body)
		require.NoError(g.t, err)
		defer func() { _ = unix.Close(fd) }()
		fds = append(fds, fd)
	}
	_, _, err := g.conn.WriteMsgUnix(frame, unix.UnixRights(fds...), nil)
	require.NoError(g.t, err)
}

// start asks for a program; what it and its children write comes from out.
func (g *guest) start(m wire.Exec) (out *os.File) {
	g.t.Helper()
	g.seq++
	m.Seq = g.seq
	if m.Env == nil {
		m.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin"}
	}
	r, w, err := os.Pipe()
	require.NoError(g.t, err)
	null, err := os.Open(os.DevNull)
	require.NoError(g.t, err)
	g.send(wire.KindExec, m.Append(nil), int(null.Fd()), int(w.Fd()), int(w.Fd()))
	require.NoError(g.t, w.Close())
	require.NoError(g.t, null.Close())
	g.t.Cleanup(func() { _ = r.Close() })
	require.NoError(g.t, r.SetReadDeadline(time.Now().Add(20*time.Second)))
	return r
}

func (g *guest) signal(seq uint64, s unix.Signal) {
	g.t.Helper()
	g.send(wire.KindSignal, wire.Signal{Seq: seq, Signal: int(s)}.Append(nil))
}

// end waits for the report of the program, and for all that was written.
func (g *guest) end(out *os.File) (wire.Exit, string) {
	g.t.Helper()
	text, err := io.ReadAll(out)
	require.NoError(g.t, err, "somebody holds on to the output")
	kind, body := g.receive()
	require.Equal(g.t, wire.KindExit, kind)
	exit, err := wire.ParseExit(body)
	require.NoError(g.t, err)
	assert.Equal(g.t, g.seq, exit.Seq)
	assert.Equal(g.t, exit.Failure == "", exit.MaxRSS > 0, "what ran took memory")
	exit.MaxRSS = 0
	assert.Empty(g.t, g.children(), "something is left of the program")
	return exit, string(text)
}

func (g *guest) run(m wire.Exec) (wire.Exit, string) {
	g.t.Helper()
	return g.end(g.start(m))
}

func sh(script string) wire.Exec { return wire.Exec{Argv: []string{"sh", "-c", script}} }

// children are the processes whose parent the agent is, by their PIDs outside; also those that wait to be reaped.
func (g *guest) children() []string {
	g.t.Helper()
	tasks, err := filepath.Glob("/proc/" + strconv.Itoa(g.cmd.Process.Pid) + "/task/*/children")
	require.NoError(g.t, err)
	require.NotEmpty(g.t, tasks)
	var pids []string
	for _, path := range tasks {
		text, err := os.ReadFile(path)
		require.NoError(g.t, err)
		pids = append(pids, strings.Fields(string(text))...)
	}
	return pids
}

func TestAProgramIsNobody(t *testing.T) {
	exit, out := newGuest(t).run(wire.Exec{
		Argv:  []string{"sh", "-c", `id -u; id -g; id -G; pwd; echo "$A"; cat sub/data; touch new && echo mine; ls /proc/self/fd | wc -l`},
		Env:   []string{"PATH=/usr/bin:/bin", "A=a b"},
		Files: []wire.File{{Path: "sub/data", Data: []byte("data\n")}},
	})
	assert.Equal(t, wire.Exit{Seq: 1}, exit)
	lines := strings.Split(out, "\n")
	assert.Equal(t, []string{"1000", "1000", "1000"}, lines[:3], "the job user, and no group of the agent's")
	assert.Equal(t, "box", filepath.Base(lines[3]))
	assert.Equal(t, []string{"a b", "data", "mine", "4", ""}, lines[4:], "stdin, stdout, stderr, and what ls itself opened")
}

func TestHowAProgramEnds(t *testing.T) {
	g := newGuest(t)
	for script, want := range map[string]wire.Exit{
		"exit 0": {}, "exit 3": {Status: 3}, "exit 255": {Status: 255},
		"kill -9 $$": {Signal: 9}, "kill -SEGV $$": {Signal: 11}, "kill -TERM $$": {Signal: 15},
	} {
		exit, _ := g.run(sh(script))
		want.Seq = g.seq
		assert.Equal(t, want, exit, script)
	}
}

func TestWhatCannotBeStarted(t *testing.T) {
	g := newGuest(t)
	require.NoError(t, os.WriteFile(filepath.Join(g.box, "data"), nil, 0o644))
	for name, c := range map[string]struct {
		m   wire.Exec
		why string
	}{
		"not there":       {wire.Exec{Argv: []string{"nothing-like-it"}}, "start nothing-like-it: no such file or directory"},
		"not a program":   {wire.Exec{Argv: []string{"./data"}}, "start ./data: permission denied"},
		"a long name":     {wire.Exec{Argv: []string{strings.Repeat("x", 60<<10)}}, "file name too long"},
		"a bad file":      {wire.Exec{Argv: []string{"true"}, Files: []wire.File{{Path: "../x"}}}, "write ../x: invalid argument"},
		"a bad long file": {wire.Exec{Argv: []string{"true"}, Files: []wire.File{{Path: strings.Repeat("x", 60<<10)}}}, "write xxx"},
	} {
		exit, out := g.run(c.m)
		assert.Contains(t, exit.Failure, c.why, name)
		assert.LessOrEqual(t, len(exit.Failure), maxBrief, name)
		assert.Empty(t, out, name)
	}
	exit, _ := g.run(sh("exit 4"))
	assert.Equal(t, 4, exit.Status, "and the agent works on")
}

// What a program leaves behind ends with it, however well it hides, and nothing of it is left to reap.
func TestNothingIsLeftOfAProgram(t *testing.T) {
	g := newGuest(t)
	for name, script := range map[string]string{
		"a child":                `sleep 1000 & exit 7`,
		"a grandchild, detached": `setsid sh -c 'trap "" TERM HUP INT; (sleep 1000 & sleep 1000) & sleep 1000' & exit 7`,
		"stopped":                `sleep 1000 & kill -STOP $!; exit 7`,
		"a storm of zombies":     `i=0; while [ $i -lt 300 ]; do (true &); i=$((i+1)); done; exit 7`,
		"still forking":          `(while :; do sleep 0.001 & done) & exit 7`,
	} {
		t.Run(name, func(t *testing.T) {
			exit, _ := g.run(sh(script))
			assert.Equal(t, 7, exit.Status)
		})
	}
}

func TestSignal(t *testing.T) {
	g := newGuest(t)
	out := g.start(sh(`trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.01; done`))
	awaitLine(t, out)
	g.signal(g.seq, unix.SIGTERM)
	exit, text := g.end(out)
	assert.Equal(t, wire.Exit{Seq: 1, Status: 5}, exit)
	assert.Contains(t, text, "bye")

	out = g.start(sh(`trap '' TERM; setsid sh -c 'trap "" TERM; echo ready; sleep 1000'; sleep 1000`))
	awaitLine(t, out)
	g.signal(g.seq, unix.SIGTERM)
	g.signal(g.seq, unix.SIGKILL)
	exit, _ = g.end(out)
	assert.Equal(t, wire.Exit{Seq: 2, Signal: 9}, exit)
}

// A signal that comes late is not for the next program.
func TestASignalForAnotherRun(t *testing.T) {
	g := newGuest(t)
	g.run(sh("exit 0"))
	out := g.start(sh(`echo ready; sleep 1000`))
	awaitLine(t, out)
	g.signal(g.seq-1, unix.SIGKILL)
	g.signal(g.seq+1, unix.SIGKILL)
	g.signal(0, unix.SIGKILL)
	g.signal(g.seq, unix.SIGTERM) // frames stay in order, so this one ended it
	exit, _ := g.end(out)
	assert.Equal(t, wire.Exit{Seq: 2, Signal: 15}, exit)
	g.signal(g.seq, unix.SIGKILL) // and nobody is there any more
	exit, _ = g.run(sh("exit 3"))
	assert.Equal(t, 3, exit.Status)
}

func awaitLine(t *testing.T, out *os.File) {
	t.Helper()
	buf := make([]byte, 6)
	_, err := io.ReadFull(out, buf)
	require.NoError(t, err)
	require.Equal(t, "ready\n", string(buf))
}

func TestAnExecBesideItsFrame(t *testing.T) {
	g := newGuest(t)
	big := bytes.Repeat([]byte("x"), 1<<20)
	exit, out := g.run(wire.Exec{Argv: []string{"sh", "-c", "wc -c <big; ls /proc/self/fd | wc -l"}, Files: []wire.File{{Path: "big", Data: big}}})
	assert.Zero(t, exit.Status)
	assert.Equal(t, []string{"1048576", "4"}, strings.Fields(out), "and the memfd is not the program's")
}

func TestTheAgentLeavesWithTheServer(t *testing.T) {
	g := newGuest(t)
	out := g.start(sh(`trap '' TERM HUP; echo ready; setsid sleep 1000 & sleep 1000`))
	awaitLine(t, out)
	require.NoError(t, g.conn.Close())
	assert.NoError(t, g.cmd.Wait(), "and is content: %s", &g.stderr)
	_, err := io.ReadAll(out)
	assert.NoError(t, err, "and so has everything in the cell")
}

func TestTheAgentLeavesWhereItUnderstandsNothing(t *testing.T) {
	for name, frame := range map[string][]byte{
		"no frame":            []byte("x"),
		"another version":     {wire.Version + 1, byte(wire.KindExec), 0},
		"a kind of its own":   {wire.Version, byte(wire.KindExit), 0},
		"an exec of nothing":  {wire.Version, byte(wire.KindExec), 0},
		"a bad signal":        {wire.Version, byte(wire.KindSignal), 0, 0xff},
		"a bad reset":         {wire.Version, byte(wire.KindReset), 0, 0xff},
		"an exec without fds": append([]byte{wire.Version, byte(wire.KindExec), 0}, (&wire.Exec{Seq: 1, Argv: []string{"true"}}).Append(nil)...),
	} {
		t.Run(name, func(t *testing.T) {
			g := newGuest(t)
			_, err := g.conn.Write(frame)
			require.NoError(t, err)
			assert.Error(t, g.cmd.Wait())
			assert.Contains(t, g.stderr.String(), wire.ErrMalformed.Error())
		})
	}
}
