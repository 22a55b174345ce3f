package podman

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/containers/buildah/define"
	"github.com/containers/podman/v5/pkg/bindings/containers"
	"github.com/containers/podman/v5/pkg/bindings/images"
	"github.com/containers/podman/v5/pkg/domain/entities/types"

	"paddock/sandbox"
)

// ErrNoImage says that Podman's storage has no image of that name.
var ErrNoImage = sandbox.ErrNoImage

// ErrImageInUse says that an image stays because a container stands on it.
var ErrImageInUse = errors.New("image in use by a container")

// Image is an image in Podman's storage.
type Image struct {
	ID      string
	Names   []string // with their tag: localhost/paddock/python:latest
	Labels  map[string]string
	Size    int64 // bytes of all its layers, shared ones included
	Created time.Time
}

// Image looks an image up by name or id. ErrNoImage when there is none; asks no registry.
func (c *Client) Image(ctx context.Context, ref string) (Image, error) {
	found, err := images.GetImage(c.call(ctx), ref, new(images.GetOptions).WithSize(true))
	if notFound(err) {
		return Image{}, fmt.Errorf("%w: %s", ErrNoImage, ref)
	}
	if err != nil {
		return Image{}, fmt.Errorf("look up image %s: %w", ref, err)
	}
	image := Image{ID: found.ID, Names: found.RepoTags, Labels: found.Labels, Size: found.Size}
	if found.Created != nil {
		image.Created = *found.Created
	}
	return image, nil
}

// Images lists the images with a label, except those that have no name and are part of another.
func (c *Client) Images(ctx context.Context, label string) ([]Image, error) {
	filters := map[string][]string{"label": {label}}
	found, err := images.List(c.call(ctx), new(images.ListOptions).WithFilters(filters))
	if err != nil {
		return nil, fmt.Errorf("list images: %w", err)
	}
	var list []Image
	for _, f := range found {
		list = append(list, Image{ID: f.ID, Names: f.RepoTags, Labels: f.Labels, Size: f.Size, Created: time.Unix(f.Created, 0)})
	}
	return list, nil
}

// ImportImage makes an image called ref of a root file system in a tar archive; labels are key=value.
func (c *Client) ImportImage(ctx context.Context, ref string, tar io.Reader, labels ...string) error {
	var changes []string
	for _, label := range labels {
		changes = append(changes, "LABEL "+label)
	}
	options := new(images.ImportOptions).WithReference(ref).WithChanges(changes)
	if _, err := images.Import(c.call(ctx), tar, options); err != nil {
		return fmt.Errorf("import image %s: %w", ref, err)
	}
	return nil
}

// PullImage fetches an image from its registry.
func (c *Client) PullImage(ctx context.Context, ref string) error {
	if _, err := images.Pull(c.call(ctx), ref, new(images.PullOptions).WithQuiet(true)); err != nil {
		return fmt.Errorf("pull image %s: %w", ref, err)
	}
	return nil
}

// The exit codes of a removal's report, which are all that tells its errors apart.
const (
	removeNotFound = 1
	removeInUse    = 2
)

// RemoveImage takes the name ref from its image, and the image away when it was the last. One that is gone already
// is done; ErrImageInUse while a container stands on it.
func (c *Client) RemoveImage(ctx context.Context, ref string) error {
	report, errs := images.Remove(c.call(ctx), []string{ref}, nil)
	err := errors.Join(errs...)
	switch {
	case report != nil && report.ExitCode == removeNotFound:
		return nil
	case report != nil && report.ExitCode == removeInUse:
		return fmt.Errorf("%w: %s", ErrImageInUse, ref)
	case err != nil:
		return fmt.Errorf("remove image %s: %w", ref, err)
	}
	return nil
}

// RemoveDeadBuilds removes the containers that builds on images whose names begin with prefix left behind because the
// Podman service was killed under them: those older than age, which is to be longer than any build. They keep the images
// from being removed, and Podman does not look for them.
func (c *Client) RemoveDeadBuilds(ctx context.Context, prefix string, age time.Duration) error {
	list, err := containers.List(c.call(ctx), new(containers.ListOptions).WithAll(true).WithExternal(true))
	if err != nil {
		return fmt.Errorf("list builds: %w", err)
	}
	var errs []error
	for _, l := range list {
		building := l.State == "storage" && slices.Equal(l.Command, []string{"buildah"})
		if building && strings.HasPrefix(l.Image, prefix) && time.Since(l.Created) > age {
			errs = append(errs, removeOnce(c.call(ctx), l.ID, new(containers.RemoveOptions).WithForce(true)))
		}
	}
	return errors.Join(errs...)
}

// ImageBuild is what BuildImage needs to know.
type ImageBuild struct {
	Ref     string // the image's name; required. It is given when everything has succeeded, never before
	Dir     string // the build context with its Containerfile; required
	Args    map[string]string
	Labels  []string  // key=value; a build is known by them, so one of them should tell it from the last
	Squash  bool      // one layer in all, those of the image it is made FROM included; else one layer on top of those
	Layers  bool      // a layer per instruction that changes files, and none for instructions that do not
	Fresh   bool      // use no layer of an earlier build
	Verbose io.Writer // gets what the build prints; required
}

// BuildImage builds an image in the Podman service. RUN instructions share the host's network.
//
// Isolation is chroot: an instruction then runs without an OCI runtime. The API has no way to choose the runtime of a
// build, and the service's default may be one that does not work here (crun before 1.9 with a hybrid cgroup mount, or
// any that raises rlimits beyond the host's) although cells, whose runtime we choose, run well. What runs in a build is
// Debian's packages and an operator's own Containerfile, never a user's code.
func (c *Client) BuildImage(ctx context.Context, b ImageBuild) (Image, error) {
	_, err := images.Build(c.call(ctx), []string{filepath.Join(b.Dir, "Containerfile")}, types.BuildOptions{BuildOptions: b.options()})
	if ctx.Err() != nil { // the bindings take a cancelled build for a finished one
		return Image{}, fmt.Errorf("build image %s: %w", b.Ref, ctx.Err())
	}
	if err != nil && !errors.Is(err, io.EOF) { // they miss the id in the stream at times, and say EOF; the name decides
		return Image{}, fmt.Errorf("build image %s: %w", b.Ref, err)
	}
	image, found := c.Image(ctx, b.Ref)
	if found != nil || !b.madeOf(image) {
		return Image{}, fmt.Errorf("build image %s: it ended without one: %w", b.Ref, errors.Join(err, found))
	}
	return image, nil
}

// madeOf says whether image came of this build, and not of an earlier one under the same name: by its labels.
func (b ImageBuild) madeOf(image Image) bool {
	for _, label := range b.Labels {
		key, value, _ := strings.Cut(label, "=")
		if image.Labels[key] != value {
			return false
		}
	}
	return true
}

func (b ImageBuild) options() define.BuildOptions {
	return define.BuildOptions{
		ContextDirectory: b.Dir,
		Output:           b.Ref,
		OutputFormat:     define.OCIv1ImageManifest,
		Args:             b.Args,
		Labels:           b.Labels,
		Out:              b.Verbose,
		Squash:           b.Squash,
		Layers:           b.Layers,
		NoCache:          b.Fresh,
		Isolation:        define.IsolationChroot,
		NamespaceOptions: define.NamespaceOptions{{Name: "network", Host: true}},
		ConfigureNetwork: define.NetworkDefault,
		PullPolicy:       define.PullNever, // what it is made FROM is here already; a wrong name must not go to a registry
		CommonBuildOpts:  &define.CommonBuildOptions{HTTPProxy: true},
		// Containers of a failed build are removed too.
		RemoveIntermediateCtrs: true, ForceRmIntermediateCtrs: true,
	}
}
