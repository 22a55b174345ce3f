package anomalylog

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// How long there is between one rotation and the next, so that whoever follows the file by its name sees each of them (`tail -F`
// without inotify looks whether it is another one after five seconds in which nothing was added); after one that failed; and
// between looks for files to remove.
const (
	rotationPause = 10 * time.Second
	rotationRetry = time.Minute
	removePause   = time.Hour
)

// keeper moves files of the log away and removes them when it is time to.
type keeper struct {
	o      Options
	rotate time.Time // not before
	remove time.Time // not before
}

// tend does what is due before so many bytes are written. A rotation that fails leaves the file as it is.
func (k *keeper) tend(f *file, bytes int64, now time.Time) {
	if k.due(f, bytes, now) {
		k.rotate, k.remove = now.Add(rotationPause), now
		if err := f.rotate(now); err != nil {
			k.rotate = now.Add(rotationRetry)
			k.o.Log.Error().Err(err).Str("path", f.path).Msg("the anomaly log can't be rotated; it grows")
		}
	}
	if !now.Before(k.remove) {
		k.remove = now.Add(removePause)
		if err := k.clear(f, now); err != nil {
			k.o.Log.Error().Err(err).Str("path", f.path).Msg("old files of the anomaly log can't be removed")
		}
	}
}

func (k *keeper) due(f *file, bytes int64, now time.Time) bool {
	full := k.o.MaxSize > 0 && f.size+bytes > k.o.MaxSize
	if f.began.After(now) { // by a clock that has been set back since
		f.began = now
	}
	old := k.o.MaxAge > 0 && now.Sub(f.began) >= k.o.MaxAge
	return f.size > 0 && (full || old) && !now.Before(k.rotate)
}

// clear removes files that we moved away: the oldest while all are too large, and one that is too old. Only one, so that a clock
// that leaps does not take them all at once; as one is looked for with each that is moved away, they don't pile up.
func (k *keeper) clear(f *file, now time.Time) error {
	if k.o.Keep == 0 && k.o.MaxTotal == 0 {
		return nil
	}
	moved, err := siblings(f.path, func(name string) bool { _, ours := rotatedAt(f.path, name); return ours })
	if err != nil {
		return err
	}
	total := max(f.size, k.o.MaxSize) // what it will be before anybody looks again
	for _, info := range moved {
		total += info.Size()
	}
	aged := false
	for _, info := range moved { // their names are in the order of their times
		at, _ := rotatedAt(f.path, info.Name())
		tooOld := k.o.Keep > 0 && now.Sub(at) > k.o.Keep && !aged
		if tooLarge := k.o.MaxTotal > 0 && total > k.o.MaxTotal; !tooOld && !tooLarge {
			continue
		}
		aged = aged || tooOld
		err := unix.Unlink(filepath.Join(filepath.Dir(f.path), info.Name()))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return &os.PathError{Op: "remove", Path: info.Name(), Err: err}
		}
		total -= info.Size()
	}
	return nil
}
