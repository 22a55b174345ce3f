package quota

import (
	"slices"
	"time"
)

// record is all that a Memory keeps about one subject, or under one key.
type record struct {
	kind    kind
	name    string
	index   int   // its place in Memory.all
	in      *list // the list of its class
	place   node  // its place there
	expires int64 // when all in it is over, in microseconds

	buckets []named
	events  times // calls of Spend that are watched, or Hits
	more    *more // nil for most
}

// more is what most subjects never have.
type more struct {
	leases  []lease
	starts  []start
	signals []signal
	suspect node  // its place among those with signals
	blocked int64 // until when
	reason  string
}

type (
	named struct {
		name   string
		bucket bucket
		window times // in place of the bucket, when it is to slide
	}
	lease struct {
		id    string
		until int64
	}
	start struct {
		lease string
		at    int64
	}
	signal struct {
		kind          string
		weight, until int64
	}
)

// class is how much is lost when a record is forgotten.
type class int

const (
	light class = iota // tokens spent, events seen
	heavy              // starts, signals, a block
	held               // leases: never forgotten
	classes
)

func (r *record) class() class {
	switch {
	case r.more == nil:
		return light
	case len(r.more.leases) > 0:
		return held
	case len(r.more.starts) > 0 || len(r.more.signals) > 0 || r.more.blocked > 0:
		return heavy
	default:
		return light
	}
}

// keep keeps the record until a moment at least.
func (r *record) keep(until int64) { r.expires = max(r.expires, until) }

// grown is the record's more.
func (r *record) grown() *more {
	if r.more == nil {
		r.more = &more{}
	}
	return r.more
}

// expire drops leases and signals that are over, and a block. Starts and events are dropped by whoever knows their window.
func (r *record) expire(now int64) {
	if r.more == nil {
		return
	}
	r.more.leases = slices.DeleteFunc(r.more.leases, func(l lease) bool { return l.until <= now })
	r.more.signals = slices.DeleteFunc(r.more.signals, func(s signal) bool { return s.until <= now })
	if r.more.blocked <= now {
		r.more.blocked, r.more.reason = 0, ""
	}
}

func (r *record) spend(s Spending, now int64) (spent Spent) {
	b := r.bucket(s, now)
	if s.Rate.Sliding {
		b.window, spent = b.window.spend(s.Rate, s.Cost, now)
		r.keep(now + time.Minute.Microseconds())
	} else {
		b.bucket, spent = b.bucket.filled(s.Rate, now).spend(s.Rate, s.Cost)
		r.keep(b.bucket.fullAt(s.Rate))
	}
	return spent
}

func (r *record) bucket(s Spending, now int64) *named {
	for i := range r.buckets {
		if r.buckets[i].name == s.Bucket {
			return &r.buckets[i]
		}
	}
	r.buckets = append(r.buckets, named{name: s.Bucket, bucket: full(s.Rate, now)})
	return &r.buckets[len(r.buckets)-1]
}

func (r *record) reserve(rv Reservation, now int64) Reserved {
	m := r.grown()
	counted := rv.Starts.Most > 0
	var res Reserved
	if counted {
		m.starts = slices.DeleteFunc(m.starts, func(s start) bool { return now-s.at >= rv.Starts.Length.Microseconds() })
		if over := int64(len(m.starts)) - rv.Starts.Most; over >= 0 {
			res.Retry = until(m.starts[over].at, rv.Starts.Length, now)
		}
	}
	res.Full = int64(len(m.leases)) >= rv.Most
	res.OK = !res.Full && res.Retry == 0
	if res.OK && rv.Lease != "" {
		m.leases = append(m.leases, lease{rv.Lease, now + rv.TTL.Microseconds()})
		r.keep(now + rv.TTL.Microseconds())
		if counted {
			m.starts = append(m.starts, start{rv.Lease, now})
			r.keep(now + rv.Starts.Length.Microseconds())
		}
	}
	res.Held = int64(len(m.leases))
	if counted {
		res.Started = int64(len(m.starts))
		if len(m.starts) > 0 {
			res.Reset = until(m.starts[0].at, rv.Starts.Length, now)
		}
	}
	return res
}

// lease is where a lease is, or -1.
func (r *record) lease(id string) int {
	if r.more == nil {
		return -1
	}
	return slices.IndexFunc(r.more.leases, func(l lease) bool { return l.id == id })
}

func (r *record) signal(s Signal, now int64) {
	m := r.grown()
	until := now + s.TTL.Microseconds()
	m.signals = append(m.signals, signal{s.Kind, s.Weight, until})
	m.signals = slices.Delete(m.signals, 0, max(0, len(m.signals)-MaxSignals))
	r.keep(until)
}

// known is what is known against a subject, without the signals by kind.
func (r *record) known(now int64) Known {
	k := Known{Subject: r.name}
	if r.more == nil {
		return k
	}
	for _, s := range r.more.signals {
		if s.until > now {
			k.Score = min(k.Score+s.weight, Certain)
		}
	}
	if r.more.blocked > now {
		k.Block = Block{Reason: r.more.reason, For: microseconds(r.more.blocked - now)}
	}
	return k
}

// counted adds the signals by kind.
func (k Known) counted(r *record, now int64) Known {
	k.Signals = map[string]int64{}
	if r.more == nil {
		return k
	}
	for _, s := range r.more.signals {
		if s.until > now {
			k.Signals[s.kind]++
		}
	}
	return k
}

// list holds records by how active they are; a record is its own element, in as many lists as it has nodes.
type list struct {
	root node
	size int
}

type node struct {
	prev, next *node
	record     *record
}

func (l *list) init() { l.root.prev, l.root.next = &l.root, &l.root }

// push puts a node in front.
func (l *list) push(n *node, r *record) {
	n.record, n.prev, n.next = r, &l.root, l.root.next
	n.prev.next, n.next.prev = n, n
	l.size++
}

// remove takes a node out, if it is in.
func (l *list) remove(n *node) {
	if n.next == nil {
		return
	}
	n.prev.next, n.next.prev = n.next, n.prev
	n.prev, n.next = nil, nil
	l.size--
}

// each yields the records, the most active one first.
func (l *list) each(yield func(*record) bool) {
	for n := l.root.next; n != &l.root && yield(n.record); n = n.next {
	}
}

// last is the least active record, or nil.
func (l *list) last() *record { return l.root.prev.record }
