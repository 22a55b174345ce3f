package anomalylog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// Options configure a Log. Path is required.
type Options struct {
	Path   string         // the file; made when it is not there, readable by its owner only
	Queue  int            // events that wait to be written; zero means DefaultQueue
	Notify func(Event)    // called with each event, in order, whatever the disk does; while it is, nothing is written. May be nil
	Log    zerolog.Logger // what goes wrong with the log itself

	// The file is moved away, to a name that ends in the time, before it has more bytes than MaxSize and when its first event is
	// MaxAge ago; so moved files are removed after Keep, and, the oldest first, while all together have more bytes than MaxTotal.
	// Zero switches each off. Nothing else is ever removed.
	MaxSize  int64
	MaxAge   time.Duration
	Keep     time.Duration
	MaxTotal int64
}

// DefaultQueue holds a second of ten thousand events, which is more than any request rate of one node makes, and 10 MB at most.
const DefaultQueue = 10_000

// How long an event of less than high severity may wait for others to be written with, and how often a disk that took nothing is
// tried again.
const patience = time.Second

// maxBatch is how many lines are written at a time.
const maxBatch = 256

// Log appends events to a file, and reads them back.
type Log struct {
	o       Options
	keeper  keeper
	file    *file
	files   *Reader
	ring    ring
	queue   chan Event
	asked   chan func(*batch)
	quit    chan struct{}
	done    chan struct{}
	closing sync.Once
	closed  error

	dropped atomic.Int64 // not yet reported in the file
	lost    atomic.Int64 // in all
	written atomic.Int64
}

// New opens the file and starts to write. Close ends that.
func New(o Options) (*Log, error) {
	if o.Path == "" {
		return nil, errors.New("anomalylog.Options.Path is required")
	}
	if o.Queue == 0 {
		o.Queue = DefaultQueue
	}
	f, cut, err := openFile(o.Path, (*os.File).Sync)
	if err != nil {
		return nil, fmt.Errorf("open the anomaly log: %w", err)
	}
	if cut > 0 {
		o.Log.Warn().Str("path", o.Path).Int64("bytes", cut).Msg("the anomaly log ended with half a line, which was taken away")
	}
	l := &Log{
		o: o, keeper: keeper{o: o}, file: f, files: &Reader{path: o.Path},
		queue: make(chan Event, o.Queue), asked: make(chan func(*batch)), quit: make(chan struct{}), done: make(chan struct{}),
	}
	l.remember()
	go l.write()
	return l, nil
}

// remember fills the ring from the files, and finds out which of them is the newest.
func (l *Log) remember() {
	newest, next, err := l.files.Recent(context.Background(), Filter{}, Position{}, ringSize)
	if err != nil {
		l.o.Log.Error().Err(err).Msg("earlier anomalies can't be read back; new ones are written down")
		newest, next = nil, l.file.end()
	}
	if len(newest) > 0 {
		l.file.reach(newest[0].Position)
	}
	l.ring.fill(newest, next)
}

// Record has an event written down. It takes some microseconds whatever the disk does; an event that finds no room is counted.
func (l *Log) Record(e Event) {
	select {
	case l.queue <- stamped(e):
	default:
		l.drop()
	}
}

// drop counts an event that is not written.
func (l *Log) drop() {
	l.dropped.Add(1)
	l.lost.Add(1)
}

func stamped(e Event) Event {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	e.Severity = Severities[e.Type]
	return e
}

// Write has an event written down, finds room for it whatever else waits, and returns when it is on the disk. With an error it may
// still get there.
func (l *Log) Write(ctx context.Context, e Event) error {
	e = stamped(e)
	written := false
	err := l.ask(ctx, func(b *batch) error {
		written = true
		before := l.all(b)
		taken := l.take(b, e)
		return errors.Join(before, taken, l.all(b))
	})
	if err == nil && !written {
		return errors.New("the anomaly log is closed")
	}
	return err
}

// Flush waits until everything that was recorded before is in the file and on the disk.
func (l *Log) Flush(ctx context.Context) error { return l.ask(ctx, l.all) }

// Reopen makes the file anew when it has been moved away, at once and not with the next event.
func (l *Log) Reopen(ctx context.Context) error {
	return l.ask(ctx, func(*batch) error { return l.file.follow() })
}

// ask has the owner of the file do something. After Close nothing is left to do.
func (l *Log) ask(ctx context.Context, do func(*batch) error) error {
	did := make(chan error, 1)
	select {
	case l.asked <- func(b *batch) { did <- do(b) }:
	case <-l.done:
		return l.closed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-did:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Counts are what has become of events since New.
type Counts struct {
	Written int64
	Dropped int64 // found no room, as the disk took nothing or was too slow, or could not be made a line
	Queued  int   // wait for their turn now
}

// Counts is how many events have been written and dropped, and how many wait.
func (l *Log) Counts() Counts {
	return Counts{Written: l.written.Load(), Dropped: l.lost.Load(), Queued: len(l.queue)}
}

// Close writes down what is recorded, and closes the file. What is recorded afterwards is dropped.
func (l *Log) Close() error {
	l.closing.Do(func() { close(l.quit) })
	<-l.done
	return l.closed
}

// write is the owner of the file.
func (l *Log) write() {
	defer close(l.done)
	var b batch
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		full := l.queue
		if len(b.records) >= maxBatch {
			full = nil // until these are written; more wait in the queue
		}
		select {
		case e := <-full:
			if len(b.records) == 0 {
				timer.Reset(patience)
			}
			_ = l.take(&b, e) // it has said so
			l.drain(&b)
			if !b.stuck && (b.urgent || len(b.records) >= maxBatch) {
				_ = l.commit(&b) // it has said so
			}
		case <-timer.C:
			_ = l.commit(&b)
			l.keeper.tend(l.file, 0, time.Now())
			timer.Reset(patience)
		case do := <-l.asked:
			do(&b)
		case <-l.quit:
			l.closed = errors.Join(l.finish(&b), l.file.close())
			return
		}
	}
}

// drain takes what else is waiting, and returns how many that were.
func (l *Log) drain(b *batch) (taken int) {
	for len(b.records) < maxBatch {
		select {
		case e := <-l.queue:
			_ = l.take(b, e) // it has said so
			taken++
		default:
			return taken
		}
	}
	return taken
}

// take takes an event into a batch. One that can't be a line is counted as dropped.
func (l *Log) take(b *batch, e Event) error {
	err := b.add(e)
	if err != nil {
		l.o.Log.Error().Err(err).Msg("an anomaly could not be written down")
		l.drop()
	}
	l.notify(e)
	return err
}

func (l *Log) notify(e Event) {
	if l.o.Notify != nil {
		l.o.Notify(e)
	}
}

// all writes everything that is waiting now, and what could not be written. What comes meanwhile, however much, is not waited for.
func (l *Log) all(b *batch) error {
	for waiting := len(l.queue); ; {
		waiting -= l.drain(b)
		if err := l.commit(b); err != nil {
			return err
		}
		if waiting <= 0 {
			return l.file.sync()
		}
	}
}

// finish is all, for the last time: what can't be written now is lost.
func (l *Log) finish(b *batch) error {
	err := l.all(b)
	for len(l.queue) > 0 {
		_ = l.take(b, <-l.queue) // as above
	}
	left := int64(len(b.records))
	l.lost.Add(left)
	if missing := left + l.dropped.Load(); missing > 0 {
		l.o.Log.Error().Int64("events", missing).Str("path", l.o.Path).Msg("the last anomalies could not be written down and are lost")
	}
	return err
}

// record is an event on its way, its line, and what is read back of it.
type record struct {
	event Event
	line  []byte
	entry Entry
}

func newRecord(e Event) (record, error) {
	line, err := e.line()
	if err != nil {
		return record{}, err
	}
	entry, ok := ParseEntry(Position{}, line)
	if !ok {
		return record{}, fmt.Errorf("no type is called %q, or no time %v", e.Type, e.Time)
	}
	return record{e, line, entry}, nil
}

// after is the record as one that can begin a file behind a segment. It can, but for a clock that has been set back, or files that
// changed within a millisecond: then its line says what the file's segment is. Its time stays what it is.
func (r record) after(segment int64) (record, error) {
	if r.entry.segment > segment {
		return r, nil
	}
	r.event.segment = segment + 1
	return newRecord(r.event)
}

// batch is events on their way to the file.
type batch struct {
	records []record
	urgent  bool // one of them is of high severity
	stuck   bool // the disk took nothing the last time
}

func (b *batch) add(e Event) error {
	r, err := newRecord(e)
	if err != nil {
		return err
	}
	b.records = append(b.records, r)
	b.urgent = b.urgent || e.Severity == High
	return nil
}

// commit writes a batch. What the disk does not take or keep is tried again. Events that found no room came behind those that were
// waiting then: when these are written, a line says how many are missing there.
func (l *Log) commit(b *batch) error {
	missing := int64(0)
	if len(l.queue) == 0 {
		missing = l.dropped.Swap(0)
	}
	tell := Event{Time: time.Now(), Type: EventsDropped, Severity: Severities[EventsDropped], Details: Details{"dropped": missing}}
	if missing > 0 {
		_ = b.add(tell) // a number can be written
	}
	if len(b.records) == 0 && !b.stuck {
		return nil
	}
	n, err := l.put(b.records)
	if err == nil && b.urgent {
		err = l.file.sync()
	}
	l.written.Add(int64(n))
	b.records = append(b.records[:0:0], b.records[n:]...)
	switch left := len(b.records); {
	case missing > 0 && left > 0: // it is the last, and is counted anew
		b.records = b.records[:left-1]
		l.dropped.Add(missing)
	case missing > 0:
		l.notify(tell)
	}
	if err != nil {
		if !b.stuck {
			l.o.Log.Error().Err(err).Str("path", l.o.Path).Msg("anomalies can't be written down; they wait")
		}
		b.stuck = true
		return fmt.Errorf("write the anomaly log: %w", err)
	}
	if b.stuck {
		l.o.Log.Info().Str("path", l.o.Path).Msg("anomalies are written down again")
	}
	b.urgent, b.stuck = false, false
	return nil
}

// put writes records, and returns how many of them are written: with an error not all.
func (l *Log) put(records []record) (written int, err error) {
	if err := l.file.follow(); err != nil {
		return 0, err
	}
	size := 0
	for _, r := range records {
		size += len(r.line)
	}
	l.keeper.tend(l.file, int64(size), time.Now())
	if len(records) == 0 {
		return 0, nil
	}
	if l.file.size == 0 {
		if records[0], err = records[0].after(l.file.reached.Segment); err != nil {
			return 0, err
		}
	}
	at, err := l.file.append(records)
	entries := make([]Entry, len(at))
	for i, p := range at {
		entries[i] = records[i].entry
		entries[i].Position = p
	}
	l.ring.add(entries)
	return len(at), err
}
