package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"paddock/sandbox/wire"
)

// reset asks for a reset and returns what was found.
func (g *guest) reset() string {
	g.t.Helper()
	g.send(wire.KindReset, wire.Reset{Seq: g.seq}.Append(nil))
	kind, body := g.receive()
	require.Equal(g.t, wire.KindClean, kind)
	clean, err := wire.ParseClean(body)
	require.NoError(g.t, err)
	assert.Equal(g.t, g.seq, clean.Seq)
	return clean.Found
}

func TestAResetRemovesWhatProgramsLeave(t *testing.T) {
	g := newGuest(t)
	outside := filepath.Join(filepath.Dir(g.box), "outside")
	require.NoError(t, os.Mkdir(outside, 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(outside, "file"), nil, 0o666))
	for name, script := range map[string]string{
		"nothing":          `:`,
		"files":            `mkdir -p a/b; echo x >a/b/c; echo y >d; ln d e; ln -s d f; mkfifo g`,
		"names":            `touch -- '...' '.x' '..x' -rf "$(printf 'a\nb')" "$(printf '%0255d' 0)"; mkdir '. '`,
		"closed doors":     `mkdir -p a/b/c; touch a/b/c/d; chmod 0 a/b/c a/b a`,
		"10 000 files":     `mkdir many && cd many && seq 9999 | xargs touch`,
		"a deep tree":      `i=0; while [ $i -lt 2000 ]; do mkdir d && cd -P d; i=$((i+1)); done; touch end`,
		"many small trees": `for i in $(seq 300); do mkdir -p $i/a/b $i/c; touch $i/a/b/f; done`,
		"links elsewhere":  `ln -s ` + outside + ` dir; ln -s ` + outside + `/file file; ln -s .. up; ln -s . self`,
		"a changed box":    `touch -d 2001-01-01 .; chmod 0 .`,
		"a sticky box":     `chmod 3777 .`,
		"processes":        `setsid sh -c 'trap "" TERM HUP; sleep 1000 & sleep 1000' & :`,
	} {
		t.Run(name, func(t *testing.T) {
			g.t = t
			var before, after unix.Stat_t
			require.NoError(t, unix.Stat(g.box, &before))
			exit, out := g.run(sh(script))
			require.Equal(t, 0, exit.Status, out)
			assert.Empty(t, g.reset())
			left, err := os.ReadDir(g.box)
			require.NoError(t, err)
			assert.Empty(t, left)
			require.NoError(t, unix.Stat(g.box, &after))
			assert.Equal(t, []any{before.Mode, before.Uid, before.Gid, before.Mtim}, []any{after.Mode, after.Uid, after.Gid, after.Mtim})
			left, err = os.ReadDir(outside)
			require.NoError(t, err)
			assert.Len(t, left, 1, "what is elsewhere stays")
		})
	}
}

func TestAResetFindsWhatItCannotRemove(t *testing.T) {
	for script, found := range map[string]string{
		`ipcmk -M 1000`:                "SysV shared memory segments are left: 1",
		`ipcmk -S 3; ipcmk -S 1`:       "SysV semaphores are left: 2",
		`ipcmk -Q`:                     "SysV message queues are left: 1",
		`seq 20001 | xargs touch`:      "there is too much in it",
		`ipcmk -Q; ipcmk -M 1 -p 0000`: "SysV shared memory segments are left: 1",
	} {
		t.Run(script, func(t *testing.T) {
			g := newGuest(t)
			assert.Empty(t, g.reset(), "a cell that has run nothing")
			exit, out := g.run(sh(script))
			require.Equal(t, 0, exit.Status, out)
			assert.Contains(t, g.reset(), found)
			assert.Contains(t, g.reset(), strings.TrimSuffix(found, "there is too much in it"), "and again")
		})
	}
}

func TestAttributesThatWereAdded(t *testing.T) {
	dir := t.TempDir()
	list, err := places([]string{dir, filepath.Join(dir, "missing")})
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.NoError(t, list[0].restore())
	require.NoError(t, unix.Setxattr(dir, "trusted.note", []byte("for the next one"), 0))
	assert.ErrorContains(t, list[0].restore(), "extended attributes")
}

// What can't be emptied is said, and the walk ends.
func TestAPlaceThatCannotBeEmptied(t *testing.T) {
	dir := t.TempDir()
	list, err := places([]string{dir})
	require.NoError(t, err)
	mount := filepath.Join(dir, "a", "mount")
	require.NoError(t, os.MkdirAll(mount, 0o755))
	require.NoError(t, unix.Mount("tmpfs", mount, "tmpfs", 0, ""))
	defer func() { assert.NoError(t, unix.Unmount(mount, 0)) }()
	assert.ErrorIs(t, list[0].restore(), syscall.EBUSY)
}

func TestField(t *testing.T) {
	const text = "sockets: used 4\nTCP: inuse 1 orphan 0 tw 23 alloc 5 mem 0\nTCP6: inuse 7\n"
	for _, c := range []struct{ line, key, want string }{
		{"TCP:", "inuse", "1"}, {"TCP:", "tw", "23"}, {"TCP:", "mem", "0"}, {"TCP6:", "inuse", "7"},
		{"TCP:", "missing", ""}, {"UDP:", "inuse", ""}, {"TCP6:", "7", ""},
	} {
		assert.Equal(t, c.want, string(field([]byte(text), c.line, c.key)), "%s %s", c.line, c.key)
	}
}
