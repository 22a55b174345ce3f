package sandbox

import (
	"maps"
	"slices"
	"time"
)

// How long the keeper waits after a cell of a kind could not be made, from the first failure on, doubling.
const (
	firstRetry = 100 * time.Millisecond
	lastRetry  = 30 * time.Second
)

// retry is when a kind that failed may be tried again.
type retry struct {
	at    time.Time
	delay time.Duration
}

func (r retry) failed(now time.Time) retry {
	delay := min(max(2*r.delay, firstRetry), lastRetry)
	return retry{at: now.Add(delay), delay: delay}
}

// keep is the keeper: it makes warm cells, one at a time, until the pool closes.
func (p *Pool) keep() {
	retries := map[string]retry{}
	for p.ctx.Err() == nil {
		k, name, wait := p.lacking(retries)
		if name == "" {
			p.sleep(wait)
			continue
		}
		c, err := p.make(p.ctx, name, k)
		if err == nil {
			delete(retries, k.Name)
			p.addWarm(c)
			continue
		}
		retries[k.Name] = retries[k.Name].failed(time.Now())
		if p.ctx.Err() == nil {
			p.log.Warn().Err(err).Str("kind", k.Name).Dur("retry_in", retries[k.Name].delay).Msg("a warm cell could not be made")
		}
	}
}

// lacking books a place for a cell of the kind that lacks most of its warm cells. When there is nothing to do it returns
// no name, and how long to wait before a kind that failed may be tried again.
func (p *Pool) lacking(retries map[string]retry) (kind Kind, name string, wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait = lastRetry
	most := 0
	for _, n := range slices.Sorted(maps.Keys(p.kinds)) {
		k := p.kinds[n]
		if lack := k.Warm - len(p.warm[n]); lack > most {
			if until := time.Until(retries[n].at); until > 0 {
				wait = min(wait, until)
				continue
			}
			kind, most = k, lack
		}
	}
	// One place in four stays free for cells on demand and for those being removed.
	if most == 0 || p.closed || len(p.cells) >= p.max-p.max/4 {
		return Kind{}, "", wait
	}
	return kind, p.reserve(), 0
}

func (p *Pool) addWarm(c *Cell) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keepWarm(c)
}

// sleep waits for something to change, at most for d.
func (p *Pool) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-p.refill:
	case <-timer.C:
	case <-p.ctx.Done():
	}
}

func (p *Pool) wakeKeeper() {
	select {
	case p.refill <- struct{}{}:
	default:
	}
}
