package runner

import (
	"context"
	"errors"
	"io"
	"sort"
	"sync"
	"unicode/utf8"
)

// EventKind tells the events of a run apart.
type EventKind uint8

// The kinds of event, in the order they can come.
const (
	EventAccepted EventKind = iota + 1
	EventCompile
	EventWarning
	EventStdout
	EventStderr
	EventResult
	EventError
)

// Event is something that happened in a run. IDs grow; a reader that has seen an event goes on behind it by its ID.
type Event struct {
	ID      uint64
	Kind    EventKind
	Data    []byte   // of EventStdout and EventStderr; never splits a UTF-8 sequence the program did not split
	Compile *Compile // of EventCompile
	Warning string   // of EventWarning
	Result  *Result  // of EventResult
	Err     error    // of EventError
}

// maxChunk is the most output, in bytes, in one event.
const maxChunk = 32 << 10

// maxEntries bounds how often a program's output may change between stdout and stderr, so that a program which writes single
// bytes to both in turn can't make us keep more than 8 MiB beside its output.
const (
	maxEntries = 1 << 18
	entrySize  = 32 // bytes
)

// errOutputFull is what a full stream's Write returns; the sandbox then ends the program.
var errOutputFull = errors.New("output limit reached")

// transcript is everything that happened in a run, kept whole: the output limit bounds it. Any number of readers follow it,
// each from where it likes. An event's ID is a position: every byte of output counts one, every other event one, so
// that output can be cut into events differently for each reader and nothing is ever seen twice or missed.
type transcript struct {
	limit int // bytes of each stream

	mu        sync.Mutex
	streams   [2][]byte
	truncated [2]bool
	shown     [2]int // how much of each stream the entries cover
	entries   []entry
	changed   chan struct{} // closed at the next change; nil while nobody waits
	ended     bool
}

type entry struct {
	end   uint64 // position behind it
	kind  EventKind
	start int    // of output: where in its stream it starts
	event *Event // of other events
}

func streamOf(k EventKind) int { return int(k - EventStdout) }

// stream is the io.Writer for one of the outputs.
type stream struct {
	t    *transcript
	kind EventKind
}

func (s stream) Write(p []byte) (int, error) {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	return s.t.write(s.kind, p)
}

// write appends output up to the limit. The caller holds the lock.
func (t *transcript) write(kind EventKind, p []byte) (int, error) {
	i := streamOf(kind)
	if t.truncated[i] || (len(t.entries) >= maxEntries && t.entries[len(t.entries)-1].kind != kind) {
		t.truncated[i] = true
		return 0, errOutputFull
	}
	n := min(len(p), t.limit-len(t.streams[i]))
	t.streams[i] = append(t.streams[i], p[:n]...)
	whole := wholeRunes(t.streams[i])
	if n == len(p) {
		t.show(kind, whole)
		return n, nil
	}
	t.truncated[i] = true
	t.streams[i] = t.streams[i][:whole] // text that is cut off stays text
	t.show(kind, whole)
	return n, errOutputFull
}

// show lets readers see a stream up to end. What is behind it, the beginning of a UTF-8 sequence, waits for its rest: a read
// from the program's pipe may end anywhere, and the other stream may come in between. The caller holds the lock.
func (t *transcript) show(kind EventKind, end int) {
	shown := &t.shown[streamOf(kind)]
	if end == *shown {
		return
	}
	last := len(t.entries) - 1
	if last < 0 || t.entries[last].kind != kind {
		t.entries = append(t.entries, entry{end: t.end(), kind: kind, start: *shown})
		last++
	}
	t.entries[last].end += uint64(end - *shown) //nolint:gosec // shown only grows
	*shown = end
	t.wake()
}

// add appends an event that is not output. EventResult and EventError are the last of a run.
func (t *transcript) add(e Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = e.Kind == EventResult || e.Kind == EventError
	if t.ended {
		t.show(EventStdout, len(t.streams[streamOf(EventStdout)]))
		t.show(EventStderr, len(t.streams[streamOf(EventStderr)]))
	}
	e.ID = t.end() + 1
	t.entries = append(t.entries, entry{end: e.ID, kind: e.Kind, event: &e})
	t.wake()
}

func (t *transcript) end() uint64 {
	if len(t.entries) == 0 {
		return 0
	}
	return t.entries[len(t.entries)-1].end
}

func (t *transcript) wake() {
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
}

// next returns the first event behind position after, waiting for it if need be, and io.EOF behind the last one.
func (t *transcript) next(ctx context.Context, after uint64) (Event, error) {
	for {
		e, changed, err := t.poll(after)
		if changed == nil {
			return e, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Event{}, ctx.Err()
		}
	}
}

// poll returns the event behind position after, or a channel that is closed when there may be one.
func (t *transcript) poll(after uint64) (Event, <-chan struct{}, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := sort.Search(len(t.entries), func(i int) bool { return t.entries[i].end > after })
	if i < len(t.entries) {
		return t.event(i, after), nil, nil
	}
	if t.ended {
		return Event{}, nil, io.EOF
	}
	if t.changed == nil {
		t.changed = make(chan struct{})
	}
	return Event{}, t.changed, nil
}

// event cuts the next event out of entry i.
func (t *transcript) event(i int, after uint64) Event {
	e := t.entries[i]
	if e.event != nil {
		return *e.event
	}
	begin := uint64(0)
	if i > 0 {
		begin = t.entries[i-1].end
	}
	after = max(after, begin)
	buf := t.streams[streamOf(e.kind)]
	from := e.start + int(after-begin)           //nolint:gosec // within one entry
	data := buf[from : e.start+int(e.end-begin)] //nolint:gosec // within one entry
	if len(data) > maxChunk {
		data = data[:wholeRunes(data[:maxChunk])]
	}
	return Event{ID: after + uint64(len(data)), Kind: e.kind, Data: data}
}

// wholeRunes is the length of b without the beginning of a UTF-8 sequence at its end.
func wholeRunes(b []byte) int {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return i
			}
			break
		}
	}
	return len(b)
}

// output returns a stream's contents, which are not written to any more, and whether some of it was cut off.
func (t *transcript) output(kind EventKind) (data []byte, truncated bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.streams[streamOf(kind)], t.truncated[streamOf(kind)]
}

// size is how many bytes are kept.
func (t *transcript) size() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return cap(t.streams[0]) + cap(t.streams[1]) + cap(t.entries)*entrySize
}
