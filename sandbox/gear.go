package sandbox

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// gear is what a run needs of the host: an empty stdin and pipes for its outputs. A cell that waits for a run has it already,
// so that whoever asks for the run does not wait for fifteen system calls.
type gear struct {
	stdin          *os.File // one for each run: cells that shared an open file could tell each other things by its flags and locks
	stdout, stderr pipe
}

// pipe is one output of a program.
type pipe struct {
	host  *os.File
	guest int // the program's end
}

func newGear() (g *gear, err error) {
	g = &gear{stdout: pipe{guest: -1}, stderr: pipe{guest: -1}}
	defer func() {
		if err != nil {
			g.close()
		}
	}()
	if g.stdin, err = os.Open(os.DevNull); err != nil {
		return nil, err
	}
	if g.stdout, err = newPipe(); err != nil {
		return nil, err
	}
	g.stderr, err = newPipe()
	return g, err
}

func newPipe() (pipe, error) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		return pipe{guest: -1}, fmt.Errorf("make a pipe: %w", err)
	}
	// Only our end is non-blocking: the program must find a pipe like any other.
	if err := errors.Join(unix.SetNonblock(p[0], true), openToPrograms(p[1], 0o622)); err != nil {
		return pipe{guest: -1}, errors.Join(err, unix.Close(p[0]), unix.Close(p[1]))
	}
	return pipe{host: os.NewFile(uintptr(p[0]), "output"), guest: p[1]}, nil
}

// openToPrograms lets a program open its pipe again by name, /dev/stderr for example: to it the pipe is a stranger's. What is
// no pipe, the host's /dev/null above all, is left alone.
func openToPrograms(fd int, mode uint32) error {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil || st.Mode&unix.S_IFMT != unix.S_IFIFO {
		return err
	}
	return unix.Fchmod(fd, mode)
}

// closeGuests closes what is the program's once it has been sent there. Our ends of the pipes stay the caller's.
func (g *gear) closeGuests() {
	_ = g.stdin.Close()
	_ = unix.Close(g.stdout.guest)
	_ = unix.Close(g.stderr.guest)
}

func (g *gear) close() {
	g.closeGuests()
	_ = g.stdout.host.Close()
	_ = g.stderr.host.Close()
}

// prepare gets the gear of the next run.
func (c *Cell) prepare() error {
	g, err := newGear()
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == Removed {
		g.close()
		return nil
	}
	c.gear = g
	return nil
}

// takeGear returns the gear that was prepared, or nil.
func (c *Cell) takeGear() *gear {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.gear
	c.gear = nil
	return g
}
