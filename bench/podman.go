package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

const podmanCommand = "podman"

// errWrong says that a run did not give the answer it should.
var errWrong = errors.New("not the expected answer")

func imageOf(language string) string { return "localhost/paddock/" + language }

// podman runs a command of Podman's and returns what it says.
func podman(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, podmanCommand, args...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
		}
		return "", fmt.Errorf("podman %s: %w", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// ours marks every container that we make ourselves, so that none is left when one of them is cut short.
var ours = fmt.Sprintf("io.paddock.bench=%d", os.Getpid())

// mountImage mounts an image's file system the way a container sees it: its layers, with a writable one on top, and memory
// for what programs write, as in a cell. It stays until removeOurs; unmount must be called before that, also after an error.
func mountImage(ctx context.Context, language string) (root string, unmount func(context.Context) error, err error) {
	unmount = func(context.Context) error { return nil }
	id, err := podman(ctx, "create", "--label", ours, "--network", "none", imageOf(language), "/bin/true")
	if err != nil {
		return "", unmount, fmt.Errorf("%w; build the image with: paddock images build %s", err, language)
	}
	if root, err = podman(ctx, "mount", id); err != nil {
		return "", unmount, err
	}
	for _, dir := range []string{filepath.Join(root, "box"), filepath.Join(root, "tmp")} {
		if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=1777"); err != nil {
			return "", unmount, fmt.Errorf("mount %s: %w", dir, err)
		}
		before := unmount
		unmount = func(ctx context.Context) error { return errors.Join(unix.Unmount(dir, unix.MNT_DETACH), before(ctx)) }
	}
	return root, unmount, nil
}

// removeOurs removes every container of ours, and with them what is mounted of them.
func removeOurs(ctx context.Context) error {
	list, err := podman(ctx, "ps", "--all", "--quiet", "--filter", "label="+ours)
	return errors.Join(err, remove(ctx, strings.Fields(list)))
}

func remove(ctx context.Context, containers []string) error {
	if len(containers) == 0 {
		return nil
	}
	_, err := podman(ctx, append([]string{"rm", "--force", "--time", "0", "--ignore"}, containers...)...)
	return err
}
