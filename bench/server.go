package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a running `paddock serve`.
type server struct {
	url      string
	runtime  string // OCI runtime it has chosen
	instance string // what its cells are labelled with
	warm     int    // cells it keeps warm at least

	cmd   *exec.Cmd
	ended chan struct{} // closed when it has ended; the fields below may be read then
	err   error         // how
	tail  []string      // what it said last
}

// How long things of the server's may take. A stop is bounded by the server's own steps, which are shorter.
const (
	startTimeout = time.Minute
	stopTimeout  = 2 * time.Minute
	warmTimeout  = time.Minute
)

const tailLines = 20

// serverOptions are what is not as by default. Only what is asked for is kept warm: images that no case needs are none of
// the bench's.
type serverOptions struct {
	warm     map[string]int // cells to keep warm at least, by language
	maxCells int            // 0 for the default
}

func (o serverOptions) flags() []string {
	flags := []string{"--pool.warm", "0"}
	var each []string
	for name, n := range o.warm {
		each = append(each, fmt.Sprintf("%s=%d", name, n))
	}
	if len(each) > 0 {
		flags = append(flags, "--pool.language", strings.Join(each, ","))
	}
	if o.maxCells > 0 {
		flags = append(flags, "--pool.max-cells", strconv.Itoa(o.maxCells))
	}
	return flags
}

// startServer starts the program on a port that is free and waits until it listens. What it returns must be stopped, also
// after an error.
func startServer(ctx context.Context, program, stateDir string, o serverOptions) (*server, error) {
	s := &server{ended: make(chan struct{})}
	for _, n := range o.warm {
		s.warm += n
	}
	args := []string{"serve", "--addr", "127.0.0.1:0", "--state-dir", stateDir, "--log.format", "json",
		"--quota.enabled=false", "--monitor.enabled=false"}
	s.cmd = exec.Command(program, append(args, o.flags()...)...) //nolint:noctx // it lives until stop
	// A signal from a terminal must reach only us, who want to stop it in our own order.
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stderr, err := s.cmd.StderrPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		s.err = err
		close(s.ended)
		return s, fmt.Errorf("start %s serve: %w", program, err)
	}
	listening := make(chan string, 1)
	go s.follow(stderr, listening)
	if err := s.await(ctx, listening); err != nil {
		return s, err
	}
	id, err := os.ReadFile(filepath.Join(stateDir, "instance")) //nolint:gosec // our own directory
	s.instance = strings.TrimSpace(string(id))
	return s, err
}

func (s *server) await(ctx context.Context, listening <-chan string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	select {
	case addr := <-listening:
		s.url = "http://" + addr
		return nil
	case <-s.ended:
		return fmt.Errorf("the server ended: %w; it said:\n%s", orWrong(s.err), strings.Join(s.tail, "\n"))
	case <-ctx.Done():
		return fmt.Errorf("the server does not listen: %w", ctx.Err())
	}
}

// follow reads the server's log to its end, and with it the server's. The log of requests is not looked at: that would take
// time from what is measured.
func (s *server) follow(log io.Reader, listening chan<- string) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for addr := ""; lines.Scan(); {
		s.tail = append(s.tail[max(0, len(s.tail)-tailLines+1):], lines.Text())
		if addr != "" {
			continue
		}
		if addr = s.learn(lines.Bytes()); addr != "" {
			listening <- addr
		}
	}
	_, _ = io.Copy(io.Discard, log) // a line too long must not block it
	s.err = s.cmd.Wait()
	close(s.ended)
}

// learn takes from a line of the log what we need, and returns the address once that is told.
func (s *server) learn(line []byte) (addr string) {
	var l struct{ Message, Addr, Runtime string }
	if json.Unmarshal(line, &l) != nil {
		return ""
	}
	if l.Runtime != "" {
		s.runtime = l.Runtime
	}
	if l.Message == "listening" {
		return l.Addr
	}
	return ""
}

// stop ends the server the way an operator does, waits for it, and sees to it that no cell is left. A server that does not
// end, or leaves cells, is an error of the program that is measured.
func (s *server) stop(ctx context.Context) error {
	if s.cmd.Process == nil {
		return nil // never started
	}
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	var err error
	select {
	case <-s.ended:
	case <-ctx.Done():
		err = errors.Join(fmt.Errorf("the server did not stop in %s", stopTimeout), s.cmd.Process.Kill())
		<-s.ended
	}
	if s.err != nil {
		err = errors.Join(err, fmt.Errorf("the server: %w; it said:\n%s", s.err, strings.Join(s.tail, "\n")))
	}
	return errors.Join(err, s.removeLeft())
}

func (s *server) removeLeft() error {
	if s.instance == "" {
		return nil // it did not get as far as having cells
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	left, err := podman(ctx, "ps", "--all", "--quiet", "--filter", s.label())
	ids := strings.Fields(left)
	if err != nil || len(ids) == 0 {
		return err
	}
	return errors.Join(remove(ctx, ids), fmt.Errorf("the server left %d cells behind", len(ids)))
}

func (s *server) label() string { return "label=io.paddock.instance=" + s.instance }

// lookEvery is how long to wait between two looks, each of which costs some 30 ms of CPU.
const lookEvery = 100 * time.Millisecond

// settle waits until nothing is being made or removed, and every warm cell is there: in two looks there are the same cells, and
// all of them run.
func (s *server) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, warmTimeout)
	defer cancel()
	for before := []string(nil); ; {
		// First the pause: a run that has just ended may have set off a removal and a creation.
		if err := sleep(ctx, lookEvery); err != nil {
			return fmt.Errorf("the server's cells do not settle (there are %d): %w", len(before), err)
		}
		select {
		case <-s.ended:
			return fmt.Errorf("the server ended: %w; it said:\n%s", orWrong(s.err), strings.Join(s.tail, "\n"))
		default:
		}
		list, err := podman(ctx, "ps", "--all", "--filter", s.label(), "--format", "json")
		if err != nil {
			return err
		}
		cells, running, err := cellsIn([]byte(list))
		if err != nil {
			return err
		}
		if running && len(cells) >= s.warm && slices.Equal(cells, before) {
			return nil
		}
		before = cells
	}
}

// cellsIn are the containers in a list of Podman's, in order, and whether all of them run.
func cellsIn(list []byte) (ids []string, running bool, err error) {
	var containers []struct{ ID, State string }
	if err := json.Unmarshal(list, &containers); err != nil {
		return nil, false, fmt.Errorf("what podman ps says: %w", err)
	}
	ids, running = []string{}, true
	for _, c := range containers {
		ids = append(ids, c.ID)
		running = running && c.State == "running"
	}
	slices.Sort(ids)
	return ids, running, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
