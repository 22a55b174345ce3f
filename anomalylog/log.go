package anomalylog

import (
	"context"
	"errors"
	"fmt"
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
}

// DefaultQueue holds a second of ten thousand events, which is more than any request rate of one node makes, and 10 MB at most.
const DefaultQueue = 10_000

// How long an event of less than high severity may wait for others to be written with, and how often a disk that took nothing is
// tried again.
const patience = time.Second

// maxBatch is how many lines are written at a time.
const maxBatch = 256

// Log appends events to a file.
type Log struct {
	o       Options
	file    *file
	queue   chan Event
	flushes chan chan error
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
	f, cut, err := openFile(o.Path)
	if err != nil {
		return nil, fmt.Errorf("open the anomaly log: %w", err)
	}
	if cut > 0 {
		o.Log.Warn().Str("path", o.Path).Int64("bytes", cut).Msg("the anomaly log ended with half a line, which was taken away")
	}
	l := &Log{
		o: o, file: f, queue: make(chan Event, o.Queue), flushes: make(chan chan error),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	go l.write()
	return l, nil
}

// Record has an event written down. It takes some microseconds whatever the disk does; an event that finds no room is counted.
func (l *Log) Record(e Event) {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	e.Severity = Severities[e.Type]
	select {
	case l.queue <- e:
	default:
		l.dropped.Add(1)
		l.lost.Add(1)
	}
}

// Flush waits until everything that was recorded before is in the file and on the disk.
func (l *Log) Flush(ctx context.Context) error {
	written := make(chan error, 1)
	for {
		select {
		case l.flushes <- written:
			select {
			case err := <-written:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		case <-l.done:
			return l.closed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Counts are what has become of events since New.
type Counts struct {
	Written int64
	Dropped int64 // found no room, as the disk took nothing or was too slow
}

// Counts is how many events have been written and dropped.
func (l *Log) Counts() Counts { return Counts{Written: l.written.Load(), Dropped: l.lost.Load()} }

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
		if len(b.lines) >= maxBatch {
			full = nil // until these are written; more wait in the queue
		}
		select {
		case e := <-full:
			if len(b.lines) == 0 {
				timer.Reset(patience)
			}
			l.take(&b, e)
			l.drain(&b)
			if !b.stuck && (b.urgent || len(b.lines) >= maxBatch) {
				_ = l.commit(&b) // it has said so
			}
		case <-timer.C:
			_ = l.commit(&b)
			timer.Reset(patience)
		case written := <-l.flushes:
			written <- l.all(&b)
		case <-l.quit:
			l.closed = errors.Join(l.all(&b), l.file.close())
			return
		}
	}
}

// drain takes what else is waiting.
func (l *Log) drain(b *batch) {
	for len(b.lines) < maxBatch {
		select {
		case e := <-l.queue:
			l.take(b, e)
		default:
			return
		}
	}
}

// take takes an event from the queue.
func (l *Log) take(b *batch, e Event) {
	b.add(e)
	if l.o.Notify != nil {
		l.o.Notify(e)
	}
}

// all writes everything that is waiting, and what could not be.
func (l *Log) all(b *batch) error {
	for {
		l.drain(b)
		if err := l.commit(b); err != nil {
			return err
		}
		if len(l.queue) == 0 {
			return l.file.f.Sync()
		}
	}
}

// batch is lines on their way to the file.
type batch struct {
	lines  [][]byte
	urgent bool  // one of them is of high severity
	stuck  bool  // the disk took nothing the last time
	wrong  error // an event that can't be written at all
}

func (b *batch) add(e Event) {
	line, err := e.line()
	if err != nil {
		b.wrong = err
		return
	}
	b.lines = append(b.lines, line)
	b.urgent = b.urgent || e.Severity == High
}

// commit writes a batch, and a line about what is missing before it. What the disk does not take is tried again.
func (l *Log) commit(b *batch) error {
	if b.wrong != nil {
		l.o.Log.Error().Err(b.wrong).Msg("an anomaly could not be written down")
		b.wrong = nil
	}
	missing := l.dropped.Swap(0)
	if missing > 0 {
		l.take(b, Event{Time: time.Now(), Type: EventsDropped, Severity: Severities[EventsDropped], Details: Details{"dropped": missing}})
	}
	if len(b.lines) == 0 {
		return nil
	}
	n, err := l.file.append(b.lines)
	if err == nil && b.urgent {
		err = l.file.f.Sync()
	}
	l.written.Add(int64(n))
	b.lines = append(b.lines[:0:0], b.lines[n:]...)
	if err != nil {
		if missing > 0 && len(b.lines) > 0 { // its line is the last, and is counted anew
			b.lines = b.lines[:len(b.lines)-1]
			l.dropped.Add(missing)
		}
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
