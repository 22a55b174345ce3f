package main

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"paddock/quota"
)

// timedStore is a store of limits whose verbs are timed.
type timedStore struct {
	quota.Store
	spend, reserve, renew, release, hit, signal, known, suspects, block, first verb
}

// verb is the meters of one verb. They are looked up once, as a verb in memory takes less than that.
type verb struct {
	took   prometheus.Observer
	failed prometheus.Counter
}

func (m *meters) timed(s quota.Store) timedStore {
	of := func(name string) verb { return verb{m.verbs.WithLabelValues(name), m.verbErrs.WithLabelValues(name)} }
	return timedStore{
		Store: s, spend: of("spend"), reserve: of("reserve"), renew: of("renew"), release: of("release"), hit: of("hit"),
		signal: of("signal"), known: of("known"), suspects: of("suspects"), block: of("block"), first: of("first"),
	}
}

// done counts a call. One whose caller has left says nothing of the store.
func (v verb) done(ctx context.Context, began time.Time, err *error) { //nolint:gocritic // it is deferred before there is one
	v.took.Observe(time.Since(began).Seconds())
	if *err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		v.failed.Inc()
	}
}

func (s timedStore) Spend(ctx context.Context, subject string, sp quota.Spending) (_ quota.Spent, err error) {
	defer s.spend.done(ctx, time.Now(), &err)
	return s.Store.Spend(ctx, subject, sp)
}

func (s timedStore) Reserve(ctx context.Context, subject string, r quota.Reservation) (_ quota.Reserved, err error) {
	defer s.reserve.done(ctx, time.Now(), &err)
	return s.Store.Reserve(ctx, subject, r)
}

func (s timedStore) Renew(ctx context.Context, subject, lease string, ttl time.Duration) (_ bool, err error) {
	defer s.renew.done(ctx, time.Now(), &err)
	return s.Store.Renew(ctx, subject, lease, ttl)
}

func (s timedStore) Release(ctx context.Context, subject, lease string, undo bool) (err error) {
	defer s.release.done(ctx, time.Now(), &err)
	return s.Store.Release(ctx, subject, lease, undo)
}

func (s timedStore) Hit(ctx context.Context, key string, w quota.Window) (_ int64, err error) {
	defer s.hit.done(ctx, time.Now(), &err)
	return s.Store.Hit(ctx, key, w)
}

func (s timedStore) Signal(ctx context.Context, subject string, sig quota.Signal) (_ quota.Known, err error) {
	defer s.signal.done(ctx, time.Now(), &err)
	return s.Store.Signal(ctx, subject, sig)
}

func (s timedStore) Known(ctx context.Context, subject string) (_ quota.Known, err error) {
	defer s.known.done(ctx, time.Now(), &err)
	return s.Store.Known(ctx, subject)
}

func (s timedStore) Suspects(ctx context.Context, most int) (_ []quota.Known, err error) {
	defer s.suspects.done(ctx, time.Now(), &err)
	return s.Store.Suspects(ctx, most)
}

func (s timedStore) Block(ctx context.Context, subject, reason string, ttl time.Duration) (err error) {
	defer s.block.done(ctx, time.Now(), &err)
	return s.Store.Block(ctx, subject, reason, ttl)
}

func (s timedStore) First(ctx context.Context, key string, ttl time.Duration) (_ bool, err error) {
	defer s.first.done(ctx, time.Now(), &err)
	return s.Store.First(ctx, key, ttl)
}
