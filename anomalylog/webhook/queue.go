package webhook

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"paddock/anomalylog"
)

// delivery is what a target is told at a time.
type delivery struct {
	event    anomalylog.Event
	repeated int // how many like it came within its window, and were not sent
}

// alike is what events of one window have in common: their type, and their user, or address where there is none.
type alike struct {
	kind     anomalylog.Type
	user, ip string
}

func alikeOf(e anomalylog.Event) alike {
	if e.UserID != "" {
		return alike{kind: e.Type, user: e.UserID}
	}
	return alike{kind: e.Type, ip: e.IP}
}

// window is a time in which what is alike is counted. All are of one length, so that they end in the order they began in.
type window struct {
	alike   alike
	ends    time.Time
	last    anomalylog.Event // of those counted
	counted int
}

// maxWindows bounds a target's windows. When there are that many the oldest ends early: its count is sent, and the next event like
// those goes at once.
const maxWindows = 4096

// queue holds what a target is still to be told.
type queue struct {
	target  Target
	length  time.Duration // of a window
	log     zerolog.Logger
	waiting chan delivery
	counts  counts

	mu      sync.Mutex
	closed  bool
	windows []*window // the oldest first
	open    map[alike]*window
}

func newQueue(t Target, length time.Duration, log zerolog.Logger) *queue {
	return &queue{
		target: t, length: length, log: log, waiting: make(chan delivery, queueLength), open: map[alike]*window{},
	}
}

// take has an event sent, or counts it.
func (q *queue) take(e anomalylog.Event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	q.expire(now)
	if q.length > 0 && !q.closed {
		key := alikeOf(e)
		if w := q.open[key]; w != nil {
			w.last = e
			w.counted++
			q.counts.suppressed.Add(1)
			return
		}
		if len(q.windows) == maxWindows {
			q.endOldest()
		}
		w := &window{alike: key, ends: now.Add(q.length)}
		q.open[key] = w
		q.windows = append(q.windows, w)
	}
	q.push(delivery{event: e})
}

// push must be called with the lock held: nothing is sent to a closed channel.
func (q *queue) push(d delivery) {
	if !q.closed {
		q.counts.pending.Add(1)
		select {
		case q.waiting <- d:
			return
		default:
			q.counts.pending.Add(-1)
		}
	}
	q.counts.dropped.Add(1)
}

// expire ends the windows whose time has come.
func (q *queue) expire(now time.Time) {
	for len(q.windows) > 0 && !now.Before(q.windows[0].ends) {
		q.endOldest()
	}
}

func (q *queue) endOldest() {
	w := q.windows[0]
	q.windows[0] = nil
	q.windows = q.windows[1:]
	delete(q.open, w.alike)
	if w.counted > 0 {
		q.push(delivery{event: w.last, repeated: w.counted})
	}
}

// close ends every window, and work when all is sent.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	for len(q.windows) > 0 {
		q.endOldest()
	}
	q.closed = true
	close(q.waiting)
}

// work sends, one after the other, until the queue is closed and empty.
func (q *queue) work(send func(delivery)) {
	var said dropsSaid
	for {
		select {
		case d, ok := <-q.waiting:
			if !ok {
				said.all(q)
				return
			}
			send(d)
			q.counts.pending.Add(-1)
		case <-q.due():
		}
		said.some(q)
	}
}

// due ends the windows whose time has come, and tells when the next one's has. A window that begins later begins with a delivery,
// after which work asks again.
func (q *queue) due() <-chan time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	q.expire(now)
	if len(q.windows) == 0 {
		return nil
	}
	return time.After(q.windows[0].ends.Sub(now))
}

// dropsSaid is how many of the deliveries that found no room are in the program's log, which says so once a minute.
type dropsSaid struct {
	count int64
	at    time.Time
}

func (s *dropsSaid) some(q *queue) {
	if time.Since(s.at) >= time.Minute {
		s.all(q)
	}
}

func (s *dropsSaid) all(q *queue) {
	n := q.counts.dropped.Load()
	if n == s.count {
		return
	}
	q.log.Warn().Int64("dropped", n-s.count).Int("room", queueLength).Msg("alerts found no room, as their target is too slow")
	s.count, s.at = n, time.Now()
}

// counts is Counts, as it is counted.
type counts struct {
	delivered, failedTries, givenUp, lost, suppressed, dropped, pending atomic.Int64
}

func (c *counts) now() Counts {
	return Counts{
		Delivered: c.delivered.Load(), FailedTries: c.failedTries.Load(), GivenUp: c.givenUp.Load(), Lost: c.lost.Load(),
		Suppressed: c.suppressed.Load(), Dropped: c.dropped.Load(), Pending: c.pending.Load(),
	}
}
