package webhook

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"paddock/anomalylog"
)

// queue holds what a target is still to be told.
type queue struct {
	target Target
	length time.Duration // of a window
	log    zerolog.Logger
	counts counts
	more   chan struct{} // tells work that something waits; closed when nothing more will

	said   int64 // events dropped that the log has been told of; both are work's own
	saidAt time.Time

	mu         sync.Mutex
	closed     bool
	sending    int64 // 1 while a delivery is under way
	rooms      map[anomalylog.Type]*room
	high, rest []*room // in the order of their turns
}

func newQueue(t Target, length time.Duration, log zerolog.Logger) *queue {
	return &queue{target: t, length: length, log: log, more: make(chan struct{}, 1), rooms: map[anomalylog.Type]*room{}}
}

// take has an event sent, or counts it.
func (q *queue) take(e anomalylog.Event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		q.counts.dropped.Add(1)
		return
	}
	switch r := q.room(e.Type); {
	case r.count(e):
		q.counts.suppressed.Add(1)
	case r.add(e, time.Now()):
		select {
		case q.more <- struct{}{}:
		default: // it has been told
		}
	default:
		q.counts.dropped.Add(1)
	}
}

// room is a type's own. What admins do is never alike: each line says something else.
func (q *queue) room(kind anomalylog.Type) *room {
	if r := q.rooms[kind]; r != nil {
		return r
	}
	r := &room{length: q.length, open: map[subject]*window{}}
	if kind == anomalylog.AdminAction {
		r.length = 0
	}
	q.rooms[kind] = r
	if anomalylog.Severities[kind] == anomalylog.High {
		q.high = append(q.high, r)
	} else {
		q.rest = append(q.rest, r)
	}
	return r
}

// close ends every window, and work when all is sent.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed = true
		close(q.more)
	}
}

// work sends, one after the other, until the queue is closed and empty.
func (q *queue) work(send func(delivery)) {
	for open := true; open; {
		select {
		case _, open = <-q.more:
		case <-q.wake():
		}
		for d, ok := q.next(); ok; d, ok = q.next() {
			send(d)
			q.sayDropped(sayEvery)
		}
		q.sayDropped(sayEvery)
	}
	q.sayDropped(0)
}

// next takes what is to be sent now: high types go first, and types of a kind take turns.
func (q *queue) next() (delivery, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	for _, turns := range [][]*room{q.high, q.rest} {
		for i, r := range turns {
			if d, ok := r.next(now, q.closed); ok {
				copy(turns[i:], turns[i+1:])
				turns[len(turns)-1] = r
				q.sending = 1
				return d, true
			}
		}
	}
	q.sending = 0
	return delivery{}, false
}

// wake comes when a window ends, or drops may be told of again. A window that begins later begins with a delivery, after which work
// asks again.
func (q *queue) wake() <-chan time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	var times []time.Time
	for _, r := range q.rooms {
		if len(r.windows) > 0 {
			times = append(times, r.windows[0].ends)
		}
	}
	if q.said != q.counts.dropped.Load() {
		times = append(times, q.saidAt.Add(sayEvery))
	}
	if len(times) == 0 {
		return nil
	}
	return time.After(time.Until(slices.MinFunc(times, time.Time.Compare)))
}

// now is what has become of deliveries until now.
func (q *queue) now() Counts {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := q.counts.now()
	n.Pending = q.sending
	for _, r := range q.rooms {
		n.Pending += int64(len(r.waiting))
	}
	return n
}

// sayEvery is how often the program's log tells at most of events that found no room, but for the end.
const sayEvery = time.Minute

func (q *queue) sayDropped(every time.Duration) {
	n := q.counts.dropped.Load()
	if n == q.said || time.Since(q.saidAt) < every {
		return
	}
	q.log.Warn().Int64("dropped", n-q.said).Int("room", roomLength).Msg("alerts found no room: they came faster than they were sent")
	q.said, q.saidAt = n, time.Now()
}

// counts is Counts, as it is counted.
type counts struct {
	delivered, failedTries, givenUp, lost, suppressed, dropped atomic.Int64
}

func (c *counts) now() Counts {
	return Counts{
		Delivered: c.delivered.Load(), FailedTries: c.failedTries.Load(), GivenUp: c.givenUp.Load(), Lost: c.lost.Load(),
		Suppressed: c.suppressed.Load(), Dropped: c.dropped.Load(),
	}
}
