package storetest

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"paddock/quota"
)

// Random makes n random calls, the clock going on between some of them, and compares each answer with the model's.
func Random(t *testing.T, s quota.Store, advance func(time.Duration), seed uint64, n int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 5)) //nolint:gosec // the same calls each time
	m := model{subjects: map[string]*modelled{}, hits: map[string][]time.Duration{}, once: map[string]time.Duration{}}
	for i := range n {
		if r.IntN(3) == 0 {
			d := steps[r.IntN(len(steps))]
			if d == 0 {
				d = time.Duration(r.IntN(5_000_000)) * time.Microsecond
			}
			advance(d)
			m.now += d
		}
		c := calls[r.IntN(len(calls))]
		subject := fmt.Sprintf("user:%d", r.IntN(4))
		what, got, want, err := c(t, r, s, &m, subject)
		require.NoError(t, err)
		require.Equal(t, want, got, "seed %d, call %d at %s: %s of %s", seed, i, m.now, what, subject)
	}
}

// steps of the clock are those that end something on the dot, and 0 for any.
var steps = []time.Duration{0, 0, 0, 0, time.Microsecond, time.Second, 3 * time.Second, 20 * time.Second, time.Minute}

// model does what a store does in the plainest way: it forgets nothing, and looks at all there was.
type model struct {
	now      time.Duration
	subjects map[string]*modelled
	hits     map[string][]time.Duration
	once     map[string]time.Duration
}

type modelled struct {
	tokens  map[string]*big.Rat
	filled  map[string]time.Duration
	spent   []time.Duration // of the bucket that slides
	calls   []time.Duration
	leases  map[string]time.Duration // until when
	starts  map[string]time.Duration // at
	signals []modelSignal
	blocked time.Duration
	reason  string
}

type modelSignal struct {
	kind   string
	weight int64
	until  time.Duration
}

func (m *model) of(subject string) *modelled {
	if m.subjects[subject] == nil {
		m.subjects[subject] = &modelled{tokens: map[string]*big.Rat{}, filled: map[string]time.Duration{},
			leases: map[string]time.Duration{}, starts: map[string]time.Duration{}}
	}
	return m.subjects[subject]
}

func (m *model) within(at []time.Duration, length time.Duration) (in []time.Duration) {
	for _, a := range at {
		if m.now-a < length {
			in = append(in, a)
		}
	}
	return in
}

func (m *model) known(subject string, kinds bool) quota.Known {
	u := m.of(subject)
	k := quota.Known{Subject: subject}
	if kinds {
		k.Signals = map[string]int64{}
	}
	for _, s := range u.signals {
		if s.until > m.now {
			k.Score = min(k.Score+s.weight, quota.Certain)
			if kinds {
				k.Signals[s.kind]++
			}
		}
	}
	if u.blocked > m.now {
		k.Block = quota.Block{Reason: u.reason, For: u.blocked - m.now}
	}
	return k
}

func (m *model) spend(subject string, s quota.Spending) (got quota.Spent) {
	u := m.of(subject)
	got.Known = m.known(subject, false)
	if got.Known.Block.For > 0 {
		return got
	}
	if s.Rate.Sliding {
		m.slide(u, s, &got)
	} else {
		m.drain(u, s, &got)
	}
	if len(s.Watch) > 0 {
		u.calls = append(u.calls, m.now)
		for _, w := range s.Watch {
			got.Seen = append(got.Seen, min(int64(len(m.within(u.calls, w.Length))), w.Most+1))
		}
	}
	return got
}

// drain takes from a bucket, in exact fractions of a token.
func (m *model) drain(u *modelled, s quota.Spending, got *quota.Spent) {
	most := big.NewRat(s.Rate.Burst, 1)
	if u.tokens[s.Bucket] == nil {
		u.tokens[s.Bucket] = new(big.Rat).Set(most)
	}
	level := u.tokens[s.Bucket]
	back := big.NewRat((m.now-u.filled[s.Bucket]).Microseconds()*s.Rate.PerMinute, time.Minute.Microseconds())
	if level.Add(level, back).Cmp(most) > 0 {
		level.Set(most)
	}
	u.filled[s.Bucket] = m.now
	wait := func(tokens int64) time.Duration { // until there are so many
		missing := new(big.Rat).Sub(big.NewRat(tokens, 1), level)
		missing.Mul(missing, big.NewRat(time.Minute.Microseconds(), s.Rate.PerMinute))
		up := new(big.Int).Add(missing.Num(), new(big.Int).Sub(missing.Denom(), big.NewInt(1)))
		return time.Duration(up.Div(up, missing.Denom()).Int64()) * time.Microsecond
	}
	cost := big.NewRat(s.Cost, 1)
	switch {
	case level.Cmp(cost) >= 0:
		level.Sub(level, cost)
		got.OK = true
	case s.Cost <= s.Rate.Burst:
		got.Retry = wait(s.Cost)
	}
	got.Remaining = new(big.Int).Div(level.Num(), level.Denom()).Int64()
	if level.Cmp(most) < 0 {
		got.Reset = wait(got.Remaining + 1)
	}
}

// slide looks at each later microsecond that matters until the cost would fit in.
func (m *model) slide(u *modelled, s quota.Spending, got *quota.Spent) {
	in := m.within(u.spent, time.Minute)
	most := s.Rate.PerMinute
	switch {
	case int64(len(in))+s.Cost <= most:
		for range s.Cost {
			u.spent = append(u.spent, m.now)
		}
		got.OK = true
	case s.Cost <= most:
		for i, at := range in {
			if int64(len(in)-i-1)+s.Cost <= most {
				got.Retry = at + time.Minute - m.now
				break
			}
		}
	}
	in = m.within(u.spent, time.Minute)
	got.Remaining = most - int64(len(in))
	if len(in) > 0 {
		got.Reset = in[0] + time.Minute - m.now
	}
}

func (m *model) reserve(subject string, r quota.Reservation) (got quota.Reserved) {
	u := m.of(subject)
	held := func() (n int64) {
		for _, until := range u.leases {
			if until > m.now {
				n++
			}
		}
		return n
	}
	starts := func() []time.Duration {
		var at []time.Duration
		for _, a := range u.starts {
			at = append(at, a)
		}
		slices.Sort(at)
		return m.within(at, r.Starts.Length)
	}
	counted := r.Starts.Most > 0
	if in := starts(); counted && int64(len(in)) >= r.Starts.Most {
		got.Retry = in[int64(len(in))-r.Starts.Most] + r.Starts.Length - m.now
	}
	got.Full = held() >= r.Most
	got.OK = !got.Full && got.Retry == 0
	if got.OK && r.Lease != "" {
		u.leases[r.Lease] = m.now + r.TTL
		if counted {
			u.starts[r.Lease] = m.now
		}
	}
	got.Held = held()
	if in := starts(); counted && len(in) > 0 {
		got.Started, got.Reset = int64(len(in)), in[0]+r.Starts.Length-m.now
	}
	return got
}

// alive is one of the subject's leases that are held, or none.
func (m *model) alive(r *rand.Rand, subject string) string {
	var ids []string
	for id, until := range m.of(subject).leases {
		if until > m.now {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 || r.IntN(8) == 0 {
		return "another"
	}
	slices.Sort(ids)
	return ids[r.IntN(len(ids))]
}

type call func(t *testing.T, r *rand.Rand, s quota.Store, m *model, subject string) (what string, got, want any, err error)

var calls = []call{
	func(t *testing.T, r *rand.Rand, s quota.Store, m *model, subject string) (string, any, any, error) {
		sp := spendings[r.IntN(len(spendings))]
		sp.Cost = int64(r.IntN(5))
		if r.IntN(20) == 0 {
			sp.Cost = 12
		}
		got, err := s.Spend(t.Context(), subject, sp)
		return fmt.Sprintf("%+v", sp), got, m.spend(subject, sp), err
	},
	func(t *testing.T, r *rand.Rand, s quota.Store, m *model, subject string) (string, any, any, error) {
		rv := quota.Reservation{TTL: time.Minute, Most: int64(1 + r.IntN(4))}
		if r.IntN(5) > 0 {
			rv.Lease = strconv.FormatUint(r.Uint64(), 36)
		}
		if r.IntN(2) == 0 {
			rv.Starts = quota.Window{Length: time.Hour, Most: int64(1 + r.IntN(40))}
		}
		got, err := s.Reserve(t.Context(), subject, rv)
		return fmt.Sprintf("%+v", rv), got, m.reserve(subject, rv), err
	},
	func(t *testing.T, r *rand.Rand, s quota.Store, m *model, subject string) (string, any, any, error) {
		id, u := m.alive(r, subject), m.of(subject)
		want := u.leases[id] > m.now
		if want {
			u.leases[id] = m.now + 2*time.Minute
		}
		got, err := s.Renew(t.Context(), subject, id, 2*time.Minute)
		return "renew " + id, got, want, err
	},
	func(t *testing.T, r *rand.Rand, s quota.Store, m *model, subject string) (string, any, any, error) {
		id, u, undo := m.alive(r, subject), m.of(subject), r.IntN(2) == 0
		delete(u.leases, id)
		if undo {
			delete(u.starts, id)
		}
		return "release " + id, nil, nil, s.Release(t.Context(), subject, id, undo)
	},
	func(t *testing.T, r *rand.Rand, s quota.Store, m *model, _ string) (string, any, any, error) {
		key, w := fmt.Sprint("code:", r.IntN(3)), quota.Window{Length: 20 * time.Second, Most: 6}
		m.hits[key] = append(m.hits[key], m.now)
		got, err := s.Hit(t.Context(), key, w)
		return "hit " + key, got, min(int64(len(m.within(m.hits[key], w.Length))), w.Most+1), err
	},
	func(t *testing.T, r *rand.Rand, s quota.Store, m *model, subject string) (string, any, any, error) {
		sig := quota.Signal{Kind: fmt.Sprint("kind", r.IntN(3)), Weight: int64(1 + r.IntN(60)), TTL: 5 * time.Minute}
		u := m.of(subject)
		u.signals = append(u.signals, modelSignal{sig.Kind, sig.Weight, m.now + sig.TTL})
		got, err := s.Signal(t.Context(), subject, sig)
		return fmt.Sprintf("%+v", sig), got, m.known(subject, true), err
	},
	func(t *testing.T, _ *rand.Rand, s quota.Store, m *model, subject string) (string, any, any, error) {
		got, err := s.Known(t.Context(), subject)
		return "known", got, m.known(subject, true), err
	},
	func(t *testing.T, r *rand.Rand, s quota.Store, m *model, subject string) (string, any, any, error) {
		ttl := []time.Duration{0, 0, time.Second, 3 * time.Second}[r.IntN(4)]
		u := m.of(subject)
		u.blocked, u.reason = m.now+ttl, ttl.String()
		return "block", nil, nil, s.Block(t.Context(), subject, ttl.String(), ttl)
	},
	func(t *testing.T, r *rand.Rand, s quota.Store, m *model, _ string) (string, any, any, error) {
		key := fmt.Sprint("alert", r.IntN(3))
		until, asked := m.once[key]
		want := !asked || until <= m.now
		if want {
			m.once[key] = m.now + 20*time.Second
		}
		got, err := s.First(t.Context(), key, 20*time.Second)
		return "first " + key, got, want, err
	},
}

// spendings are what is asked for, but for the cost.
var spendings = []quota.Spending{
	{Bucket: "run", Rate: quota.Rate{PerMinute: 20, Burst: 10}},
	{Bucket: "odd", Rate: quota.Rate{PerMinute: 7, Burst: 3}},
	{Bucket: "fast", Rate: quota.Rate{PerMinute: 500, Burst: 10},
		Watch: []quota.Window{{Length: 10 * time.Second, Most: 5}, {Length: time.Minute, Most: 9}}},
	{Bucket: "slides", Rate: quota.Rate{PerMinute: 6, Sliding: true}},
}
