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

// lookAgain is how old our knowledge may be when somebody asks for a language that has no image, or for all of them.
const lookAgain = 2 * time.Second

// installed knows which languages have an image, and of which version. It notices when images are built while the server runs.
type installed struct {
	client    *podman.Client
	languages *languages.Set
	onChange  func() // may be nil

	mu       sync.Mutex
	versions map[string]string
	looked   time.Time
}

func newInstalled(client *podman.Client, set *languages.Set) *installed {
	return &installed{client: client, languages: set}
}

// refresh asks Podman.
func (i *installed) refresh(ctx context.Context) error {
	found := map[string]string{}
	for _, l := range i.languages.List() {
		image, err := i.client.Image(ctx, l.Image)
		switch {
		case err == nil:
			found[l.Name] = image.Labels[images.LabelVersion]
		case !errors.Is(err, podman.ErrNoImage):
			return fmt.Errorf("look for the image of %s: %w", l.Name, err)
		}
	}
	i.mu.Lock()
	changed := i.versions != nil && !maps.Equal(i.versions, found)
	i.versions, i.looked = found, time.Now()
	i.mu.Unlock()
	if changed && i.onChange != nil {
		i.onChange()
	}
	return nil
}

// version is the version of an installed language.
func (i *installed) version(name string) (string, bool) {
	i.mu.Lock()
	version, ok := i.versions[name]
	old := time.Since(i.looked) > lookAgain
	if old {
		i.looked = time.Now() // whoever asks next need not look as well
	}
	i.mu.Unlock()
	if ok || !old {
		return version, ok
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookAgain)
	defer cancel()
	if err := i.refresh(ctx); err != nil {
		return "", false // Podman is away; a later request looks again
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	version, ok = i.versions[name]
	return version, ok
}
