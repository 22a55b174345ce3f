package anomalylog

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// How long there is between one rotation and the next, so that whoever follows the file by its name sees each of them; after
// one that failed; and between looks for files to remove.
const (
	rotationPause = time.Second
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
	old := k.o.MaxAge > 0 && now.Sub(time.UnixMilli(f.segment)) >= k.o.MaxAge
	return f.size > 0 && (full || old) && !now.Before(k.rotate)
}

// clear removes files that we moved away: those that are too old, and the oldest while all are too large.
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
	for _, info := range moved { // their names are in the order of their times
		at, _ := rotatedAt(f.path, info.Name())
		tooOld := k.o.Keep > 0 && now.Sub(at) > k.o.Keep
		if tooLarge := k.o.MaxTotal > 0 && total > k.o.MaxTotal; !tooOld && !tooLarge {
			continue
		}
		err := unix.Unlink(filepath.Join(filepath.Dir(f.path), info.Name()))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return &os.PathError{Op: "remove", Path: info.Name(), Err: err}
		}
		total -= info.Size()
	}
	return nil
}
