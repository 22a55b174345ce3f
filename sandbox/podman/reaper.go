package podman

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// adoptOrphans makes the orphans of our children ours: a service's monitors above all. Podman takes a monitor that nobody has
// asked how it ended for one that lives, and waits for it, and not every init asks soon. Until ctx ends, we ask.
func adoptOrphans(ctx context.Context) error {
	if _, err := os.Stat("/proc/thread-self/children"); err != nil {
		return nil //nolint:nilerr // without CONFIG_PROC_CHILDREN we could not tell who has ended; init can
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return err
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, unix.SIGCHLD)
	go func() {
		defer signal.Stop(ended)
		for {
			select {
			case <-ended:
				reap()
			case <-ctx.Done():
				return
			}
		}
	}()
	return nil
}

// reap takes leave of the orphans that have ended. What we have started ourselves is in our session, and somebody waits for it;
// monitors and what they start have sessions of their own. What a service leaves that is killed in the middle of something is in
// our session too, and stays until we end: a process or two a crash.
func reap() {
	session, err := unix.Getsid(0)
	if err != nil {
		return
	}
	for _, pid := range children() {
		if of, err := unix.Getsid(pid); err == nil && of != session {
			_, _ = unix.Wait4(pid, nil, unix.WNOHANG, nil) // nothing happens to one that lives
		}
	}
}

// children are this process's, those included that have ended.
func children() []int {
	lists, _ := filepath.Glob("/proc/self/task/*/children") // the pattern is all right
	var pids []int
	for _, list := range lists {
		text, err := os.ReadFile(list) //nolint:gosec // a kernel file
		if err != nil {
			continue // a thread that has gone; its children have gone to another
		}
		for field := range strings.FieldsSeq(string(text)) {
			if pid, err := strconv.Atoi(field); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}
