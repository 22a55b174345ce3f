// Package monitor tells a busy host from an overloaded one, and what a request has to bear because of it.
//
// Run looks at the host every few seconds: at the CPU time that others than our cells use, at memory, at how long the pool lets
// people wait, and at who is kept waiting by the kernel. The worst of it is the load, a number; the level follows the load slowly,
// by a table (level.go). Run is the only one who changes the level. Admit answers from what Run found last: it reads nothing,
// waits for nothing and takes well under a microsecond.
//
// Nothing is logged here: what is to be written down is handed out, once, to whoever is to write it. Not for cells: what they may
// use is their cgroup's to enforce, and no program can set the level by what it does within its own cell (docs/load.md).
package monitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Options configure a Monitor. Zero means the default, but for what is required.
type Options struct {
	Root     string        // where /proc is; "/"
	Interval time.Duration // between two looks; 5 s

	// Thresholds, in percent of all there is: where the level begins to be elevated. Halfway from there to 100 it is saturated.
	// Those of CPU and memory are issue 5's.
	CPU    float64 // of the cores' time, used by others than our cells; 80
	Memory float64 // of the host's, used by anybody; 85
	Queue  float64 // of MaxWait: what a newcomer has to wait; 50

	MaxWait time.Duration        // how long the pool lets anybody wait; 10 s
	Ours    func() time.Duration // required: CPU time of our cells, also those that are gone, and of what makes and removes them
	Waiting func() Queue         // required: who waits for the pool

	Tiers    []Terms                        // what each tier has to bear, the lowest first; DefaultTerms
	OnChange func(from Level, now Snapshot) // is told of each change of the level, by Run, one at a time; may be nil
}

// Queue is who waits for the pool, at one moment. A newcomer waits until all who wait have been served once.
type Queue struct {
	Waiting int    // for a slot or a cell; where tenants take turns, each tenant counts once, whatever it waits with
	Served  uint64 // how many have been given what they waited for, or got at once, since some moment
}

// Snapshot is what is known of the host's load.
type Snapshot struct {
	Level   Level     `json:"level"`
	Since   time.Time `json:"since"` // when the level became what it is
	Load    float64   `json:"load"`  // 0 at rest, 1 at a threshold, 3 where nothing is left; up to 3.5 with what is missed
	Cause   Cause     `json:"cause"` // what the load is that of
	Reading Reading   `json:"reading"`
	Err     error     `json:"-"` // what could not be read; the load is that of the rest
}

// Monitor knows the level. It is safe for concurrent use.
type Monitor struct {
	o      Options
	host   host
	ladder ladder // Run's
	now    atomic.Pointer[moment]
}

// moment is what all see until the next look.
type moment struct {
	Snapshot
	told []atomic.Bool // by tier: whether this episode has been reported; nil while there is none
}

// New makes a Monitor that knows of no load yet. The error names every option that is wrong.
func New(o Options) (*Monitor, error) {
	o.Root = cmp.Or(o.Root, "/")
	o.Interval = cmp.Or(o.Interval, 5*time.Second)
	o.MaxWait = cmp.Or(o.MaxWait, 10*time.Second)
	o.CPU, o.Memory, o.Queue = cmp.Or(o.CPU, 80), cmp.Or(o.Memory, 85), cmp.Or(o.Queue, 50)
	if o.Tiers == nil {
		o.Tiers = DefaultTerms()
	}
	if err := o.wrong(); err != nil {
		return nil, err
	}
	m := &Monitor{o: o, ladder: ladder{level: Normal}}
	m.host = newHost(&m.o)
	m.now.Store(&moment{Snapshot: Snapshot{Level: Normal, Since: time.Now()}})
	return m, nil
}

// wrong is every option that can't be.
func (o *Options) wrong() error {
	var errs []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf("monitor: "+format, args...))
		}
	}
	bad(o.Ours == nil, "Ours is missing")
	bad(o.Waiting == nil, "Waiting is missing")
	bad(o.Interval <= 0, "Interval: %s is no time", o.Interval)
	bad(o.MaxWait <= 0, "MaxWait: %s is no time", o.MaxWait)
	for _, s := range signals {
		t := s.threshold(o)
		bad(!(t > 0 && t < 100), "%s: %v is not between 0 and 100 percent", s.option, t)
	}
	bad(len(o.Tiers) == 0, "Tiers: there is none")
	for i, t := range o.Tiers {
		bad(t.Delay < 0, "Tiers[%d]: a delay of %s is no time", i, t.Delay)
	}
	return errors.Join(errs...)
}

// Run looks at the host, at once and then at every interval, until its context ends.
func (m *Monitor) Run(ctx context.Context) {
	tick := time.NewTicker(m.o.Interval)
	defer tick.Stop()
	for {
		m.observe(m.host.read(ctx))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// observe is the one place where the level changes.
func (m *Monitor) observe(r Reading, err error) {
	before := m.now.Load()
	next := &moment{Snapshot: before.Snapshot, told: before.told}
	next.Reading, next.Err = r, err
	next.Load, next.Cause = m.o.load(r)
	m.ladder = m.ladder.next(next.Load)
	if next.Level = m.ladder.level; next.Level != before.Level {
		next.Since = time.Now()
	}
	switch {
	case next.Level == Normal:
		next.told = nil
	case before.Level == Normal:
		next.told = make([]atomic.Bool, len(m.o.Tiers))
	}
	m.now.Store(next)
	if next.Level != before.Level && m.o.OnChange != nil {
		m.o.OnChange(before.Level, next.Snapshot)
	}
}

// Now is what was found last.
func (m *Monitor) Now() Snapshot { return m.now.Load().Snapshot }

// Admit decides what a request of a tier has to bear now. Tiers go by rank, 0 for the lowest; what is below that is taken for the
// lowest, what is above the highest for the highest.
func (m *Monitor) Admit(rank int) Decision {
	now := m.now.Load()
	rank = min(max(rank, 0), len(m.o.Tiers)-1)
	d := decide(now.Level, now.Load, m.o.Tiers[rank])
	if d.Refused {
		d.RetryAfter = m.o.Interval*fall + rand.N(m.o.Interval) //nolint:gosec // so that not all come back at once; no secret
	}
	if (d.Refused || d.Delay > 0) && now.told[rank].CompareAndSwap(false, true) {
		d.Report = &now.Snapshot
	}
	return d
}
