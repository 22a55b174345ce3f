package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"paddock/sandbox/wire"
)

type job struct {
	seq uint64
	pid int
}

type agent struct {
	conn      *conn
	box       box
	places    []place
	network   *network
	collected uint64        // the number of the run after which garbage was collected last
	oom       int           // open descriptor of our own oom_score_adj, or -1
	lead      chan struct{} // whoever took what is in it takes the frames
	done      chan error    // how the agent ends

	mu      sync.Mutex
	running uint64 // the number of the run in progress, 0 when there is none
}

// startThreads returns once both threads are there.
func (a *agent) startThreads() {
	var there sync.WaitGroup
	for range 2 {
		there.Add(1)
		go func() {
			runtime.LockOSThread()
			there.Done()
			a.done <- a.work()
		}()
	}
	there.Wait()
}

// work takes frames until a program is started, lets the other thread take the next ones, and waits for the program; again
// and again until the server closes the connection, which is no error.
func (a *agent) work() error {
	for {
		<-a.lead
		j, err := a.serve()
		if errors.Is(err, errClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		a.lead <- struct{}{}
		if err := a.wait(j); err != nil {
			return err
		}
	}
}

// serve handles frames until a program has been started.
func (a *agent) serve() (job, error) {
	for {
		kind, body, spilled, fds, err := a.conn.receive()
		if err != nil {
			return job{}, err
		}
		var j job
		if spilled && len(fds) > 0 {
			err = wire.Mapped(fds[len(fds)-1], func(body []byte) error { return a.handle(kind, body, fds, &j) })
		} else {
			err = a.handle(kind, body, fds, &j)
		}
		closeAll(fds)
		if err != nil || j.pid != 0 {
			return j, err
		}
	}
}

// handle does what a frame asks for; where that starts a program, j is the program.
func (a *agent) handle(kind wire.Kind, body []byte, fds []int, j *job) error {
	switch kind {
	case wire.KindExec:
		m, err := wire.ParseExec(body)
		if err != nil {
			return err
		}
		return a.exec(m, fds, j)
	case wire.KindSignal:
		m, err := wire.ParseSignal(body)
		if err != nil {
			return err
		}
		a.signal(m)
		return nil
	case wire.KindReset:
		m, err := wire.ParseReset(body)
		if err != nil {
			return err
		}
		clean := wire.Clean{Seq: m.Seq}
		if err := a.reset(m.Seq); err != nil {
			clean.Found = brief(err)
		}
		return a.conn.send(wire.KindClean, clean.Append(nil))
	default:
		return fmt.Errorf("%w: kind %d is not for an agent", wire.ErrMalformed, kind)
	}
}

// exec starts a program. One that can't be started is the run's failure, not the agent's.
func (a *agent) exec(m wire.Exec, fds []int, j *job) error {
	if len(fds) < 3 {
		return fmt.Errorf("%w: exec with %d descriptors", wire.ErrMalformed, len(fds))
	}
	a.setRunning(m.Seq)
	err := a.box.write(m.Files)
	if err == nil {
		var pid int
		if pid, err = a.start(m, fds); err == nil {
			*j = job{m.Seq, pid}
			return nil
		}
	}
	a.setRunning(0)
	return a.conn.send(wire.KindExit, wire.Exit{Seq: m.Seq, Failure: brief(err)}.Append(nil))
}

// maxBrief keeps a report, in bytes, far below what fits a frame.
const maxBrief = 1000

// brief is an error's text, which may name what a job named, at any length.
func brief(err error) string {
	text := err.Error()
	return text[:min(len(text), maxBrief)]
}

func (a *agent) start(m wire.Exec, fds []int) (int, error) {
	a.offerToOOMKiller(true)
	defer a.offerToOOMKiller(false)
	pid, err := syscall.ForkExec(lookPath(m.Argv[0], m.Env, a.box.dir), m.Argv, &syscall.ProcAttr{
		Dir:   a.box.dir,
		Env:   m.Env,
		Files: []uintptr{uintptr(fds[0]), uintptr(fds[1]), uintptr(fds[2])},
		Sys: &syscall.SysProcAttr{
			Setsid:     true,
			Credential: &syscall.Credential{Uid: a.box.uid, Gid: a.box.uid},
		},
	})
	if err != nil {
		return 0, fmt.Errorf("start %.200s: %w", m.Argv[0], err)
	}
	return pid, nil
}

// maxName is NAME_MAX, in bytes: nothing longer can be found, and looking costs memory that is not collected.
const maxName = 255

// lookPath finds a program the way a shell does in the directory dir, along the PATH the program itself will have. Where
// there is none it returns name, and the exec says what is wrong.
func lookPath(name string, env []string, dir string) string {
	if strings.Contains(name, "/") || len(name) > maxName {
		return name
	}
	for _, v := range env {
		path, ok := strings.CutPrefix(v, "PATH=")
		for ok {
			var at string
			at, path, ok = strings.Cut(path, ":")
			if !strings.HasPrefix(at, "/") {
				at = dir + "/" + at
			}
			if executable(at + "/" + name) {
				return at + "/" + name
			}
		}
	}
	return name
}

func executable(path string) bool {
	var st unix.Stat_t
	return unix.Stat(path, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFREG && st.Mode&0o111 != 0
}

// signal reaches every process in the cell but the agent: kill(-1) is one step in the kernel, so nothing can fork past it.
func (a *agent) signal(m wire.Signal) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if m.Seq == a.running && a.running != 0 {
		_ = unix.Kill(-1, unix.Signal(m.Signal)) // ESRCH: everything has ended already
	}
}

func (a *agent) setRunning(seq uint64) {
	a.mu.Lock()
	a.running = seq
	a.mu.Unlock()
}

// wait reaps everything in the cell and reports the program once nothing of it is left.
func (a *agent) wait(j job) error {
	status, used := reapUntil(j.pid)
	a.setRunning(0)
	endEverything()
	exit := wire.Exit{Seq: j.seq, Status: max(status.ExitStatus(), 0), MaxRSS: used.Maxrss << 10}
	if status.Signaled() {
		exit.Signal = int(status.Signal())
	}
	return a.conn.send(wire.KindExit, exit.Append(nil))
}

// reapUntil collects orphans as they end, until the program itself has; used is that of the program and its children.
func reapUntil(pid int) (status unix.WaitStatus, used unix.Rusage) {
	for {
		got, err := unix.Wait4(-1, &status, unix.WALL, &used)
		if got == pid || (err != nil && !errors.Is(err, unix.EINTR)) {
			return status, used
		}
	}
}

// endEverything kills what the program left behind and reaps it, until PID 1 has no child: then nobody else is in its
// namespace. Most programs leave nothing, and the kernel need not look through all processes for whom to kill.
func endEverything() {
	if _, err := unix.Wait4(-1, nil, unix.WALL|unix.WNOHANG, nil); errors.Is(err, unix.ECHILD) {
		return
	}
	_ = unix.Kill(-1, unix.SIGKILL)
	for {
		if _, err := unix.Wait4(-1, nil, unix.WALL, nil); errors.Is(err, unix.ECHILD) {
			return
		}
	}
}
