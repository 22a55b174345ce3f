package runner

import (
	"sync"
	"time"
)

// How many results are kept, and how much of them, so that their number bounds memory and not their time alone.
const (
	maxKept      = 1000
	maxKeptBytes = 64 << 20
)

// registry knows the runs that are going on, and for a while those that have ended.
type registry struct {
	keep time.Duration

	mu    sync.Mutex
	runs  map[string]*Run
	ended []ended // oldest first
	bytes int
}

type ended struct {
	run  *Run
	at   time.Time
	size int
}

func (g *registry) add(r *Run) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.runs[r.ID] = r
}

// retire keeps an ended run for a while, and forgets those whose while is over.
func (g *registry) retire(r *Run) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := ended{r, time.Now(), r.size()}
	g.ended = append(g.ended, e)
	g.bytes += e.size
	g.forget()
}

// forget drops runs that are past their time or beyond what is kept. However large the newest is, it stays its time: whoever
// started it has yet to fetch it. The caller holds the lock.
func (g *registry) forget() {
	n := 0
	for n < len(g.ended) {
		e := g.ended[n]
		few := len(g.ended)-n <= maxKept && g.bytes <= maxKeptBytes
		if time.Since(e.at) < g.keep && (few || n == len(g.ended)-1) {
			break
		}
		delete(g.runs, e.run.ID)
		g.bytes -= e.size
		n++
	}
	clear(g.ended[:n]) // so that what is dropped is not kept alive until the next append moves the rest
	g.ended = g.ended[n:]
}

func (g *registry) find(id string) (*Run, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.forget()
	r, ok := g.runs[id]
	return r, ok
}
