package anomalylog

import (
	"slices"
	"sort"
	"sync"
)

// ringSize is how many events are kept in memory: 5 MB of usual ones, 80 MB of the longest.
const ringSize = 10_000

// ring holds the newest events that are in the files.
type ring struct {
	mu      sync.Mutex
	size    int           // how many it holds at least; up to twice as many, so that few are moved
	entries []Entry       // oldest first
	from    Position      // all events behind it are in the ring
	more    chan struct{} // closed when there are more
}

// fill makes a ring of the newest events, newest first.
func (r *ring) fill(newest []Entry, from Position) {
	slices.Reverse(newest)
	r.size, r.entries, r.from, r.more = ringSize, newest, from, make(chan struct{})
}

// add adds events that have been written.
func (r *ring) add(entries []Entry) {
	if len(entries) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if entries[0].Position.Compare(r.end()) <= 0 { // the file is not the one that it was: begin anew
		r.entries, r.from, entries = nil, entries[0].Position, entries[1:]
	}
	r.entries = append(r.entries, entries...)
	if over := len(r.entries) - r.size; over >= r.size {
		r.from = r.entries[over-1].Position
		r.entries = slices.Clone(r.entries[over:])
	}
	close(r.more)
	r.more = make(chan struct{})
}

// end is the position of the newest event. The lock is held.
func (r *ring) end() Position {
	if len(r.entries) == 0 {
		return r.from
	}
	return r.entries[len(r.entries)-1].Position
}

// last is the position of the newest event.
func (r *ring) last() Position {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.end()
}

// chunk is how many events are looked at with the ring locked.
const chunk = 256

// after are some events behind a position, in order; from is the one from which on the ring has them all, and more is closed when
// there are more than now.
func (r *ring) after(p Position) (some []Entry, from Position, more <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := sort.Search(len(r.entries), func(i int) bool { return r.entries[i].Position.Compare(p) > 0 })
	return slices.Clone(r.entries[i:min(i+chunk, len(r.entries))]), r.from, r.more
}

// before are some events before a position, in order, and the one from which on the ring has them all.
func (r *ring) before(p Position) (some []Entry, from Position) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := sort.Search(len(r.entries), func(i int) bool { return r.entries[i].Position.Compare(p) >= 0 })
	return slices.Clone(r.entries[max(0, i-chunk):i]), r.from
}
