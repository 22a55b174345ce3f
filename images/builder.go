// Package images makes the container images that languages run in: one base layer of Debian, and on it one layer per
// language, built from the language's Containerfile. Only what changed is built again.
//
// A name is given to an image only when all of its build has succeeded, so a build that is cut off leaves the images
// that were there. Builds that share a state directory wait for each other. What a build replaces is removed as soon
// as no container stands on it.
package images

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"paddock/languages"
	"paddock/sandbox/podman"
)

// Builder builds and lists images. The zero values of what is not required are good.
type Builder struct {
	Client    *podman.Client // required
	Languages *languages.Set // required
	StateDir  string         // required; for the lock and for working files
	Debian    string         // image to make the base of when its registry answers; empty: docker.io/library/debian:trixie-slim
	Progress  io.Writer      // gets a line per step; nil for none
	Verbose   bool           // Progress gets all that the builds print, too
	Fresh     bool           // build everything again, the base included: this is how Debian's updates come in
}

// Built is a language's image after Build.
type Built struct {
	Language string
	Image    string
	Version  string
	Size     int64         // bytes, the base included
	Took     time.Duration // zero for an image that was current
}

// Status is a language's image as it is.
type Status struct {
	Language string
	Image    string
	State    State
	Version  string // of the image; empty when it is missing
	Size     int64  // bytes, the base included
	Created  time.Time
}

// BuildError says which image could not be built, and holds the end of what its build printed.
type BuildError struct {
	Name   string
	Output []string
	Err    error
}

func (e *BuildError) Error() string {
	text := fmt.Sprintf("image %s: %s", e.Name, brief(e.Err))
	if hint := hint(e.Output); hint != "" {
		text += "\n  " + hint
	}
	return text
}

// Unwrap is what went wrong.
func (e *BuildError) Unwrap() error { return e.Err }

// Podman quotes the whole failing instruction; its beginning and what became of it say as much.
const briefStart, briefEnd = 160, 80

func brief(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if len(text) <= briefStart+briefEnd {
		return text
	}
	return strings.ToValidUTF8(text[:briefStart]+" ... "+text[len(text)-briefEnd:], "")
}

// Build makes the images of these languages current; of all when none is named. One that fails does not keep the others
// from being built: what came of them is returned beside the error.
func (b *Builder) Build(ctx context.Context, names ...string) ([]Built, error) {
	wanted, err := b.choose(names)
	if err != nil {
		return nil, err
	}
	p := newProgress(b.Progress)
	if err := os.MkdirAll(b.StateDir, 0o700); err != nil {
		return nil, fmt.Errorf("state directory of the images: %w", err)
	}
	unlock, err := lock(ctx, b.StateDir, func() { p.say("images", "another build is under way, waiting for it") })
	if err != nil {
		return nil, err
	}
	defer unlock()
	b.sweep(ctx)
	defer b.sweep(ctx)
	base, err := b.ensureBase(ctx, p)
	if err != nil {
		return nil, calledOff(ctx, "base", err)
	}
	return b.buildAll(ctx, p, base, wanted)
}

func (b *Builder) buildAll(ctx context.Context, p *progress, base podman.Image, wanted []languages.Language) ([]Built, error) {
	var all []Built
	var errs []error
	for _, l := range wanted {
		built, err := b.ensure(ctx, p, base, l)
		if ctx.Err() != nil {
			return all, calledOff(ctx, l.Name, err)
		}
		if err != nil {
			p.say(l.Name, "FAILED")
			errs = append(errs, err)
			continue
		}
		all = append(all, built)
	}
	return all, errors.Join(errs...)
}

// calledOff is err, or when the build was called off just that: what fails then fails because of it.
func calledOff(ctx context.Context, name string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("image %s: %w", name, ctx.Err())
	}
	return err
}

// choose finds languages by name or alias, each once.
func (b *Builder) choose(names []string) ([]languages.Language, error) {
	if len(names) == 0 {
		return b.Languages.List(), nil
	}
	var chosen []languages.Language
	seen := map[string]bool{}
	for _, name := range names {
		l, ok := b.Languages.Find(name)
		if !ok {
			return nil, fmt.Errorf("no language is called %q; there is %s", name, strings.Join(b.names(), ", "))
		}
		if !seen[l.Name] {
			chosen = append(chosen, l)
		}
		seen[l.Name] = true
	}
	return chosen, nil
}

func (b *Builder) names() []string {
	var names []string
	for _, l := range b.Languages.List() {
		names = append(names, l.Name)
	}
	return names
}

// ensure builds one language's image unless it is current.
func (b *Builder) ensure(ctx context.Context, p *progress, base podman.Image, l languages.Language) (Built, error) {
	source, err := readLanguage(l)
	if err != nil {
		return Built{}, &BuildError{Name: l.Name, Err: err}
	}
	image, err := b.lookUp(ctx, l.Image)
	if err != nil {
		return Built{}, err
	}
	want := source.hash(base.ID)
	if stateOf(image, want) == Current && !b.Fresh {
		p.say(l.Name, "current, version %s, %s", image.Labels[LabelVersion], megabytes(image.Size))
		return Built{Language: l.Name, Image: l.Image, Version: image.Labels[LabelVersion], Size: image.Size}, nil
	}
	began := time.Now()
	made, err := b.build(ctx, p, l, source, want)
	if err != nil {
		return Built{}, err
	}
	version, took := made.Labels[LabelVersion], time.Since(began)
	p.say(l.Name, "built in %.1fs, version %s, %s", took.Seconds(), version, megabytes(made.Size))
	return Built{Language: l.Name, Image: l.Image, Version: version, Size: made.Size, Took: took}, nil
}

// build makes a language's image in two steps, because its version is known only when it is there: the first builds it
// under a working name and asks it, the second adds the labels (and no layer) and gives it its name.
func (b *Builder) build(ctx context.Context, p *progress, l languages.Language, source files, want string) (podman.Image, error) {
	working := workingName(l.Name)
	defer b.forget(ctx, working) // the image itself stays: the finished one stands on it
	labels := []string{LabelSource + "=" + want, LabelLanguage + "=" + l.Name}
	unfinished, said, err := b.run(ctx, p, l.Name, "building", source, podman.ImageBuild{Ref: working, Labels: labels, Fresh: true})
	if err != nil {
		return podman.Image{}, err
	}
	version, err := findVersion(said)
	if err != nil {
		return podman.Image{}, &BuildError{Name: l.Name, Err: err}
	}
	named, _, err := b.run(ctx, p, l.Name, "", files{containerFile: []byte("FROM " + unfinished.ID + "\n")},
		podman.ImageBuild{Ref: l.Image, Layers: true, Labels: []string{LabelSource + "=" + want, LabelVersion + "=" + version}})
	return named, err
}

// workingName names an image that is not finished, for one build alone.
func workingName(name string) string { return workingPrefix + name + "-" + rand.Text() }

const (
	imagePrefix   = "localhost/paddock/"
	workingPrefix = imagePrefix + "build:"
)

// run builds once. step announces it; empty keeps it silent. It returns the line of the output that said the version.
func (b *Builder) run(ctx context.Context, p *progress, name, step string, source files, build podman.ImageBuild,
) (image podman.Image, version string, err error) {
	dir, err := os.MkdirTemp(b.StateDir, workDir)
	if err != nil {
		return image, "", &BuildError{Name: name, Err: err}
	}
	defer os.RemoveAll(dir)
	if err := source.write(dir); err != nil {
		return image, "", &BuildError{Name: name, Err: err}
	}
	out := p.follow(name, step, b.Verbose)
	defer out.Close()
	build.Dir, build.Verbose = dir, out
	if image, err = b.Client.BuildImage(ctx, build); err != nil {
		return image, "", b.failed(ctx, p, name, out.last(), err)
	}
	return image, out.version, nil
}

// failed shows the end of a failed build's output, unless all of it has been shown or somebody called it off.
func (b *Builder) failed(ctx context.Context, p *progress, name string, output []string, err error) error {
	if !b.Verbose && ctx.Err() == nil {
		p.tail(output)
	}
	return &BuildError{Name: name, Output: output, Err: err}
}

// List tells how the images of all languages are.
func (b *Builder) List(ctx context.Context) ([]Status, error) {
	base, err := b.lookUp(ctx, baseImage)
	if err != nil {
		return nil, err
	}
	var list []Status
	for _, l := range b.Languages.List() {
		s, err := b.status(ctx, base, l)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

func (b *Builder) status(ctx context.Context, base *podman.Image, l languages.Language) (Status, error) {
	image, err := b.lookUp(ctx, l.Image)
	if err != nil {
		return Status{}, err
	}
	source, err := readLanguage(l)
	if err != nil {
		return Status{}, &BuildError{Name: l.Name, Err: err}
	}
	want := "" // nothing is current without a base that is
	if baseCurrent(base) {
		want = source.hash(base.ID)
	}
	s := Status{Language: l.Name, Image: l.Image, State: stateOf(image, want)}
	if image != nil {
		s.Version, s.Size, s.Created = image.Labels[LabelVersion], image.Size, image.Created
	}
	return s, nil
}

// Remove removes the images of these languages. With the last language's image the base goes too.
func (b *Builder) Remove(ctx context.Context, names ...string) error {
	if len(names) == 0 {
		return errors.New("name the languages whose images to remove")
	}
	chosen, err := b.choose(names)
	if err != nil {
		return err
	}
	unlock, err := lock(ctx, b.StateDir, nil)
	if err != nil {
		return err
	}
	defer unlock()
	var errs []error
	for _, l := range chosen {
		err := b.Client.RemoveImage(ctx, l.Image)
		if errors.Is(err, podman.ErrImageInUse) {
			err = fmt.Errorf("%w; stop paddock serve, or wait until it has given its cells up", err)
		}
		errs = append(errs, err)
	}
	b.sweep(ctx)
	errs = append(errs, b.removeIdleBase(ctx))
	return errors.Join(errs...)
}

// removeIdleBase asks the storage, not the languages we know: others may stand on the base, too.
func (b *Builder) removeIdleBase(ctx context.Context) error {
	standing, err := b.Client.Images(ctx, LabelLanguage)
	if err != nil || len(standing) > 0 {
		return err
	}
	return b.Client.RemoveImage(ctx, baseImage)
}

// lookUp is the image of that name, or nil.
func (b *Builder) lookUp(ctx context.Context, ref string) (*podman.Image, error) {
	image, err := b.Client.Image(ctx, ref)
	if errors.Is(err, podman.ErrNoImage) {
		return nil, nil //nolint:nilnil // no image is an answer
	}
	return &image, err
}

// workDir begins the names of working directories.
const workDir = "images-"

// cleanupTime bounds tidying up, which goes on when the build was called off.
const cleanupTime = 30 * time.Second

// sweep removes what earlier builds replaced or did not finish, as far as nobody uses it. What cannot go now goes next
// time, so there is nothing to report. Call it with the lock held.
func (b *Builder) sweep(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	dirs, _ := filepath.Glob(filepath.Join(b.StateDir, workDir+"*"))
	for _, dir := range dirs {
		_ = os.RemoveAll(dir)
	}
	_ = b.Client.RemoveDeadBuilds(ctx, imagePrefix, unfinishedAge)
	ours, _ := b.Client.Images(ctx, LabelSource)
	for _, image := range ours {
		for _, ref := range litter(image, time.Now()) {
			_ = b.Client.RemoveImage(ctx, ref)
		}
	}
}

// forget takes a name away that nobody needs any more.
func (b *Builder) forget(ctx context.Context, ref string) {
	if ref == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	_ = b.Client.RemoveImage(ctx, ref)
}

func megabytes(n int64) string { return fmt.Sprintf("%.0f MB", float64(n)/1e6) }
