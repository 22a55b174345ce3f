package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"paddock/images"
	"paddock/languages"
	"paddock/sandbox/podman"
)

// How old our knowledge may be when somebody asks: for a language that has no image, who asks waits for the news; for one that
// has, the news come behind the answer.
const (
	lookAgain    = 2 * time.Second
	lookForNewer = 10 * time.Second
)

// installed knows which languages have an image, which one, and of which version. It notices when images are built while the
// server runs.
type installed struct {
	look      func(ctx context.Context, ref string) (podman.Image, error)
	languages *languages.Set

	mu       sync.Mutex
	onChange func()                // may be nil
	images   map[string]builtImage // by language
	looked   time.Time
	closed   bool
	work     sync.WaitGroup // looks behind the answer
}

// builtImage is a language's image as it was when we looked. A later build under the same name has another id.
type builtImage struct{ id, version string }

func newInstalled(client *podman.Client, set *languages.Set) *installed {
	return &installed{look: client.Image, languages: set}
}

// notify sets what is called when images have changed.
func (i *installed) notify(onChange func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.onChange = onChange
}

// close waits until nobody looks any more.
func (i *installed) close() {
	i.mu.Lock()
	i.closed = true
	i.mu.Unlock()
	i.work.Wait()
}

// refresh asks Podman.
func (i *installed) refresh(ctx context.Context) error {
	found := map[string]builtImage{}
	for _, l := range i.languages.List() {
		image, err := i.look(ctx, l.Image)
		switch {
		case err == nil:
			found[l.Name] = builtImage{id: image.ID, version: image.Labels[images.LabelVersion]}
		case !errors.Is(err, podman.ErrNoImage):
			return fmt.Errorf("look for the image of %s: %w", l.Name, err)
		}
	}
	i.mu.Lock()
	changed := i.images != nil && !maps.Equal(i.images, found)
	i.images, i.looked = found, time.Now()
	onChange := i.onChange
	i.mu.Unlock()
	if changed && onChange != nil {
		onChange()
	}
	return nil
}

// version is the version of an installed language.
func (i *installed) version(name string) (string, bool) {
	image, ok := i.find(name)
	return image.version, ok
}

// imageOf is what to make a language's cells of: the image's id, so that cells of a former build are told from those of
// the present one.
func (i *installed) imageOf(l languages.Language) string {
	if image, ok := i.find(l.Name); ok {
		return image.id
	}
	return l.Image
}

func (i *installed) find(name string) (builtImage, bool) {
	i.mu.Lock()
	image, ok := i.images[name]
	age := time.Since(i.looked)
	wait, behind := !ok && age > lookAgain, ok && age > lookForNewer && !i.closed
	if wait || behind {
		i.looked = time.Now() // whoever asks next need not look as well
	}
	if behind {
		i.work.Go(func() { _ = i.refreshSoon() })
	}
	i.mu.Unlock()
	if !wait || i.refreshSoon() != nil {
		return image, ok // Podman is away, it may be; a later request looks again
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	image, ok = i.images[name]
	return image, ok
}

func (i *installed) refreshSoon() error {
	ctx, cancel := context.WithTimeout(context.Background(), lookAgain)
	defer cancel()
	return i.refresh(ctx)
}
