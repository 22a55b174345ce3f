package cgroup

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Parent names the cgroup that holds those of all cells of an instance, and of nobody else. It has no dash, which would mean a
// level to systemd.
func Parent(instance string) string { return "paddock_" + strings.ReplaceAll(instance, "-", "") }

// SliceSuffix is behind a parent's name where systemd manages cgroups.
const SliceSuffix = ".slice"

// removePause is how long to wait for the last processes of a cgroup to be gone before its removal is tried again.
const removePause = 20 * time.Millisecond

// Remove removes what is left of the group once its container has been removed: runtimes give up when the last process takes
// long to go, and leave empty cgroups behind. It waits for that until ctx ends.
func (g *Group) Remove(ctx context.Context) error {
	return whenIdle(ctx, func() error { return remove(g.mount, g.path) })
}

// whenIdle tries again while a cgroup still has a process, until ctx ends.
func whenIdle(ctx context.Context, remove func() error) error {
	for {
		err := remove()
		if !errors.Is(err, syscall.EBUSY) {
			return err
		}
		select {
		case <-time.After(removePause):
		case <-ctx.Done():
			return err
		}
	}
}

// Name is the last element of the group's path.
func (g *Group) Name() string { return filepath.Base(g.path) }

// Children are the names of the cgroups directly below an instance's parent, in any hierarchy.
func Children(root, instance string) ([]string, error) {
	mount := filepath.Join(root, "sys", "fs", "cgroup")
	names := map[string]bool{}
	for _, pattern := range []string{"", "*/"} {
		for _, parent := range []string{Parent(instance), Parent(instance) + SliceSuffix} {
			found, err := filepath.Glob(filepath.Join(mount, pattern, parent, "*"))
			if err != nil {
				return nil, err
			}
			for _, path := range found {
				if info, err := os.Stat(path); err == nil && info.IsDir() {
					names[filepath.Base(path)] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// RemoveChild removes one of an instance's Children from every hierarchy, with the processes that are in it after a while.
func RemoveChild(ctx context.Context, root, instance, name string) error {
	parent := Parent(instance)
	return removeWithAll(ctx, root, filepath.Join(parent, name), filepath.Join(parent+SliceSuffix, name))
}

// Sweep removes what failed creations and predecessors left of an instance's cgroups, and their parent: first it waits for
// what still has a process, as containers' monitors stay for a moment after them, and then it ends that. Nothing may be
// creating a cell of that instance meanwhile.
func Sweep(ctx context.Context, root, instance string) error {
	parent := Parent(instance)
	return removeWithAll(ctx, root, parent, parent+SliceSuffix)
}

// remove removes the cgroup path, with those below it, in every hierarchy below mount: mount itself for v2, one directory for
// each controller for v1.
func remove(mount, path string) error {
	hierarchies, err := filepath.Glob(filepath.Join(mount, "*", path))
	if err != nil {
		return err
	}
	var errs []error
	for _, dir := range append(hierarchies, filepath.Join(mount, path)) {
		errs = append(errs, removeTree(dir))
	}
	return errors.Join(errs...)
}

// removeTree removes a cgroup from the leaves up. The files in a cgroup are the kernel's and go with it.
func removeTree(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	errs := []error{err}
	for _, e := range entries {
		if e.IsDir() {
			errs = append(errs, removeTree(filepath.Join(dir, e.Name())))
		}
	}
	if err := syscall.Rmdir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		errs = append(errs, &fs.PathError{Op: "rmdir", Path: dir, Err: err})
	}
	return errors.Join(errs...)
}
