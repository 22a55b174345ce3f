package images

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"paddock/sandbox/podman"
)

//go:embed base
var baseFolder embed.FS

const (
	baseImage   = imagePrefix + "base"
	debianImage = "docker.io/library/debian:trixie-slim"
	bootstrap   = "mmdebstrap"
)

// What the packages come from when Debian is bootstrapped, security updates included.
var aptSources = []string{
	"deb http://deb.debian.org/debian trixie main",
	"deb http://deb.debian.org/debian trixie-updates main",
	"deb http://deb.debian.org/debian-security trixie-security main",
}

const (
	probeTime = 3 * time.Second  // for a registry to answer: without one, everybody waits this long
	pullTime  = 5 * time.Minute  // for 30 MB
	stopTime  = 20 * time.Second // for mmdebstrap to clean up when it is called off
)

// readBase is the base's build context, and the hash that tells whether a base is current.
func readBase() (files, string, error) {
	folder, err := fs.Sub(baseFolder, "base")
	if err != nil {
		return nil, "", err
	}
	source, err := read(folder)
	return source, source.hash(strings.Join(aptSources, "\n")), err
}

func baseCurrent(image *podman.Image) bool {
	_, want, err := readBase()
	return err == nil && stateOf(image, want) == Current
}

// ensureBase builds the base unless it is current: from Debian's image when its registry answers, else from packages.
func (b *Builder) ensureBase(ctx context.Context, p *progress) (podman.Image, error) {
	image, err := b.lookUp(ctx, baseImage)
	if err != nil {
		return podman.Image{}, err
	}
	if baseCurrent(image) && !b.Fresh {
		return *image, nil
	}
	began := time.Now()
	debian, err := b.debian(ctx, p)
	defer b.forget(ctx, debian.remove)
	if err != nil {
		return podman.Image{}, err
	}
	source, want, err := readBase()
	if err != nil {
		return podman.Image{}, &BuildError{Name: "base", Err: err}
	}
	made, _, err := b.run(ctx, p, "base", "building, with Debian from "+debian.origin, source, podman.ImageBuild{
		Ref: baseImage, Squash: true, Fresh: true,
		Args:   map[string]string{"DEBIAN": debian.ref},
		Labels: []string{LabelSource + "=" + want, LabelOrigin + "=" + debian.origin},
	})
	if err != nil {
		return podman.Image{}, err
	}
	p.say("base", "built in %.1fs, %s", time.Since(began).Seconds(), megabytes(made.Size))
	return made, nil
}

// debian is an image of Debian to make the base of.
type debian struct {
	ref    string
	origin string // where it came from
	remove string // the name to take away when the base is made, if any
}

// debian gets one: from the registry when that answers, else from packages.
func (b *Builder) debian(ctx context.Context, p *progress) (debian, error) {
	ref := cmp.Or(b.Debian, debianImage)
	err := probe(ctx, ref)
	if err == nil {
		var pulled debian
		if pulled, err = b.pull(ctx, p, ref); err == nil {
			return pulled, nil
		}
	}
	if ctx.Err() != nil {
		return debian{}, ctx.Err()
	}
	p.say("base", "%s is not to be had (%v), so Debian is made from its packages", ref, err)
	made := workingName("debian")
	return debian{ref: made, origin: bootstrap, remove: made}, b.bootstrap(ctx, p, made)
}

// pull fetches Debian. Unless it was there before, it goes again afterwards: its files are in the base by then.
func (b *Builder) pull(ctx context.Context, p *progress, ref string) (debian, error) {
	out := p.follow("base", "pulling "+ref, false)
	defer out.Close()
	had, err := b.lookUp(ctx, ref)
	if err != nil {
		return debian{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, pullTime)
	defer cancel()
	pulled := debian{ref: ref, origin: ref}
	if had == nil {
		pulled.remove = ref
	}
	return pulled, b.Client.PullImage(ctx, ref)
}

// probe asks whether the registry of an image answers at all: Podman tries for a minute where we know within seconds.
func probe(ctx context.Context, ref string) error {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+registry(ref)+"/v2/", http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		return resp.Body.Close()
	}
	return unreachable(err)
}

// registry is the host that serves an image.
func registry(ref string) string {
	host, _, found := strings.Cut(ref, "/")
	if !found || host == "docker.io" {
		return "registry-1.docker.io"
	}
	return host
}

// unreachable is err if nobody answered, and nil if somebody did, with a certificate or a protocol that only Podman may
// be set up for.
func unreachable(err error) error {
	var op *net.OpError
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return fmt.Errorf("no address of %s", name.Name)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("no answer within %v", probeTime)
	case errors.As(err, &op) && op.Op == "dial":
		return op
	}
	return nil
}

// bootstrap makes an image of Debian from its packages. It goes through a file, so that half of a root file system never
// becomes an image.
func (b *Builder) bootstrap(ctx context.Context, p *progress, ref string) error {
	dir, err := os.MkdirTemp(b.StateDir, workDir)
	if err != nil {
		return &BuildError{Name: "base", Err: err}
	}
	defer os.RemoveAll(dir)
	tar, err := os.CreateTemp(dir, "debian-*.tar")
	if err != nil {
		return &BuildError{Name: "base", Err: err}
	}
	defer tar.Close()
	out := p.follow("base", "running "+bootstrap, b.Verbose)
	defer out.Close()
	if err := runBootstrap(ctx, tar, out); err != nil {
		return b.failed(ctx, p, "base", out.last(), err)
	}
	if _, err := tar.Seek(0, io.SeekStart); err != nil {
		return &BuildError{Name: "base", Err: err}
	}
	return b.Client.ImportImage(ctx, ref, tar, LabelSource+"="+bootstrap)
}

func runBootstrap(ctx context.Context, tar *os.File, out io.Writer) error {
	program, err := exec.LookPath(bootstrap)
	if err != nil {
		return errors.New("mmdebstrap is not installed; on Debian and Ubuntu: apt-get install mmdebstrap debian-archive-keyring")
	}
	// Documentation and translations are half of a minimal Debian, and nobody reads them in a cell.
	args := []string{"--variant=minbase", "--format=tar"}
	for _, dir := range []string{"doc", "info", "lintian", "locale", "man"} {
		args = append(args, "--dpkgopt=path-exclude=/usr/share/"+dir+"/*")
	}
	args = append(args, "trixie", "-")
	cmd := exec.CommandContext(ctx, program, append(args, aptSources...)...)
	cmd.Stdout, cmd.Stderr = tar, out
	// Called off, it unmounts and cleans up, but only once its children have ended: all of them are told.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = stopTime
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", bootstrap, err)
	}
	return nil
}
