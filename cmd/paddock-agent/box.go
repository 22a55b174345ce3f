package main

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"paddock/sandbox/wire"
)

// prepareBox makes the working directory the job user's own.
func prepareBox() error {
	if err := unix.Chown(wire.BoxDir, wire.JobUID, wire.JobUID); err != nil {
		return fmt.Errorf("chown %s: %w", wire.BoxDir, err)
	}
	return nil
}

// writeFiles puts the submitted files into the box, which is empty: no program has run since it was made. Paths come
// checked from the server; that they can't leave the box holds here as well, by refusing to follow any link.
func writeFiles(files []wire.File) error {
	if len(files) == 0 {
		return nil
	}
	box, err := openDir(unix.AT_FDCWD, wire.BoxDir)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(box) }()
	for _, f := range files {
		if err := writeFile(box, f); err != nil {
			return fmt.Errorf("write %s: %w", f.Path, err)
		}
	}
	return nil
}

func writeFile(box int, f wire.File) error {
	dir, name := box, f.Path
	for {
		parent, rest, nested := strings.Cut(name, "/")
		if !nested {
			break
		}
		child, err := makeDir(dir, parent)
		if dir != box {
			_ = unix.Close(dir)
		}
		if err != nil {
			return err
		}
		dir, name = child, rest
	}
	if dir != box {
		defer func() { _ = unix.Close(dir) }()
	}
	return fill(dir, name, f.Data)
}

// makeDir opens the directory name below dir, making it for the job user when it is not there.
func makeDir(dir int, name string) (int, error) {
	err := unix.Mkdirat(dir, name, 0o755)
	fd, openErr := openDir(dir, name)
	if openErr != nil {
		return -1, openErr
	}
	if err == nil {
		err = unix.Fchown(fd, wire.JobUID, wire.JobUID)
	} else if err == unix.EEXIST { //nolint:errorlint // a raw errno
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
func fill(dir int, name string, data []byte) error {
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
	return unix.Fchown(fd, wire.JobUID, wire.JobUID)
}

// openOOMScore opens the agent's own badness for the out-of-memory killer, or returns -1 where the kernel refuses.
func openOOMScore() int {
	fd, err := unix.Open("/proc/self/oom_score_adj", unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1
	}
	return fd
}

// offerToOOMKiller makes a process that is forked now the killer's first choice, so that a program that eats the cell's
// memory is killed before the agent that has to report it. Children inherit the value, and may not lower it.
func (a *agent) offerToOOMKiller(offer bool) {
	score := 0
	if offer {
		score = 1000
	}
	if a.oom >= 0 {
		_, _ = unix.Pwrite(a.oom, []byte(strconv.Itoa(score)), 0)
	}
}
