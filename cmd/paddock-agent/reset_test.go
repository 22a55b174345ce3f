package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

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
			require.NoError(t, g.conn.SetDeadline(time.Now().Add(20*time.Second)))
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

func TestMarksThatWereSet(t *testing.T) {
	for name, set := range map[string]func(fd int) error{
		"an extended attribute": func(fd int) error { return unix.Fsetxattr(fd, "trusted.note", []byte("for the next one"), 0) },
		"a flag": func(fd int) error {
			return unix.IoctlSetPointerInt(fd, unix.FS_IOC_SETFLAGS, unix.STATX_ATTR_NODUMP) // the same bit
		},
		"a write hint": func(fd int) error {
			hint := uint64(3)
			_, _, errno := unix.Syscall(unix.SYS_FCNTL, uintptr(fd), unix.F_SET_RW_HINT, uintptr(unsafe.Pointer(&hint)))
			return errnoErr(errno)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			list, err := places([]string{dir, filepath.Join(dir, "missing")})
			require.NoError(t, err)
			require.Len(t, list, 1)
			require.NoError(t, restore(t, &list[0]))
			d, err := os.Open(dir)
			require.NoError(t, err)
			defer func() { assert.NoError(t, d.Close()) }()
			require.NoError(t, set(int(d.Fd())))
			assert.ErrorContains(t, restore(t, &list[0]), "other attributes")
			assert.ErrorContains(t, restore(t, &list[0]), "other attributes", "and again")
		})
	}
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
	assert.ErrorIs(t, restore(t, &list[0]), syscall.EBUSY)
}

// A network counts what it is used for, and some of that stays: the cell is not used again.
func TestANetworkThatWasUsed(t *testing.T) {
	for name, script := range map[string]string{
		"no route":              `exec 3<>/dev/tcp/192.0.2.1/9`,
		"no route, without TCP": `exec 3<>/dev/udp/192.0.2.1/9`,
	} {
		t.Run(name, func(t *testing.T) {
			g := newGuest(t)
			_, out := g.run(wire.Exec{Argv: []string{"bash", "-c", script}})
			t.Log(out)
			assert.Contains(t, g.reset(), "the network has been used")
			_, _ = g.run(sh(":"))
			assert.Contains(t, g.reset(), "the network has been used", "and again")
		})
	}
}

func TestWhatDoesNotFitIsAnError(t *testing.T) {
	n, err := openNetwork()
	require.NoError(t, err)
	defer func() {
		for _, f := range n.files {
			assert.NoError(t, unix.Close(f.fd))
		}
	}()
	assert.Less(t, len(n.before), maxNetworkUse/2)
	assert.Regexp(t, `\nsockets: used \d+$`, string(n.before))
	_, err = n.use(make([]byte, 0, 100))
	assert.ErrorIs(t, err, io.ErrShortBuffer)
}

// restore restores a place as of now.
func restore(t *testing.T, p *place) error {
	t.Helper()
	var now unix.Timespec
	require.NoError(t, unix.ClockGettime(unix.CLOCK_REALTIME_COARSE, &now))
	return p.restore(now)
}

// Whatever is done to a place is seen, also in the same moment that it was proven in.
func TestAPlaceIsOnlyPassedOverWhenNothingHasChanged(t *testing.T) {
	dir := t.TempDir()
	list, err := places([]string{dir})
	require.NoError(t, err)
	p := &list[0]
	var st unix.Stat_t
	require.NoError(t, unix.Fstat(p.fd, &st))
	assert.False(t, p.untouched(&st), "nobody has proven anything yet")
	whole := place{ctime: unix.Timespec{Sec: 5}, proven: unix.Timespec{Sec: 5, Nsec: 1000}}
	assert.False(t, whole.untouched(&unix.Stat_t{Ctim: whole.ctime}), "message queues keep whole seconds: it may be a later change")
	require.Eventually(t, func() bool {
		require.NoError(t, restore(t, p))
		require.NoError(t, unix.Fstat(p.fd, &st))
		return p.untouched(&st)
	}, 5*time.Second, time.Millisecond)
	for name, change := range map[string]func() error{
		"a file":   func() error { return os.WriteFile(filepath.Join(dir, "file"), nil, 0o600) },
		"a mode":   func() error { return os.Chmod(dir, 0o711) },
		"a time":   func() error { return os.Chtimes(dir, time.Unix(1, 0), time.Unix(2, 0)) },
		"a reader": func() error { return os.Chtimes(dir, time.Unix(1, 0), time.Unix(p.before.Mtim.Unix())) },
		"nothing left": func() error {
			path := filepath.Join(dir, "file")
			return errors.Join(os.WriteFile(path, nil, 0o600), os.Remove(path))
		},
	} {
		for range 20 { // as quick as it gets
			require.NoError(t, change())
			require.NoError(t, unix.Fstat(p.fd, &st))
			require.False(t, p.untouched(&st), name)
			require.NoError(t, restore(t, p))
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Empty(t, left)
		}
	}
}
