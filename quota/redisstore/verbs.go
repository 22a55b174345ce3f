package redisstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"paddock/quota"
)

// Spend is quota.Store's.
func (s *Store) Spend(ctx context.Context, subject string, sp quota.Spending) (quota.Spent, error) {
	args := append(make([]any, 0, 8), sp.Rate.PerMinute, sp.Rate.Burst, sp.Rate.Sliding, sp.Cost)
	for _, w := range sp.Watch {
		args = append(args, w.Length.Microseconds(), w.Most)
	}
	a, err := s.run(ctx, s.verbs.spend, s.keys(subject, bucketPart(sp.Bucket, sp.Rate.Sliding), events, signals, block), args...)
	if err != nil {
		return quota.Spent{}, err
	}
	spent := quota.Spent{OK: a.yes(), Remaining: a.count(), Retry: a.microseconds(), Reset: a.microseconds(), Known: a.known(subject)}
	spent.Seen = a.counts()
	return spent, a.err
}

// Reserve is quota.Store's.
func (s *Store) Reserve(ctx context.Context, subject string, r quota.Reservation) (quota.Reserved, error) {
	a, err := s.run(ctx, s.verbs.reserve, s.keys(subject, leases, starts),
		r.Lease, r.TTL.Microseconds(), r.Most, r.Starts.Length.Microseconds(), r.Starts.Most)
	if err != nil {
		return quota.Reserved{}, err
	}
	res := quota.Reserved{OK: a.yes(), Full: a.yes(), Held: a.count(), Started: a.count()}
	res.Retry, res.Reset = a.microseconds(), a.microseconds()
	return res, a.err
}

// Renew is quota.Store's.
func (s *Store) Renew(ctx context.Context, subject, lease string, ttl time.Duration) (bool, error) {
	a, err := s.run(ctx, s.verbs.renew, s.keys(subject, leases), lease, ttl.Microseconds())
	if err != nil {
		return false, err
	}
	return a.yes(), a.err
}

// Release is quota.Store's.
func (s *Store) Release(ctx context.Context, subject, lease string, undo bool) error {
	_, err := s.run(ctx, s.verbs.release, s.keys(subject, leases, starts), lease, undo)
	return err
}

// Hit is quota.Store's.
func (s *Store) Hit(ctx context.Context, key string, w quota.Window) (int64, error) {
	a, err := s.run(ctx, s.verbs.hit, s.keys(key, hits), w.Length.Microseconds(), w.Most)
	if err != nil {
		return 0, err
	}
	return a.count(), a.err
}

// Signal is quota.Store's. When a shard has too many suspects, what is known against the one that has been quiet for longest is
// forgotten.
func (s *Store) Signal(ctx context.Context, subject string, sig quota.Signal) (quota.Known, error) {
	keys := append(s.keys(subject, signals, block), s.inShard(shard(subject), suspects))
	a, err := s.run(ctx, s.verbs.signal, keys, subject, sig.Kind, sig.Weight, sig.TTL.Microseconds(), s.suspects)
	if err != nil {
		return quota.Known{}, err
	}
	return a.listed(subject), a.err
}

// Known is quota.Store's.
func (s *Store) Known(ctx context.Context, subject string) (quota.Known, error) {
	a, err := s.run(ctx, s.verbs.known, s.keys(subject, signals, block))
	if err != nil {
		return quota.Known{}, err
	}
	return a.listed(subject), a.err
}

// Suspects is quota.Store's. It asks all shards at once and reads all that they have: for admins to ask.
func (s *Store) Suspects(ctx context.Context, most int) ([]quota.Known, error) {
	asked, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i := range uint32(shards) {
			p.Eval(ctx, s.verbs.suspects.text, []string{s.inShard(i, suspects), s.inShard(i, blocked)},
				s.inShard(i, signals)+":", s.inShard(i, block)+":")
		}
		return nil
	})
	if err != nil {
		return nil, failed(err)
	}
	var all []quota.Known
	for _, cmd := range asked {
		a := &answer{}
		a.values, a.err = cmd.(*redis.Cmd).Slice() //nolint:errcheck // Eval makes nothing else
		for len(a.values) > 0 && a.err == nil {
			one := &answer{values: next[[]any](a)}
			subject := next[string](one)
			listed := &answer{values: next[[]any](one)}
			all = append(all, listed.listed(subject))
			a.err = cmp.Or(a.err, one.err, listed.err)
		}
		if a.err != nil {
			return nil, a.err
		}
	}
	slices.SortFunc(all, func(a, b quota.Known) int {
		return cmp.Or(-cmp.Compare(a.Score, b.Score), -cmp.Compare(a.Block.For, b.Block.For), cmp.Compare(a.Subject, b.Subject))
	})
	return all[:min(most, len(all))], nil
}

// Block is quota.Store's.
func (s *Store) Block(ctx context.Context, subject, reason string, ttl time.Duration) error {
	keys := append(s.keys(subject, block), s.inShard(shard(subject), blocked))
	_, err := s.run(ctx, s.verbs.block, keys, subject, reason, ttl.Microseconds())
	return err
}

// First is quota.Store's.
func (s *Store) First(ctx context.Context, key string, ttl time.Duration) (bool, error) {
	a, err := s.run(ctx, s.verbs.first, s.keys(key, once), ttl.Microseconds())
	if err != nil {
		return false, err
	}
	return a.yes(), a.err
}

// keys are the keys of parts of what is kept under a name.
func (s *Store) keys(name string, parts ...string) []string {
	keys := make([]string, 0, len(parts)+1)
	for _, p := range parts {
		keys = append(keys, s.key(p, name))
	}
	return keys
}
