package images

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/sandbox/podman"
)

func TestBuildGivesVersionAndLabels(t *testing.T) {
	b := shouter(t, "")
	built, err := b.Build(t.Context())
	require.NoError(t, err)
	require.Len(t, built, 1)
	assert.Equal(t, "1.2", built[0].Version)
	assert.Positive(t, built[0].Took)

	image, err := b.Client.Image(t.Context(), shoutImage)
	require.NoError(t, err)
	assert.Equal(t, "shout", image.Labels[LabelLanguage])
	assert.Equal(t, "1.2", image.Labels[LabelVersion])
	assert.Len(t, image.Labels[LabelSource], 64)
	assert.Equal(t, built[0].Size, image.Size)
	assert.WithinDuration(t, time.Now(), image.Created, time.Hour)
}

func TestOnlyWhatChangedIsBuilt(t *testing.T) {
	b := shouter(t, "")
	state := func(b *Builder) State {
		list, err := b.List(t.Context())
		require.NoError(t, err)
		return list[0].State
	}
	require.Equal(t, Missing, state(b))
	_, err := b.Build(t.Context(), "shout")
	require.NoError(t, err)
	require.Equal(t, Current, state(b))

	again, err := b.Build(t.Context(), "shout")
	require.NoError(t, err)
	assert.Zero(t, again[0].Took)
	assert.Equal(t, "1.2", again[0].Version)

	b.Languages = shout(t, "RUN true\n")
	assert.Equal(t, Stale, state(b))
	changed, err := b.Build(t.Context(), "shout")
	require.NoError(t, err)
	assert.Positive(t, changed[0].Took)
	assert.Equal(t, Current, state(b))
}

func TestFailedBuildLeavesTheOldImage(t *testing.T) {
	b := shouter(t, "")
	_, err := b.Build(t.Context())
	require.NoError(t, err)
	before, err := b.Client.Image(t.Context(), shoutImage)
	require.NoError(t, err)

	var said bytes.Buffer
	b.Progress = &said
	b.Languages = shout(t, "RUN echo this goes wrong; false\n")
	_, err = b.Build(t.Context())
	var failed *BuildError
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, "shout", failed.Name)
	assert.Contains(t, failed.Output, "this goes wrong")
	assert.Contains(t, said.String(), "| this goes wrong\n")
	assert.Contains(t, said.String(), "shout: FAILED")

	after, err := b.Client.Image(t.Context(), shoutImage)
	require.NoError(t, err)
	assert.Equal(t, before.ID, after.ID)
}

func TestVersionCommandHasToWork(t *testing.T) {
	b := shouter(t, "RUN rm /etc/shout\n")
	_, err := b.Build(t.Context())
	require.ErrorContains(t, err, "exit status 1")
	b.Languages = shout(t, "RUN echo none >/etc/shout\n")
	_, err = b.Build(t.Context())
	require.ErrorContains(t, err, `image shout: its version_command prints no version number: "none"`)
}

func TestCancelledBuildEndsAtOnce(t *testing.T) {
	b := shouter(t, "RUN sleep 3\n")
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := b.Build(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	// The service ends the instruction that runs, and removes its container then; nothing of it gets the name.
	list, err := b.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Missing, list[0].State)
}

func TestTwoBuildsAtOnce(t *testing.T) {
	b := shouter(t, "RUN sleep 1\n")
	first := make(chan error, 1)
	go func() {
		_, err := b.Build(context.Background())
		first <- err
	}()
	second := *b
	built, err := second.Build(t.Context())
	require.NoError(t, err)
	require.NoError(t, <-first)
	assert.Equal(t, "1.2", built[0].Version)
}

func TestRemove(t *testing.T) {
	b := shouter(t, "")
	_, err := b.Build(t.Context())
	require.NoError(t, err)
	require.NoError(t, b.Remove(t.Context(), "shout"))
	require.NoError(t, b.Remove(t.Context(), "shout"), "what is gone is gone")
	_, err = b.Client.Image(t.Context(), shoutImage)
	require.ErrorIs(t, err, podman.ErrNoImage)
	require.ErrorContains(t, b.Remove(t.Context()), "name the languages")
}

func TestImageInUseStaysUntilItIsNot(t *testing.T) {
	b := shouter(t, "")
	_, err := b.Build(t.Context())
	require.NoError(t, err)
	podmanCLI(t, "create", "--pull=never", "--name=paddock-test-user", shoutImage, "true")
	t.Cleanup(func() { podmanCLI(t, "rm", "--ignore", "paddock-test-user") }) // before the image is looked for
	require.ErrorIs(t, b.Remove(t.Context(), "shout"), podman.ErrImageInUse)

	b.Languages = shout(t, "RUN true\n")
	_, err = b.Build(t.Context())
	require.NoError(t, err)
	both, err := b.Client.Images(t.Context(), LabelLanguage+"=shout")
	require.NoError(t, err)
	assert.Len(t, both, 2, "the one in use and its successor")

	podmanCLI(t, "rm", "paddock-test-user")
	require.NoError(t, b.Remove(t.Context(), "shout"))
}

func TestUnknownLanguage(t *testing.T) {
	b := &Builder{Languages: shout(t, "")}
	_, err := b.Build(t.Context(), "shout", "cobol")
	require.EqualError(t, err, `no language is called "cobol"; there is shout`)
}
