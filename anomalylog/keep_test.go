package anomalylog

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
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
			time.Sleep(time.Second) // of the bubble
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

// However fast a file fills, it is moved away once in ten seconds at most.
func TestRotationGivesTimeToFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{MaxSize: 1})
		for range 100 {
			l.recordAndFlush(t, Event{Type: CodeBlocked})
			time.Sleep(500 * time.Millisecond) // of the bubble
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
			for range ours { // one of them at each look
				l := open(t, o)
				l.recordAndFlush(t, Event{Type: CodeBlocked})
				require.NoError(t, l.Close())
			}
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
			time.Sleep(rotationPause) // of the bubble
		}
		events := linesOfAll(t, l.o.Path)
		assert.InDelta(t, 8, len(events), 1, "3000 bytes at most")
		for i, e := range events {
			assert.Equal(t, strconv.Itoa(30-len(events)+i), e["user_id"])
		}
		time.Sleep(5 * time.Hour) // of the bubble
		synctest.Wait()
		moved, err := filepath.Glob(l.o.Path + ".*")
		require.NoError(t, err)
		assert.Empty(t, moved, "what nobody adds to goes with time too")
		require.NoError(t, l.Close())
	})
}

// A clock that leaps ahead has one file removed at each look, not all.
func TestAClockThatLeapsTakesOneFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{})
		require.NoError(t, l.Close())
		before := time.Now()
		for day := range 5 {
			require.NoError(t, os.WriteFile(rotatedName(l.o.Path, before.AddDate(0, 0, -day)), []byte("{}\n"), 0o600))
		}
		left := func() []string {
			moved, err := filepath.Glob(l.o.Path + ".*")
			require.NoError(t, err)
			return moved
		}
		time.Sleep(365 * 24 * time.Hour) // of the bubble
		l = open(t, Options{Path: l.o.Path, Keep: 30 * 24 * time.Hour})
		for i := range 3 {
			l.recordAndFlush(t, Event{Type: CodeBlocked})
			require.Len(t, left(), 4-i)
			assert.NotContains(t, left(), rotatedName(l.o.Path, before.AddDate(0, 0, i-4)), "the oldest goes")
			time.Sleep(removePause) // of the bubble
			synctest.Wait()
		}
		require.NoError(t, l.Close())
	})
}

// What a clock that is wrong for a while writes down is not the age of what comes later.
func TestRotationByAgeAfterAWrongClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{MaxAge: time.Hour})
		l.recordAndFlush(t, Event{Type: CodeBlocked, Time: time.Now().AddDate(1, 0, 0)})
		for range 3 {
			assert.NotEmpty(t, linesOf(t, l.o.Path))
			time.Sleep(time.Hour + 2*patience) // of the bubble
			synctest.Wait()
			assert.Empty(t, linesOf(t, l.o.Path))
			l.recordAndFlush(t, Event{Type: CodeBlocked})
		}
		require.NoError(t, l.Close())
	})
}

// refuse has the owner of the file fail to have files or directories outlast a power cut, as wrong says. It returns how often it was
// asked to.
func (l *Log) refuse(t *testing.T, wrong func(*os.File) error) *atomic.Int64 {
	t.Helper()
	var asked atomic.Int64
	require.NoError(t, l.ask(t.Context(), func(*batch) error {
		l.file.fsync = func(f *os.File) error {
			asked.Add(1)
			return wrong(f)
		}
		return nil
	}))
	return &asked
}

func directoriesFail(f *os.File) error {
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return errors.Join(err, unix.EIO)
	}
	return f.Sync()
}

// A rotation that fails in its middle leaves the file where it was, and is tried again a minute later.
func TestRotationThatFailsIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		l := open(t, Options{MaxSize: 1, Log: zerolog.New(&said)})
		l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: "0"})
		l.refuse(t, directoriesFail)
		for i := range 59 {
			l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: strconv.Itoa(i + 1)})
			assert.Equal(t, []string{l.o.Path}, filesOf(t, l.o.Path))
			time.Sleep(time.Second) // of the bubble
		}
		require.Len(t, linesOf(t, l.o.Path), 60)
		assert.Equal(t, 1, strings.Count(said.String(), "can't be rotated"))
		l.refuse(t, (*os.File).Sync)
		time.Sleep(time.Second) // of the bubble
		l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: "60"})
		assert.Len(t, filesOf(t, l.o.Path), 2)
		assert.Len(t, linesOfAll(t, l.o.Path), 61)
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

// Somebody who shortens the file, or puts an older one in its place, makes nobody blind: those who follow see what comes, and
// positions go up.
func TestShortenedFile(t *testing.T) {
	for name, shorten := range map[string]func(path string, data []byte) error{
		"to its first line": func(path string, data []byte) error { return os.Truncate(path, int64(bytes.IndexByte(data, '\n')+1)) },
		"within a line":     func(path string, data []byte) error { return os.Truncate(path, int64(len(data)/2)) },
		"by an editor": func(path string, data []byte) error { // as sed -i does
			first := data[:bytes.IndexByte(data, '\n')+1]
			return errors.Join(os.WriteFile(path+".new", first, 0o600), os.Rename(path+".new", path))
		},
		"by an old one": func(path string, _ []byte) error {
			old := strings.ReplaceAll(oldLine, "USER", "old")
			return errors.Join(os.WriteFile(path+".new", []byte(old), 0o600), os.Rename(path+".new", path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := open(t, Options{})
				for i := range 10 {
					l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: strconv.Itoa(i)})
				}
				ctx, cancel := context.WithCancel(t.Context())
				end := l.End()
				all := []*follower{follow(ctx, l.Follow, Filter{}, end), follow(ctx, (&Reader{path: l.o.Path}).Follow, Filter{}, end)}
				synctest.Wait()
				data, err := os.ReadFile(l.o.Path)
				require.NoError(t, err)
				require.NoError(t, shorten(l.o.Path, data))
				l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: "new"})
				assert.Positive(t, l.End().Compare(end))
				for _, w := range all {
					select {
					case e := <-w.seen:
						assert.Equal(t, "new", e.UserID)
						assert.Equal(t, l.End(), e.Position)
					case <-time.After(time.Minute): // of the bubble
						assert.Fail(t, "nobody tells of it")
					}
				}
				cancel()
				for _, w := range all {
					require.ErrorIs(t, <-w.done, context.Canceled)
				}
				require.NoError(t, l.Close())
				l = open(t, Options{Path: l.o.Path})
				l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: "newer"})
				entries, _, err := (&Reader{path: l.o.Path}).Recent(t.Context(), Filter{}, Position{}, 2)
				require.NoError(t, err)
				assert.Equal(t, []string{"newer", "new"}, usersOf(entries))
				require.NoError(t, l.Close())
			})
		})
	}
}

const oldLine = `{"timestamp":"1999-11-21T15:04:05.006Z","type":"CODE_BLOCKED","user_id":"USER","details":{},"severity":"low"}` + "\n"

// A file that is put in place of ours while nobody writes is older than those beside it: new lines do not go there.
func TestStartOnAnOlderFile(t *testing.T) {
	l := open(t, Options{})
	l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: "one"})
	require.NoError(t, l.Close())
	require.NoError(t, os.Rename(l.o.Path, l.o.Path+".1"))
	require.NoError(t, os.WriteFile(l.o.Path, []byte(strings.ReplaceAll(oldLine, "USER", "zero")), 0o600))
	l = open(t, Options{Path: l.o.Path})
	l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: "two"})
	for _, recent := range []func(context.Context, Filter, Position, int) ([]Entry, Position, error){l.Recent, (&Reader{path: l.o.Path}).Recent} {
		entries, _, err := recent(t.Context(), Filter{}, Position{}, 10)
		require.NoError(t, err)
		assert.Equal(t, []string{"two", "one", "zero"}, usersOf(entries))
	}
	require.NoError(t, l.Close())
}

// Whoever follows the file by its name, as tail -F does, loses nothing when it is moved away; also who has to look for it again and
// again, as there is no inotify: after five looks, one in a second, that find nothing new.
func TestTailAcrossRotations(t *testing.T) {
	assert.Greater(t, rotationPause, 7*time.Second)
	t.Run("ten, with inotify", func(t *testing.T) { tailAcross(t, 10) })
	t.Run("three, without", func(t *testing.T) { tailAcross(t, 3, "---disable-inotify", "--sleep-interval=0.05") })
}

func tailAcross(t *testing.T, rotations int, options ...string) {
	t.Helper()
	l := open(t, Options{})
	tail := exec.Command("tail", append(options, "-n", "+1", "-F", l.o.Path)...)
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
	for range rotations {
		record()
		show(count) // it is at this file now
		for range 20 {
			record()
		}
		l.rotate(t)
	}
	record()
	show(count)
	require.NoError(t, tail.Process.Kill())
	_ = tail.Wait()
	require.NoError(t, l.Close())
	assert.Len(t, filesOf(t, l.o.Path), rotations+1)
}
