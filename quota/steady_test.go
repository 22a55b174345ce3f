package quota_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
	"paddock/quota/storetest"
)

// moody is a store that hangs, or fails at once, when it is told to.
type moody struct {
	quota.Store
	hangs, fails atomic.Bool
	calls        atomic.Int64
}

func (m *moody) Spend(ctx context.Context, subject string, s quota.Spending) (quota.Spent, error) {
	m.calls.Add(1)
	if m.hangs.Load() {
		<-ctx.Done()
		return quota.Spent{}, ctx.Err()
	}
	if m.fails.Load() {
		return quota.Spent{}, errBroken
	}
	return m.Store.Spend(ctx, subject, s)
}

func TestASteadyStoreKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) (quota.Store, func(time.Duration)) {
		c := newClock()
		return quota.NewSteady(quota.SteadyOptions{Store: quota.NewMemory(quota.MemoryOptions{Now: c.Now}), Timeout: time.Minute}), c.Advance
	})
}

func TestAStoreThatFailsIsWaitedForAtMostOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &moody{Store: quota.NewMemory(quota.MemoryOptions{})}
		var episodes []quota.Episode
		s := quota.NewSteady(quota.SteadyOptions{Store: m, Report: func(e quota.Episode) { episodes = append(episodes, e) }})
		spend := func() (time.Duration, error) {
			began := time.Now()
			_, err := s.Spend(t.Context(), "user:ada", quota.Spending{Bucket: "run", Rate: quota.Rate{PerMinute: 6000, Burst: 100}, Cost: 1})
			return time.Since(began), err
		}
		_, err := spend()
		require.NoError(t, err)
		assert.Empty(t, episodes)

		m.hangs.Store(true)
		took, err := spend()
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 250*time.Millisecond, took)
		require.Len(t, episodes, 1)
		assert.False(t, episodes[0].Over)
		require.ErrorIs(t, episodes[0].Err, context.DeadlineExceeded)
		for range 1000 {
			took, err = spend()
			require.ErrorIs(t, err, quota.ErrUnavailable)
			assert.Zero(t, took)
		}
		assert.Equal(t, int64(2), m.calls.Load(), "the rest did not ask it")
		time.Sleep(500 * time.Millisecond)
		took, err = spend()
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 250*time.Millisecond, took, "one call tries")
		time.Sleep(500 * time.Millisecond)
		go spend() // it hangs
		synctest.Wait()
		_, err = spend()
		require.ErrorIs(t, err, quota.ErrUnavailable, "and only one")
		time.Sleep(250 * time.Millisecond)
		synctest.Wait()
		m.hangs.Store(false)
		m.fails.Store(true)
		time.Sleep(500 * time.Millisecond)
		_, err = spend()
		require.ErrorIs(t, err, errBroken)
		assert.Len(t, episodes, 1, "one report for an episode")

		m.fails.Store(false)
		time.Sleep(500 * time.Millisecond)
		_, err = spend()
		require.NoError(t, err, "it comes back by itself")
		require.Len(t, episodes, 2)
		assert.Equal(t, quota.Episode{Over: true, For: 2500 * time.Millisecond, Failed: 1005}, episodes[1])
		_, err = spend()
		require.NoError(t, err)
	})
}

// A client that goes away says nothing of the store.
func TestAClientThatGoesAwayIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &moody{Store: quota.NewMemory(quota.MemoryOptions{})}
		m.hangs.Store(true)
		s := quota.NewSteady(quota.SteadyOptions{Store: m, Report: func(quota.Episode) { t.Error("reported") }})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		_, err := s.Spend(ctx, "user:ada", quota.Spending{})
		require.Error(t, err)
		require.NotErrorIs(t, err, quota.ErrUnavailable)
		m.hangs.Store(false)
		_, err = s.Spend(t.Context(), "user:ada", quota.Spending{Rate: quota.Rate{PerMinute: 1, Burst: 1}, Cost: 1})
		require.NoError(t, err)
	})
}
