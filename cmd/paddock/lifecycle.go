package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// stepTimeout bounds each step of a stop, so that one that hangs does not keep the others from their turn. It is longer
// than a removal of a cell may take, and than the configured time for runs to end, which comes on top where it counts.
const stepTimeout = 40 * time.Second

// lifecycle collects how to undo what was built, step by step.
type lifecycle struct {
	steps []step
}

type step struct {
	name string
	undo func(context.Context) error
}

// add registers an undo. Call it right after the thing it undoes has come to be.
func (l *lifecycle) add(name string, undo func(context.Context) error) {
	l.steps = append(l.steps, step{name, undo})
}

// stop undoes every step, the last one first, goes on after a failing one, and joins what went wrong.
func (l *lifecycle) stop() error {
	var errs []error
	for len(l.steps) > 0 {
		last := l.steps[len(l.steps)-1]
		l.steps = l.steps[:len(l.steps)-1]
		ctx, cancel := context.WithTimeout(context.Background(), stepTimeout)
		if err := last.undo(ctx); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", last.name, err))
		}
		cancel()
	}
	return errors.Join(errs...)
}

// goes starts what works until the lifecycle is stopped.
func (l *lifecycle) goes(name string, work func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(ctx)
	}()
	l.add(name, func(context.Context) error {
		cancel()
		<-done
		return nil
	})
}
