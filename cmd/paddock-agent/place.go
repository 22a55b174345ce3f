package main

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// maxEntries bounds how much a reset removes. Emptying more takes longer than making a new cell.
const maxEntries = 20_000

// place is a directory that programs can write to, and how it was before the first of them.
type place struct {
	path   string
	before unix.Stat_t
	marks  marks
}

// marks are what else the owner of a directory can set on it. Where a filesystem knows none of a kind that is zero.
type marks struct {
	xattrs int    // bytes that the names of its extended attributes take, access control lists among them
	flags  uint32 // see ioctl_iflags(2)
	hint   uint64 // how long what is written is expected to live, see F_GET_RW_HINT of fcntl(2)
}

// places looks at the directories that are there; of a kernel without message queues that one is not.
func places(paths []string) ([]place, error) {
	var list []place
	for _, path := range paths {
		p := place{path: path}
		err := p.look()
		if errors.Is(err, unix.ENOENT) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

func (p *place) look() error {
	fd, err := openDir(unix.AT_FDCWD, p.path)
	if err != nil {
		return fmt.Errorf("open %s: %w", p.path, err)
	}
	defer func() { _ = unix.Close(fd) }()
	if err := unix.Fstat(fd, &p.before); err != nil {
		return fmt.Errorf("stat %s: %w", p.path, err)
	}
	if p.marks, err = marksOf(fd); err != nil {
		return fmt.Errorf("look at %s: %w", p.path, err)
	}
	return nil
}

func marksOf(fd int) (m marks, err error) {
	n, err := unix.Flistxattr(fd, nil)
	if err != nil && !errors.Is(err, unix.EOPNOTSUPP) {
		return m, fmt.Errorf("extended attributes: %w", err)
	}
	m.xattrs = max(n, 0)
	m.flags, err = unix.IoctlGetUint32(fd, unix.FS_IOC_GETFLAGS)
	if err != nil && !errors.Is(err, unix.ENOTTY) && !errors.Is(err, unix.EOPNOTSUPP) {
		return m, fmt.Errorf("flags: %w", err)
	}
	hint := unsafe.Pointer(&m.hint) //nolint:gosec // what the kernel takes
	_, _, errno := unix.Syscall(unix.SYS_FCNTL, uintptr(fd), unix.F_GET_RW_HINT, uintptr(hint))
	if errno != 0 && errno != unix.EINVAL {
		return m, fmt.Errorf("write hint: %w", errno)
	}
	return m, nil
}

// restore empties the directory and makes it what it was: owner, mode and times. Other marks are an error: no program
// sets any by accident.
func (p *place) restore() error {
	fd, err := openDir(unix.AT_FDCWD, p.path)
	if err != nil {
		return fmt.Errorf("open %s: %w", p.path, err)
	}
	defer func() { _ = unix.Close(fd) }()
	if err := empty(fd); err != nil {
		return fmt.Errorf("empty %s: %w", p.path, err)
	}
	var now unix.Stat_t
	if err := unix.Fstat(fd, &now); err != nil {
		return fmt.Errorf("stat %s: %w", p.path, err)
	}
	if now.Uid != p.before.Uid || now.Gid != p.before.Gid {
		err = unix.Fchown(fd, int(p.before.Uid), int(p.before.Gid))
	}
	if now.Mode != p.before.Mode {
		err = errors.Join(err, unix.Fchmod(fd, p.before.Mode&^unix.S_IFMT))
	}
	times := [2]unix.Timespec{p.before.Atim, p.before.Mtim}
	set := unsafe.Pointer(&times) //nolint:gosec // what the kernel takes
	_, _, errno := unix.Syscall6(unix.SYS_UTIMENSAT, uintptr(fd), 0, uintptr(set), 0, 0, 0)
	if errno != 0 && errno != unix.EPERM { // message queues take no times
		err = errors.Join(err, errno)
	}
	if err != nil {
		return fmt.Errorf("restore %s: %w", p.path, err)
	}
	marks, err := marksOf(fd)
	if err == nil && marks != p.marks {
		err = errors.New("it has other attributes than before")
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", p.path, err)
	}
	return nil
}

// empty removes everything below the directory dir. It needs the same few descriptors, and no more memory, however deep and
// full the tree is: it goes down into a directory that is not empty, and up again by "..", which nobody moves meanwhile
// because nobody else is there. It follows no link, and crosses no mount: there is none, and one could not be removed.
func empty(dir int) error {
	left, depth, at := maxEntries, 0, dir
	defer func() {
		if at != dir {
			_ = unix.Close(at)
		}
	}()
	for {
		below, err := sweep(at, &left)
		if err != nil {
			return err
		}
		next, step := below, 1
		if below < 0 {
			if depth == 0 {
				return nil
			}
			if next, err = openDir(at, ".."); err != nil {
				return err
			}
			step = -1
		}
		if at != dir {
			_ = unix.Close(at)
		}
		at, depth = next, depth+step
	}
}

var errTooMuch = errors.New("there is too much in it")

// sweep removes the files and the empty directories in dir. It stops at the first directory with something in it and returns
// that, open, or -1 when there was none, and dir is proven empty: the kernel listed it from its start and named nothing.
func sweep(dir int, left *int) (below int, err error) {
	var buf [8 << 10]byte
	for {
		if _, err := unix.Seek(dir, 0, unix.SEEK_SET); err != nil {
			return -1, err
		}
		removed := 0
		for {
			n, err := unix.Getdents(dir, buf[:])
			if err != nil {
				return -1, err
			}
			if n == 0 {
				break
			}
			for rest := buf[:n]; len(rest) > 0; {
				entry := (*unix.Dirent)(unsafe.Pointer(&rest[0])) //nolint:gosec // what the kernel gave
				rest = rest[entry.Reclen:]
				if isDot(entry) {
					continue
				}
				*left--
				if *left < 0 {
					return -1, errTooMuch
				}
				removed++
				if below, err := remove(dir, entry); err != nil || below >= 0 {
					return below, err
				}
			}
		}
		if removed == 0 {
			return -1, nil
		}
	}
}

func isDot(e *unix.Dirent) bool {
	return e.Name[0] == '.' && (e.Name[1] == 0 || (e.Name[1] == '.' && e.Name[2] == 0))
}

// remove removes what an entry names, or returns it, open, when it is a directory that is not empty. The name is the
// kernel's own, with its NUL: nothing is copied.
func remove(dir int, e *unix.Dirent) (below int, err error) {
	name := unsafe.Pointer(&e.Name[0]) //nolint:gosec // what the kernel takes
	_, _, errno := unix.Syscall(unix.SYS_UNLINKAT, uintptr(dir), uintptr(name), 0)
	if errno != unix.EISDIR {
		return -1, errnoErr(errno)
	}
	_, _, errno = unix.Syscall(unix.SYS_UNLINKAT, uintptr(dir), uintptr(name), unix.AT_REMOVEDIR)
	if errno != unix.ENOTEMPTY {
		return -1, errnoErr(errno)
	}
	const flags = unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC
	fd, _, errno := unix.Syscall6(unix.SYS_OPENAT, uintptr(dir), uintptr(name), flags, 0, 0, 0)
	if errno != 0 {
		return -1, errno
	}
	return int(fd), nil
}

func errnoErr(errno unix.Errno) error {
	if errno == 0 {
		return nil
	}
	return errno
}
