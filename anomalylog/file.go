package anomalylog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// page is the unit in which a kernel copies what is written. A process that is killed in the middle of a write leaves whole pages
// of it, so no line goes over the boundary of two: spaces before a line that would not fit, which mean nothing in JSON, see to
// that.
const page = 4096

// file is the file that is appended to, by one goroutine.
type file struct {
	path    string
	fsync   func(*os.File) error
	f       *os.File
	size    int64     // bytes; what is beyond is no whole line
	segment int64     // of its lines' positions; 0 while there are none
	began   time.Time // when its first event happened
	dirty   bool      // not all of it is known to be on the disk
	reached Position  // in any file: what comes is behind it, whatever clocks and editors do
	buf     []byte
}

// fileMode lets nobody else read who did what.
const fileMode = 0o600

// errNoLog is what a file is that holds something else.
var errNoLog = errors.New("it does not begin with an event: is this another file? it is left as it is")

// openFile opens a file to append to, or makes it. A line that a power cut left in half is taken away; cut says how many bytes that
// were. One process at a time may have it. fsync has a file or directory outlast a power cut.
func openFile(path string, fsync func(*os.File) error) (_ *file, cut int64, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, 0, err
	}
	const flags = os.O_RDWR | os.O_CREATE | os.O_APPEND | unix.O_NOFOLLOW | unix.O_NONBLOCK
	f, err := os.OpenFile(path, flags, fileMode) //nolint:gosec // the operator's own choice
	if err != nil {
		return nil, 0, err
	}
	l := &file{path: path, fsync: fsync, f: f}
	if cut, err = l.claim(); err != nil {
		return nil, 0, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return l, cut, nil
}

// claim makes an opened file ours.
func (l *file) claim() (cut int64, err error) {
	info, err := l.f.Stat()
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, errors.New("it is no regular file")
	}
	if err := unix.Flock(int(l.f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return 0, fmt.Errorf("it is in use by another process: %w", err)
	}
	if cut, err = l.inspect(); err != nil {
		return 0, err
	}
	return cut, errors.Join(l.f.Chmod(fileMode), l.syncDir())
}

// syncDir has the name of a file outlast a power cut, as what is in it does.
func (l *file) syncDir() error {
	dir, err := os.Open(filepath.Dir(l.path))
	if err != nil {
		return err
	}
	return errors.Join(l.fsync(dir), dir.Close())
}

// sync has what is in the file outlast a power cut.
func (l *file) sync() error {
	if !l.dirty {
		return nil
	}
	err := l.fsync(l.f)
	l.dirty = err != nil
	return err
}

// inspect finds out what is in the file, and ends it behind its last whole line: what is beyond is half a line, or zeros that
// a file system left there.
func (l *file) inspect() (cut int64, err error) {
	end, err := l.f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	first, err := firstEvent(l.f)
	if err != nil {
		return 0, err
	}
	l.segment, l.began = first.segment, first.Time
	if l.segment == 0 {
		if err := l.hasNothingOfOthers(); err != nil {
			return 0, err
		}
		l.size = 0
	} else if l.size, err = endOfLines(l.f, end); err != nil {
		return 0, err
	}
	l.reach(l.end())
	if l.size == end {
		return 0, nil
	}
	return end - l.size, l.f.Truncate(l.size)
}

// hasNothingOfOthers is errNoLog unless a file without events is what a power cut leaves of the first of them, or empty but for
// spaces and zeros.
func (l *file) hasNothingOfOthers() error {
	begin := make([]byte, head+1)
	n, err := l.f.ReadAt(begin, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	const ours = `{"timestamp":"`
	rest := string(bytes.Trim(begin[:n], "\x00 \n"))
	half := !bytes.ContainsRune(begin[:n], '\n') && (strings.HasPrefix(rest, ours) || strings.HasPrefix(ours, rest))
	if n > head || (rest != "" && !half) {
		return errNoLog
	}
	return nil
}

// endOfLines is where the last line of a file ends that is more than zeros.
func endOfLines(f io.ReaderAt, end int64) (int64, error) {
	for end > 0 {
		from := max(0, end-block)
		tail := make([]byte, end-from)
		if _, err := f.ReadAt(tail, from); err != nil {
			return 0, err
		}
		whole := tail[:bytes.LastIndexByte(tail, '\n')+1]
		kept := len(bytes.TrimRight(whole, "\x00\n"))
		if kept > 0 && whole[kept] == '\n' {
			return from + int64(kept) + 1, nil
		}
		end = from + int64(kept)
	}
	return 0, nil
}

// end is behind all positions in the file, and before all that will be.
func (l *file) end() Position {
	if l.size == 0 {
		return last(l.reached.Segment)
	}
	return Position{Segment: l.segment, Offset: l.size - 1}
}

// reach says that there are positions up to one.
func (l *file) reach(p Position) {
	if p.Compare(l.reached) > 0 {
		l.reached = p
	}
}

// follow goes to the file that has the name now, when it has been moved away or emptied: logrotate does either. When somebody has
// shortened it, or put an older one in its place, there would be positions twice: then it is moved away.
func (l *file) follow() error {
	if err := l.look(); err != nil {
		return err
	}
	if l.end().Compare(l.reached) < 0 {
		return l.moveAway(time.Now())
	}
	return nil
}

func (l *file) look() error {
	now, err := os.Lstat(l.path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	ours, wrong := l.f.Stat()
	if wrong != nil {
		return wrong
	}
	if err != nil || !os.SameFile(now, ours) {
		next, _, err := openFile(l.path, l.fsync)
		if err != nil {
			return err
		}
		return l.replace(next)
	}
	if ours.Size() == l.size {
		return nil
	}
	_, err = l.inspect()
	return err
}

// replace closes the file and goes on with another one.
func (l *file) replace(next *file) error {
	err := l.close()
	reached, buf := l.reached, l.buf
	*l = *next
	l.reach(reached)
	l.buf = buf
	return err
}

// rotate moves the file away, unless it is empty.
func (l *file) rotate(now time.Time) error {
	if err := l.follow(); err != nil || l.size == 0 {
		return err
	}
	return l.moveAway(now)
}

// moveAway moves the file away and goes on with an empty one. A crash in between leaves no file of that name, and the next start
// makes it. When there can be no new one, the old one stays.
func (l *file) moveAway(now time.Time) error {
	to := rotatedName(l.path, now)
	if _, err := os.Lstat(to); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there already (%w)", to, err)
	}
	if err := os.Rename(l.path, to); err != nil {
		return err
	}
	next, _, err := openFile(l.path, l.fsync)
	if err != nil {
		return errors.Join(err, os.Rename(to, l.path))
	}
	return l.replace(next)
}

// append writes the lines of some records, and returns the positions of those that are written. With an error it is fewer than all;
// the file then ends with the last of them.
func (l *file) append(records []record) (at []Position, err error) {
	l.buf = l.buf[:0]
	starts := make([]int64, len(records)) // of each line, in buf
	for i, r := range records {
		if left := page - (l.size+int64(len(l.buf)))%page; int64(len(r.line)) > left {
			l.buf = append(l.buf, bytes.Repeat([]byte(" "), int(left))...)
		}
		starts[i] = int64(len(l.buf))
		l.buf = append(l.buf, r.line...)
	}
	n, err := l.f.Write(l.buf)
	if n == 0 {
		return nil, err
	}
	end, wrong := l.f.Seek(0, io.SeekCurrent)
	from := end - int64(n) // where they are, also when the file has been emptied meanwhile
	if from == 0 {
		l.segment, l.began = records[0].entry.segment, records[0].entry.Time
	}
	l.size, l.dirty = from, true
	for i, r := range records {
		if whole := starts[i] + int64(len(r.line)); whole <= int64(n) {
			at = append(at, Position{Segment: l.segment, Offset: from + starts[i]})
			l.size = from + whole
		}
	}
	l.reach(l.end())
	if err = errors.Join(err, wrong); err != nil {
		err = errors.Join(err, l.f.Truncate(l.size))
	}
	return at, err
}

func (l *file) close() error { return errors.Join(l.sync(), l.f.Close()) }
