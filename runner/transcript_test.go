package runner

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"unicode/utf8"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// all reads a transcript that has ended, from position after on.
func all(t *testing.T, tr *transcript, after uint64) []Event {
	t.Helper()
	var events []Event
	for {
		e, err := tr.next(t.Context(), after)
		if errors.Is(err, io.EOF) {
			return events
		}
		require.NoError(t, err)
		require.Greater(t, e.ID, after, "IDs grow")
		events = append(events, e)
		after = e.ID
	}
}

func output(events []Event, kind EventKind) string {
	var b strings.Builder
	for _, e := range events {
		if e.Kind == kind {
			b.Write(e.Data)
		}
	}
	return b.String()
}

func text(t *testing.T, tr *transcript, kind EventKind, s string) {
	t.Helper()
	n, err := stream{tr, kind}.Write([]byte(s))
	require.NoError(t, err)
	require.Equal(t, len(s), n)
}

func TestTranscript(t *testing.T) {
	tr := &transcript{limit: 100}
	tr.add(Event{Kind: EventAccepted})
	text(t, tr, EventStdout, "one ")
	text(t, tr, EventStdout, "two")
	text(t, tr, EventStderr, "oops")
	tr.add(Event{Kind: EventWarning, Warning: "careful"})
	text(t, tr, EventStdout, "three")
	tr.add(Event{Kind: EventResult, Result: &Result{ID: "r"}})

	assert.Equal(t, []Event{
		{ID: 1, Kind: EventAccepted},
		{ID: 8, Kind: EventStdout, Data: []byte("one two")},
		{ID: 12, Kind: EventStderr, Data: []byte("oops")},
		{ID: 13, Kind: EventWarning, Warning: "careful"},
		{ID: 18, Kind: EventStdout, Data: []byte("three")},
		{ID: 19, Kind: EventResult, Result: &Result{ID: "r"}},
	}, all(t, tr, 0))
	assert.Equal(t, []Event{{ID: 8, Kind: EventStdout, Data: []byte("two")}}, all(t, tr, 5)[:1], "from within an event")
	assert.Empty(t, all(t, tr, 19))
	assert.Empty(t, all(t, tr, math.MaxUint64), "from behind the end")
	out, truncated := tr.output(EventStdout)
	assert.Equal(t, "one twothree", string(out))
	assert.False(t, truncated)
}

// A read from the program's pipe may end anywhere, and a read of the other stream may come before the next.
func TestARuneIsNotSplit(t *testing.T) {
	const euro = "€"
	tr := &transcript{limit: 100}
	text(t, tr, EventStdout, "a"+euro[:1])
	e, changed, err := tr.poll(0)
	require.NoError(t, err)
	require.Nil(t, changed)
	assert.Equal(t, "a", string(e.Data))
	_, changed, err = tr.poll(e.ID)
	require.NoError(t, err)
	assert.NotNil(t, changed, "the rest may still come")

	text(t, tr, EventStderr, "x"+euro[:2])
	text(t, tr, EventStdout, euro[1:]+"b")
	text(t, tr, EventStderr, euro[2:])
	tr.add(Event{Kind: EventResult})
	events := all(t, tr, 0)
	for _, e := range events {
		assert.True(t, utf8.Valid(e.Data), "%q", e.Data)
	}
	assert.Equal(t, "a"+euro+"b", output(events, EventStdout))
	assert.Equal(t, "x"+euro, output(events, EventStderr))
}

func TestARuneThatTheProgramSplit(t *testing.T) {
	tr := &transcript{limit: 100}
	text(t, tr, EventStdout, "a\xe2\x82")
	text(t, tr, EventStderr, "\xf0\x9f\x98")
	tr.add(Event{Kind: EventWarning})
	tr.add(Event{Kind: EventError, Err: io.ErrUnexpectedEOF})
	events := all(t, tr, 0)
	assert.Equal(t, "a\xe2\x82", output(events, EventStdout), "what there is of it comes before the end")
	assert.Equal(t, "\xf0\x9f\x98", output(events, EventStderr))
	assert.Equal(t, EventError, events[len(events)-1].Kind)
}

func TestLongOutputComesInChunks(t *testing.T) {
	tr := &transcript{limit: 1 << 20}
	long := strings.Repeat("x", maxChunk-1) + strings.Repeat("äöü", maxChunk)
	text(t, tr, EventStdout, long)
	tr.add(Event{Kind: EventResult})
	events := all(t, tr, 0)
	for _, e := range events {
		assert.LessOrEqual(t, len(e.Data), maxChunk)
		assert.True(t, utf8.Valid(e.Data))
	}
	assert.Equal(t, long, output(events, EventStdout))

	binary := string(bytes.Repeat([]byte{0x80}, 3*maxChunk))
	tr = &transcript{limit: 1 << 20}
	text(t, tr, EventStdout, binary)
	tr.add(Event{Kind: EventResult})
	assert.Equal(t, binary, output(all(t, tr, 0), EventStdout))
}

func TestOutputLimit(t *testing.T) {
	for name, c := range map[string]struct {
		writes    []string
		want      string
		truncated bool
	}{
		"below":                          {[]string{"123", "456"}, "123456", false},
		"to the byte":                    {[]string{"12345", "67890"}, "1234567890", false},
		"above":                          {[]string{"12345", "678901"}, "1234567890", true},
		"in one go":                      {[]string{strings.Repeat("x", 100)}, "xxxxxxxxxx", true},
		"in the middle of a rune":        {[]string{"123456789", "€"}, "123456789", true},
		"in a rune that came in parts":   {[]string{"12345678", "\xe2", "\x82", "\xac"}, "12345678", true},
		"a rune at the end":              {[]string{"1234567", "€"}, "1234567€", false},
		"behind a rune at the end":       {[]string{"1234567€", "x"}, "1234567€", true},
		"nothing more once it is over":   {[]string{"123456789€", "x", "y"}, "123456789", true},
		"of bytes that are not text":     {[]string{strings.Repeat("\x80", 20)}, strings.Repeat("\x80", 10), true},
		"half a rune is kept at the end": {[]string{"12345678\xe2\x82"}, "12345678\xe2\x82", false},
	} {
		t.Run(name, func(t *testing.T) {
			tr := &transcript{limit: 10}
			full := false
			for _, w := range c.writes {
				n, err := stream{tr, EventStdout}.Write([]byte(w))
				full = full || errors.Is(err, errOutputFull)
				assert.Equal(t, err != nil, n < len(w), "a short write says why")
			}
			assert.Equal(t, c.truncated, full)
			text(t, tr, EventStderr, "its own") // has a limit of its own
			tr.add(Event{Kind: EventResult})
			out, truncated := tr.output(EventStdout)
			assert.Equal(t, c.want, string(out))
			assert.Equal(t, c.truncated, truncated)
			assert.Equal(t, c.want, output(all(t, tr, 0), EventStdout), "readers see the same")
			_, truncated = tr.output(EventStderr)
			assert.False(t, truncated)
		})
	}
}

// Single bytes to both streams in turn cost us more than they cost the program.
func TestChangesBetweenStreamsAreBounded(t *testing.T) {
	tr := &transcript{limit: math.MaxInt32}
	var err error
	n := 0
	for ; err == nil && n < 2*maxEntries; n++ {
		_, err = stream{tr, []EventKind{EventStdout, EventStderr}[n%2]}.Write([]byte("x"))
	}
	require.ErrorIs(t, err, errOutputFull)
	assert.Equal(t, maxEntries+1, n)
	assert.Len(t, tr.entries, maxEntries)
	tr.add(Event{Kind: EventResult})
	assert.Len(t, all(t, tr, maxEntries), 1, "its end is told all the same")
	assert.Greater(t, tr.size(), maxEntries*entrySize, "and counts as what it is")
	assert.Equal(t, uintptr(entrySize), unsafe.Sizeof(entry{}))
}

func TestReadersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := &transcript{limit: 100}
		var got [3][]Event
		var readers sync.WaitGroup
		for i := range got {
			readers.Go(func() { got[i] = all(t, tr, 0) })
		}
		synctest.Wait()
		text(t, tr, EventStdout, "a")
		synctest.Wait()
		text(t, tr, EventStdout, "b")
		synctest.Wait()
		tr.add(Event{Kind: EventResult})
		readers.Wait()
		for _, events := range got {
			assert.Equal(t, "ab", output(events, EventStdout))
			assert.Len(t, events, 3, "each as it came")
		}
	})
}

func TestAReaderThatGoesAway(t *testing.T) {
	tr := &transcript{limit: 100}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := tr.next(ctx, 0)
	assert.ErrorIs(t, err, context.Canceled)
}

// model is a transcript as one would write it without a thought of memory: every byte and every event by itself.
type model struct {
	limit int

	streams [2]string
}

func (m *model) write(kind EventKind, p []byte) {
	i := streamOf(kind)
	m.streams[i] += string(p[:min(len(p), m.limit-len(m.streams[i]))])
}

// Whatever is written in whatever pieces, each reader, from wherever it starts and however often it comes back, sees every
// byte of each stream once and in order, and no rune split.
func TestTranscriptAgainstAModel(t *testing.T) {
	pieces := []string{"a", "line\n", "ä", "€", "😀", "\xff", "\x00", strings.Repeat("€", 5000), strings.Repeat("long ", 10000), "\xe2\x82"}
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		tr, m := &transcript{limit: 1 << 20}, &model{limit: 1 << 20}
		var script [2]string // what each stream has yet to write
		for range random.IntN(30) {
			script[random.IntN(2)] += pieces[random.IntN(len(pieces))]
		}
		clean := utf8.ValidString(script[0]) && utf8.ValidString(script[1])
		others := 0
		for script[0] != "" || script[1] != "" {
			i := random.IntN(2)
			n := min(len(script[i]), 1+random.IntN([]int{4, 40, 40000}[random.IntN(3)]))
			kind := []EventKind{EventStdout, EventStderr}[i]
			_, err := stream{tr, kind}.Write([]byte(script[i][:n]))
			require.NoError(t, err)
			m.write(kind, []byte(script[i][:n]))
			script[i] = script[i][n:]
			if random.IntN(10) == 0 {
				tr.add(Event{Kind: EventWarning})
				others++
			}
		}
		tr.add(Event{Kind: EventResult})

		events := all(t, tr, 0)
		require.Equal(t, m.streams[0], output(events, EventStdout), "seed %d", seed)
		require.Equal(t, m.streams[1], output(events, EventStderr), "seed %d", seed)
		end := events[len(events)-1].ID
		require.Equal(t, uint64(len(m.streams[0])+len(m.streams[1])+others+1), end, "a position for each byte and each event")
		for _, e := range events {
			require.True(t, !clean || utf8.Valid(e.Data), "seed %d: %q", seed, e.Data)
		}
		checkResume(t, tr, events, random.Uint64N(end+1))
	}
}

// checkResume reads from position after and expects what comes behind it in events.
func checkResume(t *testing.T, tr *transcript, events []Event, after uint64) {
	t.Helper()
	var want, got [2]string
	count := 0
	for _, e := range events {
		if e.ID <= after {
			continue
		}
		if e.Data == nil {
			count++
			continue
		}
		seen := max(0, len(e.Data)-int(e.ID-after))
		want[streamOf(e.Kind)] += string(e.Data[seen:])
	}
	for _, e := range all(t, tr, after) {
		if e.Data == nil {
			count--
			continue
		}
		got[streamOf(e.Kind)] += string(e.Data)
	}
	require.Equal(t, want, got, "resumed behind %d", after)
	require.Zero(t, count)
}

// Readers and writers at the same time, for the race detector; each reader comes back after every event.
func TestReadersAndWritersAtOnce(t *testing.T) {
	tr := &transcript{limit: 1 << 20}
	var writers, readers sync.WaitGroup
	const lines = 2000
	for _, kind := range []EventKind{EventStdout, EventStderr} {
		writers.Go(func() {
			for range lines {
				_, _ = stream{tr, kind}.Write([]byte("a line of ünïcode\n"))
			}
		})
	}
	for range 4 {
		readers.Go(func() {
			events := all(t, tr, 0)
			for _, kind := range []EventKind{EventStdout, EventStderr} {
				assert.Equal(t, strings.Repeat("a line of ünïcode\n", lines), output(events, kind))
			}
		})
	}
	writers.Wait()
	tr.add(Event{Kind: EventResult})
	readers.Wait()
}

func FuzzWholeRunes(f *testing.F) {
	f.Add([]byte("a€\xe2\x82"))
	f.Add([]byte("\xf0\x9f\x98"))
	f.Add([]byte("\x80\x80\x80\x80"))
	f.Fuzz(func(t *testing.T, b []byte) {
		n := wholeRunes(b)
		require.LessOrEqual(t, n, len(b))
		require.Less(t, len(b)-n, utf8.UTFMax)
		require.True(t, utf8.Valid(b[:n]) || !utf8.Valid(b), "cut inside a rune")
		if n < len(b) {
			require.False(t, utf8.FullRune(b[n:]), "what is held back could still be text")
		}
	})
}
