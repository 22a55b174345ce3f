package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every test here is something that happens to the server from outside: to its cells, to Podman, to its disk. Whatever was
// accepted gets an answer, the next run works once the trouble is over, and the counts are what they were.

// victim is a cell seen from the host.
type victim struct {
	id      string // of its container
	agent   int    // its PID 1
	monitor int    // Podman's process beside it
}

// harms are what may befall a cell behind the server's back.
var harms = []struct {
	name   string
	do     func(victim) error
	ends   string // how a run ends that it befalls
	unseen bool   // the cell looks alive, and costs its tenant a run
	atOnce bool   // quicker than a reset
}{
	{"the agent is killed", func(v victim) error { return kill(v.agent) }, "cell_lost", false, true},
	{"the agent stands still", func(v victim) error { return syscall.Kill(v.agent, syscall.SIGSTOP) }, "time_limit", true, true},
	{"its monitor is killed", func(v victim) error { return kill(v.monitor) }, "ok", false, true},
	{"the container is paused", func(v victim) error { return byHand("pause", v.id) }, "time_limit", true, false},
	{"the container is removed", func(v victim) error { return byHand("rm", "--force", "--time=0", v.id) }, "cell_lost", false, false},
}

// kill kills a process and returns once it is gone: a run that a dying cell has taken is lost with it.
func kill(pid int) error {
	p, err := os.FindProcess(pid) // by a descriptor, which means this one for good
	for signal := syscall.SIGKILL; err == nil; signal = 0 {
		if err = p.Signal(signal); err == nil {
			time.Sleep(time.Millisecond)
		}
	}
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// byHand is what somebody else does with Podman.
func byHand(args ...string) error {
	out, err := exec.Command("podman", append([]string{"--url", os.Getenv(varPodman)}, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("podman %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}

// inside lists the processes in this server's cells: their mounts show a socket directory of ours.
func (s *server) inside(t *testing.T) (pids []int) {
	t.Helper()
	procs, err := filepath.Glob("/proc/[0-9]*/mountinfo")
	require.NoError(t, err)
	for _, p := range procs {
		if text, err := os.ReadFile(p); err == nil && strings.Contains(string(text), s.config.StateDir+"/cells/") {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(p)))
			require.NoError(t, err)
			pids = append(pids, pid)
		}
	}
	return pids
}

// cellOf finds the cell that a program runs in, by an argument that only it has; without one, the only cell there is. While it is
// being made there are other processes in it, which are no monitor's.
func (s *server) cellOf(t *testing.T, argument string) (v victim) {
	t.Helper()
	require.Eventually(t, func() bool {
		for _, pid := range s.inside(t) {
			line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			if argument != "" && !strings.Contains(string(line), "\x00"+argument+"\x00") {
				continue
			}
			if argument != "" {
				pid = parentOf(pid)
			}
			v = victim{agent: pid, monitor: parentOf(pid)}
			line, _ = os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", v.monitor))
			if words := strings.Split(string(line), "\x00"); strings.Contains(words[0], "conmon") {
				v.id = words[slices.Index(words, "-c")+1]
				return true
			}
		}
		return false
	}, settled, tick)
	return v
}

// parentOf is a process's parent, and 0 when it is gone.
func parentOf(pid int) int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := strings.Cut(string(text), "PPid:")
	line, _, _ := strings.Cut(rest, "\n")
	parent, _ := strconv.Atoi(strings.TrimSpace(line))
	return parent
}

// untilTold is a program that says that it is up, and ends when something comes by its stdin.
func untilTold(user string, more object) object {
	body := object{"language": "python", "user_id": user, "args": []string{user}, "stdin_open": true,
		"code": "import os\nfor i in range(2000): open(f'/box/{i}', 'w')\nprint('up', flush=True)\ninput()\nprint('down')"}
	for k, v := range more {
		body[k] = v
	}
	return body
}

func (s *server) tell(t *testing.T, st *stream) {
	t.Helper()
	a := s.send(t, http.MethodPost, "/runner/runs/"+st.id+"/stdin", object{"data": "\n", "eof": true})
	require.Equal(t, http.StatusOK, a.Status, "%s", a.Raw)
}

// end reads on to the end of a run: its verdict, or the code of the problem.
func (st *stream) end(t *testing.T) string {
	t.Helper()
	for ev := range st.events {
		if ev.Type == "result" || ev.Type == "error" {
			var body struct{ Verdict, Code string }
			require.NoError(t, json.Unmarshal([]byte(ev.Data), &body))
			return body.Verdict + body.Code
		}
	}
	require.FailNow(t, "the stream ended without an answer")
	return ""
}

func TestACellIsHarmedWhileItRuns(t *testing.T) {
	s := start(t, func(c *Config) { c.Pool.Idle = time.Second })
	s.nothingLeft(t, func() {
		t.Run("all", func(t *testing.T) {
			for _, harm := range harms {
				t.Run(harm.name, func(t *testing.T) {
					t.Parallel()
					user := uuid.NewString()
					st := s.follow(t, t.Context(), "/runner/run", untilTold(user, object{"limits": object{"timeout_ms": 6000}}))
					st.until(t, "stdout")
					require.NoError(t, harm.do(s.cellOf(t, user)))
					if harm.ends == "ok" {
						s.tell(t, st)
					}
					assert.Equal(t, harm.ends, st.end(t))
					wantVerdict(t, s.python(t, "pass", object{"user_id": user}), "ok")
				})
			}
		})
	})
}

// once runs something as user in a cell that is kept afterwards, and returns that cell.
func (s *server) once(t *testing.T, user string) victim {
	t.Helper()
	st := s.follow(t, t.Context(), "/runner/run", untilTold(user, nil))
	st.until(t, "stdout")
	cell := s.cellOf(t, user)
	s.tell(t, st)
	require.Equal(t, "ok", st.end(t))
	return cell
}

// parked is a cell that is kept for a user. Any doubt removes one, for a reason that the log has; but not one after the other.
func (s *server) parked(t *testing.T, user string) victim {
	t.Helper()
	for range 3 {
		cell := s.once(t, user)
		s.again(t, user, false) // in the same cell
		s.again(t, "", false)   // in a new one, which takes longer than a reset
		if syscall.Kill(cell.agent, 0) == nil {
			return cell
		}
	}
	require.FailNow(t, "no cell is kept", "%s", s.log)
	return victim{}
}

// again runs something as user in whatever cell there is, once more if the first one only looked alive.
func (s *server) again(t *testing.T, user string, unseen bool) {
	t.Helper()
	a := s.python(t, "pass", object{"user_id": user, "limits": object{"timeout_ms": 1000}})
	if unseen && a.text("verdict") == "time_limit" {
		a = s.python(t, "pass", object{"user_id": user})
	}
	wantVerdict(t, a, "ok")
}

func TestAParkedCellIsHarmed(t *testing.T) {
	s := start(t, func(c *Config) { c.Pool.Idle = 5 * time.Second })
	s.nothingLeft(t, func() {
		t.Run("all", func(t *testing.T) {
			for _, harm := range harms {
				t.Run(harm.name, func(t *testing.T) {
					t.Parallel()
					user := uuid.NewString()
					require.NoError(t, harm.do(s.parked(t, user)))
					s.again(t, user, harm.unseen)
				})
			}
		})
	})
}

func TestACellIsHarmedDuringItsReset(t *testing.T) {
	s := start(t, func(c *Config) { c.Pool.Idle = time.Second })
	s.nothingLeft(t, func() {
		for _, harm := range harms {
			if harm.atOnce {
				t.Run(harm.name, func(t *testing.T) {
					user := uuid.NewString()
					require.NoError(t, harm.do(s.once(t, user)))
					s.again(t, user, harm.unseen)
				})
			}
		}
	})
}

func TestAWarmCellIsHarmed(t *testing.T) {
	s := start(t, func(c *Config) { c.Pool.Language = map[string]int{"python": 1} })
	for _, harm := range harms {
		t.Run(harm.name, func(t *testing.T) {
			require.Eventually(t, func() bool { return s.take(t).Containers == 1 && len(s.inside(t)) == 1 }, settled, tick)
			require.NoError(t, harm.do(s.cellOf(t, "")))
			s.again(t, "", harm.unseen)
		})
	}
	require.Eventually(t, func() bool { return s.take(t).Containers == 1 }, settled, tick, "the pool is full again")
	s.stopsClean(t)
}

// stopsClean stops the server and checks that it has taken everything with it.
func (s *server) stopsClean(t *testing.T) {
	t.Helper()
	require.NoError(t, s.stop())
	left := s.take(t)
	assert.Zero(t, left.Containers)
	assert.Zero(t, left.Cgroups)
	assert.Zero(t, left.Processes)
	cells, err := os.ReadDir(filepath.Join(s.config.StateDir, "cells"))
	require.NoError(t, err)
	assert.Empty(t, cells)
}

// proxy stands between the server and Podman, and makes trouble when told to.
type proxy struct {
	uri     string
	through *httputil.ReverseProxy
	now     atomic.Pointer[func(http.ResponseWriter, *http.Request) bool]
}

// trouble deals with a request in Podman's place, or returns false. over is closed when the trouble is.
type trouble func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) bool

func newProxy(t *testing.T) *proxy {
	t.Helper()
	needPodman(t)
	service := strings.TrimPrefix(os.Getenv(varPodman), "unix://")
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", service)
	}}
	p := &proxy{through: httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "podman"})}
	p.through.Transport = transport
	p.through.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	dir, err := os.MkdirTemp("", "proxy") //nolint:usetesting // a socket's path has to be short
	require.NoError(t, err)
	l, err := net.Listen("unix", filepath.Join(dir, "p.sock"))
	require.NoError(t, err)
	p.uri = "unix://" + l.Addr().String()
	server := &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = server.Close()
		assert.ErrorIs(t, <-ended, http.ErrServerClosed)
		transport.CloseIdleConnections()
		assert.NoError(t, os.RemoveAll(dir))
	})
	return p
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if deal := p.now.Load(); deal != nil && (*deal)(w, r) {
		return
	}
	p.through.ServeHTTP(w, r)
}

// make makes trouble; the function it returns ends it, also for requests that are in it.
func (p *proxy) make(t trouble) (end func()) {
	over := make(chan struct{})
	deal := func(w http.ResponseWriter, r *http.Request) bool { return t(w, r, over) }
	p.now.Store(&deal)
	return sync.OnceFunc(func() {
		p.now.Store(nil)
		close(over)
	})
}

// cutOff is a service that closes every connection.
func cutOff(http.ResponseWriter, *http.Request, <-chan struct{}) bool { panic(http.ErrAbortHandler) }

// stuck is a service that stands still: what it is asked meanwhile it does when it goes on, if its client is still there.
func stuck(_ http.ResponseWriter, r *http.Request, over <-chan struct{}) bool {
	body, err := io.ReadAll(r.Body) // before that nobody learns that the client has gone
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	select {
	case <-over:
		return false
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

// wantUnavailable checks a refusal for want of a cell: it says so, and when to come back.
func wantUnavailable(t *testing.T, a answer, code string) {
	t.Helper()
	assert.Equal(t, http.StatusServiceUnavailable, a.Status, "%s", a.Raw)
	assert.Equal(t, code, a.text("code"))
	assert.Equal(t, true, a.Body["retryable"])
	assert.NotEmpty(t, a.Header.Get("Retry-After"))
}

func TestPodmanFailsToCreateTenTimes(t *testing.T) {
	p := newProxy(t)
	s := start(t, func(c *Config) { c.Podman.Socket, c.Pool.Language = p.uri, map[string]int{"bash": 1} })
	kept := object{"user_id": "kept"}
	wantVerdict(t, s.python(t, "pass", kept), "ok")
	require.Eventually(t, func() bool { return s.take(t).Containers == 2 }, settled, tick, "the parked cell, and the warm one")
	var failed atomic.Int64
	defer p.make(func(w http.ResponseWriter, r *http.Request, _ <-chan struct{}) bool {
		if !strings.HasSuffix(r.URL.Path, "/containers/create") || failed.Add(1) > 10 {
			return false
		}
		http.Error(w, `{"cause":"no","message":"not today","response":500}`, http.StatusInternalServerError)
		return true
	})()
	wantVerdict(t, s.program(t, "bash", "true", nil), "ok") // the warm one; its successor can't be made
	for failed.Load() < 10 {
		if a := s.python(t, "pass", nil); failed.Load() <= 10 {
			wantUnavailable(t, a, "sandbox_unavailable")
			assert.NotContains(t, string(a.Raw), "not today", "that is for the log")
		}
		wantVerdict(t, s.python(t, "pass", kept), "ok")
	}
	assert.Contains(t, s.log.String(), "not today")
	wantVerdict(t, s.python(t, "pass", nil), "ok")
	require.Eventually(t, func() bool { return s.take(t).Containers == 2 }, settled, tick, "the parked cell, and a warm one again")
	s.stopsClean(t)
}

func TestPodmanHangsInRemove(t *testing.T) {
	p := newProxy(t)
	s := start(t, func(c *Config) {
		c.Podman.Socket, c.Pool.MaxCells, c.Pool.Wait, c.Pool.Idle = p.uri, 4, 300*time.Millisecond, 2*time.Second
	})
	s.nothingLeft(t, func() {
		kept := object{"user_id": "kept"}
		wantVerdict(t, s.python(t, "pass", kept), "ok")
		end := p.make(func(w http.ResponseWriter, r *http.Request, over <-chan struct{}) bool {
			return r.Method == http.MethodDelete && stuck(w, r, over)
		})
		defer end()
		for range 3 {
			wantVerdict(t, s.python(t, "pass", nil), "ok")
			wantVerdict(t, s.python(t, "pass", kept), "ok")
		}
		wantUnavailable(t, s.program(t, "bash", "true", nil), "server_overloaded") // every place is one that is being left
		end()
	})
	wantVerdict(t, s.program(t, "bash", "true", nil), "ok")
}

func TestPodmanIsGoneForAWhile(t *testing.T) {
	for name, gone := range map[string]trouble{"it hangs up": cutOff, "it stands still": stuck} {
		t.Run(name, func(t *testing.T) {
			p := newProxy(t)
			s := start(t, func(c *Config) {
				c.Podman.Socket, c.Pool.Create, c.Pool.Idle = p.uri, 5*time.Second, 10*time.Second
			})
			s.nothingLeft(t, func() {
				kept := object{"user_id": "kept"}
				wantVerdict(t, s.python(t, "pass", kept), "ok")
				end := p.make(gone)
				defer end()
				refused := make(chan answer, 4)
				for range cap(refused) {
					go func() {
						a, err := s.try(context.Background(), http.MethodPost, "/runner/run", object{"language": "python", "code": "pass"})
						if err != nil {
							a.Raw = []byte(err.Error())
						}
						refused <- a
					}()
				}
				for range cap(refused) {
					wantVerdict(t, s.python(t, "pass", kept), "ok")
					wantUnavailable(t, <-refused, "sandbox_unavailable")
				}
				wantVerdict(t, s.python(t, "pass", kept), "ok")
				end()
				wantVerdict(t, s.python(t, "pass", nil), "ok")
			})
		})
	}
}

// smallDisk mounts a file system on dir that fill can fill.
func smallDisk(t *testing.T) (dir string, fill, empty func()) {
	t.Helper()
	needPodman(t)
	if os.Geteuid() != 0 {
		t.Skip("needs root, to mount a file system: run ./scripts/test as root")
	}
	dir = t.TempDir()
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=128m,nr_inodes=128"))
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, 0)) })
	full := filepath.Join(dir, "full")
	fill = func() {
		require.NoError(t, os.Mkdir(full, 0o700))
		for i := 0; ; i++ { // first every byte, then every inode
			err := os.WriteFile(filepath.Join(full, strconv.Itoa(i)), make([]byte, 128<<20>>min(i, 27)), 0o600)
			if _, statErr := os.Stat(filepath.Join(full, strconv.Itoa(i))); statErr != nil {
				require.ErrorIs(t, err, syscall.ENOSPC)
				return
			}
		}
	}
	return dir, fill, func() { require.NoError(t, os.RemoveAll(full)) }
}

func TestTheDiskIsFull(t *testing.T) {
	dir, fill, empty := smallDisk(t)
	s := start(t, func(c *Config) { c.StateDir, c.Pool.Idle = dir, 5*time.Second })
	s.nothingLeft(t, func() {
		kept := object{"user_id": "kept"}
		wantVerdict(t, s.python(t, "pass", kept), "ok")
		fill()
		wantUnavailable(t, s.python(t, "pass", nil), "sandbox_unavailable")
		assert.Contains(t, s.log.String(), "no space left on device")
		wantVerdict(t, s.python(t, "pass", kept), "ok")
		empty()
		wantVerdict(t, s.python(t, "pass", nil), "ok")
	})
	s.stopsClean(t)
}

func TestTheDiskIsFullAtTheStart(t *testing.T) {
	dir, fill, empty := smallDisk(t)
	fill()
	c := liveConfig(dir)
	_, err := startWith(c)
	require.ErrorContains(t, err, "0 MiB free at "+dir)
	empty()
	s, err := startWith(c)
	require.NoError(t, err)
	defer func() { assert.NoError(t, s.stop()) }()
	wantVerdict(t, s.python(t, "pass", nil), "ok")
}
