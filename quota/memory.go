package quota

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// MemoryOptions configure a Memory. Zero values mean the defaults.
type MemoryOptions struct {
	Now      func() time.Time // the clock; time.Now
	Subjects int              // records kept, of subjects and of keys; 1 000 000, some 300 bytes each
	Suspects int              // subjects with signals; 10 000 (issue 5)
	Sweep    time.Duration    // between two sweeps; 5 min (issue 5)
}

// Memory is a Store for one node. It has one lock: what a verb does under it takes about a microsecond, and with a caller on each
// processor it serves more of them than with one caller, not fewer (BenchmarkAdmission shows both).
//
// It is bounded. When there are too many records the least active one is forgotten: first of those that only know how much of a
// bucket is spent, then of those with starts, signals or a block, never one that holds a lease. What is over is swept by Run.
type Memory struct {
	o     MemoryOptions
	epoch time.Time

	mu       sync.Mutex
	records  [kinds]map[string]*record
	all      []*record // in no order; a record knows where it is
	active   [classes]list
	suspects list // those with signals, by the latest one
	stats    MemoryStats
}

// MemoryStats count what a Memory did since it was made.
type MemoryStats struct {
	Records  int   // there now
	Suspects int   // of them with signals
	Evicted  int64 // forgotten for want of room
	Swept    int64 // forgotten because all in them was over
}

// kind tells a subject from a window and a once that have the same name.
type kind int

const (
	ofSubject kind = iota
	ofWindow
	ofOnce
	kinds
)

// NewMemory makes a store that is empty.
func NewMemory(o MemoryOptions) *Memory {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Subjects = cmp.Or(o.Subjects, 1_000_000)
	o.Suspects = cmp.Or(o.Suspects, 10_000)
	o.Sweep = cmp.Or(o.Sweep, 5*time.Minute)
	m := &Memory{o: o, epoch: o.Now()}
	for i := range m.active {
		m.active[i].init()
	}
	for i := range m.records {
		m.records[i] = map[string]*record{}
	}
	m.suspects.init()
	return m
}

// now is the time in microseconds. Setting the machine's clock does not move it: it goes by how long it has been since the start.
func (m *Memory) now() int64 {
	return m.epoch.UnixMicro() + m.o.Now().Sub(m.epoch).Microseconds()
}

// Spend is Store's.
func (m *Memory) Spend(_ context.Context, subject string, s Spending) (Spent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	r := m.touch(ofSubject, subject, now)
	defer m.file(r)
	known := r.known(now)
	if known.Block.For > 0 {
		return Spent{Known: known}, nil
	}
	spent := r.spend(s, now)
	spent.Known = known
	if len(s.Watch) > 0 {
		r.events, spent.Seen = r.events.see(s.Watch, now)
		for _, w := range s.Watch {
			r.keep(now + w.Length.Microseconds())
		}
	}
	return spent, nil
}

// Reserve is Store's.
func (m *Memory) Reserve(_ context.Context, subject string, rv Reservation) (Reserved, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	r := m.touch(ofSubject, subject, now)
	defer m.file(r)
	return r.reserve(rv, now), nil
}

// Renew is Store's.
func (m *Memory) Renew(_ context.Context, subject, lease string, ttl time.Duration) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	r := m.find(ofSubject, subject, now)
	if r == nil {
		return false, nil
	}
	i := r.lease(lease)
	if i < 0 {
		return false, nil
	}
	until := now + ttl.Microseconds()
	r.more.leases[i].until = until
	r.keep(until)
	return true, nil
}

// Release is Store's.
func (m *Memory) Release(_ context.Context, subject, lease string, undo bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.find(ofSubject, subject, m.now())
	if r == nil {
		return nil
	}
	if i := r.lease(lease); i >= 0 {
		r.more.leases = slices.Delete(r.more.leases, i, i+1)
		if undo {
			r.more.starts = slices.DeleteFunc(r.more.starts, func(s start) bool { return s.lease == lease })
		}
		m.file(r)
	}
	return nil
}

// Hit is Store's.
func (m *Memory) Hit(_ context.Context, name string, w Window) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	r := m.touch(ofWindow, name, now)
	defer m.file(r)
	var seen []int64
	r.events, seen = r.events.see([]Window{w}, now)
	r.keep(now + w.Length.Microseconds())
	return seen[0], nil
}

// Signal is Store's. When there are too many suspects, what is known against the one that has been quiet for longest is forgotten.
func (m *Memory) Signal(_ context.Context, subject string, s Signal) (Known, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	r := m.touch(ofSubject, subject, now)
	defer m.file(r)
	r.signal(s, now)
	m.suspects.remove(&r.more.suspect)
	m.suspects.push(&r.more.suspect, r)
	if m.suspects.size > m.o.Suspects {
		quiet := m.suspects.last()
		quiet.more.signals = nil
		m.suspects.remove(&quiet.more.suspect)
		m.file(quiet)
	}
	return r.known(now).counted(r, now), nil
}

// Known is Store's.
func (m *Memory) Known(_ context.Context, subject string) (Known, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	r := m.find(ofSubject, subject, now)
	if r == nil {
		return Known{Subject: subject, Signals: map[string]int64{}}, nil
	}
	return r.known(now).counted(r, now), nil
}

// Suspects is Store's. It holds the lock while it looks at every record that may be one: for admins to ask.
func (m *Memory) Suspects(_ context.Context, most int) ([]Known, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	var known []Known
	for _, c := range []class{heavy, held} {
		for r := range m.active[c].each {
			if k := r.known(now); k.Score > 0 || k.Block.For > 0 {
				known = append(known, k)
			}
		}
	}
	slices.SortFunc(known, func(a, b Known) int {
		return cmp.Or(-cmp.Compare(a.Score, b.Score), -cmp.Compare(a.Block.For, b.Block.For), cmp.Compare(a.Subject, b.Subject))
	})
	known = known[:min(most, len(known))]
	for i, k := range known {
		known[i] = k.counted(m.records[ofSubject][k.Subject], now)
	}
	return known, nil
}

// Block is Store's.
func (m *Memory) Block(_ context.Context, subject, reason string, ttl time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	r := m.touch(ofSubject, subject, now)
	defer m.file(r)
	b := r.grown()
	b.reason, b.blocked = reason, now+ttl.Microseconds()
	r.keep(b.blocked)
	r.expire(now)
	return nil
}

// First is Store's.
func (m *Memory) First(_ context.Context, name string, ttl time.Duration) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	_, known := m.records[ofOnce][name]
	r := m.touch(ofOnce, name, now)
	defer m.file(r)
	if known && r.expires > now {
		return false, nil
	}
	r.expires = now + ttl.Microseconds()
	return true, nil
}

// Stats counts.
func (m *Memory) Stats() MemoryStats {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.stats
	s.Records, s.Suspects = len(m.all), m.suspects.size
	return s
}

// Run sweeps now and then, until its context ends.
func (m *Memory) Run(ctx context.Context) {
	tick := time.NewTicker(m.o.Sweep)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			m.Sweep()
		}
	}
}

// sweepStep is how many records a sweep looks at before it lets others at the store: some tens of microseconds.
const sweepStep = 1000

// Sweep forgets every record in which all is over.
func (m *Memory) Sweep() {
	for at := -1; at != 0; {
		at = m.sweep(at)
	}
}

// sweep looks at the records below a place, or from the end on, and returns where it stopped. It goes downwards: what takes a
// forgotten record's place has been looked at.
func (m *Memory) sweep(at int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at < 0 || at > len(m.all) {
		at = len(m.all)
	}
	now := m.now()
	for range min(sweepStep, at) {
		at--
		if r := m.all[at]; r.expires <= now {
			m.forget(r)
			m.stats.Swept++
		}
	}
	return at
}

// touch is the record of a key, without what is over in it, to be filed when it has been changed.
func (m *Memory) touch(k kind, name string, now int64) *record {
	r := m.find(k, name, now)
	if r == nil {
		m.makeRoom()
		name = strings.Clone(name) // it may be a piece of a request
		r = &record{kind: k, name: name, index: len(m.all)}
		m.records[k][name] = r
		m.all = append(m.all, r)
	}
	return r
}

// find is the record of a key, if there is one, without what is over in it.
func (m *Memory) find(k kind, name string, now int64) *record {
	r := m.records[k][name]
	if r != nil {
		r.expire(now)
	}
	return r
}

// file puts a record where its class is kept, as the most active one.
func (m *Memory) file(r *record) {
	if r.in != nil {
		r.in.remove(&r.place)
	}
	r.in = &m.active[r.class()]
	r.in.push(&r.place, r)
}

// makeRoom forgets the least active record when there are as many as there may be, and one can go.
func (m *Memory) makeRoom() {
	if len(m.all) < m.o.Subjects {
		return
	}
	for _, c := range []class{light, heavy} {
		if r := m.active[c].last(); r != nil {
			m.forget(r)
			m.stats.Evicted++
			return
		}
	}
}

func (m *Memory) forget(r *record) {
	delete(m.records[r.kind], r.name)
	r.in.remove(&r.place)
	if r.more != nil {
		m.suspects.remove(&r.more.suspect)
	}
	last := m.all[len(m.all)-1]
	m.all[r.index], last.index = last, r.index
	m.all[len(m.all)-1] = nil
	m.all = m.all[:len(m.all)-1]
}
