package anomalylog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	json "github.com/go-json-experiment/json"
	"golang.org/x/sys/unix"
)

// page is the unit in which a kernel copies what is written. A process that is killed in the middle of a write leaves whole pages
// of it, so no line goes over the boundary of two: spaces before a line that would not fit, which mean nothing in JSON, see to
// that.
const page = 4096

// file is the file that is appended to, by one goroutine.
type file struct {
	path string
	f    *os.File
	size int64 // bytes; what is beyond is no whole line
	buf  []byte
}

// fileMode lets nobody else read who did what.
const fileMode = 0o600

// errNoLog is what a file is that holds something else.
var errNoLog = errors.New("its last line is no event: is this another file? it is left as it is")

// openFile opens a file to append to, or makes it. A line that a power cut left in half is taken away; cut says how many bytes that
// were. One process at a time may have it.
func openFile(path string) (_ *file, cut int64, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, 0, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode) //nolint:gosec // the operator's own choice
	if err != nil {
		return nil, 0, err
	}
	l := &file{path: path, f: f}
	if err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		err = fmt.Errorf("%s is in use by another process: %w", path, err)
	}
	if err == nil {
		if cut, err = l.repair(); err != nil {
			err = fmt.Errorf("%s: %w", path, err)
		}
	}
	if err = errors.Join(err, f.Chmod(fileMode)); err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return l, cut, nil
}

// repair ends the file behind its last whole line: what is beyond is half a line, or zeros that a file system left there.
func (l *file) repair() (cut int64, err error) {
	end, err := l.f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	for l.size = end; l.size > 0; {
		from := max(0, l.size-2*page) // a line and what may be before it
		tail := make([]byte, l.size-from)
		if _, err := l.f.ReadAt(tail, from); err != nil {
			return 0, err
		}
		whole := bytes.LastIndexByte(tail, '\n') + 1
		if whole == 0 && from > 0 {
			l.size = from // no line is that long
			continue
		}
		l.size = from + int64(whole)
		last := bytes.TrimSpace(tail[bytes.LastIndexByte(tail[:max(whole-1, 0)], '\n')+1 : whole])
		if whole == 0 || isObject(last) {
			break
		}
		if len(bytes.Trim(last, "\x00")) > 0 {
			return 0, errNoLog
		}
		l.size -= int64(len(tail[bytes.LastIndexByte(tail[:whole-1], '\n')+1 : whole]))
	}
	if l.size == end {
		return 0, nil
	}
	return end - l.size, l.f.Truncate(l.size)
}

func isObject(line []byte) bool {
	var object map[string]any
	return json.Unmarshal(line, &object) == nil
}

// follow goes to the file that has the name now, when it has been moved away or emptied: logrotate does either.
func (l *file) follow() error {
	now, err := os.Stat(l.path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	ours, wrong := l.f.Stat()
	if wrong != nil {
		return wrong
	}
	if err == nil && os.SameFile(now, ours) {
		l.size = min(l.size, ours.Size())
		return nil
	}
	next, _, err := openFile(l.path)
	if err != nil {
		return err
	}
	err = l.close()
	l.f, l.size = next.f, next.size
	return err
}

// append writes lines, each with its line break, and returns how many of them are written. With an error it is fewer than all; the
// file then ends with the last of them.
func (l *file) append(lines [][]byte) (written int, err error) {
	if err := l.follow(); err != nil {
		return 0, err
	}
	l.buf = l.buf[:0]
	ends := make([]int64, len(lines)) // where each line ends in the file
	for i, line := range lines {
		at := l.size + int64(len(l.buf))
		if left := page - at%page; int64(len(line)) > left {
			l.buf = append(l.buf, bytes.Repeat([]byte(" "), int(left))...)
		}
		l.buf = append(l.buf, line...)
		ends[i] = l.size + int64(len(l.buf))
	}
	n, err := l.f.WriteAt(l.buf, l.size)
	if err == nil {
		l.size = ends[len(ends)-1]
		return len(lines), nil
	}
	for written < len(lines) && ends[written] <= l.size+int64(n) {
		written++
	}
	if written > 0 {
		l.size = ends[written-1]
	}
	return written, errors.Join(err, l.f.Truncate(l.size))
}

func (l *file) close() error { return errors.Join(l.f.Sync(), l.f.Close()) }
