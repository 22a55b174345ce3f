package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/google/uuid"
)

// state is a state directory that is ours as long as we hold its lock.
type state struct {
	dir      string
	instance string // names what belongs to this directory, also for the next one who opens it
	lock     *os.File
}

// errStateInUse says that a state directory is not free.
var errStateInUse = errors.New("another paddock uses it")

// openState makes the directory, locks it, and reads its instance id, or makes one.
func openState(dir string) (*state, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the operator's choice
	if err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close()
		return nil, fmt.Errorf("state directory %s: %w; stop that one, or give this one its own with --state-dir", dir, errStateInUse)
	}
	s := &state{dir: dir, lock: lock}
	if s.instance, err = instanceID(filepath.Join(dir, "instance")); err != nil {
		_ = lock.Close()
		return nil, fmt.Errorf("state directory: %w", err)
	}
	return s, nil
}

func instanceID(path string) (string, error) {
	text, err := os.ReadFile(path) //nolint:gosec // below the state directory
	if id := strings.TrimSpace(string(text)); err == nil && uuid.Validate(id) == nil {
		return id, nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	id := uuid.NewString()
	return id, replaceFile(path, []byte(id+"\n"), 0o600)
}

func (s *state) path(name string) string { return filepath.Join(s.dir, name) }

// close gives the directory free for others.
func (s *state) close() error { return s.lock.Close() }

// replaceFile writes a file whole or not at all, and leaves one that is in use elsewhere untouched.
func replaceFile(path string, data []byte, mode os.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when all went well
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Chmod(mode), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// installAgent copies the agent into the state directory: cells go on with the one they were made with when a new build
// replaces the original.
func (s *state) installAgent(configured string) (string, error) {
	from := configured
	if from == "" {
		self, err := os.Executable()
		if err != nil {
			return "", err
		}
		from = filepath.Join(filepath.Dir(self), "paddock-agent")
	}
	f, err := os.Open(from) //nolint:gosec // the operator's choice
	if err != nil {
		return "", fmt.Errorf("the agent: %w; build it with ./scripts/build, or say where it is with --sandbox.agent", err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(f)
	if err != nil {
		return "", fmt.Errorf("the agent: %w", err)
	}
	to := s.path("paddock-agent")
	return to, replaceFile(to, data, 0o711) // not to be read in cells, see the agent's beDumpable
}
