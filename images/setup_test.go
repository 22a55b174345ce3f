package images

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/languages"
	"paddock/sandbox/podman"
)

// socket is the URI of a real Podman's socket.
func socket(t *testing.T) string {
	t.Helper()
	uri := os.Getenv("PADDOCK_TEST_PODMAN")
	if uri == "" && os.Getenv("CI") != "" {
		t.Fatal("PADDOCK_TEST_PODMAN is not set: the URI of a Podman socket")
	}
	if uri == "" {
		t.Skip("needs Podman: set PADDOCK_TEST_PODMAN to the URI of its socket")
	}
	return uri
}

// builder builds the given languages; the progress shows when the test fails.
func builder(t *testing.T, set *languages.Set) *Builder {
	t.Helper()
	client, err := podman.Dial(t.Context(), socket(t))
	require.NoError(t, err)
	return &Builder{Client: client, Languages: set, StateDir: t.TempDir(), Progress: t.Output()}
}

// builtin is a builder of the languages that come with us.
func builtin(t *testing.T) *Builder {
	t.Helper()
	set, err := languages.Load()
	require.NoError(t, err)
	return builder(t, set)
}

const shoutManifest = `name: shout
title: Shout
extensions: [.shout]
file: main.shout
run: [sh, "{file}"]
version_command: [cat, /etc/shout]
`

// shout is a language of the tests' own: its image adds one file to the base, and what its Containerfile goes on to say.
func shout(t *testing.T, more string) *languages.Set {
	t.Helper()
	tree := fstest.MapFS{
		"shout/language.yaml": {Data: []byte(shoutManifest)},
		"shout/hello.shout":   {Data: []byte("echo Hello from Paddock\n")},
		"shout/etc/shout":     {Data: []byte("Shout, version 1.2\nCopyright 1985\n")},
		"shout/Containerfile": {Data: []byte("FROM localhost/paddock/base\nCOPY etc/ /etc/\n" + more)},
	}
	set, err := languages.LoadFrom(languages.Source{Name: "test", FS: tree})
	require.NoError(t, err)
	return set
}

const shoutImage = "localhost/paddock/shout"

// shouter is a builder of shout whose image goes with the test.
func shouter(t *testing.T, more string) *Builder {
	t.Helper()
	b := builder(t, shout(t, more))
	t.Cleanup(func() {
		assert.NoError(t, b.Client.RemoveImage(context.Background(), shoutImage))
		b.sweep(context.Background())
		left, err := b.Client.Images(context.Background(), LabelLanguage+"=shout")
		assert.NoError(t, err)
		assert.Empty(t, left, "images are left")
		dirs, err := os.ReadDir(b.StateDir)
		assert.NoError(t, err)
		assert.Len(t, dirs, 1, "besides the lock")
	})
	return b
}

// podmanCLI runs a command of Podman's own client at the same service.
func podmanCLI(t *testing.T, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(context.Background(), "podman", append([]string{"--url=" + socket(t)}, args...)...).CombinedOutput()
	require.NoError(t, err, "podman %v: %s", args, out)
}
