package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/sandbox/wire"
)

// testBox is a box of whoever runs the test, beside a file that no submitted file may reach.
func testBox(t *testing.T) (b box, outside string) {
	t.Helper()
	dir := t.TempDir()
	outside = filepath.Join(dir, "outside")
	require.NoError(t, os.WriteFile(outside, []byte("outside"), 0o600))
	b = box{dir: filepath.Join(dir, "box"), uid: uint32(os.Getuid())}
	require.NoError(t, os.Mkdir(b.dir, 0o755))
	return b, outside
}

func TestWrite(t *testing.T) {
	b, _ := testBox(t)
	files := []wire.File{
		{Path: "main.py", Data: []byte("print(1)\n")},
		{Path: "a/b/c.txt", Data: []byte("c")},
		{Path: "a/b/d.txt", Data: []byte("d")},
		{Path: "a/e.txt", Data: nil},
		{Path: "-rf *", Data: []byte("a name like any other")},
		{Path: strings.Repeat("d/", 32) + "deep", Data: []byte("deep")},
	}
	require.NoError(t, b.prepare())
	require.NoError(t, b.write(files))
	for _, f := range files {
		got, err := os.ReadFile(filepath.Join(b.dir, f.Path))
		require.NoError(t, err)
		assert.Equal(t, string(f.Data), string(got), f.Path)
	}
	info, err := os.Stat(filepath.Join(b.dir, "a", "b"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o755), info.Mode().Perm())
	st, _ := info.Sys().(*syscall.Stat_t)
	assert.Equal(t, b.uid, st.Uid)
}

func TestWriteStaysInTheBox(t *testing.T) {
	for name, path := range map[string]string{
		"up":                   "../outside",
		"up to a new file":     "../new",
		"down and up":          "a/../../outside",
		"absolute":             "/tmp/paddock-agent-test",
		"only up":              "..",
		"the box itself":       ".",
		"nothing":              "",
		"a directory's name":   "a/",
		"through a link":       "link/outside",
		"to a new file by one": "link/new",
		"onto a link":          "filelink",
		"onto a dangling one":  "dangling",
		"below a file":         "file/x",
		"onto a file":          "file",
		"an empty part":        "a//b",
		"a name too long":      strings.Repeat("x", 256),
		"a NUL":                "a\x00b",
	} {
		t.Run(name, func(t *testing.T) {
			b, outside := testBox(t)
			require.NoError(t, os.WriteFile(filepath.Join(b.dir, "file"), []byte("file"), 0o600))
			require.NoError(t, os.Symlink("..", filepath.Join(b.dir, "link")))
			require.NoError(t, os.Symlink("../outside", filepath.Join(b.dir, "filelink")))
			require.NoError(t, os.Symlink("../dangling", filepath.Join(b.dir, "dangling")))
			before := openDescriptors(t)

			assert.Error(t, b.write([]wire.File{{Path: path, Data: []byte("evil")}}))

			got, err := os.ReadFile(outside)
			require.NoError(t, err)
			assert.Equal(t, "outside", string(got))
			left, err := os.ReadDir(filepath.Dir(outside))
			require.NoError(t, err)
			assert.Len(t, left, 2, "something was made outside")
			assert.Equal(t, before, openDescriptors(t))
		})
	}
}

func TestWriteTellsWhichFile(t *testing.T) {
	b, _ := testBox(t)
	err := b.write([]wire.File{{Path: "a"}, {Path: "a"}})
	assert.ErrorContains(t, err, "write a: file exists")
	b.dir += "/not there"
	assert.NoError(t, b.write(nil), "nothing to do")
	assert.ErrorContains(t, b.write([]wire.File{{Path: "a"}}), "not there: no such file")
	assert.ErrorContains(t, b.prepare(), "no such file")
}

func TestLookPath(t *testing.T) {
	dir := t.TempDir()
	for path, mode := range map[string]os.FileMode{"one/tool": 0o755, "two/tool": 0o755, "two/data": 0o644, "two/more": 0o711, "here": 0o755} {
		path = filepath.Join(dir, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, nil, mode))
		require.NoError(t, os.Chmod(path, mode))
	}
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "one", "more"), 0o755))
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	for name, c := range map[string]struct {
		name string
		env  []string
		want string
	}{
		"the first on the path":       {"tool", []string{"A=b", "PATH=" + one + ":" + two}, one + "/tool"},
		"the only one on the path":    {"tool", []string{"PATH=/nowhere:" + two}, two + "/tool"},
		"a directory is no program":   {"more", []string{"PATH=" + one + ":" + two}, two + "/more"},
		"a file is no program":        {"data", []string{"PATH=" + one + ":" + two}, "data"},
		"with a slash":                {"./tool", []string{"PATH=" + one}, "./tool"},
		"absolute":                    {"/bin/tool", []string{"PATH=" + one}, "/bin/tool"},
		"nowhere":                     {"nothing", []string{"PATH=" + one}, "nothing"},
		"no path":                     {"tool", []string{"HOME=/box"}, "tool"},
		"another variable's end":      {"tool", []string{"XPATH=" + one}, "tool"},
		"relative to the directory":   {"tool", []string{"PATH=two"}, dir + "/two/tool"},
		"an empty part is here":       {"here", []string{"PATH=:" + one}, dir + "//here"},
		"an empty part, at the end":   {"here", []string{"PATH=" + one + ":"}, dir + "//here"},
		"nothing of root's by chance": {"etc", []string{"PATH=:"}, "etc"},
	} {
		assert.Equal(t, c.want, lookPath(c.name, c.env, dir), name)
	}
}
