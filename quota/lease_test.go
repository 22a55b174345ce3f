package quota_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
)

// counting counts renewals, and forgets all when it is told to.
type counting struct {
	quota.Store
	mu                 sync.Mutex
	renewals, releases int
	forget             bool
}

func (c *counting) Renew(ctx context.Context, subject, lease string, ttl time.Duration) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.renewals++
	if c.forget {
		c.forget = false
		return false, c.Store.Release(ctx, subject, lease, true)
	}
	return c.Store.Renew(ctx, subject, lease, ttl)
}

func (c *counting) Release(ctx context.Context, subject, lease string, undo bool) error {
	c.releases++
	return c.Store.Release(ctx, subject, lease, undo)
}

// bubble is a Quota in a bubble of synctest's, whose clock goes on when all in it wait.
func bubble(t *testing.T) (*quota.Quota, *counting, quota.Request) {
	t.Helper()
	c := &counting{Store: quota.NewMemory(quota.MemoryOptions{})}
	q, err := quota.New(quota.Options{Store: c})
	require.NoError(t, err)
	return q, c, quota.Request{Subject: quota.User("ada"), Terms: quota.DefaultTiers().Terms(quota.Profile{}), Category: quota.Run}
}

func TestALeaseLivesAsLongAsItsRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, c, r := bubble(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go q.Run(ctx)
		var leases []*quota.Lease
		for range 2 {
			_, l := q.Admit(ctx, r)
			leases = append(leases, l)
		}
		time.Sleep(time.Hour + time.Second)
		synctest.Wait()
		assert.Equal(t, 2*3*60, c.renewals, "each, every 20 s")
		d, _ := q.Admit(ctx, r)
		assert.Equal(t, quota.CodeConcurrent, d.Code, "both are held after an hour")
		for _, l := range leases {
			for range 3 {
				l.Release(ctx)
				l.Undo(ctx)
			}
		}
		assert.Equal(t, 2, c.releases, "each once")
		c.renewals = 0
		time.Sleep(time.Hour)
		synctest.Wait()
		assert.Zero(t, c.renewals, "what is released is not renewed")
	})
}

func TestALeaseEndsWithItsProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, _, r := bubble(t) // nobody renews: the process is gone
		q.Admit(t.Context(), r)
		q.Admit(t.Context(), r)
		time.Sleep(time.Minute - time.Second)
		d, _ := q.Admit(t.Context(), r)
		assert.False(t, d.Allowed)
		time.Sleep(time.Second)
		d, _ = q.Admit(t.Context(), r)
		assert.True(t, d.Allowed)
	})
}

// A store may forget: one that was started anew, or a process that was stopped for longer than a lease lives.
func TestALeaseThatTheStoreLostIsTakenAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, c, r := bubble(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go q.Run(ctx)
		_, l := q.Admit(ctx, r)
		q.Admit(ctx, r)
		c.mu.Lock()
		c.forget = true
		c.mu.Unlock()
		time.Sleep(21 * time.Second)
		synctest.Wait()
		d, _ := q.Admit(ctx, r)
		assert.Equal(t, "Concurrent service limit reached (2/2)", d.Reason)
		l.Release(ctx)
		d, _ = q.Admit(ctx, r)
		assert.True(t, d.Allowed)
	})
}

// forgetful loses each lease just when its holder gives it back.
type forgetful struct {
	quota.Store
	held chan *quota.Lease
}

func (f *forgetful) Renew(ctx context.Context, _, _ string, _ time.Duration) (bool, error) {
	(<-f.held).Release(ctx)
	return false, nil
}

func TestALeaseReleasedWhileItIsTakenAgainStaysReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &forgetful{Store: quota.NewMemory(quota.MemoryOptions{}), held: make(chan *quota.Lease, 1)}
		q, err := quota.New(quota.Options{Store: f})
		require.NoError(t, err)
		r := quota.Request{Subject: quota.User("ada"), Terms: quota.DefaultTiers().Terms(quota.Profile{}), Category: quota.Run}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go q.Run(ctx)
		_, l := q.Admit(ctx, r)
		f.held <- l
		time.Sleep(21 * time.Second)
		synctest.Wait()
		res, err := f.Reserve(ctx, string(r.Subject), quota.Reservation{Most: 1})
		require.NoError(t, err)
		assert.Zero(t, res.Held)
	})
}

// listening does nothing for who has gone.
type listening struct{ quota.Store }

func (l listening) Release(ctx context.Context, subject, lease string, undo bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return l.Store.Release(ctx, subject, lease, undo)
}

func TestALeaseIsReleasedWhenItsClientHasGone(t *testing.T) {
	d := newDesk(t, func(o *quota.Options) {
		o.Store = quota.NewSteady(quota.SteadyOptions{Store: listening{quota.NewMemory(quota.MemoryOptions{})}})
	})
	ctx, cancel := context.WithCancel(t.Context())
	r := d.of(quota.Free)
	_, l := d.Admit(ctx, r)
	cancel()
	l.Release(ctx)
	d.admitted(r)
	d.admitted(r)
}

// deaf takes leases, and its answers are lost.
type deaf struct{ quota.Store }

func (d deaf) Reserve(ctx context.Context, subject string, r quota.Reservation) (quota.Reserved, error) {
	if _, err := d.Store.Reserve(ctx, subject, r); err != nil {
		return quota.Reserved{}, err
	}
	return quota.Reserved{}, context.DeadlineExceeded
}

func TestALeaseNobodyHeardOfIsGivenBack(t *testing.T) {
	m := quota.NewMemory(quota.MemoryOptions{})
	d := newDesk(t, func(o *quota.Options) { o.Store = deaf{m} })
	r := d.of(quota.Free)
	r.Service = true
	got, _ := d.admit(r)
	assert.Equal(t, quota.CodeUnavailable, got.Code)
	res, err := m.Reserve(t.Context(), string(r.Subject), quota.Reservation{Most: 1, Starts: quota.Window{Length: time.Hour, Most: 1}})
	require.NoError(t, err)
	assert.Equal(t, quota.Reserved{OK: true}, res)
}
