package sandbox

import (
	"context"
	"errors"
)

// Engine makes and removes the containers behind cells. Its one real implementation is sandbox/podman; tests stand in
// for it where they want a creation to fail.
type Engine interface {
	// Create makes and starts the container c describes and returns once its PID 1 has been started. It returns
	// ErrNoImage when the image is not there.
	Create(ctx context.Context, c Container) error
	// Update puts other limits in force, where the cell's cgroup is not ours to write. Disk stays what it was.
	Update(ctx context.Context, name string, l Limits) error
	// Remove ends and removes the container with this name. A container that is not there counts as removed.
	Remove(ctx context.Context, name string) error
	// Owned lists the names of all containers, running or not, that carry this instance's label.
	Owned(ctx context.Context, instance string) ([]string, error)
}

// ErrUnavailable says that no cell could be made: Podman does not answer, or can't do what it is asked for.
var ErrUnavailable = errors.New("no cell could be made")

// ErrNoImage says that a language's image has not been built.
var ErrNoImage = errors.New("no such image")

// Container is what an engine needs to know to make a cell's container.
type Container struct {
	Name      string
	Instance  string // whose it is: one state directory, one instance
	Image     string
	SocketDir string // on the host; mounted read-only at the directory of wire.SocketPath
	Cgroup    string // name of the parent of its cgroup
	Limits    Limits // in force from the start
}
