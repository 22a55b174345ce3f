package main

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// collectEvery is after how many runs a reset collects the agent's garbage, some KB a run: never while a program runs, see main.
const collectEvery = 64

// reset brings the cell back to what it was before its first run and proves that: what it can't prove is an error, and the
// cell is not used again. Of everything a program can reach, this is what outlives its processes: files in the writable
// directories, and how these are themselves; SysV memory, semaphores and queues; POSIX queues, which are files; and what
// the network stack keeps of closed connections. Keyrings, mounts, names and clocks are out of a program's reach.
func (a *agent) reset(seq uint64) error {
	endEverything()
	for _, p := range a.places {
		if err := p.restore(); err != nil {
			return err
		}
	}
	if seq%collectEvery == 0 {
		runtime.GC()
	}
	return errors.Join(noProcess(), noSysV(), noConnection())
}

// noProcess: there is nobody to whom a signal would go.
func noProcess() error {
	if err := unix.Kill(-1, 0); !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("processes are left: kill: %w", err)
	}
	return nil
}

// Commands that count what an IPC namespace holds, and where in their answer the count is, an int: include/uapi/linux/shm.h,
// sem.h and msg.h of the kernel.
const (
	shmInfo, shmUsedIDs = 14, 0
	semInfo, semUsz     = 19, 28
	msgInfo, msgPool    = 12, 0
)

// noSysV: the kernel counts no object. Where it knows none of this there is none.
func noSysV() error {
	var info [128]byte // larger than each of the answers
	into := uintptr(unsafe.Pointer(&info))
	count := func(what string, at int, errno unix.Errno) error {
		switch n := *(*int32)(unsafe.Pointer(&info[at])); {
		case errno == unix.ENOSYS:
			return nil
		case errno != 0:
			return fmt.Errorf("count SysV %s: %w", what, errno)
		case n != 0:
			return fmt.Errorf("SysV %s are left: %d", what, n)
		}
		return nil
	}
	_, _, errno := unix.Syscall(unix.SYS_SHMCTL, 0, shmInfo, into)
	err := count("shared memory segments", shmUsedIDs, errno)
	_, _, errno = unix.Syscall6(unix.SYS_SEMCTL, 0, 0, semInfo, into, 0, 0)
	err = errors.Join(err, count("semaphores", semUsz, errno))
	_, _, errno = unix.Syscall(unix.SYS_MSGCTL, 0, msgInfo, into)
	return errors.Join(err, count("message queues", msgPool, errno))
}

// connections are the counters of TCP connections, also of those that have ended and keep their ports for a minute.
var connections = []struct {
	path string
	line string
	keys []string
}{
	{"/proc/net/sockstat", "TCP:", []string{"inuse", "tw"}},
	{"/proc/net/sockstat6", "TCP6:", []string{"inuse"}},
}

// noConnection: the network stack has no TCP connection, neither open nor waiting. The next program could not take its port.
func noConnection() error {
	var buf [1024]byte
	for _, c := range connections {
		text, err := readInto(buf[:], c.path)
		if errors.Is(err, unix.ENOENT) {
			continue // a kernel without IPv6
		}
		if err != nil {
			return fmt.Errorf("count connections: %w", err)
		}
		for _, key := range c.keys {
			if n := field(text, c.line, key); string(n) != "0" {
				return fmt.Errorf("TCP connections are left: %s %q of %s", key, n, c.path)
			}
		}
	}
	return nil
}

// field is the word behind key in the line that begins with begin: "TCP: inuse 0 orphan 0 tw 1".
func field(text []byte, begin, key string) []byte {
	for line := range bytes.Lines(text) {
		rest, ok := bytes.CutPrefix(line, []byte(begin))
		for word := range bytes.FieldsSeq(rest) {
			if !ok {
				break
			}
			if string(word) == key {
				key = ""
			} else if key == "" {
				return word
			}
		}
	}
	return nil
}

func readInto(buf []byte, path string) ([]byte, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = unix.Close(fd) }()
	n, err := unix.Read(fd, buf)
	return buf[:max(n, 0)], err
}
