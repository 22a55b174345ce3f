package images

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// lockPause is how often a build looks whether the one before it has ended.
const lockPause = 200 * time.Millisecond

// lock waits for the right to build with this state directory; waiting is called once if it has to. The kernel takes
// the lock back when its process ends, however it ends.
func lock(ctx context.Context, dir string, waiting func()) (unlock func(), err error) {
	name := filepath.Join(dir, "images.lock")
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // in a directory of ours
	if err != nil {
		return nil, fmt.Errorf("lock the images: %w", err)
	}
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", f.Name(), err), f.Close())
		}
		if waiting != nil {
			waiting()
			waiting = nil
		}
		select {
		case <-time.After(lockPause):
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("wait for another build of images: %w", ctx.Err()), f.Close())
		}
	}
}
