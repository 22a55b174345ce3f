package main

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"paddock/sandbox/wire"
)

// box is the working directory of every program, and whose it is.
type box struct {
	dir string
	uid uint32 // of the job user, and of its group
}

// prepare makes the box the job user's own.
func (b box) prepare() error {
	if err := unix.Chown(b.dir, int(b.uid), int(b.uid)); err != nil {
		return fmt.Errorf("chown %s: %w", b.dir, err)
	}
	return nil
}

// write puts the submitted files into the box, which is empty: no program has run since it was made, or reset. Paths come
// checked from the server; that they can't leave the box holds here as well, by refusing to go up and to follow any link.
func (b box) write(files []wire.File) error {
	if len(files) == 0 {
		return nil
	}
	top, err := openDir(unix.AT_FDCWD, b.dir)
	if err != nil {
		return fmt.Errorf("open %s: %w", b.dir, err)
	}
	defer func() { _ = unix.Close(top) }()
	for _, f := range files {
		if err := b.writeFile(top, f); err != nil {
			return fmt.Errorf("write %s: %w", f.Path, err)
		}
	}
	return nil
}

func (b box) writeFile(top int, f wire.File) error {
	dir, name := top, f.Path
	for {
		parent, rest, nested := strings.Cut(name, "/")
		if !nested {
			break
		}
		child, err := b.makeDir(dir, parent)
		if dir != top {
			_ = unix.Close(dir)
		}
		if err != nil {
			return err
		}
		dir, name = child, rest
	}
	if dir != top {
		defer func() { _ = unix.Close(dir) }()
	}
	return b.fill(dir, name, f.Data)
}

// makeDir opens the directory name below dir, making it for the job user when it is not there.
func (b box) makeDir(dir int, name string) (int, error) {
	if name == ".." {
		return -1, unix.EINVAL
	}
	err := unix.Mkdirat(dir, name, 0o755)
	fd, openErr := openDir(dir, name)
	if openErr != nil {
		return -1, openErr
	}
	switch err {
	case nil:
		err = unix.Fchown(fd, int(b.uid), int(b.uid))
	case unix.EEXIST:
		err = nil
	}
	if err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func openDir(dir int, name string) (int, error) {
	return unix.Openat(dir, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
}

// fill writes one file. It is executable: a program may be a binary or a script, and there is nobody here to chmod it.
func (b box) fill(dir int, name string, data []byte) error {
	fd, err := unix.Openat(dir, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o755)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(fd) }()
	for len(data) > 0 {
		n, err := unix.Write(fd, data)
		if err != nil {
			return err
		}
		data = data[n:]
	}
	return unix.Fchown(fd, int(b.uid), int(b.uid))
}

// beDumpable makes our files in /proc our own again. The kernel takes them away because our binary can't be read: it is one
// file for all cells, and who can open a file can tell others things by its locks.
func beDumpable() { _ = unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) }

// openOOMScore opens the agent's own badness for the out-of-memory killer, or returns -1 where the kernel refuses.
func openOOMScore() int {
	fd, err := unix.Open("/proc/self/oom_score_adj", unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1
	}
	return fd
}

// offerToOOMKiller makes a process that is forked now the killer's first choice, so that a program that eats the cell's
// memory is killed before the agent that has to report it. Children inherit the value. They may lower it again, but not below
// the agent's own, which is the smallest process of the cell.
func (a *agent) offerToOOMKiller(offer bool) {
	score := 0
	if offer {
		score = 1000
	}
	if a.oom >= 0 {
		_, _ = unix.Pwrite(a.oom, []byte(strconv.Itoa(score)), 0)
	}
}
