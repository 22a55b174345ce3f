package anomalylog

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

const varWriter = "PADDOCK_TEST_ANOMALY_WRITER"

// TestMain makes this program a writer that is to be killed, when it is told to.
func TestMain(m *testing.M) {
	if path := os.Getenv(varWriter); path != "" {
		recordForEver(path)
	}
	goleak.VerifyTestMain(m)
}

// recordForEver records events of high severity, in bursts of some pages, and says on stdout which of them are acknowledged. Its file
// is moved away all the time.
func recordForEver(path string) {
	l, err := New(Options{Path: path, MaxSize: 64 << 10})
	if err != nil {
		panic(err)
	}
	for i := 0; ; i++ {
		if i%300 == 299 {
			if err := l.ask(context.Background(), func(*batch) error { return l.file.rotate(time.Now()) }); err != nil {
				fmt.Fprintln(os.Stderr, err) // twice in a millisecond
			}
		}
		l.Record(Event{Type: Quarantined, UserID: strconv.Itoa(i), Details: Details{"text": strings.Repeat("x", i%150)}})
		if i%100 == 0 {
			if err := l.Flush(context.Background()); err != nil {
				panic(err)
			}
			fmt.Println(i)
		}
	}
}

func open(t *testing.T, o Options) *Log {
	t.Helper()
	if o.Path == "" {
		o.Path = filepath.Join(t.TempDir(), "state", "anomalies.jsonl")
	}
	l, err := New(o)
	require.NoError(t, err)
	return l
}

// linesOf are a file's lines, each of which must be an object with the first five keys in their order.
func linesOf(t *testing.T, path string) (events []map[string]any) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	for line := range bytes.Lines(data) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue // the spaces before a line that never came
		}
		var object map[string]any
		require.NoError(t, json.Unmarshal(line, &object), "%q", line)
		d := json.NewDecoder(bytes.NewReader(line))
		var keys []string
		depth := 0
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			switch v := token.(type) {
			case json.Delim:
				depth += map[json.Delim]int{'{': 1, '[': 1, '}': -1, ']': -1}[v]
			case string:
				if _, known := object[v]; depth == 1 && known && (len(keys) == 0 || !assert.ObjectsAreEqual(object[keys[len(keys)-1]], v)) {
					keys = append(keys, v)
				}
			}
		}
		require.Equal(t, []string{"timestamp", "type", "user_id", "details", "severity"}, keys[:5])
		events = append(events, object)
	}
	return events
}

// filesOf are the files of a log, oldest first.
func filesOf(t *testing.T, path string) (paths []string) {
	t.Helper()
	list, err := segments(t.Context(), path)
	require.NoError(t, err)
	for _, s := range list {
		paths = append(paths, s.path)
	}
	return paths
}

// linesOfAll are the lines of all files, oldest first.
func linesOfAll(t *testing.T, path string) (events []map[string]any) {
	t.Helper()
	for _, file := range filesOf(t, path) {
		events = append(events, linesOf(t, file)...)
	}
	return events
}

func TestLine(t *testing.T) {
	l := open(t, Options{})
	l.Record(Event{
		Time: time.Date(2026, 11, 21, 16, 4, 5, 6e6, time.FixedZone("", 3600)), Type: ConcurrentLimitExceeded, UserID: "u1",
		Details:   Details{"reason": "Concurrent service limit reached (2/2)", "limit": 2, "rules": []string{"a", "b"}},
		ProjectID: "p", RunID: "r", IP: "192.0.2.1", RequestID: "q",
	})
	require.NoError(t, l.Close())
	data, err := os.ReadFile(l.o.Path)
	require.NoError(t, err)
	want := `{"timestamp":"2026-11-21T15:04:05.006Z","type":"CONCURRENT_LIMIT_EXCEEDED","user_id":"u1",` +
		`"details":{"limit":2,"reason":"Concurrent service limit reached (2/2)","rules":["a","b"]},"severity":"medium",` +
		`"project_id":"p","run_id":"r","ip":"192.0.2.1","request_id":"q"}` + "\n"
	assert.Equal(t, want, string(data), "in this order")
	info, err := os.Stat(l.o.Path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// Whatever users put into an event stays within its own value of its own line.
func TestNobodyForgesALine(t *testing.T) {
	l := open(t, Options{})
	hostile := "x\"}\n{\"type\":\"ADMIN_ACTION\"}\r\x1b[2J\u202e\u0085\u2028\xff" + strings.Repeat("y", 10_000)
	l.Record(Event{Type: CodeBlocked, UserID: hostile, Details: Details{hostile: hostile, "list": []string{hostile}}, ProjectID: hostile})
	require.NoError(t, l.Close())
	events := linesOf(t, l.o.Path)
	require.Len(t, events, 1)
	data, _ := os.ReadFile(l.o.Path)
	assert.Less(t, len(data), page)
	assert.NotContains(t, string(data), "\x1b")
	assert.NotContains(t, string(data), "\u202e")
	assert.Equal(t, "CODE_BLOCKED", events[0]["type"])
}

func TestTheLongestLineFitsAPage(t *testing.T) {
	d := Details{}
	for i := range 100 {
		d[fmt.Sprintf("%03d%s", i, strings.Repeat("\"", 500))] = strings.Repeat("\"", 500)
	}
	e := Event{Type: CodeBlocked, UserID: strings.Repeat("\"", 500), Details: d}
	line, err := e.line()
	require.NoError(t, err)
	assert.LessOrEqual(t, len(line), page)
}

// Whatever is in an event, there is a line: lists are cut where they would not fit, and details that can't be written are left out.
func TestEveryEventFits(t *testing.T) {
	long, wrong := Details{}, Details{"text": "x", "not a number": math.NaN()}
	for i := range 20 {
		list := make([]string, 20)
		for j := range list {
			list[j] = fmt.Sprint(j, strings.Repeat("\u0085", 100))
		}
		long[strconv.Itoa(i)] = list
	}
	var told []Event
	l := open(t, Options{Notify: func(e Event) { told = append(told, e) }})
	for _, d := range []Details{long, wrong, {"text": map[string]string{"x": strings.Repeat("x", page)}}} {
		l.Record(Event{Type: CodeBlocked, Details: d, UserID: strings.Repeat("u", 100)})
	}
	l.Record(Event{Type: "NO_SUCH"})
	require.NoError(t, l.Close())
	events := linesOf(t, l.o.Path)
	require.Len(t, events, 4)
	details, ok := events[0]["details"].(map[string]any)
	require.True(t, ok)
	require.Len(t, details, 20)
	assert.Len(t, details["7"], 5)
	assert.Empty(t, events[1]["details"])
	assert.Empty(t, events[2]["details"])
	assert.Equal(t, "EVENTS_DROPPED", events[3]["type"], "what is no event is counted")
	assert.Equal(t, map[string]any{"dropped": 1.0}, events[3]["details"])
	assert.Equal(t, Counts{Written: 4, Dropped: 1}, l.Counts())
	assert.Len(t, told, 5)
}

func TestEveryTypeHasASeverity(t *testing.T) {
	for kind, severity := range Severities {
		assert.Contains(t, []Severity{Low, Medium, High}, severity, kind)
	}
}

func TestOthersWaitASecondHighDoesNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{})
		l.Record(Event{Type: ExecutionTimeout})
		synctest.Wait()
		assert.Empty(t, linesOf(t, l.o.Path))
		time.Sleep(patience) // of the bubble
		synctest.Wait()
		assert.Len(t, linesOf(t, l.o.Path), 1)
		l.Record(Event{Type: ExecutionTimeout})
		l.Record(Event{Type: UnauthorizedAccess})
		synctest.Wait()
		events := linesOf(t, l.o.Path)
		require.Len(t, events, 3)
		assert.Equal(t, "EXECUTION_TIMEOUT", events[1]["type"], "and takes with it what came before")
		require.NoError(t, l.Close())
	})
}

func TestNotify(t *testing.T) {
	var told []string
	l := open(t, Options{Notify: func(e Event) { told = append(told, e.UserID+string(e.Severity)) }})
	l.Record(Event{Type: ExecutionTimeout, UserID: "one "})
	l.Record(Event{Type: UnauthorizedAccess, UserID: "two "})
	require.NoError(t, l.Close())
	assert.Equal(t, []string{"one low", "two high"}, told)
}

// What is written finds room where what is recorded finds none, and is on the disk behind it.
func TestWrite(t *testing.T) {
	var busy sync.WaitGroup
	hold := make(chan struct{})
	l := open(t, Options{Queue: 1, Notify: func(Event) { <-hold }})
	for range 10 {
		l.Record(Event{Type: CodeBlocked})
	}
	require.Positive(t, l.Counts().Dropped)
	busy.Go(func() { assert.NoError(t, l.Write(t.Context(), Event{Type: AdminAction, UserID: "ada"})) })
	close(hold)
	busy.Wait()
	events := linesOf(t, l.o.Path)
	assert.Equal(t, "ada", events[len(events)-1]["user_id"])
	require.ErrorContains(t, l.Write(t.Context(), Event{Type: "NOTHING"}), "NOTHING")
	over, cancel := context.WithCancel(t.Context())
	cancel()
	_ = l.Write(over, Event{Type: AdminAction}) // either way
	require.NoError(t, l.Close())
	require.Error(t, l.Write(t.Context(), Event{Type: AdminAction}))
}

// However much is recorded meanwhile, whoever waits for their line is not kept waiting for it.
func TestWriteDuringAFlood(t *testing.T) {
	var flood atomic.Bool
	var l *Log
	l = open(t, Options{Notify: func(Event) {
		if flood.Load() {
			l.Record(Event{Type: CodeBlocked}) // one more for each that is taken: there is always one waiting
		}
	}})
	flood.Store(true)
	l.Record(Event{Type: CodeBlocked})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	require.NoError(t, l.Write(ctx, Event{Type: AdminAction}))
	flood.Store(false)
	require.NoError(t, l.Close())
}

func TestLinesDoNotCrossPages(t *testing.T) {
	l := open(t, Options{})
	for i := range 1000 {
		l.Record(Event{Type: CodeBlocked, UserID: strings.Repeat("u", i%180)})
	}
	require.NoError(t, l.Close())
	data, err := os.ReadFile(l.o.Path)
	require.NoError(t, err)
	assert.Len(t, linesOf(t, l.o.Path), 1000)
	for at := page; at < len(data); at += page {
		before := bytes.TrimRight(data[:at], " ")
		assert.Equal(t, byte('\n'), before[len(before)-1], "a line goes over the page boundary at %d", at)
	}
}

func TestHalfALineIsTakenAway(t *testing.T) {
	const whole = `{"timestamp":"2026-11-21T15:04:05.006Z","type":"CODE_BLOCKED","user_id":"","details":{},"severity":"medium"}` + "\n"
	for name, c := range map[string]struct{ tail, want string }{
		"nothing":          {"", ""},
		"whole":            {whole, whole},
		"half":             {whole + whole[:30], whole},
		"half alone":       {whole[:30], ""},
		"no line break":    {whole + strings.TrimSpace(whole), whole},
		"a long half":      {whole + strings.Repeat("x", 20_000), whole},
		"zeros":            {whole + strings.Repeat("\x00", 5000), whole},
		"zeros and a line": {whole + strings.Repeat("\x00", 5000) + "\n", whole},
		"spaces":           {whole + "    ", whole},
	} {
		path := filepath.Join(t.TempDir(), "a.jsonl")
		require.NoError(t, os.WriteFile(path, []byte(c.tail), 0o600))
		l := open(t, Options{Path: path})
		l.Record(Event{Type: CodeBlocked, UserID: "next"})
		require.NoError(t, l.Close())
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		rest, ok := strings.CutPrefix(string(data), c.want)
		assert.True(t, ok, name)
		assert.True(t, strings.HasPrefix(rest, "{") && strings.Count(rest, "\n") == 1, "%s: %q", name, rest)
	}
}

func TestAnotherFileIsLeftAlone(t *testing.T) {
	for _, text := range []string{
		"buy milk\n", "buy milk", `{"level":"info"}` + "\n", `{"timestamp":"2026-11-21T15:04:05.006Z","level":"info"}` + "\n",
		strings.Repeat("\x00", head+1),
	} {
		path := filepath.Join(t.TempDir(), "notes.txt")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		_, err := New(Options{Path: path})
		require.ErrorIs(t, err, errNoLog)
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, text, string(data))
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o644), info.Mode().Perm())
	}
}

func TestLinksAndPipesAreRefused(t *testing.T) {
	dir := t.TempDir()
	link, pipe := filepath.Join(dir, "link"), filepath.Join(dir, "pipe")
	require.NoError(t, os.Symlink(filepath.Join(dir, "target"), link))
	require.NoError(t, unix.Mkfifo(pipe, 0o600))
	_, err := New(Options{Path: link})
	require.ErrorIs(t, err, unix.ELOOP)
	_, err = New(Options{Path: pipe})
	require.ErrorContains(t, err, "no regular file")
	for _, path := range []string{link, pipe, dir} {
		_, err := OpenReader(path)
		require.ErrorContains(t, err, "no regular file")
	}
	assert.NoFileExists(t, filepath.Join(dir, "target"))
}

func TestOneProcessAtATime(t *testing.T) {
	l := open(t, Options{})
	_, err := New(Options{Path: l.o.Path})
	require.ErrorContains(t, err, "in use by another process")
	require.NoError(t, l.Close())
	require.NoError(t, open(t, Options{Path: l.o.Path}).Close())
}

// logrotate may move the file away, which loses nothing, or empty it, which is noticed.
func TestRotationByOthers(t *testing.T) {
	l := open(t, Options{})
	record := func(user string) {
		l.Record(Event{Type: CodeBlocked, UserID: user})
		require.NoError(t, l.Flush(t.Context()))
	}
	record("one")
	require.NoError(t, os.Rename(l.o.Path, l.o.Path+".1"))
	record("two")
	assert.Len(t, linesOf(t, l.o.Path+".1"), 1)
	assert.Equal(t, "two", linesOf(t, l.o.Path)[0]["user_id"])
	require.NoError(t, os.Truncate(l.o.Path, 0))
	record("three")
	assert.Equal(t, "three", linesOf(t, l.o.Path)[0]["user_id"])
	require.NoError(t, os.Chmod(l.o.Path, 0o644))
	require.NoError(t, l.Close())
	l = open(t, Options{Path: l.o.Path})
	info, err := os.Stat(l.o.Path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, l.Close())
}

func TestWhatFindsNoRoomIsCountedAndSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{Queue: 10})
		const all = 100_000
		for range all { // faster than anybody writes
			l.Record(Event{Type: ExecutionTimeout})
		}
		require.NoError(t, l.Close())
		reported, others := 0, 0
		for _, e := range linesOf(t, l.o.Path) {
			if e["type"] == "EVENTS_DROPPED" {
				reported += int(e["details"].(map[string]any)["dropped"].(float64)) //nolint:forcetypeassert // a panic is a failure too
			} else {
				others++
			}
		}
		assert.Equal(t, all, reported+others, "each is there or counted")
		assert.Equal(t, int64(reported), l.Counts().Dropped)
	})
}

// Events that found no room are told behind those that waited meanwhile, which are older.
func TestWhatIsMissingIsToldInItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{Queue: 500})
		blocked := blockedFile(t, l)
		for i := range 2000 {
			l.Record(Event{Type: CodeBlocked, UserID: strconv.Itoa(i)})
		}
		time.Sleep(time.Hour) // of the bubble
		require.NoError(t, os.Remove(blocked))
		require.NoError(t, l.Flush(t.Context()))
		l.Record(Event{Type: CodeBlocked, UserID: "later"})
		require.NoError(t, l.Close())
		events := linesOf(t, l.o.Path)
		told := slices.IndexFunc(events, func(e map[string]any) bool { return e["type"] == "EVENTS_DROPPED" })
		require.Equal(t, len(events)-2, told)
		assert.Equal(t, map[string]any{"dropped": float64(2000 - told)}, events[told]["details"])
		assert.Equal(t, "later", events[told+1]["user_id"])
		for i := range events[1:] {
			assert.LessOrEqual(t, events[i]["timestamp"], events[i+1]["timestamp"])
		}
	})
}

// blockedFile moves the file away and has nobody make a new one until what it returns is removed.
func blockedFile(t *testing.T, l *Log) (folder string) {
	t.Helper()
	require.NoError(t, os.Rename(l.o.Path, l.o.Path+".1"))
	require.NoError(t, os.Mkdir(l.o.Path, 0o700))
	return l.o.Path
}

// What can't be written before the end is counted and said, and those who are told of events are told of it.
func TestCloseSaysWhatIsLost(t *testing.T) {
	var said bytes.Buffer
	told := 0
	l := open(t, Options{Queue: 1000, Log: zerolog.New(&said), Notify: func(Event) { told++ }})
	blockedFile(t, l)
	for range 500 {
		l.Record(Event{Type: CodeBlocked})
	}
	require.Error(t, l.Close())
	assert.Equal(t, Counts{Dropped: 500}, l.Counts())
	assert.Equal(t, 500, told)
	assert.Contains(t, said.String(), `"events":500`)
	assert.Contains(t, said.String(), "are lost")
}

// High events are on the disk at once, others with the next Flush; new files outlast a power cut too.
func TestEventsGoToTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{})
		asked := l.refuse(t, (*os.File).Sync)
		l.Record(Event{Type: CodeBlocked})
		time.Sleep(2 * patience) // of the bubble
		synctest.Wait()
		require.Len(t, linesOf(t, l.o.Path), 1)
		assert.Zero(t, asked.Load())
		require.NoError(t, l.Flush(t.Context()))
		assert.Equal(t, int64(1), asked.Load())
		require.NoError(t, l.Flush(t.Context()))
		assert.Equal(t, int64(1), asked.Load(), "it is there")
		l.Record(Event{Type: Quarantined})
		synctest.Wait()
		assert.Equal(t, int64(2), asked.Load())
		l.refuse(t, directoriesFail)
		require.ErrorIs(t, l.ask(t.Context(), func(*batch) error { return l.file.rotate(time.Now()) }), unix.EIO, "the new file's name")
		require.NoError(t, l.Close())
		_, _, err := openFile(filepath.Join(t.TempDir(), "a.jsonl"), directoriesFail)
		require.ErrorIs(t, err, unix.EIO)
	})
}

// A disk that takes lines and loses them is tried again, once a second and not with each event; nobody is told that they are there.
func TestADiskThatDoesNotKeepWhatItTook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{})
		asked := l.refuse(t, func(*os.File) error { return unix.EIO })
		for i := range 10 {
			l.Record(Event{Type: Quarantined, UserID: strconv.Itoa(i)})
			synctest.Wait()
		}
		assert.Equal(t, int64(1), asked.Load())
		for i := range 3 {
			time.Sleep(patience) // of the bubble
			synctest.Wait()
			assert.Equal(t, int64(i+2), asked.Load())
		}
		assert.Len(t, linesOf(t, l.o.Path), 10, "each once")
		require.ErrorIs(t, l.Flush(t.Context()), unix.EIO)
		require.ErrorIs(t, l.Flush(t.Context()), unix.EIO)
		asked = l.refuse(t, (*os.File).Sync)
		require.NoError(t, l.Flush(t.Context()))
		assert.Equal(t, int64(1), asked.Load())
		require.NoError(t, l.Close())
		assert.Equal(t, Counts{Written: 10}, l.Counts())
	})
}

// A disk that is full loses nothing that there is room for in memory, leaves no half of a line, and is written to again.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("mount a small tmpfs: %v", err)
		}
		t.Skipf("needs root, to mount a small tmpfs: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, unix.Unmount(dir, 0)) })
	ballast := filepath.Join(dir, "ballast")
	var said bytes.Buffer
	var told []Event
	l := open(t, Options{
		Path: filepath.Join(dir, "a.jsonl"), Queue: 50, Log: zerolog.New(&said), Notify: func(e Event) { told = append(told, e) },
	})
	record := func(user string) {
		l.Record(Event{Type: Quarantined, UserID: user, Details: Details{"text": strings.Repeat("x", 190)}})
	}
	rotate := func() error {
		return l.ask(t.Context(), func(*batch) error { return l.file.rotate(time.Now()) })
	}
	record("before")
	require.NoError(t, l.Flush(t.Context()))
	require.ErrorIs(t, os.WriteFile(ballast, make([]byte, 1<<20), 0o600), unix.ENOSPC)

	for i := range 1000 {
		record(strconv.Itoa(i))
		if i%100 == 0 {
			_ = l.Flush(t.Context())
			data, err := os.ReadFile(l.o.Path)
			require.NoError(t, err)
			assert.True(t, len(data) == 0 || data[len(data)-1] == '\n', "what was written of those that did not fit is taken away")
		}
		if i%300 == 150 {
			_ = rotate() // it may, or may not
		}
	}
	require.ErrorIs(t, l.Flush(t.Context()), unix.ENOSPC)
	during := linesOfAll(t, l.o.Path) // each whole
	dropped := l.Counts().Dropped
	assert.Positive(t, dropped)

	require.NoError(t, os.Remove(ballast))
	record("after")
	require.NoError(t, l.Flush(t.Context()))
	require.NoError(t, rotate())
	require.NoError(t, l.Close())
	events := linesOfAll(t, l.o.Path)
	assert.Greater(t, len(events), len(during))
	reported, last := 0, -1
	for _, e := range events[1:] {
		if e["type"] == "EVENTS_DROPPED" {
			reported += int(e["details"].(map[string]any)["dropped"].(float64)) //nolint:forcetypeassert // a panic is a failure too
			continue
		}
		if e["user_id"] != "after" {
			n := 0
			_, err := fmt.Sscan(e["user_id"].(string), &n) //nolint:forcetypeassert // a panic is a failure too
			require.NoError(t, err)
			assert.Greater(t, n, last, "in order, none twice")
			last = n
		}
	}
	assert.Equal(t, int(l.Counts().Dropped), reported)
	assert.Len(t, events, 1000+2-int(l.Counts().Dropped)+countOf(events, "EVENTS_DROPPED"))
	assert.Len(t, told, len(events), "each once, and what is missing with its line")
	assert.Contains(t, said.String(), "anomalies can't be written down")
	assert.Contains(t, said.String(), "anomalies are written down again")
}

func countOf(events []map[string]any, kind string) (n int) {
	for _, e := range events {
		if e["type"] == kind {
			n++
		}
	}
	return n
}

// A writer that is killed, also while it moves its file away, leaves whole lines, and every line that was acknowledged.
func TestKill(t *testing.T) {
	for range 20 {
		path := filepath.Join(t.TempDir(), "a.jsonl")
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), varWriter+"="+path)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		acknowledged, lines := -1, 0
		for s := bufio.NewScanner(out); s.Scan(); lines++ {
			if _, err := fmt.Sscan(s.Text(), &acknowledged); err != nil {
				break // the half of a line
			}
			if lines == 15 {
				require.NoError(t, cmd.Process.Kill())
			}
		}
		_ = cmd.Wait()
		require.Greater(t, lines, 15)
		events := linesOfAll(t, path)
		for i, e := range events {
			require.Equal(t, strconv.Itoa(i), e["user_id"])
		}
		assert.GreaterOrEqual(t, len(events)-1, acknowledged)
		assert.Greater(t, len(filesOf(t, path)), 2, "it has been moved away")

		l := open(t, Options{Path: path})
		l.Record(Event{Type: Quarantined, UserID: "next"})
		require.NoError(t, l.Close())
		assert.Len(t, linesOfAll(t, path), len(events)+1)
	}
}

func TestRecordingFromMany(t *testing.T) {
	l := open(t, Options{})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 100 {
				l.Record(Event{Type: CodeBlocked})
			}
		})
	}
	all.Wait()
	require.NoError(t, l.Flush(t.Context()))
	assert.Len(t, linesOf(t, l.o.Path), 2000)
	assert.Equal(t, Counts{Written: 2000}, l.Counts())
	require.NoError(t, l.Close())
	require.NoError(t, l.Close(), "twice is as good as once")
	l.Record(Event{Type: CodeBlocked})
	require.NoError(t, l.Flush(t.Context()), "there is nobody to wait for")
}

func BenchmarkRecord(b *testing.B) {
	l, err := New(Options{Path: filepath.Join(b.TempDir(), "a.jsonl")})
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		l.Record(Event{Type: CodeBlocked, UserID: "u", Details: Details{"rule": "py.exec.os-system"}})
	}
	require.NoError(b, l.Close())
}
