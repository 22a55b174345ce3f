package webhook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	json "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"
)

// letter is a line of the file for what could not be delivered.
type letter struct {
	Time       string         `json:"time"` // RFC 3339, when it was given up
	Target     string         `json:"target"`
	DeliveryID string         `json:"delivery_id"`
	LastError  string         `json:"last_error"`
	Payload    jsontext.Value `json:"payload"` // the body as it was sent
}

// maxDead is the size of the file, some thousand letters, beyond which it becomes the file's ".1"; what that held is gone.
const maxDead = 10 << 20

// deadLetters is that file. It is opened for each letter: they are rare, and whoever looks after them may move it away.
type deadLetters struct {
	path string
	log  zerolog.Logger
	mu   sync.Mutex
}

// write appends a letter, whole or not at all.
func (d *deadLetters) write(l letter) error {
	line, err := json.Marshal(l)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	f, size, err := d.open()
	if err == nil && size > 0 && size+int64(len(line)) >= maxDead {
		if err = errors.Join(f.Close(), d.rotate()); err == nil {
			f, size, err = d.open()
		}
	}
	if err != nil {
		return fmt.Errorf("write what could not be delivered: %w", err)
	}
	if _, err = f.WriteAt(append(line, '\n'), size); err != nil {
		err = errors.Join(err, f.Truncate(size))
	}
	return errors.Join(err, f.Close())
}

// open opens the file, or makes it, and ends it behind its last whole line: a process that was killed may have left half of one.
func (d *deadLetters) open() (f *os.File, size int64, err error) {
	if err := os.MkdirAll(filepath.Dir(d.path), 0o700); err != nil {
		return nil, 0, err
	}
	f, err = os.OpenFile(d.path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, 0, err
	}
	if size, err = wholeLines(f); err == nil {
		err = errors.Join(f.Truncate(size), f.Chmod(0o600))
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, size, nil
}

// maxLetter is more than a line has: a body of Slack's format is the longest.
const maxLetter = 128 << 10

// wholeLines is where the last whole line of a file ends.
func wholeLines(f *os.File) (int64, error) {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil || end == 0 {
		return 0, err
	}
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, end-1); err != nil || last[0] == '\n' {
		return end, err
	}
	from := max(0, end-maxLetter)
	tail := make([]byte, end-from)
	if _, err := f.ReadAt(tail, from); err != nil {
		return 0, err
	}
	whole := bytes.LastIndexByte(tail, '\n') + 1
	if whole == 0 && from > 0 {
		return 0, fmt.Errorf("%s holds something else", f.Name())
	}
	return from + int64(whole), nil
}

func (d *deadLetters) rotate() error {
	old := d.path + ".1"
	if info, err := os.Lstat(old); err == nil {
		d.log.Warn().Str("path", old).Int64("bytes", info.Size()).Msg("the oldest alerts that could not be delivered are gone")
	}
	return os.Rename(d.path, old)
}
