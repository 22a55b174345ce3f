package webhook

import (
	"net/netip"
	"time"

	"paddock/anomalylog"
)

// delivery is what a target is told at a time.
type delivery struct {
	event    anomalylog.Event
	repeated int       // how many like it came within its window, and were not sent
	since    time.Time // when it could first be sent
}

// subject is what makes events of one type alike: their user, or where there is none the network they come from.
type subject struct{ user, network string }

func subjectOf(e anomalylog.Event) subject {
	if e.UserID != "" {
		return subject{user: e.UserID}
	}
	return subject{network: network(e.IP)}
}

// network is what one customer has, as quota.Address takes it: an IPv6 address's /64, or an IPv4 address.
func network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	p, _ := a.Prefix(64) // there is one of every IPv6 address
	return p.String()
}

// window is a time in which what is alike is counted. It goes on until the target can be told of the count.
type window struct {
	subject subject
	ends    time.Time
	last    anomalylog.Event // of those counted
	counted int
}

// room is where events of one type wait for a target, and are counted. Its own size is what bounds it: no flood of one type takes
// the place of another. A queue's lock guards it.
type room struct {
	length  time.Duration // of a window; zero for none
	waiting []delivery
	windows []*window // the oldest first; all are of one length, so that they end in the order they began in
	open    map[subject]*window
}

// roomLength is how many events of a type may wait for a target, of a kB or so each.
const roomLength = 1000

// maxWindows bounds a room's windows. When there are that many the oldest ends early: its count is sent, and the next event like
// those goes at once.
const maxWindows = 4096

// count counts an event, where there is a window of one like it.
func (r *room) count(e anomalylog.Event) bool {
	w := r.open[subjectOf(e)]
	if w == nil {
		return false
	}
	w.last = e
	w.counted++
	return true
}

// add has an event wait, and begins its window, where there is room for it. A count that this ends early waits as well, without
// taking the event's place: there is never more than one above roomLength.
func (r *room) add(e anomalylog.Event, now time.Time) bool {
	if len(r.waiting) >= roomLength {
		return false
	}
	if len(r.windows) == maxWindows {
		if d, ok := r.endOldest(now); ok {
			r.waiting = append(r.waiting, d)
		}
	}
	r.waiting = append(r.waiting, delivery{event: e, since: now})
	if r.length > 0 {
		w := &window{subject: subjectOf(e), ends: now.Add(r.length)}
		r.open[w.subject] = w
		r.windows = append(r.windows, w)
	}
	return true
}

// next takes what has waited longest, an event or the count of a window that has ended. At the end all have.
func (r *room) next(now time.Time, end bool) (delivery, bool) {
	for len(r.windows) > 0 {
		ends := r.windows[0].ends
		if !end && now.Before(ends) || len(r.waiting) > 0 && r.waiting[0].since.Before(ends) {
			break
		}
		if d, ok := r.endOldest(ends); ok {
			return d, true
		}
	}
	if len(r.waiting) == 0 {
		return delivery{}, false
	}
	d := r.waiting[0]
	r.waiting[0] = delivery{}
	r.waiting = r.waiting[1:]
	return d, true
}

// endOldest gives a window's count, where there is something to count.
func (r *room) endOldest(now time.Time) (delivery, bool) {
	w := r.windows[0]
	r.windows[0] = nil
	r.windows = r.windows[1:]
	delete(r.open, w.subject)
	return delivery{event: w.last, repeated: w.counted, since: now}, w.counted > 0
}
