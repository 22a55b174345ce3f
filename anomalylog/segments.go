package anomalylog

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	maxLine = 2 * page // a line, and the spaces before it
	block   = 64 << 10 // bytes that are read at a time; several lines
	head    = 64 << 10 // bytes in which a file has its first event
)

// rotatedTime is the end of the names of files that we moved away, a time in UTC.
const rotatedTime = "20060102T150405.000Z"

func rotatedName(path string, now time.Time) string {
	return path + "." + now.UTC().Format(rotatedTime)
}

// rotatedAt is when we moved a file away, by its name, or false when it was not us.
func rotatedAt(path, name string) (time.Time, bool) {
	text, ok := strings.CutPrefix(name, filepath.Base(path)+".")
	t, err := time.Parse(rotatedTime, text)
	return t, ok && err == nil && t.Format(rotatedTime) == text
}

// byLogrotate is how names end that logrotate gives to files that it moves away: numbers, or dates (dateext), with an hour maybe.
var byLogrotate = regexp.MustCompile(`^(\.\d{1,5}|-\d{8}(\d{2})?(\.\d{1,5})?)$`)

// ofLog reports whether a file in the directory of path is one of the log, by its name.
func ofLog(path, name string) bool {
	end, ok := strings.CutPrefix(name, filepath.Base(path))
	_, rotated := rotatedAt(path, name)
	return ok && (end == "" || rotated || byLogrotate.MatchString(end))
}

// siblings are the regular files in the directory of path whose names are wanted, as they are called right now, by name.
func siblings(path string, wanted func(name string) bool) ([]os.FileInfo, error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	var found []os.FileInfo
	for _, e := range entries {
		if !e.Type().IsRegular() || !wanted(e.Name()) {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, info)
	}
	return found, nil
}

// segment is a file of the log that has events in it.
type segment struct {
	path  string
	info  os.FileInfo
	start int64 // what its positions name it by
}

// errMoved is that a file has been moved away, removed or emptied since it was found.
var errMoved = errors.New("a file of the log has been moved away")

// segments lists the files of the log in their order: the one that is written to, those that we moved away, and those that
// logrotate did. They all were there at one moment.
func segments(ctx context.Context, path string) ([]segment, error) {
	wanted := func(name string) bool { return ofLog(path, name) }
	for {
		before, err := siblings(path, wanted)
		if err != nil {
			return nil, err
		}
		list, err := segmentsOf(path, before)
		if err != nil && !errors.Is(err, errMoved) {
			return nil, err
		}
		after, wrong := siblings(path, wanted)
		if wrong != nil {
			return nil, wrong
		}
		if err == nil && slices.EqualFunc(before, after, sameName) {
			return list, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

func sameName(a, b os.FileInfo) bool { return a.Name() == b.Name() && os.SameFile(a, b) }

func segmentsOf(path string, found []os.FileInfo) ([]segment, error) {
	var list []segment
	for _, info := range found {
		s := segment{path: filepath.Join(filepath.Dir(path), info.Name()), info: info}
		f, err := s.openAny()
		if err != nil {
			return nil, err
		}
		s.start, err = segmentOf(f)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		if s.start > 0 {
			list = append(list, s)
		}
	}
	// While logrotate copies a file to empty it, both are one segment: the whole one is the longer one.
	slices.SortFunc(list, func(a, b segment) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.info.Size(), a.info.Size()))
	})
	return slices.CompactFunc(list, func(a, b segment) bool { return a.start == b.start }), nil
}

// openAny opens the file, unless it is another one by now. Links are not followed, and pipes not waited for.
func (s segment) openAny() (*os.File, error) {
	f, err := os.OpenFile(s.path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, unix.ELOOP) {
		return nil, errMoved
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !os.SameFile(info, s.info) {
		err = errMoved
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// open opens the file, unless it is another one by now, or holds something else.
func (s segment) open() (*os.File, error) {
	f, err := s.openAny()
	if err != nil {
		return nil, err
	}
	if err := s.check(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// check is errMoved when the file has been emptied since it was found.
func (s segment) check(f io.ReaderAt) error {
	start, err := segmentOf(f)
	if err == nil && start != s.start {
		err = errMoved
	}
	return err
}

// segmentOf is what a file's positions name it by. 0 is a file without events.
func segmentOf(f io.ReaderAt) (int64, error) {
	e, err := firstEvent(f)
	return e.segment, err
}

// firstEvent is the first event of a file, or nothing of a file without events.
func firstEvent(f io.ReaderAt) (Entry, error) {
	for l, err := range linesFrom(io.NewSectionReader(f, 0, head), 0, maxLine) {
		if err != nil {
			return Entry{}, err
		}
		if e, ok := ParseEntry(Position{}, l.text); ok {
			return e, nil
		}
	}
	return Entry{}, nil
}

// textLine is a line of a file without the spaces before it, and where it begins. The text is good until the next one; there
// is none of a line that is longer than ours can be.
type textLine struct {
	at   int64
	text []byte
}

func newLine(at int64, text []byte) textLine {
	if len(text) > maxLine {
		return textLine{at: at}
	}
	trimmed := bytes.TrimLeft(text, " ")
	return textLine{at + int64(len(text)-len(trimmed)), trimmed}
}

// linesFrom gives the whole lines of a file from an offset on, reading so many bytes at a time, maxLine at least.
func linesFrom(f io.ReaderAt, from int64, size int) iter.Seq2[textLine, error] {
	return func(yield func(textLine, error) bool) {
		r := bufio.NewReaderSize(io.NewSectionReader(f, from, math.MaxInt64-from), size)
		for at := from; ; {
			text, err := r.ReadSlice('\n')
			l, length := newLine(at, text), len(text)
			for errors.Is(err, bufio.ErrBufferFull) {
				l.text = nil
				text, err = r.ReadSlice('\n')
				length += len(text)
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if at += int64(length); !yield(l, err) || err != nil {
				return
			}
		}
	}
}

// linesBefore gives the whole lines of a file that end before an offset, the last one first.
func linesBefore(f io.ReaderAt, end int64) iter.Seq2[textLine, error] {
	return func(yield func(textLine, error) bool) {
		var data []byte // whole lines, but for the beginning of the first: what is in the file from from on
		whole := false  // data ends with a line's end
		for from := end; from > 0; {
			n := min(from, block)
			from -= n
			more := make([]byte, n, int(n)+len(data))
			if _, err := f.ReadAt(more, from); err != nil {
				if errors.Is(err, io.EOF) {
					err = errMoved // emptied, rather
				}
				yield(textLine{}, err)
				return
			}
			data = append(more, data...)
			if !whole {
				data = data[:bytes.LastIndexByte(data, '\n')+1]
			}
			for whole = len(data) > 0; whole; {
				start := bytes.LastIndexByte(data[:len(data)-1], '\n') + 1
				if start == 0 && from > 0 {
					break
				}
				if !yield(newLine(from+int64(start), data[start:]), nil) {
					return
				}
				data = data[:start]
				if start == 0 {
					return
				}
			}
			if len(data) > maxLine { // and its beginning is not in sight
				if !yield(textLine{at: from}, nil) {
					return
				}
				data, whole = nil, false
			}
		}
	}
}
