package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/images"
	"paddock/languages"
	"paddock/sandbox/podman"
)

// built is an installed that looks into ids, by image name, instead of Podman.
func built(t *testing.T, ids map[string]string) (i *installed, python languages.Language) {
	t.Helper()
	set, err := languages.Load()
	require.NoError(t, err)
	python, ok := set.Find("python")
	require.True(t, ok)
	look := func(_ context.Context, ref string) (podman.Image, error) {
		id, ok := ids[ref]
		if !ok {
			return podman.Image{}, podman.ErrNoImage
		}
		return podman.Image{ID: id, Labels: map[string]string{images.LabelVersion: "3.13"}}, nil
	}
	return &installed{look: look, languages: set}, python
}

func TestARebuiltImageIsNoticedBehindTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ids := map[string]string{"localhost/paddock/python": "first"}
		i, python := built(t, ids)
		changes := 0
		i.notify(func() { changes++ })
		require.NoError(t, i.refresh(t.Context()))
		ids[python.Image] = "second" // of the same version
		time.Sleep(lookForNewer)
		assert.Equal(t, "first", i.imageOf(python))
		time.Sleep(time.Nanosecond)
		assert.Equal(t, "first", i.imageOf(python), "nobody waits")
		synctest.Wait()
		assert.Equal(t, "second", i.imageOf(python))
		assert.Equal(t, 1, changes)
		time.Sleep(lookForNewer + 1)
		i.imageOf(python)
		i.close()
		assert.Equal(t, 1, changes, "nothing has changed since")
		time.Sleep(lookForNewer + 1)
		i.imageOf(python) // looks no more: synctest would see the goroutine
	})
}

func TestALanguageThatHasNoImageIsLookedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ids := map[string]string{}
		i, python := built(t, ids)
		require.NoError(t, i.refresh(t.Context()))
		ids[python.Image] = "first"
		_, ok := i.version("python")
		assert.False(t, ok)
		assert.Equal(t, python.Image, i.imageOf(python))
		time.Sleep(lookAgain + 1)
		version, ok := i.version("python")
		assert.True(t, ok)
		assert.Equal(t, "3.13", version)
	})
}
