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

// refillPatience is how long the keeper leaves the cores to runs while every slot is lent, before it makes one more cell all
// the same.
const refillPatience = 2 * time.Second

// keep is the keeper: it makes warm cells, one at a time, until the pool closes, and closes those nobody takes any more.
func (p *Pool) keep() {
	retries := map[string]retry{}
	made := time.Now()
	for p.ctx.Err() == nil {
		if p.slots.full() && time.Since(made) < refillPatience {
			p.sleep(refillDelay)
			continue
		}
		k, name, wait := p.lacking(retries)
		if name == "" {
			p.sleep(wait)
			continue
		}
		c, err := p.make(p.ctx, name, k)
		made = time.Now()
		if err == nil {
			delete(retries, k.Name)
			p.addWarm(c)
			continue
		}
		retries[k.Name] = retries[k.Name].failed(made)
		if p.ctx.Err() == nil {
			p.log.Warn().Err(err).Str("kind", k.Name).Dur("retry_in", retries[k.Name].delay).Msg("a warm cell could not be made")
		}
	}
}

// lacking books a place for a cell of the kind that lacks most of the warm cells it wants. When there is nothing to do it
// returns no name, and how long to wait before a kind that failed may be tried again, or there may be too many of one.
func (p *Pool) lacking(retries map[string]retry) (kind Kind, name string, wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	wait = lastRetry
	most := 0
	for _, n := range slices.Sorted(maps.Keys(p.kinds)) {
		k := p.kinds[n]
		lack := p.demand[n].target(now, p.takes+refillDelay, k) - len(p.warm[n])
		if lack < 0 {
			p.closeOldest(n)
		}
		if lack > most {
			if until := retries[n].at.Sub(now); until > 0 {
				wait = min(wait, until)
				continue
			}
			kind, most = k, lack
		}
	}
	if most == 0 || p.closed || p.making >= p.makers {
		return Kind{}, "", wait
	}
	if len(p.cells) >= p.max-p.max/4 { // one place in four stays free
		if p.leaving.Load() == 0 {
			p.evictParked() // no tenant's parked cells keep another's from being warm
		}
		return Kind{}, "", wait
	}
	return kind, p.reserve(), 0
}

// closeOldest closes a warm cell that is one too many. The caller holds the lock.
func (p *Pool) closeOldest(kind string) {
	p.warm[kind][0].close()
	p.warm[kind] = p.warm[kind][1:]
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
