package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"paddock/audit"
)

// Where the walk through all files and each of its lists end: an image has some 30 000 files, a report some 20 KB.
const (
	mostFiles  = 400_000
	mostListed = 100
)

// outcome is how a probe ended.
func outcome(err error) string {
	var no syscall.Errno
	switch {
	case err == nil:
		return audit.Got
	case errors.As(err, &no) && unix.ErrnoName(no) != "":
		return unix.ErrnoName(no)
	}
	return err.Error()
}

func text(path string) string {
	data, _ := os.ReadFile(path) //nolint:gosec // a path of our own table; what can't be read is seen as missing
	return string(data)
}

func lines(path string) []string {
	return strings.FieldsFunc(text(path), func(r rune) bool { return r == '\n' })
}

func status() map[string]string {
	found := map[string]string{}
	for _, line := range lines("/proc/self/status") {
		if name, value, ok := strings.Cut(line, ":"); ok {
			found[name] = strings.TrimSpace(value)
		}
	}
	return found
}

func namespaces() map[string]string {
	found := map[string]string{}
	entries, _ := os.ReadDir("/proc/self/ns")
	for _, e := range entries {
		found[e.Name()], _ = os.Readlink("/proc/self/ns/" + e.Name())
	}
	return found
}

// names are those that the machine goes by.
func names() map[string]string {
	found := map[string]string{
		"/etc/hostname": strings.TrimSpace(text("/etc/hostname")),
		"/etc/hosts":    text("/etc/hosts"),
	}
	var u unix.Utsname
	if unix.Uname(&u) == nil {
		found["uname"] = unix.ByteSliceToString(u.Nodename[:])
		found["domain"] = unix.ByteSliceToString(u.Domainname[:])
	}
	return found
}

// descriptors are those open now. No directory is read for it, as that would open more.
func descriptors() map[string]string {
	const most = 4096
	found := map[string]string{}
	for fd := range most {
		if to, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd)); err == nil {
			found[strconv.Itoa(fd)] = to
		}
	}
	return found
}

func processes() map[string]string {
	found := map[string]string{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		if _, err := strconv.Atoi(e.Name()); err == nil {
			found[e.Name()] = strings.TrimSpace(text("/proc/" + e.Name() + "/comm"))
		}
	}
	return found
}

// read says whether there is anything in a file, or in a directory.
func read(path string) string {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return outcome(err)
	}
	f := os.NewFile(uintptr(fd), path)
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return outcome(err)
	case isNull(info):
		return audit.Masked
	case info.IsDir():
		entries, err := f.Readdirnames(1)
		if len(entries) > 0 {
			return audit.Got
		}
		return "empty: " + outcome(err)
	case info.Mode()&fs.ModeDevice != 0:
		return audit.Got // that it can be opened says enough; some devices act on a read
	}
	n, err := unix.Read(fd, make([]byte, 1))
	if n > 0 {
		return audit.Got
	}
	return "empty: " + outcome(err)
}

// openForWriting opens, and writes nothing.
func openForWriting(path string) string {
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return outcome(err)
	}
	f := os.NewFile(uintptr(fd), path)
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && isNull(info) {
		return audit.Masked
	}
	return audit.Got
}

// isNull tells the null device, which Podman puts over files that are nobody's business.
func isNull(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && info.Mode()&fs.ModeCharDevice != 0 && st.Rdev == unix.Mkdev(1, 3)
}

func writable(path string) bool { return unix.Access(path, unix.W_OK) == nil }

// kernelFiles are what could be written to below /proc and /sys. A process's own directory is its own.
func kernelFiles() []string {
	var found []string
	for _, top := range []string{"/proc", "/sys", audit.CgroupDir} {
		found = append(found, writableBelow(top)...)
	}
	return found
}

func writableBelow(top string) []string {
	var found []string
	_ = filepath.WalkDir(top, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what can't be read holds nothing to write to
		}
		_, notPid := strconv.Atoi(e.Name())
		ownOrElsewhere := filepath.Dir(path) == "/proc" && (notPid == nil || e.Name() == "net") || path == audit.CgroupDir && path != top
		if e.IsDir() && ownOrElsewhere {
			return fs.SkipDir
		}
		if len(found) == mostListed {
			return fs.SkipAll
		}
		info, err := e.Info() // what is mounted here, which the entry of the directory does not know
		if err == nil && info.Mode()&fs.ModeSymlink == 0 && !isNull(info) && writable(path) {
			found = append(found, path)
		}
		return nil
	})
	return found
}

// walk goes through all other files.
func walk(r *audit.Report) {
	seen, under := 0, "" // under is the writable directory we are in
	add := func(list *[]string, format string, args ...any) {
		if len(*list) < mostListed {
			*list = append(*list, fmt.Sprintf(format, args...))
		}
	}
	err := filepath.WalkDir("/", func(path string, e fs.DirEntry, err error) error {
		seen++
		if seen > mostFiles {
			return fs.SkipAll
		}
		if path == "/proc" || path == "/sys" {
			return fs.SkipDir
		}
		if err != nil || e.Type()&fs.ModeSymlink != 0 {
			return nil //nolint:nilerr // what can't be read is no use to anybody here
		}
		info, err := e.Info()
		if err != nil {
			return nil //nolint:nilerr // it is gone
		}
		st, _ := info.Sys().(*syscall.Stat_t)
		switch {
		case info.Mode()&fs.ModeDevice != 0 && st != nil:
			add(&r.Devices, "%s %s %d:%d", path, kind(info.Mode()), unix.Major(st.Rdev), unix.Minor(st.Rdev))
			return nil
		case info.Mode()&fs.ModeSocket != 0:
			add(&r.Sockets, "%s", path)
		case info.Mode().IsRegular() && (info.Mode()&(fs.ModeSetuid|fs.ModeSetgid) != 0 || hasCapabilities(path)):
			add(&r.Privileged, "%s", path)
		}
		if (under == "" || !strings.HasPrefix(path, under+"/")) && writable(path) {
			under = path
			add(&r.Writable, "%s", path)
		}
		return nil
	})
	r.Complete = err == nil && seen <= mostFiles
}

func kind(m fs.FileMode) string {
	if m&fs.ModeCharDevice != 0 {
		return "character"
	}
	return "block"
}

func hasCapabilities(path string) bool {
	n, err := unix.Lgetxattr(path, "security.capability", nil)
	return err == nil && n > 0
}
