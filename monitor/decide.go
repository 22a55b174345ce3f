package monitor

import (
	"context"
	"time"
)

// Terms are what a tier has to bear.
type Terms struct {
	Delay    time.Duration // how long its requests wait at a load of 2 and more, when the level is not normal; at 1 not at all
	RefuseAt float64       // from which load on they are refused, when the level is saturated; at 0 all are
}

// DefaultTerms are those of FREE, BASIC, PRO and ENTERPRISE. The longest delay is one that people still wait through; each tier
// waits half as long as the one below it, and ENTERPRISE not at all. The lowest is refused whenever the level is saturated, the
// highest when an eighth is left of what lies between a threshold and nothing left, the others at even steps between.
func DefaultTerms() []Terms {
	return []Terms{
		{Delay: 2 * time.Second},
		{Delay: time.Second, RefuseAt: 2.25},
		{Delay: 500 * time.Millisecond, RefuseAt: 2.5},
		{RefuseAt: 2.75},
	}
}

// Decision is what a request has to bear.
type Decision struct {
	Refused    bool
	Delay      time.Duration // how long it waits before it goes on, see Wait
	RetryAfter time.Duration // when it is refused: when to come back; some seconds more or less for each
	Report     *Snapshot     // not nil for the first of its tier that waits or is refused since the level was normal: to be recorded
}

// decide is what a request has to bear at a level and a load.
func decide(level Level, load float64, t Terms) Decision {
	switch {
	case level == Saturated && load >= t.RefuseAt:
		return Decision{Refused: true}
	case level == Normal:
		return Decision{}
	default:
		return Decision{Delay: time.Duration(float64(t.Delay) * min(max(load-1, 0), 1))}
	}
}

// Wait waits for a delay to pass. It holds nothing meanwhile, and returns the context's error as soon as that ends.
func Wait(ctx context.Context, delay time.Duration) error {
	if delay <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
