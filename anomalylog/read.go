package anomalylog

import (
	"context"
	"iter"
	"math"
	"slices"
	"time"
)

// behindAll is behind every position that can be.
var behindAll = last(math.MaxInt64)

// Recent is as a Reader's. What is in memory is not read from files.
func (l *Log) Recent(ctx context.Context, f Filter, before Position, limit int) (entries []Entry, next Position, err error) {
	return recent(l.backward(ctx, before), f, limit)
}

// End is the position of the last event that is in the file.
func (l *Log) End() Position { return l.ring.last() }

// Since is a position behind which all events since a time are that Recent would find, and maybe some that are older.
func (l *Log) Since(ctx context.Context, t time.Time) (at Position, err error) {
	f := Filter{Since: t}
	for e, err := range f.within(l.backward(ctx, Position{})) {
		if err != nil {
			return Position{}, err
		}
		at = Position{}
		if f.tooOld(&e) {
			at = e.Position
		}
	}
	return at, nil
}

// Summary is as a Reader's.
func (l *Log) Summary(ctx context.Context, since, until time.Time) (Summary, error) {
	return summarize(func() iter.Seq2[Entry, error] { return l.backward(ctx, Position{}) }, since, until)
}

// Follow is as a Reader's, but for that events are there as soon as they are written, and that it ends, without an error, when
// the log is closed. Whoever is slow gets theirs from the files, and holds nobody up.
func (l *Log) Follow(ctx context.Context, f Filter, after Position, each func(Entry) error) error {
	s := newSubscriber(f, after, l.End(), each)
	for {
		some, from, more := l.ring.after(s.at)
		if s.at.Compare(from) < 0 {
			if err := l.catchUp(ctx, s, from); err != nil {
				return err
			}
			continue
		}
		for _, e := range some {
			if err := s.take(e); err != nil {
				return err
			}
		}
		if len(some) > 0 && ctx.Err() == nil {
			continue
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		case <-l.done:
			if l.End().Compare(s.at) <= 0 {
				return nil
			}
		}
	}
}

// catchUp reads files up to where the ring goes on.
func (l *Log) catchUp(ctx context.Context, s *subscriber, ring Position) error {
	began := s.at
	for e, err := range l.files.forward(ctx, s.at) {
		if err == nil {
			err = s.take(e)
		}
		if err != nil || e.Position.Compare(ring) >= 0 {
			return err
		}
	}
	if s.at == began { // the ring had what is not in the files any more
		s.at, s.missed = ring, true
	}
	return nil
}

// backward is as a Reader's.
func (l *Log) backward(ctx context.Context, before Position) iter.Seq2[Entry, error] {
	if before == (Position{}) {
		before = behindAll
	}
	return func(yield func(Entry, error) bool) {
		for {
			some, from := l.ring.before(before)
			for _, e := range slices.Backward(some) {
				if before = e.Position; !yield(e, nil) {
					return
				}
			}
			if len(some) > 0 {
				continue
			}
			if from == (Position{}) { // it has them all
				return
			}
			break
		}
		l.files.backward(ctx, before)(yield)
	}
}
