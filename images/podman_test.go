package images

import (
	"bytes"
	"context"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/languages"
	"paddock/sandbox/podman"
)

func dial(t *testing.T) *podman.Client {
	t.Helper()
	uri := os.Getenv("PADDOCK_TEST_PODMAN")
	if uri == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("PADDOCK_TEST_PODMAN is not set: the URI of a Podman socket")
		}
		t.Skip("needs Podman: set PADDOCK_TEST_PODMAN to the URI of its socket")
	}
	client, err := podman.Dial(t.Context(), uri)
	require.NoError(t, err)
	return client
}

func builder(t *testing.T) *Builder {
	t.Helper()
	set, err := languages.Load()
	require.NoError(t, err)
	return &Builder{Client: dial(t), Languages: set, StateDir: t.TempDir(), Progress: t.Output()}
}

func TestBuildEverything(t *testing.T) {
	b := builder(t)
	built, err := b.Build(t.Context())
	require.NoError(t, err)
	for _, x := range built {
		t.Logf("%+v", x)
	}
	list, err := b.List(context.Background())
	require.NoError(t, err)
	for _, s := range list {
		assert.Equal(t, Current, s.State, s.Language)
		t.Logf("%+v", s)
	}
}

const shout = `name: shout
title: Shout
extensions: [.shout]
file: main.shout
run: [sh, "{file}"]
version_command: [cat, /etc/shout]
`

// shouting is a language of the tests' own, whose image takes a moment to build.
func shouting(t *testing.T, containerfile string) *Builder {
	t.Helper()
	tree := fstest.MapFS{
		"shout/language.yaml": {Data: []byte(shout)},
		"shout/hello.shout":   {Data: []byte("echo Hello from Paddock\n")},
		"shout/etc/shout":     {Data: []byte("Shout, version 1.2\nCopyright 1985\n")},
		"shout/Containerfile": {Data: []byte(containerfile)},
	}
	set, err := languages.LoadFrom(languages.Source{Name: "test", FS: tree})
	require.NoError(t, err)
	b := &Builder{Client: dial(t), Languages: set, StateDir: t.TempDir(), Progress: t.Output()}
	t.Cleanup(func() { assert.NoError(t, b.Client.RemoveImage(context.Background(), "localhost/paddock/shout")) })
	return b
}

func TestCancel(t *testing.T) {
	b := shouting(t, "FROM localhost/paddock/base\nCOPY etc/ /etc/\nRUN sleep 60\n")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err := b.Build(ctx)
	t.Log(err)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}
func TestX(t *testing.T) {
	b := shouting(t, "FROM localhost/paddock/base\nCOPY etc/ /etc/\nRUN sleep 1; echo foo; false\n")
	var buf bytes.Buffer
	b.Progress = &buf
	_, err := b.Build(t.Context())
	t.Log(err)
	t.Log(buf.String())
	b = shouting(t, "FROM localhost/paddock/base\nCOPY etc/ /etc/\n")
	built, err := b.Build(t.Context())
	t.Log(built, err)
	built, err = b.Build(t.Context())
	t.Log(built, err)
}
