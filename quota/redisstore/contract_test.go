package redisstore

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
	"paddock/quota/storetest"
)

func TestRedisKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) (quota.Store, func(time.Duration)) {
		t.Helper()
		return stopped(t, patient(shared(t)))
	})
}

// The store in memory agrees with the same model by the same calls.
func TestRedisAgreesWithTheModel(t *testing.T) {
	t.Parallel()
	for seed := uint64(2); seed <= 4; seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			s, advance := stopped(t, patient(shared(t)))
			storetest.Random(t, s, advance, seed, 10_000)
			require.NotEmpty(t, keysOf(t, s))
			advance(time.Hour + time.Millisecond)
			assert.Equal(t, []string{s.prefix + "clock"}, keysOf(t, s), "nothing is left when all is over")
		})
	}
}

// advance refuses keys that never expire; this is by the server's own clock.
func TestEveryKeyExpires(t *testing.T) {
	t.Parallel()
	s := open(t, patient(shared(t)), clock)
	t.Cleanup(func() { forget(t, s) })
	for _, c := range calls {
		if c.verb == "release" {
			continue // so that the lease is there
		}
		require.NoError(t, c.call(t.Context(), s, c.verb), c.verb)
		for _, key := range keysOf(t, s) {
			ttl, err := s.client.PTTL(t.Context(), key).Result()
			require.NoError(t, err)
			assert.Greater(t, ttl, time.Duration(0), key)
			assert.LessOrEqual(t, ttl, time.Minute+time.Millisecond, key)
		}
	}
	ttl, err := s.client.PTTL(t.Context(), s.key(bucketPart("run", false), "spend")).Result()
	require.NoError(t, err)
	assert.LessOrEqual(t, ttl, 3*time.Second+time.Millisecond, "a bucket with one token missing is there until it is full")
}

func TestAClockThatIsSetBackBlocksNobody(t *testing.T) {
	t.Parallel()
	s, advance := stopped(t, patient(shared(t)))
	spend := func(cost int64) quota.Spent {
		got, err := s.Spend(t.Context(), "user:ada", quota.Spending{Bucket: "run", Rate: free, Cost: cost})
		require.NoError(t, err)
		return got
	}
	assert.True(t, spend(10).OK)
	advance(-time.Hour)
	assert.Equal(t, 3*time.Second, spend(1).Retry)
	advance(3 * time.Second)
	assert.True(t, spend(1).OK)
}

func TestTheQuietestSuspectIsForgottenFirst(t *testing.T) {
	t.Parallel()
	o := patient(shared(t))
	o.Suspects = 3 * shards
	s, advance := stopped(t, o)
	var together []string // of one shard
	for i := 0; len(together) < 5; i++ {
		if name := "user:" + strconv.Itoa(i); shard(name) == 7 {
			together = append(together, name)
		}
	}
	require.NoError(t, s.Block(t.Context(), together[0], "enough", time.Hour))
	for _, i := range []int{0, 1, 2, 0, 3} {
		_, err := s.Signal(t.Context(), together[i], quota.Signal{Kind: "probe", Weight: 100, TTL: time.Minute})
		require.NoError(t, err)
		advance(time.Second)
	}
	for i, want := range []int64{200, 0, 100, 100, 0} {
		k, err := s.Known(t.Context(), together[i])
		require.NoError(t, err)
		assert.Equal(t, want, k.Score, i)
	}
	_, err := s.Signal(t.Context(), together[4], quota.Signal{Kind: "probe", Weight: 300, TTL: time.Minute})
	require.NoError(t, err)
	all, err := s.Suspects(t.Context(), 10)
	require.NoError(t, err)
	var names []string
	for _, k := range all {
		names = append(names, k.Subject)
	}
	assert.Equal(t, []string{together[4], together[0], together[3]}, names)
	require.NoError(t, s.Block(t.Context(), together[0], "enough", time.Minute+time.Second))
	advance(time.Minute)
	_, err = s.Signal(t.Context(), together[1], quota.Signal{Kind: "probe", Weight: 100, TTL: time.Minute})
	require.NoError(t, err)
	n, err := s.client.ZCard(t.Context(), s.inShard(7, suspects)).Result()
	require.NoError(t, err)
	assert.Equal(t, int64(1), n, "what is over is dropped from the index")
	k, err := s.Known(t.Context(), together[0])
	require.NoError(t, err)
	assert.Zero(t, k.Score)
	assert.Equal(t, "enough", k.Block.Reason, "signals are forgotten, blocks are not")
}

func TestWhatEndsFirstEndsNothingElse(t *testing.T) {
	t.Parallel()
	s, advance := stopped(t, patient(shared(t)))
	known := func() []quota.Known {
		all, err := s.Suspects(t.Context(), 10)
		require.NoError(t, err)
		return all
	}
	for _, ttl := range []time.Duration{time.Hour, time.Second} {
		_, err := s.Signal(t.Context(), "user:ada", quota.Signal{Kind: "probe", Weight: 100, TTL: ttl})
		require.NoError(t, err)
		require.NoError(t, s.Block(t.Context(), "user:bob", "enough", ttl))
	}
	advance(time.Minute)
	assert.Equal(t, []quota.Known{{Subject: "user:ada", Score: 100, Signals: map[string]int64{"probe": 1}}}, known(), "a block is replaced")
	require.NoError(t, s.Block(t.Context(), "user:bob", "enough", time.Hour))
	assert.Len(t, known(), 2)
	require.NoError(t, s.Block(t.Context(), "user:bob", "", 0))
	assert.Len(t, known(), 1)

	r := quota.Reservation{Lease: "a", TTL: time.Minute, Most: 1, Starts: quota.Window{Length: time.Hour, Most: 1}}
	got, err := s.Reserve(t.Context(), "user:ada", r)
	require.NoError(t, err)
	require.True(t, got.OK)
	advance(time.Minute)
	require.NoError(t, s.Release(t.Context(), "user:ada", "a", true))
	got, err = s.Reserve(t.Context(), "user:ada", r)
	require.NoError(t, err)
	assert.Equal(t, quota.Reserved{Started: 1, Retry: 59 * time.Minute, Reset: 59 * time.Minute}, got, "what has expired is not undone")
	advance(59*time.Minute - time.Microsecond)
	got, err = s.Reserve(t.Context(), "user:ada", r)
	require.NoError(t, err)
	assert.Equal(t, time.Microsecond, got.Retry)
	advance(time.Microsecond)
	got, err = s.Reserve(t.Context(), "user:ada", r)
	require.NoError(t, err)
	assert.True(t, got.OK)
}
