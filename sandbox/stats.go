package sandbox

import (
	"maps"
	"time"

	"paddock/sandbox/cgroup"
)

// Where cells that were taken came from.
const (
	TakenParked = "parked"
	TakenWarm   = "warm"
	TakenNew    = "new"
)

// Counts are what has happened since the pool was made.
type Counts struct {
	Taken    map[string]uint64 // cells handed out, by where they came from
	Made     uint64            // cells
	NotMade  uint64            // creations that failed
	NotReset uint64            // cells that could not be proven clean
	Expired  uint64            // parked cells closed for their age, or because nobody came
	Evicted  uint64            // parked and warm cells closed for their place
	Leaked   map[string]uint64 // things of ours found that were not in our books: container, directory, cgroup
}

func newCounts() Counts { return Counts{Taken: map[string]uint64{}, Leaked: map[string]uint64{}} }

// Stats counts cells. It is a snapshot.
type Stats struct {
	Cells        int            // all there are
	Warm         map[string]int // by kind
	Parked       int
	Leaving      int // being removed
	Waiting      int // callers of Get who wait for a cell
	SlotsLent    int
	SlotsWaiting int // callers of Get who wait for a slot
	Tenants      int // who wait for either, each once for each: what is before a newcomer, as tenants take turns
	Counts
}

// Stats counts the pool's cells.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Stats{
		Cells: len(p.cells), Warm: map[string]int{}, Parked: len(p.parked), Leaving: int(p.leaving.Load()), Waiting: p.waiting.len,
		Counts: p.counts,
	}
	s.Taken, s.Leaked = maps.Clone(p.counts.Taken), maps.Clone(p.counts.Leaked)
	for name, list := range p.warm {
		s.Warm[name] = len(list)
	}
	s.SlotsLent, s.SlotsWaiting = p.slots.count()
	s.Tenants = len(p.waiting.lines) + p.slots.tenants()
	return s
}

// CPU is the CPU time that all cells have used, those that are gone among them.
func (p *Pool) CPU() (time.Duration, error) { return cgroup.CPU(p.root, p.maker.instance) }

// count changes the counts.
func (p *Pool) count(change func(*Counts)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.counts)
}
