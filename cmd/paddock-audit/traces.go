package main

import (
	"errors"
	"hash/crc32"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"paddock/audit"
)

// What one cell leaves, and another must not find: by what it is, how to leave it and how to look for it. Its name is the mark,
// which nothing else on the machine has.
var marks = []struct {
	what  string
	leave func(mark string) error
	find  func(mark string) error // nil when it is there
}{
	{"abstract socket", listenAbstract, func(mark string) error {
		if how := connect(audit.Address{Network: "unix", Address: abstractName(mark)}); how != audit.Got {
			return errors.New(how)
		}
		return nil
	}},
	{"System V shared memory", shm(unix.IPC_CREAT | 0o666), shm(0)},
	{"file in /tmp", leaveFile("/tmp/"), findFile("/tmp/")},
	{"file in /dev/shm", leaveFile("/dev/shm/"), findFile("/dev/shm/")},
	{"file in the working directory", leaveFile("./"), findFile("./")},
	{"message queue", queue(unix.O_CREAT), queue(0)},
}

func leaveTraces(mark string) error {
	for _, m := range marks {
		if err := m.leave(mark); err != nil {
			return errors.Join(errors.New(m.what), err)
		}
	}
	return nil
}

func traces(mark string) map[string]string {
	found := map[string]string{}
	for _, m := range marks {
		found[m.what] = outcome(m.find(mark))
	}
	return found
}

func abstractName(mark string) string { return "@paddock-neighbour-" + mark }

// listenAbstract listens as long as the process is there.
func listenAbstract(mark string) error {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	return errors.Join(unix.Bind(fd, &unix.SockaddrUnix{Name: abstractName(mark)}), unix.Listen(fd, 1))
}

func shm(flags int) func(string) error {
	return func(mark string) error {
		key := int(crc32.ChecksumIEEE([]byte(mark))&0x7fffffff | 1) // 0 would be a segment of nobody else's
		_, err := unix.SysvShmGet(key, 1, flags)
		return err
	}
}

// queue opens a POSIX message queue, small enough for a cell's limit of them.
func queue(flags int) func(string) error {
	return func(mark string) error {
		name, err := unix.BytePtrFromString(mark)
		if err != nil {
			return err
		}
		attr := [8]int{1: 1, 2: 16}                            // struct mq_attr of mq_getattr(3): one message of 16 bytes
		at, how := unsafe.Pointer(name), unsafe.Pointer(&attr) //nolint:gosec // there is no other way to make this call
		_, _, no := unix.Syscall6(unix.SYS_MQ_OPEN, uintptr(at), uintptr(unix.O_RDONLY|flags), 0o666, uintptr(how), 0, 0)
		if no != 0 {
			return no
		}
		return nil
	}
}

func leaveFile(dir string) func(string) error {
	return func(mark string) error { return os.WriteFile(dir+mark, nil, 0o666) } //nolint:gosec // for others to find
}

func findFile(dir string) func(string) error {
	return func(mark string) error {
		_, err := os.Stat(dir + mark)
		return err
	}
}
