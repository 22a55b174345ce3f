package anomalylog

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// rotate has the owner of the file move it away.
func (l *Log) rotate(t *testing.T) {
	t.Helper()
	require.NoError(t, l.ask(t.Context(), func(*batch) error {
		now := time.Now()
		for {
			if _, err := os.Lstat(rotatedName(l.o.Path, now)); err != nil {
				return l.file.rotate(now)
			}
			now = now.Add(time.Millisecond)
		}
	}))
}

func (l *Log) recordAndFlush(t *testing.T, events ...Event) {
	t.Helper()
	for _, e := range events {
		l.Record(e)
	}
	require.NoError(t, l.Flush(t.Context()))
}

func TestRotationBySize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{MaxSize: 8000})
		for i := range 60 {
			l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: strconv.Itoa(i), Details: Details{"text": strings.Repeat("x", 190)}})
			time.Sleep(100 * time.Millisecond) // of the bubble
		}
		require.NoError(t, l.Close())
		files := filesOf(t, l.o.Path)
		assert.Len(t, files, 3, "60 lines of 300 bytes")
		var last time.Time
		for i, path := range files {
			info, err := os.Stat(path)
			require.NoError(t, err)
			assert.LessOrEqual(t, info.Size(), int64(8000))
			assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
			if i == len(files)-1 {
				assert.Equal(t, l.o.Path, path)
				break
			}
			assert.Regexp(t, `/anomalies\.jsonl\.\d{8}T\d{6}\.\d{3}Z$`, path)
			at, ours := rotatedAt(l.o.Path, filepath.Base(path))
			require.True(t, ours)
			assert.GreaterOrEqual(t, at.Sub(last), rotationPause)
			last = at
		}
		events := linesOfAll(t, l.o.Path)
		require.Len(t, events, 60)
		for i, e := range events {
			assert.Equal(t, strconv.Itoa(i), e["user_id"])
		}
	})
}

// However fast a file fills, it is moved away once a second at most.
func TestRotationGivesTimeToFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{MaxSize: 1})
		for range 100 {
			l.recordAndFlush(t, Event{Type: CodeBlocked})
			time.Sleep(50 * time.Millisecond) // of the bubble
		}
		require.NoError(t, l.Close())
		assert.Len(t, filesOf(t, l.o.Path), 6)
	})
}

func TestRotationByAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{MaxAge: time.Hour})
		l.recordAndFlush(t, Event{Type: CodeBlocked})
		time.Sleep(time.Hour - 2*time.Second) // of the bubble
		l.recordAndFlush(t, Event{Type: CodeBlocked})
		assert.Equal(t, []string{l.o.Path}, filesOf(t, l.o.Path))
		require.NoError(t, l.Close())
		l = open(t, Options{Path: l.o.Path, MaxAge: time.Hour})
		time.Sleep(3 * time.Second) // also when nothing happens, and across a restart
		synctest.Wait()
		files := filesOf(t, l.o.Path)
		require.Len(t, files, 1)
		assert.NotEqual(t, l.o.Path, files[0])
		assert.Len(t, linesOf(t, files[0]), 2)
		assert.Empty(t, linesOf(t, l.o.Path), "there is a new one")
		require.NoError(t, l.Close())
	})
}

func TestRotationThatFailsLosesNothing(t *testing.T) {
	l := open(t, Options{})
	l.recordAndFlush(t, Event{Type: CodeBlocked})
	now := time.Now()
	require.NoError(t, os.WriteFile(rotatedName(l.o.Path, now), []byte("somebody else's"), 0o600))
	require.ErrorContains(t, l.ask(t.Context(), func(*batch) error { return l.file.rotate(now) }), "is there already")
	l.recordAndFlush(t, Event{Type: CodeBlocked})
	require.NoError(t, l.Close())
	assert.Len(t, linesOf(t, l.o.Path), 2)
}

func TestOnlyOurFilesAreRemoved(t *testing.T) {
	for name, o := range map[string]Options{
		"by age":  {Keep: time.Hour},
		"by size": {MaxTotal: 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "anomalies.jsonl")
			put := func(name string) { require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("{}\n"), 0o600)) }
			ours := []string{"anomalies.jsonl.20200101T000000.000Z", "anomalies.jsonl.20200229T235959.999Z"}
			others := []string{
				"anomalies.jsonl.1", "anomalies.jsonl.20200101T000000Z", "anomalies.jsonl.20200101T000000.000Z.gz", "anomalies.jsonl.20200101T000000.0000Z",
				"anomalies.jsonl.20200101T000000,000Z", "anomalies.jsonl.20201301T000000.000Z", "anomalies.jsonl.20200230T000000.000Z",
				"anomalies.jsonl.20200101T000000.000z", "other.jsonl.20200101T000000.000Z", "xanomalies.jsonl.20200101T000000.000Z", "notes.txt",
			}
			for _, name := range append(ours, others...) {
				put(name)
			}
			link, folder, pipe := "anomalies.jsonl.20200102T000000.000Z", "anomalies.jsonl.20200103T000000.000Z", "anomalies.jsonl.20200104T000000.000Z"
			require.NoError(t, os.Symlink(filepath.Join(dir, "notes.txt"), filepath.Join(dir, link)))
			require.NoError(t, os.Mkdir(filepath.Join(dir, folder), 0o700))
			require.NoError(t, unix.Mkfifo(filepath.Join(dir, pipe), 0o600))
			o.Path = path
			l := open(t, o)
			l.recordAndFlush(t, Event{Type: CodeBlocked})
			require.NoError(t, l.Close())
			for _, name := range ours {
				assert.NoFileExists(t, filepath.Join(dir, name))
			}
			for _, name := range append(others, link, folder, pipe, "anomalies.jsonl") {
				_, err := os.Lstat(filepath.Join(dir, name))
				assert.NoError(t, err, name)
			}
		})
	}
}

func TestTheOldestGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{MaxSize: 1000, MaxTotal: 3000, Keep: time.Hour})
		for i := range 30 {
			l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: strconv.Itoa(i), Details: Details{"text": strings.Repeat("x", 190)}})
			time.Sleep(time.Second) // of the bubble
		}
		events := linesOfAll(t, l.o.Path)
		assert.InDelta(t, 8, len(events), 1, "3000 bytes at most")
		for i, e := range events {
			assert.Equal(t, strconv.Itoa(30-len(events)+i), e["user_id"])
		}
		time.Sleep(2*time.Hour + 2*time.Second) // of the bubble
		synctest.Wait()
		assert.Equal(t, []string{l.o.Path}, filesOf(t, l.o.Path), "what nobody adds to goes with time too")
		require.NoError(t, l.Close())
	})
}

// A file that is moved away is made anew when somebody asks, before there is anything to write.
func TestReopen(t *testing.T) {
	l := open(t, Options{})
	l.recordAndFlush(t, Event{Type: CodeBlocked})
	require.NoError(t, os.Rename(l.o.Path, l.o.Path+".1"))
	require.NoError(t, l.Reopen(t.Context()))
	info, err := os.Stat(l.o.Path)
	require.NoError(t, err)
	assert.Zero(t, info.Size())
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, l.Close())
	require.NoError(t, l.Reopen(t.Context()), "there is nobody to ask")
}

// What an editor or a script adds to the file, or takes from its end, is no reason to stop.
func TestEditedFile(t *testing.T) {
	l := open(t, Options{})
	l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: "one"})
	f, err := os.OpenFile(l.o.Path, os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	_, err = f.WriteString("a note\nand half a")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: "two"})
	data, err := os.ReadFile(l.o.Path)
	require.NoError(t, err)
	assert.Regexp(t, `(?s)^\{[^\n]*"one"[^\n]*\}\na note\n\{[^\n]*"two"[^\n]*\}\n$`, string(data))
	require.NoError(t, l.Close())
	l = open(t, Options{Path: l.o.Path})
	entries, _, err := l.Recent(t.Context(), Filter{}, Position{}, 10)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
	r := &Reader{path: l.o.Path}
	_, err = r.End(t.Context())
	require.NoError(t, err)
	assert.Zero(t, r.Passed())
	_, _, err = r.Recent(t.Context(), Filter{}, Position{}, 10)
	require.NoError(t, err)
	assert.Equal(t, int64(1), r.Passed(), "the note")
	require.NoError(t, l.Close())
}

// Whoever follows the file by its name, as tail -F does, loses nothing when it is moved away.
func TestTailAcrossTenRotations(t *testing.T) {
	l := open(t, Options{})
	tail := exec.Command("tail", "-n", "+1", "-F", l.o.Path)
	out, err := tail.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, tail.Start())
	shown := bufio.NewScanner(out)
	count := 0
	record := func() {
		l.recordAndFlush(t, Event{Type: Quarantined, UserID: strconv.Itoa(count)})
		count++
	}
	seen := 0
	show := func(until int) {
		for ; seen < until && shown.Scan(); seen++ {
			require.Contains(t, shown.Text(), `"user_id":"`+strconv.Itoa(seen)+`"`)
		}
		require.Equal(t, until, seen)
	}
	for range 11 {
		record()
		show(count) // it is at this file now
		for range 20 {
			record()
		}
		l.rotate(t)
	}
	show(count)
	require.NoError(t, tail.Process.Kill())
	_ = tail.Wait()
	require.NoError(t, l.Close())
	assert.Len(t, filesOf(t, l.o.Path), 11)
}
