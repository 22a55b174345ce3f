package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/monitor/breaker"
	"paddock/sandbox"
)

// failingEngine makes containers as err says.
type failingEngine struct {
	sandbox.Engine
	err             error
	tries, removals int
}

func (e *failingEngine) Create(context.Context, sandbox.Container) error {
	e.tries++
	return e.err
}

func (e *failingEngine) Remove(context.Context, string) error {
	e.removals++
	return nil
}

func TestWhatKeepsFailingIsNotTriedForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &app{config: defaults(), log: zerolog.Nop()}
		e := &failingEngine{err: errors.New("Podman is ill")}
		guarded := a.guarded(e)
		for range 3 {
			assert.ErrorIs(t, guarded.Create(t.Context(), sandbox.Container{}), e.err)
		}
		var open *breaker.OpenError
		require.ErrorAs(t, guarded.Create(t.Context(), sandbox.Container{Name: "untried"}), &open)
		assert.NoError(t, guarded.Remove(t.Context(), "untried"))
		assert.Zero(t, e.removals, "there is nothing to remove")
		assert.NoError(t, guarded.Remove(t.Context(), "other"))
		assert.Equal(t, 1, e.removals)
		assert.Equal(t, 3, e.tries, "refused at once")
		time.Sleep(a.config.Breaker.Cool + 1) // of the bubble
		e.err = nil
		assert.NoError(t, guarded.Create(t.Context(), sandbox.Container{}), "one tries, and it works again")
		assert.NoError(t, guarded.Create(t.Context(), sandbox.Container{}))

		e.err = sandbox.ErrNoImage
		for range 10 {
			assert.ErrorIs(t, guarded.Create(t.Context(), sandbox.Container{}), sandbox.ErrNoImage)
		}
		assert.Equal(t, 15, e.tries, "a missing image says nothing about Podman")
	})
}
