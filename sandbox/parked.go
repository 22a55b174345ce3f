package sandbox

import (
	"slices"
	"time"
)

// park keeps a cell whose run is over for its tenant, if it may be kept, and has it reset. The reset goes on behind the
// reply; whoever takes the cell meanwhile waits for it.
func (p *Pool) park(c *Cell) {
	left := p.mayStay(c)
	if left <= 0 || c.become(Resetting) != nil || !p.shelve(c, left) {
		p.log.Debug().Str("cell", c.name).Stringer("state", c.State()).Bool("doubtful", c.doubtful).Bool("anonymous", c.tenant.Anonymous).
			Uint64("runs", c.seq).Msg("a cell is not kept")
		c.close()
	}
}

// shelve gives the cell to whoever waits for one like it, or puts it among the parked ones, and starts its reset. It returns
// false when its place is worth more than it is.
func (p *Pool) shelve(c *Cell, left time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.settled = make(chan struct{})
	switch {
	case p.closed, c.State() == Removed, p.stale(c):
		return false
	case p.offer(c):
	case p.wanted():
		return false
	default:
		c.expiry = time.AfterFunc(min(left, p.limits.Idle), func() { p.expire(c) })
		p.parked = append(p.parked, c)
		for p.crowded() && p.evictParked() {
		}
	}
	p.work.Go(func() { p.reset(c) }) // before Close can begin to wait
	return true
}

// stale says whether the cell's kind has another image by now, or the pool was drained since it was made. The caller holds the
// lock.
func (p *Pool) stale(c *Cell) bool {
	k, known := p.kinds[c.kind.Name]
	return (known && k.Image != c.kind.Image) || c.drains != p.drains
}

// mayStay is how long the cell may still be kept, zero or less when not at all: because it is used up, or somebody
// anonymous had it, or its last job did not go well.
func (p *Pool) mayStay(c *Cell) time.Duration {
	if !c.assigned || c.tenant.Anonymous || c.doubtful || c.seq >= p.limits.Runs || c.State() != Idle {
		return 0
	}
	return p.limits.Age - time.Since(c.born)
}

// reset proves that nothing is left in the cell, or closes it.
func (p *Pool) reset(c *Cell) {
	defer close(c.settled)
	err := c.reset()
	if err == nil {
		err = c.prepare()
	}
	if err == nil {
		err = c.become(Parked)
	}
	if err == nil {
		return
	}
	if c.State() != Removed { // else somebody had no use for it meanwhile
		p.log.Info().Err(err).Str("cell", c.name).Msg("a cell could not be reset")
		p.count(func(n *Counts) { n.NotReset++ })
	}
	p.unpark(c)
	c.close()
}

// expire closes a cell that has been parked for too long.
func (p *Pool) expire(c *Cell) {
	if p.unpark(c) {
		c.close()
		p.count(func(n *Counts) { n.Expired++ })
	}
}

// unpark takes a cell from the parked ones, and says whether it was among them: whoever else took it has it now.
func (p *Pool) unpark(c *Cell) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(p.parked, c)
	if i < 0 {
		return false
	}
	p.takeOut(i)
	return true
}

// takeOut takes the parked cell i. The caller holds the lock.
func (p *Pool) takeOut(i int) *Cell {
	c := p.parked[i]
	c.expiry.Stop()
	p.parked = slices.Delete(p.parked, i, i+1)
	return c
}

// takeParked takes the tenant's cell that was used last, as what it needs is likely still in the cores' caches; rather one
// that is ready than one that is being reset. It returns nil when there is none. The caller holds the lock.
func (p *Pool) takeParked(r Request) *Cell {
	best := -1
	for i, c := range slices.Backward(p.parked) {
		if !c.suits(r) {
			continue
		}
		if best < 0 {
			best = i
		}
		if c.State() == Parked {
			best = i
			break
		}
	}
	if best < 0 {
		return nil
	}
	return p.takeOut(best)
}

// evictParked closes, of the tenant that has most cells parked, the one that has been so for longest: who keeps few keeps
// them. The caller holds the lock.
func (p *Pool) evictParked() bool {
	has := map[Tenant]int{}
	for _, c := range p.parked {
		has[c.tenant]++
	}
	victim := -1
	for i, c := range p.parked {
		if victim < 0 || has[c.tenant] > has[p.parked[victim].tenant] {
			victim = i
		}
	}
	if victim < 0 {
		return false
	}
	p.takeOut(victim).close()
	p.counts.Evicted++
	return true
}
