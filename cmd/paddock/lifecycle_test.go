package main

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStopUndoesInReverseAndGoesOnAfterAFailure(t *testing.T) {
	var l lifecycle
	var order []string
	failure := errors.New("stuck")
	for _, name := range []string{"first", "second", "third"} {
		l.add(name, func(ctx context.Context) error {
			_, bounded := ctx.Deadline()
			assert.True(t, bounded)
			order = append(order, name)
			if name == "second" {
				return failure
			}
			return nil
		})
	}
	err := l.stop()
	require.ErrorIs(t, err, failure)
	require.ErrorContains(t, err, "second: stuck")
	assert.Equal(t, []string{"third", "second", "first"}, order)
	require.NoError(t, l.stop(), "a second stop has nothing to do")
}

func TestStateDirectoryIsOneServersAndKeepsItsName(t *testing.T) {
	dir := t.TempDir()
	s, err := openState(dir)
	require.NoError(t, err)
	_, err = openState(dir)
	require.ErrorContains(t, err, "another paddock")
	require.NoError(t, s.close())
	again, err := openState(dir)
	require.NoError(t, err)
	assert.Equal(t, s.instance, again.instance)
	require.NoError(t, replaceFile(again.path("instance"), []byte("garbage"), 0o600))
	require.NoError(t, again.close())
	mended, err := openState(dir)
	require.NoError(t, err)
	assert.NotEqual(t, s.instance, mended.instance)
	assert.Len(t, mended.instance, 36)
	require.NoError(t, mended.close())
}
