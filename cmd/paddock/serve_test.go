package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/sandbox/cgroup"
	"paddock/sandbox/podman"
)

func TestTwoServersAtOnce(t *testing.T) {
	one, two := start(t, nil), start(t, nil)
	for _, s := range []*server{one, two} {
		wantVerdict(t, s.python(t, "pass", nil), "ok")
	}
	require.NoError(t, one.stop())
	wantVerdict(t, two.python(t, "pass", nil), "ok")
}

func TestOneStateDirectoryOneServer(t *testing.T) {
	s := start(t, nil)
	_, err := startWith(s.config)
	require.ErrorContains(t, err, "another paddock uses it")
}

// A signal that comes while the canary runs ends the start, and takes the canary's cell with it.
func TestAStopDuringTheStartLeavesNothing(t *testing.T) {
	needPodman(t)
	s := &server{config: liveConfig(t.TempDir())}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, s.config, zerolog.Nop(), func(net.Addr) {}) }()
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(s.config.StateDir, "instance"))
		return err == nil && s.take(t).Containers > 0
	}, settled, tick)
	stop()
	err := <-ended
	require.ErrorIs(t, err, context.Canceled)
	assert.NotContains(t, err.Error(), "limits", "nothing is wrong with this machine")
	left := s.take(t)
	assert.Zero(t, left.Containers)
	assert.Zero(t, left.Cgroups)
	assert.Zero(t, left.Processes)
}

func TestStopAnswersWhatWasAccepted(t *testing.T) {
	s := start(t, func(c *Config) { c.Shutdown = 2e9 })
	answers := make(chan answer, 2)
	var began sync.WaitGroup
	for _, seconds := range []string{"1", "1000"} {
		began.Add(1)
		go func() {
			began.Done()
			a, err := s.try(context.Background(), http.MethodPost, "/runner/run", object{"language": "bash", "code": "echo began; sleep " + seconds})
			if err != nil {
				a.Raw = []byte(err.Error())
			}
			answers <- a
		}()
	}
	began.Wait()
	require.Eventually(t, func() bool { return s.take(t).Containers == 2 }, settled, tick)
	require.NoError(t, s.stop())
	verdicts := map[string]bool{}
	for range 2 {
		a := <-answers
		verdicts[a.text("verdict")] = true
		assert.Equal(t, "began\n", a.text("stdout"), "%s", a.Raw)
	}
	assert.Equal(t, map[string]bool{"ok": true, "cancelled": true}, verdicts)
	_, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	require.Error(t, err)
}

// A connection that gets no answer in time is closed all the same.
func TestShutDownClosesWhatIsLeft(t *testing.T) {
	asked := make(chan struct{})
	ended := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		defer close(ended)
		close(asked)
		<-r.Context().Done() // with the connection, not before
	}))
	failed := make(chan error, 1)
	go func() {
		_, err := (&server{url: s.URL}).try(context.Background(), http.MethodGet, "/", nil)
		failed <- err
	}()
	<-asked
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, shutDown(ctx, s.Config), context.Canceled)
	require.Error(t, <-failed)
	<-ended
	s.Close()
}

func TestNoAddressForOthers(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:8080", ":8080", "192.0.2.1:80", "[::]:80", "example.com:80", "nonsense"} {
		assert.Error(t, checkAddr(addr), addr)
	}
	for _, addr := range []string{"127.0.0.1:0", "[::1]:80", "localhost:80", "127.9.9.9:1"} {
		assert.NoError(t, checkAddr(addr), addr)
	}
}

// When Podman goes away, runs that need a new cell are told so, and work again once it is back; those that have a cell go on.
func TestPodmanDiesAndComesBack(t *testing.T) {
	needPodman(t)
	dir := t.TempDir()
	service := func() *exec.Cmd {
		cmd := exec.Command("podman", "system", "service", "--time=0", "unix://"+dir+"/p.sock")
		cmd.Dir = dir // conmon leaves files named oom where its service was started
		require.NoError(t, cmd.Start())
		require.Eventually(t, func() bool {
			c, err := net.Dial("unix", dir+"/p.sock")
			if err == nil {
				_ = c.Close()
			}
			return err == nil
		}, settled, tick)
		return cmd
	}
	first := service()
	s := start(t, func(c *Config) { c.Podman.Socket = "unix://" + dir + "/p.sock" })
	st := s.follow(t, context.Background(), "/runner/run", object{"language": "bash", "code": "echo up; sleep 3; echo down"})
	st.until(t, "stdout")

	require.NoError(t, first.Process.Kill())
	_ = first.Wait()
	require.NoError(t, os.Remove(dir+"/p.sock"))
	a := s.python(t, "pass", nil)
	assert.Equal(t, http.StatusServiceUnavailable, a.Status, "%s", a.Raw)
	assert.Equal(t, "sandbox_unavailable", a.text("code"))
	assert.NotEmpty(t, a.Header.Get("Retry-After"))
	assert.Equal(t, "up\ndown\n", st.until(t, "result").text("stdout"), "a run that has its cell needs no Podman")

	second := service()
	t.Cleanup(func() { // after the server has stopped
		_ = second.Process.Signal(syscall.SIGTERM)
		_ = second.Wait()
	})
	wantVerdict(t, s.python(t, "pass", nil), "ok")
}

// startUp is how long the built program may take until it listens: on a busy machine the canary alone takes seconds, and
// Podman may need some for what a killed predecessor was making.
const startUp = time.Minute

// process is the built program, as an operator runs it.
func process(t *testing.T, dir string, args ...string) (cmd *exec.Cmd, url string) {
	t.Helper()
	needPodman(t)
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	cmd = exec.Command(filepath.Join(os.Getenv(varBin), "paddock"), append([]string{"serve", "--addr", "127.0.0.1:0", "--state-dir", dir,
		"--podman.socket", os.Getenv(varPodman), "--validate.policy=none", "--quota.enabled=false", "--monitor.enabled=false"}, args...)...)
	cmd.Stderr = log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		sweep(t, dir)
	})
	t.Cleanup(func() {
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("the server said: %s", text)
		}
	})
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(log.Name())
		for line := range strings.Lines(string(text)) {
			var entry struct{ Message, Addr string }
			if json.Unmarshal([]byte(line), &entry) == nil && entry.Message == "listening" {
				url = "http://" + entry.Addr
			}
		}
		return url != ""
	}, startUp, tick, "the server does not listen")
	return cmd, url
}

// sweep removes what a server that was killed left behind, as its next start would.
func sweep(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "instance"))
	require.NoError(t, err)
	id := strings.TrimSpace(string(text))
	ctx, cancel := context.WithTimeout(context.Background(), settled)
	defer cancel()
	client, err := observer()
	require.NoError(t, err)
	engine := &podman.Engine{Client: client}
	names, err := engine.Owned(ctx, id)
	require.NoError(t, err)
	for _, name := range names {
		require.NoError(t, engine.Remove(ctx, name))
	}
	require.NoError(t, cgroup.Sweep(ctx, "/", id))
}

func TestKilledServerLeavesNothingForLong(t *testing.T) {
	dir := t.TempDir()
	cmd, url := process(t, dir, "--pool.warm=0", "--pool.language=python=2")
	s := &server{url: url, config: liveConfig(dir)}
	st := s.follow(t, context.Background(), "/runner/run", object{"language": "bash", "code": "echo up; sleep 1000"})
	st.until(t, "stdout")
	require.Eventually(t, func() bool { return s.take(t).Containers == 3 }, settled, tick, "one that runs and two warm ones")
	require.GreaterOrEqual(t, s.take(t).Processes, 3)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.Eventually(t, func() bool { return s.take(t).Processes == 0 }, settled, tick, "agents leave when their server is gone")

	_, url = process(t, dir, "--pool.warm=0")
	s.url = url
	wantVerdict(t, s.python(t, "pass", nil), "ok")
	require.Eventually(t, func() bool { return s.take(t).Containers == 0 }, settled, tick)
	cells, err := os.ReadDir(filepath.Join(dir, "cells"))
	require.NoError(t, err)
	assert.Empty(t, cells)
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	cmd, url := process(t, t.TempDir(), "--pool.warm=0", "--shutdown-timeout=5m")
	s := &server{url: url}
	st := s.follow(t, context.Background(), "/runner/run", object{"language": "bash", "code": "echo up; sleep 1000"})
	st.until(t, "stdout")
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.Eventually(t, func() bool { // it does not listen any more, and waits for the run
		_, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		return err != nil
	}, settled, tick)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	err := cmd.Wait()
	require.Error(t, err)
	assert.Equal(t, "signal: terminated", fmt.Sprint(err))
}

func TestWarmCellsAreUsedAndReplaced(t *testing.T) {
	s := start(t, func(c *Config) { c.Pool.Language = map[string]int{"python": 3} })
	require.Eventually(t, func() bool { return s.take(t).Containers == 3 }, settled, tick)
	for range 5 {
		wantVerdict(t, s.python(t, "pass", nil), "ok")
	}
	require.Eventually(t, func() bool { return s.take(t).Containers == 3 }, settled, tick)
}

func TestBusyPoolSaysWhenToComeBack(t *testing.T) {
	s := start(t, func(c *Config) { c.Pool.MaxCells = 2; c.Pool.Wait = 3e8 })
	var running []*stream
	for range 2 {
		st := s.follow(t, context.Background(), "/runner/run", object{"language": "bash", "code": "echo up; read never", "stdin_open": true})
		st.until(t, "stdout")
		running = append(running, st)
	}
	a := s.python(t, "pass", nil)
	assert.Equal(t, http.StatusServiceUnavailable, a.Status, "%s", a.Raw)
	assert.Equal(t, "server_overloaded", a.text("code"))
	assert.NotEmpty(t, a.Header.Get("Retry-After"))
	for _, st := range running {
		s.send(t, http.MethodPost, "/runner/runs/"+st.id+"/stdin", object{"data": "\n", "eof": true})
		assert.Equal(t, "ok", st.until(t, "result").text("verdict"))
	}
	require.Eventually(t, func() bool { return s.python(t, "pass", nil).text("verdict") == "ok" }, settled, tick)
}

func TestAStoppedServerLeavesNoCgroup(t *testing.T) {
	s := start(t, func(c *Config) { c.Pool.Language = map[string]int{"bash": 2} })
	wantVerdict(t, s.program(t, "bash", "true", nil), "ok")
	id, err := os.ReadFile(filepath.Join(s.config.StateDir, "instance"))
	require.NoError(t, err)
	cgroups := func() (all []string) {
		for _, hierarchy := range []string{"", "*/"} { // v2, and v1's many
			found, err := filepath.Glob("/sys/fs/cgroup/" + hierarchy + cgroup.Parent(strings.TrimSpace(string(id))) + "*")
			require.NoError(t, err)
			all = append(all, found...)
		}
		return all
	}
	assert.NotEmpty(t, cgroups())
	require.NoError(t, s.stop())
	assert.Empty(t, cgroups())
}
