package cgroup

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// killAfter is how long processes in a cgroup that is to go have to leave by themselves: monitors of containers do.
const killAfter = time.Second

// removeWithAll removes the cgroups at paths, and ends what is in them and does not leave: a server that was killed while a
// container was being made may have left a process that waits for ever to be started, and that no engine knows of.
func removeWithAll(ctx context.Context, root string, paths ...string) error {
	mount := filepath.Join(root, "sys", "fs", "cgroup")
	began := time.Now()
	return whenIdle(ctx, func() (err error) {
		for _, path := range paths {
			if e := remove(mount, path); e != nil {
				err = e
				if time.Since(began) >= killAfter {
					kill(root, path)
				}
			}
		}
		return err
	})
}

// kill ends every process in the cgroup path and below it.
func kill(root, path string) {
	mount := filepath.Join(root, "sys", "fs", "cgroup")
	trees, _ := filepath.Glob(filepath.Join(mount, "*", path)) // the pattern is all right
	for _, tree := range append(trees, filepath.Join(mount, path)) {
		_ = filepath.WalkDir(tree, func(at string, d os.DirEntry, err error) error {
			if err == nil && d.Name() == "cgroup.procs" {
				pids, _ := os.ReadFile(at) //nolint:gosec // a kernel file, of a cgroup that is ours
				for pid := range bytes.FieldsSeq(pids) {
					killMember(root, string(pid), path)
				}
			}
			return nil
		})
	}
}

// killMember ends a process if it is in the cgroup path still: its number may have gone to another one.
func killMember(root, pid, path string) {
	n, err := strconv.Atoi(pid)
	if err != nil {
		return
	}
	fd, err := unix.PidfdOpen(n, 0)
	if err != nil {
		return
	}
	defer func() { _ = unix.Close(fd) }()
	groups, err := os.ReadFile(filepath.Join(root, "proc", pid, "cgroup")) //nolint:gosec // a kernel file
	if err == nil && bytes.Contains(groups, []byte(":/"+path+"/")) {
		_ = unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0)
	}
}
