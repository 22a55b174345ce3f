package main

import (
	"errors"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

func init() {
	for name, try := range map[string]func() error{
		"iopl":       call(unix.SYS_IOPL, noFlags),
		"ioperm":     call(unix.SYS_IOPERM, 0, 0, 0),
		"modify_ldt": call(unix.SYS_MODIFY_LDT, 0, 0, 0),
		"uselib":     call(unix.SYS_USELIB, nowhere),
		"x32 call":   call(x32 | unix.SYS_GETPID),
		"32-bit call": func() error {
			return exit42(startFromMemory(program32))
		},
	} {
		calls[name] = try
	}
}

// x32 marks the calls of a second table, for 64-bit programs with 32-bit pointers.
const x32 = 0x40000000

// program32 is a program for 32-bit machines that leaves with status 42: mov eax,1; mov ebx,42; int 0x80.
var program32 = []byte("\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00" + // 32-bit, little-endian
	"\x02\x00\x03\x00\x01\x00\x00\x00\x54\x80\x04\x08\x34\x00\x00\x00" + // an i386 executable that begins at 0x8048054
	"\x00\x00\x00\x00\x00\x00\x00\x00\x34\x00\x20\x00\x01\x00\x00\x00\x00\x00\x00\x00" + // with one program header,
	"\x01\x00\x00\x00\x00\x00\x00\x00\x00\x80\x04\x08\x00\x80\x04\x08" + // which loads all of it at 0x8048000
	"\x60\x00\x00\x00\x60\x00\x00\x00\x05\x00\x00\x00\x00\x10\x00\x00" + // to be read and executed
	"\xb8\x01\x00\x00\x00\xbb\x2a\x00\x00\x00\xcd\x80")

// exit42 is nil when a program left with that status: its system call was made. Otherwise its call was refused, or nothing here
// runs such programs.
func exit42(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 42 {
		return nil
	}
	if err == nil || errors.As(err, &exit) || errors.Is(err, syscall.ENOEXEC) {
		return syscall.ENOSYS
	}
	return err
}
