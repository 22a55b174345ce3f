package quota

import "time"

// Buckets are counted in whole numbers, so that every store, whatever it computes with, comes to the same: a token is tokenUnits,
// and PerMinute units come back in each microsecond.
const tokenUnits = int64(time.Minute / time.Microsecond)

// bucket is a token bucket: how many units it had at a moment.
type bucket struct {
	level int64 // units
	at    int64 // microseconds
}

// full is a bucket that nobody has touched.
func full(r Rate, now int64) bucket { return bucket{level: r.Burst * tokenUnits, at: now} }

// filled is the bucket with what has come back until now. A clock that went back brings nothing.
func (b bucket) filled(r Rate, now int64) bucket {
	most := r.Burst * tokenUnits
	elapsed := max(0, now-b.at)
	if b.level >= most || elapsed >= ceilDiv(most-b.level, r.PerMinute) { // also where elapsed*PerMinute would not fit
		return bucket{level: most, at: max(b.at, now)}
	}
	return bucket{level: b.level + elapsed*r.PerMinute, at: max(b.at, now)}
}

// spend takes cost tokens from a filled bucket, or none.
func (b bucket) spend(r Rate, cost int64) (bucket, Spent) {
	var s Spent
	switch need := cost * tokenUnits; {
	case b.level >= need:
		b.level -= need
		s.OK = true
	case cost <= r.Burst:
		s.Retry = microseconds(ceilDiv(need-b.level, r.PerMinute))
	}
	s.Remaining = b.level / tokenUnits
	if s.Remaining < r.Burst {
		s.Reset = microseconds(ceilDiv((s.Remaining+1)*tokenUnits-b.level, r.PerMinute))
	}
	return b, s
}

// fullAt is when the bucket is as one that nobody has touched.
func (b bucket) fullAt(r Rate) int64 {
	return b.at + ceilDiv(r.Burst*tokenUnits-b.level, r.PerMinute)
}

// times are the moments of events, oldest first, in microseconds.
type times []int64

// younger are those within length of now.
func (t times) younger(length time.Duration, now int64) times {
	i := 0
	for i < len(t) && now-t[i] >= length.Microseconds() {
		i++
	}
	return t[i:]
}

// spend counts cost events in a window of a minute that slides, or none.
func (t times) spend(r Rate, cost, now int64) (times, Spent) {
	t = t.younger(time.Minute, now)
	var s Spent
	switch over := int64(len(t)) + cost - r.PerMinute; {
	case over <= 0:
		for range cost {
			t = append(t, now)
		}
		s.OK = true
	case cost <= r.PerMinute:
		s.Retry = until(t[over-1], time.Minute, now)
	}
	s.Remaining = max(0, r.PerMinute-int64(len(t)))
	if len(t) > 0 {
		s.Reset = until(t[max(0, int64(len(t))-r.PerMinute)], time.Minute, now)
	}
	return t, s
}

// see counts one event in windows, all of which end now, and keeps no more events than they need.
func (t times) see(windows []Window, now int64) (times, []int64) {
	var longest time.Duration
	var most int64
	for _, w := range windows {
		longest, most = max(longest, w.Length), max(most, w.Most)
	}
	t = append(t.younger(longest, now), now)
	t = t[max(0, int64(len(t))-most-1):]
	seen := make([]int64, len(windows))
	for i, w := range windows {
		seen[i] = min(int64(len(t.younger(w.Length, now))), w.Most+1)
	}
	return t, seen
}

// until is how long it is from now to length after at.
func until(at int64, length time.Duration, now int64) time.Duration {
	return microseconds(at-now) + length
}

func microseconds(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }
