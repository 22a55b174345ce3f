package store

import (
	"sync"
	"time"

	"paddock/quota"
)

const (
	// ttl is how long a change by another process may go unseen.
	ttl = time.Second
	// maxCached is how many users are remembered. More than that in a second is no load that a cache is for.
	maxCached = 10_000
)

// cache remembers what was read, for a second. Of a user who is being changed nothing is remembered until that has ended, so that
// nobody sees first the new profile and then the old.
type cache struct {
	mu       sync.Mutex
	entries  map[string]entry
	changing map[string]int // changes under way, by user
	changes  uint64         // that have ended
}

// entry is what was read of a user: also that there is no profile, which is most often so.
type entry struct {
	profile quota.Profile
	exists  bool
	read    time.Time // when that began
}

func newCache() cache {
	return cache{entries: map[string]entry{}, changing: map[string]int{}}
}

// get is what is remembered, when that is young enough. Otherwise what is read now may be put under these changes.
func (c *cache) get(userID string) (e entry, ok bool, changes uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok = c.entries[userID]
	return e, ok && time.Since(e.read) < ttl, c.changes
}

// put remembers what was read, unless a change may have come between.
func (c *cache) put(userID string, e entry, changes uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes != changes || c.changing[userID] > 0 {
		return
	}
	if len(c.entries) >= maxCached {
		for one := range c.entries {
			delete(c.entries, one)
			break
		}
	}
	c.entries[userID] = e
}

// change forgets a user until the change has ended.
func (c *cache) change(userID string) (end func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changing[userID]++
	delete(c.entries, userID)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.changes++
		c.changing[userID]--
		if c.changing[userID] == 0 {
			delete(c.changing, userID)
		}
	}
}
