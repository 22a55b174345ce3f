package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
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

// mountImage mounts an image's file system the way a container sees it: its layers, with a writable one on top.
func mountImage(ctx context.Context, language string) (root string, undo func(context.Context) error, err error) {
	name := fmt.Sprintf("paddock-bench-%d-%s", os.Getpid(), language)
	undo = func(ctx context.Context) error {
		_, err := podman(ctx, "rm", "--force", "--ignore", name) // unmounts as well
		return err
	}
	if _, err = podman(ctx, "create", "--name", name, "--network", "none", imageOf(language), "/bin/true"); err != nil {
		return "", undo, fmt.Errorf("%w; build the image with: paddock images build %s", err, language)
	}
	root, err = podman(ctx, "mount", name)
	return root, undo, err
}
