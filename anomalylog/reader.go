package anomalylog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"
)

// Reader reads the files of a log back, those that were moved away included, also while somebody writes to them. It holds nothing
// open, and no more in memory than the answer and a block of a file.
type Reader struct {
	path   string
	passed atomic.Int64
}

// lookEvery is how often Follow looks for new lines in files.
const lookEvery = 250 * time.Millisecond

// OpenReader reads the log whose newest file is path. It is fs.ErrNotExist when there is none.
func OpenReader(path string) (*Reader, error) {
	r := &Reader{path: path}
	if info, err := os.Lstat(path); err == nil {
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is no regular file, and links are not followed", path)
		}
		return r, nil
	}
	list, err := segments(context.Background(), path)
	if err == nil && len(list) == 0 {
		err = &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return r, err
}

// Passed is how many lines have been read that are no events, and were passed over; somebody else's, or of a later version.
func (r *Reader) Passed() int64 { return r.passed.Load() }

// Recent are the newest events that are wanted, newest first: of those before a position, or of all when it is zero. next is where
// to go on, and zero when there are no more.
func (r *Reader) Recent(ctx context.Context, f Filter, before Position, limit int) (entries []Entry, next Position, err error) {
	return recent(r.backward(ctx, before), f, limit)
}

// End is the position of the last event.
func (r *Reader) End(ctx context.Context) (Position, error) {
	for e, err := range r.backward(ctx, Position{}) {
		return e.Position, err
	}
	return Position{}, nil
}

// Summary counts events from since until before until.
func (r *Reader) Summary(ctx context.Context, since, until time.Time) (Summary, error) {
	return summarize(func() iter.Seq2[Entry, error] { return r.backward(ctx, Position{}) }, since, until)
}

// Follow calls each with every event behind a position that is wanted, and with those that are written from then on, until ctx ends
// or each returns an error, which it returns.
func (r *Reader) Follow(ctx context.Context, f Filter, after Position, each func(Entry) error) error {
	end, err := r.End(ctx)
	if err != nil {
		return err
	}
	s := newSubscriber(f, after, end, each)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for was := os.FileInfo(nil); ; {
		now, _ := os.Lstat(r.path)
		if now == nil || was == nil || changed(was, now) {
			if err := r.pass(ctx, s); err != nil {
				return err
			}
		}
		was = now
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// changed reports whether something has been written to a file, or another one has its name by now.
func changed(was, now os.FileInfo) bool {
	return !os.SameFile(was, now) || was.Size() != now.Size() || !was.ModTime().Equal(now.ModTime())
}

// pass gives a subscriber what there is by now.
func (r *Reader) pass(ctx context.Context, s *subscriber) error {
	for e, err := range r.forward(ctx, s.at) {
		if err != nil {
			return err
		}
		if err := s.take(e); err != nil {
			return err
		}
	}
	return nil
}

// subscriber is one who follows a log.
type subscriber struct {
	filter Filter
	each   func(Entry) error
	at     Position // of the last event that was looked at
	missed bool     // something between there and the next one
}

// newSubscriber is one who has seen everything up to a position. A position behind the end is that of a log that is no more.
func newSubscriber(f Filter, after, end Position, each func(Entry) error) *subscriber {
	if after.Compare(end) > 0 {
		return &subscriber{f, each, end, true}
	}
	return &subscriber{f, each, after, false}
}

// take takes the next event.
func (s *subscriber) take(e Entry) error {
	s.at = e.Position
	s.missed = s.missed || e.Missed
	if !s.filter.Match(&e) {
		return nil
	}
	e.Missed, s.missed = s.missed, false
	return s.each(e)
}

// recent collects what is wanted.
func recent(newest iter.Seq2[Entry, error], f Filter, limit int) (entries []Entry, next Position, err error) {
	if limit <= 0 {
		return nil, Position{}, nil
	}
	for e, err := range f.within(newest) {
		switch {
		case err != nil:
			return nil, Position{}, err
		case !f.Match(&e):
		case len(entries) == limit:
			return entries, entries[limit-1].Position, nil
		default:
			entries = append(entries, e)
		}
	}
	return entries, Position{}, nil
}

// forward gives the events behind a position, as far as they are written.
func (r *Reader) forward(ctx context.Context, after Position) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		list, err := segments(ctx, r.path)
		missed := after.Segment > 0 && !slices.ContainsFunc(list, func(s segment) bool { return s.start == after.Segment })
		for err == nil {
			i := slices.IndexFunc(list, func(s segment) bool { return last(s.start).Compare(after) > 0 })
			if i < 0 {
				return
			}
			err = list[i].forward(after, func(l textLine) error {
				e, ok := r.entry(list[i], l)
				if !ok || e.Position.Compare(after) <= 0 {
					return ctx.Err()
				}
				e.Missed, missed, after = missed, false, e.Position
				if !yield(e, nil) {
					return errEnough
				}
				return ctx.Err()
			})
			if errors.Is(err, errMoved) {
				list, err = segments(ctx, r.path)
			} else {
				after = last(list[i].start) // nothing more is written to it, if there is a next one
			}
		}
		if !errors.Is(err, errEnough) {
			yield(Entry{}, r.explain(err))
		}
	}
}

// errEnough is that whoever asked wants no more.
var errEnough = errors.New("enough")

func (s segment) forward(after Position, each func(textLine) error) error {
	f, err := s.open()
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	from := int64(0)
	if after.Segment == s.start {
		from = after.Offset
	}
	for l, err := range linesFrom(f, from, block) {
		if err == nil {
			err = each(l)
		}
		if err != nil {
			return err
		}
	}
	return s.check(f) // else its lines may have ended too early
}

// backward gives the events before a position, the last one first; before a zero one, all.
func (r *Reader) backward(ctx context.Context, before Position) iter.Seq2[Entry, error] {
	if before == (Position{}) {
		before = behindAll
	}
	return func(yield func(Entry, error) bool) {
		list, err := segments(ctx, r.path)
		for err == nil {
			i := len(list) - 1
			for i >= 0 && first(list[i].start).Compare(before) >= 0 {
				i--
			}
			if i < 0 {
				return
			}
			err = list[i].backward(before, func(l textLine) error {
				if e, ok := r.entry(list[i], l); ok {
					before = e.Position
					if !yield(e, nil) {
						return errEnough
					}
				}
				return ctx.Err()
			})
			if errors.Is(err, errMoved) {
				list, err = segments(ctx, r.path)
			} else {
				before = first(list[i].start)
			}
		}
		if !errors.Is(err, errEnough) {
			yield(Entry{}, r.explain(err))
		}
	}
}

func (s segment) backward(before Position, each func(textLine) error) error {
	f, err := s.open()
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	end := info.Size()
	if before.Segment == s.start {
		end = min(end, before.Offset)
	}
	for l, err := range linesBefore(f, end) {
		if err == nil {
			err = each(l)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// entry is the event of a line; what is none is counted, unless it is empty.
func (r *Reader) entry(s segment, l textLine) (Entry, bool) {
	e, ok := ParseEntry(Position{s.start, l.at}, l.text)
	if !ok && (l.text == nil || len(bytes.TrimSpace(l.text)) > 0) {
		r.passed.Add(1)
	}
	return e, ok
}

func (r *Reader) explain(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("read back %s: %w", filepath.Base(r.path), err)
}
