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
	fd     int // open on it; reading by it leaves no trace
	before unix.Stat_t
	marks  marks
	ctime  unix.Timespec // when it was last changed, as of the last proof
	proven unix.Timespec // when that was, or a little earlier
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
		p, err := look(path)
		if errors.Is(err, unix.ENOENT) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", path, err)
		}
		list = append(list, p)
	}
	return list, nil
}

func look(path string) (p place, err error) {
	p.path = path
	if p.fd, err = openDir(unix.AT_FDCWD, path); err != nil {
		return p, err
	}
	_, _ = unix.FcntlInt(uintptr(p.fd), unix.F_SETFL, unix.O_NOATIME) // where it is refused more has to be set back
	if err := unix.Fstat(p.fd, &p.before); err != nil {
		return p, err
	}
	p.ctime, p.proven = p.before.Ctim, p.before.Ctim // proven by nobody
	p.marks, err = marksOf(p.fd)
	return p, err
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
	m.hint, err = hintOf(fd)
	return m, err
}

func hintOf(fd int) (hint uint64, err error) {
	into := unsafe.Pointer(&hint) //nolint:gosec // what the kernel takes
	_, _, errno := unix.Syscall(unix.SYS_FCNTL, uintptr(fd), unix.F_GET_RW_HINT, uintptr(into))
	if errno != 0 && errno != unix.EINVAL {
		return 0, fmt.Errorf("write hint: %w", errno)
	}
	return hint, nil
}

// restore empties the directory and makes it what it was: owner, mode and times. Other marks are an error: no program
// sets any by accident. now is a time before the call, by the clock that times of change are taken from.
func (p *place) restore(now unix.Timespec) error {
	if err := p.bringBack(); err != nil {
		return fmt.Errorf("restore %s: %w", p.path, err)
	}
	p.proven = now
	return nil
}

func (p *place) bringBack() error {
	var st unix.Stat_t
	if err := unix.Fstat(p.fd, &st); err != nil {
		return err
	}
	if p.untouched(&st) {
		if hint, err := hintOf(p.fd); err != nil || hint == p.marks.hint { // the one thing that is set without a change
			return err
		}
	}
	if err := empty(p.fd); err != nil {
		return err
	}
	if err := unix.Fstat(p.fd, &st); err != nil {
		return err
	}
	var err error
	if st.Uid != p.before.Uid || st.Gid != p.before.Gid {
		err = unix.Fchown(p.fd, int(p.before.Uid), int(p.before.Gid))
	}
	if st.Mode != p.before.Mode {
		err = errors.Join(err, unix.Fchmod(p.fd, p.before.Mode&^unix.S_IFMT))
	}
	if st.Atim != p.before.Atim || st.Mtim != p.before.Mtim {
		times := [2]unix.Timespec{p.before.Atim, p.before.Mtim}
		set := unsafe.Pointer(&times) //nolint:gosec // what the kernel takes
		_, _, errno := unix.Syscall6(unix.SYS_UTIMENSAT, uintptr(p.fd), 0, uintptr(set), 0, 0, 0)
		if errno != 0 && errno != unix.EPERM { // message queues take no times
			err = errors.Join(err, errno)
		}
	}
	marks, lookErr := marksOf(p.fd)
	if err = errors.Join(err, lookErr); err == nil && marks != p.marks {
		err = errors.New("it has other attributes than before")
	}
	if err == nil {
		err = unix.Fstat(p.fd, &st)
	}
	p.ctime = st.Ctim
	return err
}

// untouched: whatever a program changes of a directory, or puts into it, is a change that the kernel notes the time of. That
// is as it was at the last proof, and no later change can have it: by then it was in an earlier second, and no file system
// keeps time more coarsely than that (message queues do just so).
func (p *place) untouched(st *unix.Stat_t) bool {
	return p.ctime.Sec < p.proven.Sec && st.Ctim == p.ctime && st.Atim == p.before.Atim
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
