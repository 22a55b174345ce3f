package main

import (
	"errors"
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// giveUpCapabilities empties the bounding set, so that no program can ever have a capability, and then gives up the one that
// this takes. The agent keeps the others that it holds: the bounding set counts at an exec only.
func giveUpCapabilities() error {
	for c := uintptr(0); ; c++ {
		held, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, c, 0, 0, 0)
		if errors.Is(err, unix.EINVAL) {
			break // behind the last one that this kernel knows
		}
		if err == nil && held == 1 {
			// Each thread has a set of its own, and any may fork.
			if _, _, errno := syscall.AllThreadsSyscall(unix.SYS_PRCTL, unix.PR_CAPBSET_DROP, c, 0); errno != 0 {
				err = errno
			}
		}
		if err != nil {
			return fmt.Errorf("drop capability %d from the bounding set: %w", c, err)
		}
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var sets [2]unix.CapUserData // 64 bits of each set, low half first
	if err := unix.Capget(&header, &sets[0]); err != nil {
		return fmt.Errorf("read capabilities: %w", err)
	}
	const setpcap = 1 << unix.CAP_SETPCAP
	sets[0].Effective &^= setpcap
	sets[0].Permitted &^= setpcap
	who, what := unsafe.Pointer(&header), unsafe.Pointer(&sets) //nolint:gosec // what the kernel takes
	_, _, errno := syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(who), uintptr(what), 0)
	if errno != 0 {
		return fmt.Errorf("give up CAP_SETPCAP: %w", errno)
	}
	return nil
}
