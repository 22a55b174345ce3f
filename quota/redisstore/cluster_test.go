package redisstore

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
)

// names are what clients may call themselves.
var names = []string{"", "user:ada", "user:bob", "addr:192.0.2.1", "addr:2001:db8::/64", "{", "}", "{}", "}{", "{a}", "user:}x{y}", "a\x00\n ", "\xff", "ü"}

// seen are the keys of every script that a client sends.
type seen struct{ scripts [][]string }

func (s *seen) DialHook(next redis.DialHook) redis.DialHook { return next }
func (s *seen) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}
func (s *seen) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if name := cmd.Name(); name == "eval" || name == "evalsha" {
			var keys []string
			n := cmd.Args()[2].(int)
			for _, k := range cmd.Args()[3 : 3+n] {
				keys = append(keys, k.(string))
			}
			s.scripts = append(s.scripts, keys)
		}
		return next(ctx, cmd)
	}
}

func TestAllKeysOfAVerbLieInOneSlot(t *testing.T) {
	t.Parallel()
	assert.Equal(t, uint16(0x31c3), crc16("123456789"), "the polynomial of Redis's documentation")
	s := open(t, patient(shared(t)), clock)
	t.Cleanup(func() { forget(t, s) })
	keys := &seen{}
	s.client.AddHook(keys)
	for _, name := range names {
		for _, c := range calls {
			require.NoError(t, c.call(t.Context(), s, name))
		}
	}
	require.GreaterOrEqual(t, len(keys.scripts), len(names)*(len(calls)-1))
	for _, script := range keys.scripts {
		require.NotEmpty(t, script)
		for _, key := range script {
			assert.Equal(t, slot(script[0]), slot(key), "%q", script)
			assert.True(t, strings.HasPrefix(key, s.prefix+"{"), key)
		}
	}
}

// slot is where in a cluster a key lies, by the rules of its specification.
func slot(key string) uint16 {
	if _, after, ok := strings.Cut(key, "{"); ok {
		if tag, _, ok := strings.Cut(after, "}"); ok && tag != "" {
			key = tag
		}
	}
	return crc16(key) % 16384
}

func crc16(s string) (crc uint16) {
	for _, b := range []byte(s) {
		crc ^= uint16(b) << 8
		for range 8 {
			top := crc & 0x8000
			crc <<= 1
			if top != 0 {
				crc ^= 0x1021
			}
		}
	}
	return crc
}

func FuzzKeys(f *testing.F) {
	for i, a := range names {
		f.Add(a, names[len(names)-1-i], "run", "a:b")
	}
	f.Add("b:x", "x", "a", "a:b")
	s := &Store{prefix: "paddock:"}
	f.Fuzz(func(t *testing.T, a, b, bucketA, bucketB string) {
		parts := []string{events, signals, block, leases, starts, hits, once}
		under := map[string]string{}
		for _, who := range []struct{ name, bucket string }{{a, bucketA}, {b, bucketB}} {
			index := slot(s.inShard(shard(who.name), suspects))
			for _, part := range append(parts, bucketPart(who.bucket, true), bucketPart(who.bucket, false)) {
				key, what := s.key(part, who.name), fmt.Sprintf("%q of %q", part, who.name)
				if slot(key) != index {
					t.Fatalf("%q lies elsewhere than its shard's index", key)
				}
				_, untagged, _ := strings.Cut(key, "}") // so that shards keep nothing apart
				if before, ok := under[untagged]; ok && before != what {
					t.Fatalf("%q is both %s and %s", key, before, what)
				}
				under[untagged] = what
			}
		}
	})
}

// cluster starts two servers, each with half of the slots, and returns the first one's URL.
func cluster(t *testing.T) string {
	t.Helper()
	var servers []*server
	var clients []*redis.Client
	for _, slots := range [][2]int{{0, 8191}, {8192, 16383}} {
		server := serve(t, fmt.Sprint("cluster-port ", freePort(t)), "cluster-enabled yes")
		client := redis.NewClient(&redis.Options{Addr: server.addr(), Protocol: 2})
		t.Cleanup(func() { require.NoError(t, client.Close()) })
		require.NoError(t, client.ClusterAddSlotsRange(t.Context(), slots[0], slots[1]).Err())
		servers, clients = append(servers, server), append(clients, client)
	}
	bus := strings.TrimPrefix(servers[0].args[0], "cluster-port ")
	require.NoError(t, clients[1].Do(t.Context(), "cluster", "meet", "127.0.0.1", servers[0].port, bus).Err())
	for _, c := range clients {
		served(t, c)
	}
	return servers[0].url()
}

// served waits until a server knows of all slots.
func served(t *testing.T, c *redis.Client) {
	t.Helper()
	require.Eventually(t, func() bool {
		info, err := c.ClusterInfo(t.Context()).Result()
		return err == nil && strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_slots_ok:16384")
	}, time.Minute, 10*time.Millisecond)
}

// A script that named keys of two slots, or touched one of the other server's, would fail.
func TestACluster(t *testing.T) {
	t.Parallel()
	o := patient(cluster(t))
	o.Cluster = true
	o.Suspects = shards
	s := open(t, o, clock)
	var suspects int
	for i := range 300 { // more than one for each shard: some are forgotten
		name := fmt.Sprint("user:", i)
		for _, c := range calls[:len(calls)-1] {
			require.NoError(t, c.call(t.Context(), s, name), "%s %s", c.verb, name)
		}
		k, err := s.Known(t.Context(), name)
		require.NoError(t, err)
		assert.Equal(t, int64(300), k.Score)
		assert.Equal(t, "reason", k.Block.Reason)
		suspects++
	}
	all, err := s.Suspects(t.Context(), 1000)
	require.NoError(t, err)
	assert.Len(t, all, suspects, "all are blocked")
	var scored int
	for _, k := range all {
		if k.Score > 0 {
			scored++
		}
	}
	assert.Equal(t, shards, scored, "one of each shard has a score")
	for _, name := range names {
		require.NoError(t, s.Block(t.Context(), name, "", 0))
		for n := int64(9); n >= 0; n-- {
			got, err := s.Spend(t.Context(), name, quota.Spending{Bucket: "new", Rate: free, Cost: 1})
			require.NoError(t, err)
			assert.Equal(t, n, got.Remaining, "%q", name)
		}
	}
}
