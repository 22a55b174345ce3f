package sandbox

import (
	"math"
	"time"
)

// demandMemory is after how long what was taken counts for a third: long enough to see somebody work, short enough that
// yesterday's class keeps no cells.
const demandMemory = time.Minute

// demand is how often fresh cells of one kind are taken: an average over the past that fades.
type demand struct {
	rate float64 // per second, at the time at
	at   time.Time
}

func (d demand) now(now time.Time) float64 {
	return d.rate * math.Exp(-now.Sub(d.at).Seconds()/demandMemory.Seconds())
}

func (d demand) took(now time.Time) demand {
	return demand{rate: d.now(now) + 1/demandMemory.Seconds(), at: now}
}

// target is how many warm cells the kind wants, where making one takes refill: as many as are taken meanwhile, and of
// independent callers the usual deviation more, within the kind's bounds.
func (d demand) target(now time.Time, refill time.Duration, k Kind) int {
	taken := d.now(now) * refill.Seconds()
	return max(k.Warm, min(k.MostWarm, int(math.Ceil(taken+math.Sqrt(taken)-faint))))
}

// faint is a demand too small to keep a cell for: somebody came by once.
const faint = 0.1

// refillTime averages how long cells take to make; what was last counts for a quarter.
func refillTime(before, last time.Duration) time.Duration {
	if before == 0 {
		return last
	}
	return (3*before + last) / 4
}
