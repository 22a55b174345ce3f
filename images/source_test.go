package images

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/languages"
	"paddock/sandbox/podman"
)

// shoutIn is shout with one file of its folder changed, or added.
func shoutIn(t *testing.T, file, text string) languages.Language {
	t.Helper()
	tree := fstest.MapFS{
		"shout/language.yaml": {Data: []byte(shoutManifest)},
		"shout/hello.shout":   {Data: []byte("hello")},
		"shout/Containerfile": {Data: []byte("FROM localhost/paddock/base")},
	}
	tree["shout/"+file] = &fstest.MapFile{Data: []byte(text)}
	set, err := languages.LoadFrom(languages.Source{Name: "test", FS: tree})
	require.NoError(t, err)
	return set.List()[0]
}

func TestHashCoversWhatTheBuildSees(t *testing.T) {
	hash := func(file, text, base string) string {
		source, err := readLanguage(shoutIn(t, file, text))
		require.NoError(t, err)
		return source.hash(base)
	}
	plain := hash("hello.shout", "hello", "base")
	tests := []struct {
		name, file, text, base string
		changes                bool
	}{
		{"another hello program", "hello.shout", "HELLO", "base", false},
		{"an echo program", "echo.shout", "x", "base", false},
		{"another title", "language.yaml", shoutManifest + "aliases: [yell]\n", "base", false},
		{"another version command", "language.yaml", shoutManifest[:len(shoutManifest)-2] + ", x]\n", "base", true},
		{"another Containerfile", "Containerfile", "FROM localhost/paddock/base\nRUN true\n", "base", true},
		{"one more file", "etc/shout.conf", "", "base", true},
		{"a hello program further down", "etc/hello.shout", "", "base", true},
		{"another base", "hello.shout", "hello", "other", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.changes, plain != hash(tt.file, tt.text, tt.base))
		})
	}
}

func TestHashTellsFilesApart(t *testing.T) {
	seen := map[string]files{}
	for _, f := range []files{{}, {"a": nil}, {"a": []byte("b")}, {"ab": nil}, {"a": []byte("\"b\" 0\n")}, {"a": nil, "b": nil}} {
		h := f.hash("")
		assert.NotContains(t, seen, h)
		seen[h] = f
	}
}

func TestBuildSeesOnlyWhatTheHashCovers(t *testing.T) {
	source, err := readLanguage(shoutIn(t, "etc/shout", "1"))
	require.NoError(t, err)
	dir := t.TempDir()
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	require.NoError(t, source.write(dir))
	for name, mode := range map[string]os.FileMode{"Containerfile": 0o644, "etc": 0o755 | os.ModeDir, "etc/shout": 0o644} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Equal(t, mode, info.Mode(), name)
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
}

func TestAskVersionQuotes(t *testing.T) {
	assert.Equal(t, "\nRUN said=$('a b' 'it'\\''s' '$x' 2>&1) && printf 'io.paddock.version=%s\\n' \"$said\"\n",
		askVersion([]string{"a b", "it's", "$x"}))
}

func TestFindVersion(t *testing.T) {
	for said, want := range map[string]string{
		"Python 3.13.5":                          "3.13.5",
		"v20.19.2":                               "20.19.2",
		"GNU bash, version 5.2.37(1)-release":    "5.2.37",
		"go version go1.24.4 linux/amd64":        "1.24.4",
		"rustc 1.85.1 (4eb161250 2025-03-15)":    "1.85.1",
		"14.2.0":                                 "14.2.0",
		"openjdk 21 2023-09-19":                  "21",
		"This is Perl 5, version 40 (v5.40.1)\n": "5.40.1",
		"Foo 1.2\nBar 3.4":                       "1.2",
	} {
		got, err := findVersion(said)
		require.NoError(t, err, said)
		assert.Equal(t, want, got, said)
	}
	for _, said := range []string{"", "unknown", "\n1.2"} {
		_, err := findVersion(said)
		require.ErrorContains(t, err, "prints no version number", said)
	}
}

func TestStateOf(t *testing.T) {
	with := func(source string) *podman.Image {
		return &podman.Image{Labels: map[string]string{LabelSource: source}}
	}
	assert.Equal(t, Missing, stateOf(nil, "a"))
	assert.Equal(t, Current, stateOf(with("a"), "a"))
	assert.Equal(t, Stale, stateOf(with("a"), "b"))
	assert.Equal(t, Stale, stateOf(&podman.Image{}, "a"))
	assert.Equal(t, Stale, stateOf(&podman.Image{}, ""), "no base, no label: nothing to be current with")
}

func TestLitter(t *testing.T) {
	now := time.Now()
	tests := []struct {
		name  string
		age   time.Duration
		names []string
		want  []string
	}{
		{"what was replaced goes", 0, nil, []string{"id"}},
		{"a language stays", 48 * time.Hour, []string{"localhost/paddock/go:latest"}, nil},
		{"a build that may be going on stays", time.Minute, []string{"localhost/paddock/build:go-X"}, nil},
		{"an old one goes", 2 * time.Hour, []string{"localhost/paddock/build:go-X"}, []string{"localhost/paddock/build:go-X"}},
		{"its name goes, another stays", 2 * time.Hour, []string{"localhost/paddock/build:go-X", "localhost/paddock/go:latest"},
			[]string{"localhost/paddock/build:go-X"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := litter(podman.Image{ID: "id", Names: tt.names, Created: now.Add(-tt.age)}, now)
			assert.ElementsMatch(t, tt.want, got)
		})
	}
}
