package api

import (
	"context"
	"sync"
	"time"
)

// Readiness is asked for by whoever likes, and takes a real cell to answer: one probe at a time, and its answer counts for
// readyFor. A probe that takes longer than probeTimeout has failed.
const (
	readyFor     = 5 * time.Second
	probeTimeout = 10 * time.Second
)

type readiness struct {
	probe func(context.Context) error
	turn  chan struct{} // holds a token while somebody probes

	mu  sync.Mutex
	at  time.Time // of the last answer
	err error
}

func newReadiness(probe func(context.Context) error) *readiness {
	return &readiness{probe: probe, turn: make(chan struct{}, 1)}
}

// check returns what a probe of the last readyFor said, probing if there was none. The probe is not the client's: it goes on
// when the client leaves, because others wait for it.
func (r *readiness) check(ctx context.Context) error {
	if err, fresh := r.last(); fresh {
		return err
	}
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err, fresh := r.last(); fresh { // somebody's probe ended while we waited
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
	defer cancel()
	err := r.probe(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at, r.err = time.Now(), err
	return err
}

//nolint:revive // the error is the answer here, not a failure to give one
func (r *readiness) last() (err error, fresh bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err, !r.at.IsZero() && time.Since(r.at) < readyFor
}
