package anomalylog

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestPositions(t *testing.T) {
	for text, want := range map[string]Position{
		"": {}, "1795273445006-4096": {1795273445006, 4096}, "1-0": {1, 0}, "9223372036854775807-9223372036854775807": behindAll,
	} {
		p, err := ParsePosition(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, p)
		assert.Equal(t, text, p.String())
	}
	for _, text := range []string{
		"0-0", "-", "1", "1-", "-1", "1--1", "-1-1", "01-1", "1-01", "+1-1", " 1-1", "1-1 ", "1-1-1", "1 - 1", "a-b", "1-0x1", "1-9223372036854775808", "1-1\x00",
	} {
		_, err := ParsePosition(text)
		assert.Error(t, err, text)
	}
	assert.Negative(t, Position{1, 9}.Compare(Position{2, 0}))
	assert.Positive(t, Position{2, 9}.Compare(Position{2, 8}))
}

func TestFilters(t *testing.T) {
	now := time.Date(2026, 11, 21, 15, 4, 5, 0, time.UTC)
	f, err := ParseFilter(map[string][]string{
		"type": {"code_blocked, QUARANTINED", "ADMIN_ACTION"}, "severity": {"High"}, "user": {"ada\x1b"}, "ip": {"::ffff:192.0.2.1"},
		"since": {"2h"}, "until": {"2026-11-21T15:00:00+00:00"}, "limit": {"7"},
	}, now)
	require.NoError(t, err)
	want := Filter{
		Types: []Type{CodeBlocked, Quarantined, AdminAction}, Severities: []Severity{High}, UserID: "ada\ufffd", IP: "192.0.2.1",
		Since: now.Add(-2 * time.Hour), Until: time.Date(2026, 11, 21, 15, 0, 0, 0, time.UTC),
	}
	assert.True(t, want.Until.Equal(f.Until))
	f.Until = want.Until
	assert.Equal(t, want, f)
	back, err := ParseFilter(f.Values(), now.Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, want, back)
	back, err = ParseFilter((&Filter{}).Values(), now)
	require.NoError(t, err)
	assert.Equal(t, Filter{}, back)

	_, err = ParseFilter(map[string][]string{
		"type": {"CODE_BLOKED"}, "severity": {"bad"}, "ip": {"home"}, "since": {"-2h"}, "until": {"tomorrow"},
	}, now)
	for _, says := range []string{
		`type: "CODE_BLOKED" is none of ADDRESS_BLOCKED `, `severity: "bad" is none of low medium high`, `ip: "home" is no address`,
		`since: "-2h" is neither a time`, `until: "tomorrow" is neither`,
	} {
		require.ErrorContains(t, err, says)
	}
	var wrong *FilterError
	require.ErrorAs(t, err, &wrong)
	assert.Equal(t, "type", wrong.Key)
	_, err = ParseFilter(map[string][]string{"since": {"1h"}, "until": {"2h"}}, now)
	require.ErrorContains(t, err, "since: it is not before until")
}

const editedTime = `"timestamp":"2026-11-21T15:04:05.006Z"`

// Lines that somebody has edited are read as what they are, or not at all, and none of them reaches a terminal.
func TestParseEntry(t *testing.T) {
	for line, want := range map[string]string{
		`{` + editedTime + `,"type":"CODE_BLOCKED","details":{},"severity":"low"}`:                                         "", // as it is
		`{` + editedTime + ",\r\t" + `"type":"CODE_BLOCKED","details":{},"severity":"low"}` + "\r\n":                       `{` + editedTime + `,  "type":"CODE_BLOCKED","details":{},"severity":"low"}`,
		`{` + editedTime + `,"type":"CODE_BLOCKED","details":{"é":"` + "\u009b2J\u202e\U000E0001" + `"},"severity":"low"}`: `{` + editedTime + `,"type":"CODE_BLOCKED","details":{"é":"\u009b2J\u202e\udb40\udc01"},"severity":"low"}`,
	} {
		e, ok := ParseEntry(Position{1, 2}, []byte(line))
		require.True(t, ok, line)
		if want == "" {
			want = line
		}
		assert.Equal(t, want, string(e.Line))
		assert.Equal(t, Position{1, 2}, e.Position)
		assert.JSONEq(t, line, string(e.Line))
	}
	for _, line := range []string{
		"", "null", "[]", "{}", `"x"`, "buy milk", `{` + editedTime + `}`,
		`{` + editedTime + `,"type":"NO_SUCH","details":{},"severity":"low"}`,
		`{` + editedTime + `,"type":"CODE_BLOCKED","details":{},"severity":"dire"}`,
		`{` + editedTime + `,"type":"CODE_BLOCKED","details":7,"severity":"low"}`,
		`{` + editedTime + `,"type":"CODE_BLOCKED","severity":"low"}`,
		`{` + editedTime + `,"type":"CODE_BLOCKED","details":{},"severity":"low"} {}`,
		`{` + editedTime + `,"type":"CODE_BLOCKED","type":"QUARANTINED","details":{},"severity":"low"}`,
		`{` + editedTime + `,"type":"CODE_BLOCKED","details":{"x":"` + "\x1b" + `"},"severity":"low"}`,
		`{` + editedTime + `,"type":"CODE_BLOCKED","details":{"x":"` + "\xff" + `"},"severity":"low"}`,
		`{` + editedTime + `,"type":"CODE_BLOCKED","details":{"x":"` + strings.Repeat("x", page) + `"},"severity":"low"}`,
		`{"timestamp":"1960-11-21T15:04:05.006Z","type":"CODE_BLOCKED","details":{},"severity":"low"}`,
		`{"timestamp":"yesterday","type":"CODE_BLOCKED","details":{},"severity":"low"}`,
	} {
		_, ok := ParseEntry(Position{}, []byte(line))
		assert.False(t, ok, line)
	}
}

func usersOf(entries []Entry) (users []string) {
	for _, e := range entries {
		users = append(users, e.UserID)
	}
	return users
}

func sameEntry(a, b Entry) bool { return a.Position == b.Position && bytes.Equal(a.Line, b.Line) }

// Positions name lines for ever: across restarts and whatever their file is called.
func TestPositionsOutlastRotations(t *testing.T) {
	l := open(t, Options{})
	known := map[Position]string{}
	look := func() {
		t.Helper()
		for _, r := range []interface {
			Recent(context.Context, Filter, Position, int) ([]Entry, Position, error)
		}{l, &Reader{path: l.o.Path}} {
			entries, _, err := r.Recent(t.Context(), Filter{}, Position{}, 1000)
			require.NoError(t, err)
			for _, e := range entries {
				assert.Contains(t, []string{"", e.UserID}, known[e.Position])
				known[e.Position] = e.UserID
			}
		}
		assert.Len(t, known, len(linesOfAll(t, l.o.Path)))
	}
	n := 0
	record := func() {
		for range 20 {
			l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: strconv.Itoa(n), Details: Details{"text": strings.Repeat("x", 190)}})
			n++
		}
		look()
	}
	record()
	l.rotate(t)
	record()
	require.NoError(t, os.Rename(l.o.Path, l.o.Path+".1"))
	look()
	record()
	require.NoError(t, os.Rename(l.o.Path+".1", l.o.Path+".2")) // and now as logrotate does with copytruncate
	data, err := os.ReadFile(l.o.Path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(l.o.Path+".1", data, 0o600))
	look()
	require.NoError(t, os.Truncate(l.o.Path, 0))
	look()
	record()
	require.NoError(t, l.Close())
	l = open(t, Options{Path: l.o.Path})
	look()
	record()
	require.NoError(t, l.Close())
	assert.Len(t, known, n)
}

// The order of positions is that of writing, also when the clock is set back, or the first events of files come within a millisecond.
func TestClockSetBack(t *testing.T) {
	l := open(t, Options{})
	at := time.Now().Truncate(time.Millisecond)
	var times []time.Time
	for i := range 5 {
		l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: strconv.Itoa(2 * i), Time: at})
		l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: strconv.Itoa(2*i + 1), Time: at})
		times = append(times, at, at)
		at = at.Add(-time.Hour * time.Duration(i/2))
		l.rotate(t)
		if i == 2 {
			require.NoError(t, l.Close())
			l = open(t, Options{Path: l.o.Path})
		}
	}
	entries, _, err := (&Reader{path: l.o.Path}).Recent(t.Context(), Filter{}, Position{}, 100)
	require.NoError(t, err)
	assert.Equal(t, strings.Fields("9 8 7 6 5 4 3 2 1 0"), usersOf(entries))
	for i, e := range entries {
		assert.True(t, times[9-i].Equal(e.Time), "each has its own time")
		assert.Equal(t, i == 7 || i == 5 || i == 3 || i == 1, bytes.Contains(e.Line, []byte(`,"segment":`)), "%s", e.Line)
	}
	again, _, err := l.Recent(t.Context(), Filter{}, Position{}, 100)
	require.NoError(t, err)
	assert.Equal(t, entries, again)
	require.NoError(t, l.Close())
}

// What a clock that was wrong for a while, or a disk that was full, left in between does not end a search.
func TestOldEventsInBetween(t *testing.T) {
	l := open(t, Options{})
	now := time.Now()
	record := func(user string, n int, at time.Time) {
		for i := range n {
			l.Record(Event{Type: CodeBlocked, UserID: user, Time: at.Add(time.Duration(i) * time.Millisecond)})
		}
		require.NoError(t, l.Flush(t.Context()))
	}
	record("ancient", 5, now.Add(-30*time.Hour))
	end := l.End()
	record("ancient", tooMany, now.Add(-29*time.Hour))
	record("one", 1, now.Add(-time.Hour))
	record("no clock", tooMany-1, time.Unix(60, 0))
	record("two", 1, now.Add(-time.Minute))
	for _, r := range []interface {
		Recent(context.Context, Filter, Position, int) ([]Entry, Position, error)
		Summary(ctx context.Context, since, until time.Time) (Summary, error)
	}{l, &Reader{path: l.o.Path}} {
		entries, next, err := r.Recent(t.Context(), Filter{Since: now.Add(-2 * time.Hour)}, Position{}, 10)
		require.NoError(t, err)
		assert.Equal(t, []string{"two", "one"}, usersOf(entries))
		assert.Zero(t, next)
		s, err := r.Summary(t.Context(), now.Add(-2*time.Hour), now)
		require.NoError(t, err)
		assert.Equal(t, int64(2), s.Total)
	}
	since, err := l.Since(t.Context(), now.Add(-2*time.Hour))
	require.NoError(t, err)
	assert.Positive(t, since.Compare(end), "not from the beginning")
	ctx, cancel := context.WithCancel(t.Context())
	w := follow(ctx, l.Follow, Filter{Since: now.Add(-2 * time.Hour)}, since)
	assert.Equal(t, "one", (<-w.seen).UserID)
	assert.Equal(t, "two", (<-w.seen).UserID)
	cancel()
	<-w.done
	for _, long := range []time.Time{{}, now.Add(-48 * time.Hour)} {
		since, err = l.Since(t.Context(), long)
		require.NoError(t, err)
		assert.Zero(t, since)
	}
	require.NoError(t, l.Close())
}

func randomFilter(r *rand.Rand, now time.Time) Filter {
	f := Filter{UserID: []string{"", "", "ada", "bob"}[r.IntN(4)], IP: []string{"", "", "192.0.2.1"}[r.IntN(3)]}
	if r.IntN(3) == 0 {
		f.Types = []Type{someTypes[r.IntN(3)], someTypes[r.IntN(3)]}
	}
	if r.IntN(3) == 0 {
		f.Severities = []Severity{High}
	}
	if r.IntN(3) == 0 {
		f.Since = now.Add(time.Duration(r.IntN(60)) * time.Second)
	}
	if r.IntN(3) == 0 {
		f.Until = now.Add(time.Duration(r.IntN(60)) * time.Second)
	}
	return f
}

var someTypes = []Type{CodeBlocked, Quarantined, ExecutionTimeout}

// Whatever is asked, what is in memory, what is in the files and what a simple look through the lines finds are the same.
func TestRingAndFilesAgree(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	path := filepath.Join(t.TempDir(), "anomalies.jsonl")
	l := open(t, Options{Path: path})
	l.ring.size = 40
	now := time.Now().Truncate(time.Second)
	for i := range 600 {
		l.Record(Event{
			Type: someTypes[r.IntN(3)], UserID: pick("", "ada", "bob"), IP: pick("", "192.0.2.1", "2001:db8::1"),
			Time: now.Add(time.Duration(r.IntN(60)) * time.Second), Details: Details{"text": strings.Repeat("x", r.IntN(200))},
		})
		switch r.IntN(40) {
		case 0:
			require.NoError(t, l.Flush(t.Context()))
			l.rotate(t)
		case 1:
			require.NoError(t, l.Flush(t.Context()))
			require.NoError(t, os.Rename(path, path+"."+strconv.Itoa(i)))
		case 2:
			require.NoError(t, l.Flush(t.Context()))
		case 3:
			f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
			if info, _ := os.Stat(path); err == nil && info.Size() > 0 {
				_, err = f.WriteString(pick("a note\n", "\n", strings.Repeat("y", r.IntN(3*block))+"\n", `{"type":"CODE_BLOCKED"}`+"\n"))
				require.NoError(t, errors.Join(err, f.Close()))
			}
		}
	}
	require.NoError(t, l.Flush(t.Context()))
	var all []Entry // newest first
	for _, file := range filesOf(t, path) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range bytes.Lines(data) {
			if e, ok := ParseEntry(Position{}, bytes.TrimLeft(line, " ")); ok {
				all = slices.Insert(all, 0, e)
			}
		}
	}
	reader, err := OpenReader(path)
	require.NoError(t, err)
	for range 50 {
		f := randomFilter(r, now)
		var want []string
		for _, e := range all {
			if f.Match(&e) {
				want = append(want, string(e.Line))
			}
		}
		limit := 1 + r.IntN(200)
		var got []string
		for cursor, pages := (Position{}), 0; ; pages++ {
			fromLog, next, err := l.Recent(t.Context(), f, cursor, limit)
			require.NoError(t, err)
			fromFiles, nextOfFiles, err := reader.Recent(t.Context(), f, cursor, limit)
			require.NoError(t, err)
			require.True(t, slices.EqualFunc(fromFiles, fromLog, sameEntry), "%v\n%v", usersOf(fromFiles), usersOf(fromLog))
			require.Equal(t, nextOfFiles, next)
			for _, e := range fromLog {
				got = append(got, string(e.Line))
			}
			if cursor = next; cursor == (Position{}) {
				break
			}
			require.Len(t, fromLog, limit, "there are more")
		}
		require.Equal(t, want, got)
	}
	end, err := reader.End(t.Context())
	require.NoError(t, err)
	assert.Equal(t, end, l.End())
	require.NoError(t, l.Close())
	l = open(t, Options{Path: path})
	entries, _, err := l.Recent(t.Context(), Filter{}, Position{}, 1000)
	require.NoError(t, err)
	assert.Len(t, entries, len(all), "from the files into memory")
	require.NoError(t, l.Close())
}

// follower collects the users of what it is shown.
type follower struct {
	seen chan Entry
	done chan error
}

func follow(ctx context.Context, from func(context.Context, Filter, Position, func(Entry) error) error, f Filter, after Position) *follower {
	w := &follower{make(chan Entry), make(chan error, 1)}
	go func() {
		w.done <- from(ctx, f, after, func(e Entry) error {
			select {
			case w.seen <- e:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	return w
}

// Whoever follows sees each event once and in order, from wherever they begin, however slow they are, and wherever it is by then.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{})
		l.ring.size = 5
		count := 0
		record := func(n int) {
			for range n {
				l.Record(Event{Type: []Type{CodeBlocked, ExecutionTimeout}[count%2], UserID: strconv.Itoa(count)})
				count++
			}
			require.NoError(t, l.Flush(t.Context()))
		}
		record(7)
		entries, _, err := l.Recent(t.Context(), Filter{}, Position{}, 3)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		files := &Reader{path: l.o.Path}
		all, odd := follow(ctx, l.Follow, Filter{}, Position{}), follow(ctx, l.Follow, Filter{Types: []Type{ExecutionTimeout}}, entries[2].Position)
		live, fromFiles := follow(ctx, l.Follow, Filter{}, l.End()), follow(ctx, files.Follow, Filter{}, entries[2].Position)
		wait := func(w *follower, begin, step int) {
			t.Helper()
			for user := begin; user < count; user += step {
				e := <-w.seen
				require.Equal(t, strconv.Itoa(user), e.UserID)
				require.False(t, e.Missed)
			}
			synctest.Wait()
			select {
			case e := <-w.seen:
				require.Fail(t, "there is one more", e.UserID)
			default:
			}
		}
		record(1)
		wait(live, 7, 1)
		for range 4 {
			record(30)
			l.rotate(t)
			record(10)
			require.NoError(t, os.Rename(l.o.Path, l.o.Path+fmt.Sprintf(".%d", 100+count)))
		}
		record(3)
		wait(all, 0, 1)
		wait(odd, 5, 2)
		wait(live, 8, 1)
		wait(fromFiles, 5, 1)
		already := count
		record(2)
		wait(all, already, 1)
		wait(fromFiles, already, 1)
		cancel()
		for _, w := range []*follower{all, odd, live, fromFiles} {
			require.ErrorIs(t, <-w.done, context.Canceled)
		}
		require.NoError(t, l.Close())
	})
}

// A position whose file has been removed is no reason to stop, but is told.
func TestFollowSaysWhatIsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{})
		l.ring.size = 2
		var cursors []Position
		for i := range 4 {
			l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: strconv.Itoa(2 * i)}, Event{Type: CodeBlocked, UserID: strconv.Itoa(2*i + 1)})
			cursors = append(cursors, l.End())
			l.rotate(t)
		}
		for _, file := range filesOf(t, l.o.Path)[:2] {
			require.NoError(t, os.Remove(file))
		}
		files := &Reader{path: l.o.Path}
		for name, from := range map[string]func(context.Context, Filter, Position, func(Entry) error) error{"log": l.Follow, "files": files.Follow} {
			ctx, cancel := context.WithCancel(t.Context())
			w := follow(ctx, from, Filter{}, cursors[0])
			for i, user := range []string{"4", "5", "6", "7"} {
				e := <-w.seen
				assert.Equal(t, user, e.UserID, name)
				assert.Equal(t, i == 0, e.Missed, name)
			}
			cancel()
			<-w.done
			ctx, cancel = context.WithCancel(t.Context())
			w = follow(ctx, from, Filter{UserID: "new"}, Position{behindAll.Segment, 7})
			synctest.Wait()
			l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: "new"})
			e := <-w.seen
			assert.True(t, e.Missed, "a position of another log")
			cancel()
			<-w.done
		}
		entries, next, err := l.Recent(t.Context(), Filter{}, cursors[0], 10)
		require.NoError(t, err)
		assert.Empty(t, entries, "nothing older is kept")
		assert.Zero(t, next)
		require.NoError(t, l.Close())
	})
}

// Whoever comes back after all files have been removed is told so, and gets what is still in memory.
func TestFollowWhenAllFilesAreGone(t *testing.T) {
	l := open(t, Options{})
	l.ring.size = 2
	for i := range 5 {
		l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: strconv.Itoa(i)})
	}
	require.NoError(t, os.Remove(l.o.Path))
	enough := errors.New("enough")
	var seen []Entry
	require.ErrorIs(t, l.Follow(t.Context(), Filter{}, Position{}, func(e Entry) error {
		if seen = append(seen, e); e.UserID == "4" {
			return enough
		}
		return nil
	}), enough)
	require.Less(t, len(seen), 5)
	for i, e := range seen {
		assert.Equal(t, i == 0, e.Missed)
	}
	require.NoError(t, l.Close())
}

// Whoever reads a file while logrotate copies and empties it goes on in the copy, and nobody takes what comes for what was.
func TestFileEmptiedWhileItIsRead(t *testing.T) {
	l := open(t, Options{})
	const all = 3000 // more than is read at a time
	for i := range all {
		l.Record(Event{Type: CodeBlocked, UserID: strconv.Itoa(i)})
	}
	require.NoError(t, l.Close())
	list, err := segments(t.Context(), l.o.Path)
	require.NoError(t, err)
	seen := 0
	for e, err := range (&Reader{path: l.o.Path}).forward(t.Context(), Position{}) {
		require.NoError(t, err)
		require.Equal(t, strconv.Itoa(seen), e.UserID)
		seen++
		if seen == 1 {
			data, err := os.ReadFile(l.o.Path)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(l.o.Path+"-20261121", data, 0o600))
			require.NoError(t, os.Truncate(l.o.Path, 0))
		}
	}
	assert.Equal(t, all, seen)
	l = open(t, Options{Path: l.o.Path})
	l.recordAndFlush(t, Event{Type: CodeBlocked})
	require.NoError(t, l.Close())
	_, err = list[0].open()
	require.ErrorIs(t, err, errMoved)
}

func TestFollowEndsWithTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{})
		w := follow(t.Context(), l.Follow, Filter{}, Position{})
		l.Record(Event{Type: ExecutionTimeout, UserID: "last"})
		go func() { assert.NoError(t, l.Close()) }()
		assert.Equal(t, "last", (<-w.seen).UserID)
		require.NoError(t, <-w.done)
		enough := errors.New("enough")
		require.ErrorIs(t, l.Follow(t.Context(), Filter{}, Position{}, func(Entry) error { return enough }), enough)
	})
}

// What lies beside the files and is none of them is left alone, and nobody is led astray by links or kept waiting by pipes.
func TestStrangeSiblings(t *testing.T) {
	l := open(t, Options{})
	l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: "one"})
	l.rotate(t)
	l.recordAndFlush(t, Event{Type: CodeBlocked, UserID: "two"})
	require.NoError(t, l.Close())
	elsewhere := filepath.Join(t.TempDir(), "other.jsonl")
	require.NoError(t, os.WriteFile(elsewhere, []byte(`{"timestamp":"2020-11-21T15:04:05.006Z","type":"CODE_BLOCKED","user_id":"","details":{},"severity":"low"}`+"\n"), 0o600))
	require.NoError(t, os.Symlink(elsewhere, l.o.Path+".1"))
	require.NoError(t, unix.Mkfifo(l.o.Path+".2", 0o600))
	require.NoError(t, os.Mkdir(l.o.Path+".3", 0o700))
	require.NoError(t, os.WriteFile(l.o.Path+".4", []byte("buy milk\n"), 0o600))
	require.NoError(t, os.WriteFile(l.o.Path+".5.gz", []byte("\x1f\x8b"), 0o600))
	r, err := OpenReader(l.o.Path)
	require.NoError(t, err)
	entries, _, err := r.Recent(t.Context(), Filter{}, Position{}, 10)
	require.NoError(t, err)
	assert.Equal(t, []string{"two", "one"}, usersOf(entries))

	require.NoError(t, os.Remove(l.o.Path))
	_, err = OpenReader(l.o.Path)
	require.NoError(t, err, "there is what was moved away")
	_, err = OpenReader(filepath.Join(t.TempDir(), "anomalies.jsonl"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// The names that logrotate gives, and those that we give; nobody else's.
func TestNamesOfFiles(t *testing.T) {
	for name, want := range map[string]bool{
		"a.jsonl": true, "a.jsonl.1": true, "a.jsonl.99999": true, "a.jsonl-20261121": true, "a.jsonl-2026112115": true, "a.jsonl-20261121.1": true,
		"a.jsonl.20261121T150405.006Z": true,
		"a.jsonl.":                     false, "a.jsonl.100000": false, "a.jsonl.x": false, "a.jsonl-1": false, "a.jsonl-202611211": false, "a.jsonl-20261121.": false,
		"a.jsonl-20261121.gz": false, "a.jsonl.1.gz": false, "a.jsonl-20261121\n": false, "xa.jsonl.1": false, "a.jsonl1": false, "b.jsonl": false,
	} {
		assert.Equal(t, want, ofLog("/x/a.jsonl", name), name)
	}
}

func TestReadingStopsWithItsContext(t *testing.T) {
	l := open(t, Options{})
	l.recordAndFlush(t, Event{Type: CodeBlocked}, Event{Type: CodeBlocked})
	require.NoError(t, l.Close())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := (&Reader{path: l.o.Path}).Recent(ctx, Filter{}, Position{}, 10)
	require.ErrorIs(t, err, context.Canceled)
}

// FuzzReader reads files that anybody may have written: forwards and backwards are the same events, each of them can be shown, and
// each position is one to go on from.
func FuzzReader(f *testing.F) {
	const event = `{` + editedTime + `,"type":"CODE_BLOCKED","user_id":"u","details":{},"severity":"low"}` + "\n"
	f.Add([]byte(event + event))
	f.Add([]byte(event + "    \n" + strings.Repeat(" ", page) + event + "torn"))
	f.Add([]byte(event + strings.Repeat("x", maxLine+1) + "\n" + event))
	f.Add([]byte("\x00\x00\n" + event + strings.Repeat(" ", maxLine) + event + event))
	f.Add([]byte(strings.Replace(event, "u", "\u009b\\u001b", 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "a.jsonl")
		require.NoError(t, os.WriteFile(path, data, 0o600))
		r := &Reader{path: path}
		var forward, backward []Entry
		for e, err := range r.forward(t.Context(), Position{}) {
			require.NoError(t, err)
			forward = append(forward, e)
		}
		passed := r.Passed()
		for e, err := range r.backward(t.Context(), Position{}) {
			require.NoError(t, err)
			backward = append(backward, e)
		}
		require.Equal(t, 2*passed, r.Passed())
		slices.Reverse(backward)
		require.Equal(t, forward, backward)
		for i, e := range forward {
			require.True(t, json.Valid(e.Line))
			require.NotContains(t, string(e.Line), "\x1b")
			var rest []Entry
			for e, err := range r.forward(t.Context(), e.Position) {
				require.NoError(t, err)
				rest = append(rest, e)
			}
			require.Len(t, rest, len(forward)-i-1)
			older, _, err := r.Recent(t.Context(), Filter{}, e.Position, len(forward))
			require.NoError(t, err)
			require.Len(t, older, i)
		}
	})
}
