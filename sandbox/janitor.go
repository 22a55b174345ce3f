package sandbox

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"paddock/sandbox/cgroup"
)

// patrolEvery is how often the janitor looks for what nobody has in his books. It is longer than a creation and a removal may
// take together, so that what it finds twice is neither of them under way.
const patrolEvery = time.Minute

// What can leak: the keys of Counts.Leaked.
const (
	LeakContainer = "container"
	LeakDirectory = "directory" // with the socket in it
	LeakCgroup    = "cgroup"
)

// stray is something with our label or in our places, by its name.
type stray struct{ what, name string }

// patrol is the janitor.
func (p *Pool) patrol() {
	var seen map[stray]int
	ticker := time.NewTicker(patrolEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			seen = p.inspect(seen)
		case <-p.ctx.Done():
			return
		}
	}
}

// strayTimeout bounds the removal of one stray, so that one that will not go does not keep the janitor from the others.
const strayTimeout = 10 * time.Second

// inspect looks for strays and removes those that it sees for the second time, and again each time after that. seen is how
// often each was seen; it returns that for the next time.
func (p *Pool) inspect(seen map[stray]int) map[stray]int {
	found, err := p.strays()
	if err != nil {
		if p.ctx.Err() == nil {
			p.log.Warn().Err(err).Msg("the janitor could not look everywhere")
		}
		return seen
	}
	next := map[stray]int{}
	for _, s := range found {
		next[s] = seen[s] + 1
		if next[s] == 1 {
			continue
		}
		if next[s] == 2 {
			p.count(func(n *Counts) { n.Leaked[s.what]++ })
		}
		ctx, cancel := context.WithTimeout(p.ctx, strayTimeout)
		err := p.removeStray(ctx, s)
		cancel()
		if err == nil {
			delete(next, s)
		}
		p.log.Warn().Err(err).Str("what", s.what).Str("name", s.name).Bool("removed", err == nil).Msg("a leak")
	}
	return next
}

// strays lists what there is of ours and not in our books.
func (p *Pool) strays() ([]stray, error) {
	ctx, cancel := context.WithTimeout(p.ctx, strayTimeout)
	defer cancel()
	names, err := p.maker.engine.Owned(ctx, p.maker.instance)
	if err != nil {
		return nil, err
	}
	dirs, err := os.ReadDir(p.maker.dir)
	if err != nil {
		return nil, err
	}
	groups, err := cgroup.Children(p.root, p.maker.instance)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	known := map[string]bool{}
	for _, c := range p.cells {
		if c != nil {
			known[c.cgroup.Name()] = true
		}
	}
	var list []stray
	for _, name := range names {
		if _, ours := p.cells[name]; !ours {
			list = append(list, stray{LeakContainer, name})
		}
	}
	for _, d := range dirs {
		if _, ours := p.cells[d.Name()]; !ours && strings.HasPrefix(d.Name(), namePrefix) {
			list = append(list, stray{LeakDirectory, d.Name()})
		}
	}
	for _, name := range groups {
		if p.making > 0 {
			break // one of them may be that of a cell being made, which nobody knows yet
		}
		if strings.HasPrefix(name, "libpod-") && !known[containerOf(name)] { // all monitors share one that has another name
			list = append(list, stray{LeakCgroup, name})
		}
	}
	return list, nil
}

// containerOf is the name of the cgroup of a container, also where the given one is that of its monitor.
func containerOf(name string) string { return strings.Replace(name, "libpod-conmon-", "libpod-", 1) }

func (p *Pool) removeStray(ctx context.Context, s stray) error {
	if s.what == LeakCgroup {
		return cgroup.RemoveChild(ctx, p.root, p.maker.instance, s.name)
	}
	return p.maker.unmake(ctx, filepath.Base(s.name))
}
