package main

import (
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
// the network stack keeps. Keyrings, mounts, names and clocks are out of a program's reach.
func (a *agent) reset(seq uint64) error {
	endEverything()
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_REALTIME_COARSE, &now); err != nil {
		return fmt.Errorf("look at the clock: %w", err)
	}
	for i := range a.places {
		if err := a.places[i].restore(now); err != nil {
			return err
		}
	}
	if seq-a.collected >= collectEvery {
		a.collected = seq
		runtime.GC()
	}
	return errors.Join(noProcess(), noSysV(), a.network.unused())
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
	var info [128]byte            // larger than each of the answers
	into := unsafe.Pointer(&info) //nolint:gosec // what the kernel takes
	count := func(what string, at int, errno unix.Errno) error {
		switch n := *(*int32)(unsafe.Pointer(&info[at])); { //nolint:gosec // what the kernel gave
		case errno == unix.ENOSYS:
			return nil
		case errno != 0:
			return fmt.Errorf("count SysV %s: %w", what, errno)
		case n != 0:
			return fmt.Errorf("SysV %s are left: %d", what, n)
		}
		return nil
	}
	_, _, errno := unix.Syscall(unix.SYS_SHMCTL, 0, shmInfo, uintptr(into))
	err := count("shared memory segments", shmUsedIDs, errno)
	_, _, errno = unix.Syscall6(unix.SYS_SEMCTL, 0, 0, semInfo, uintptr(into), 0, 0)
	err = errors.Join(err, count("semaphores", semUsz, errno))
	_, _, errno = unix.Syscall(unix.SYS_MSGCTL, 0, msgInfo, uintptr(into))
	return errors.Join(err, count("message queues", msgPool, errno))
}
