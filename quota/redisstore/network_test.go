package redisstore

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
)

func TestAVerbIsOneRoundTrip(t *testing.T) {
	t.Parallel()
	server := serve(t)
	p := through(t, server.addr())
	o := patient(p.url())
	o.Conns = 1
	s := open(t, o, clock)
	evalshas := func() string {
		stats, err := s.client.Info(t.Context(), "commandstats").Result()
		require.NoError(t, err)
		_, stats, _ = strings.Cut(stats, "cmdstat_evalsha:calls=")
		n, _, _ := strings.Cut(stats, ",")
		return n
	}
	_, err := s.Known(t.Context(), "") // says hello
	require.NoError(t, err)
	for _, c := range calls {
		const times = 5
		require.NoError(t, s.client.ScriptFlush(t.Context()).Err())
		p.count()
		if c.verb == "suspects" {
			p.hold(100 * time.Millisecond) // the server answers the first of many before the last has come
		}
		require.NoError(t, c.call(t.Context(), s, "user:ada"))
		p.hold(0)
		if c.verb == "suspects" {
			assert.Equal(t, 1, p.count(), "for all shards")
			continue
		}
		assert.Equal(t, 2, p.count(), "%s: a server that does not know the script is told it", c.verb)
		require.NoError(t, s.client.ConfigResetStat(t.Context()).Err())
		p.count()
		for range times {
			require.NoError(t, c.call(t.Context(), s, "user:ada"))
		}
		assert.Equal(t, times, p.count(), c.verb)
		assert.Equal(t, strconv.Itoa(times), evalshas(), "%s, as the server counts", c.verb)
	}
}

// One node's clock is decades behind the other's.
func TestNodesWhoseClocksDisagree(t *testing.T) {
	server := serve(t)
	ours := open(t, patient(server.url()), clock)
	synctest.Test(t, func(t *testing.T) {
		require.Less(t, time.Now().Year(), 2001, "the clock of a bubble")
		o := patient(server.url())
		o.Prefix = ours.prefix
		theirs, err := New(o)
		require.NoError(t, err)
		defer func() { require.NoError(t, theirs.Close()) }()
		both := []*Store{ours, theirs}
		ctx := context.Background()
		for i := range 10 {
			got, err := both[i%2].Spend(ctx, "user:ada", quota.Spending{Bucket: "run", Rate: quota.Rate{PerMinute: 1, Burst: 10}, Cost: 1})
			require.NoError(t, err)
			assert.True(t, got.OK)
			assert.Equal(t, int64(9-i), got.Remaining)
		}
		for _, s := range both {
			got, err := s.Spend(ctx, "user:ada", quota.Spending{Bucket: "run", Rate: quota.Rate{PerMinute: 1, Burst: 10}, Cost: 1})
			require.NoError(t, err)
			assert.False(t, got.OK)
			assert.Greater(t, got.Retry, time.Duration(0))
			assert.LessOrEqual(t, got.Retry, time.Minute)
		}
		for i, s := range both {
			other := both[1-i]
			lease := strconv.Itoa(i)
			got, err := s.Reserve(ctx, "user:ada", quota.Reservation{Lease: lease, TTL: time.Hour, Most: 1})
			require.NoError(t, err)
			assert.True(t, got.OK)
			got, err = other.Reserve(ctx, "user:ada", quota.Reservation{Lease: "another", TTL: time.Hour, Most: 1})
			require.NoError(t, err)
			assert.True(t, got.Full)
			alive, err := other.Renew(ctx, "user:ada", lease, time.Hour)
			require.NoError(t, err)
			assert.True(t, alive)
			require.NoError(t, other.Release(ctx, "user:ada", lease, false))
			require.NoError(t, s.Block(ctx, "user:bob", "enough", time.Hour))
			k, err := other.Known(ctx, "user:bob")
			require.NoError(t, err)
			assert.InDelta(t, time.Hour, k.Block.For, float64(time.Minute))
			first, err := s.First(ctx, "alert", time.Hour)
			require.NoError(t, err)
			assert.Equal(t, i == 0, first)
		}
	})
}

func TestTwoNodesShareWhatThereIs(t *testing.T) {
	t.Parallel()
	o := patient(shared(t))
	o.Prefix = newPrefix()
	both := []*Store{open(t, o, clock), open(t, o, clock)}
	t.Cleanup(func() { forget(t, both[0]) })
	var wg sync.WaitGroup
	var mu sync.Mutex
	var tokens, held int
	start := make(chan struct{})
	for i := range 200 {
		wg.Go(func() {
			<-start
			s := both[i%2]
			spent, err := s.Spend(t.Context(), "user:ada", quota.Spending{Bucket: "run", Rate: quota.Rate{PerMinute: 1, Burst: 10}, Cost: 1})
			assert.NoError(t, err)
			got, err := s.Reserve(t.Context(), "user:ada", quota.Reservation{Lease: strconv.Itoa(i), TTL: time.Hour, Most: 7})
			assert.NoError(t, err)
			mu.Lock()
			defer mu.Unlock()
			if spent.OK {
				tokens++
			}
			if got.OK {
				held++
			}
		})
	}
	close(start)
	wg.Wait()
	assert.Equal(t, 10, tokens)
	assert.Equal(t, 7, held)
}

func TestAServerThatRestartsIsFoundAgain(t *testing.T) {
	t.Parallel()
	server := serve(t)
	s := open(t, patient(server.url()), clock)
	for _, c := range calls {
		require.NoError(t, c.call(t.Context(), s, "user:ada"), c.verb)
	}
	server.stop()
	for _, c := range calls {
		err := c.call(t.Context(), s, "user:ada")
		require.ErrorIs(t, err, ErrUnavailable, c.verb)
	}
	server.start()
	// The library tries by itself once in a second when all its connections are gone; then every verb works at once, though the
	// server knows no script.
	require.Eventually(t, func() bool { _, err := s.Known(t.Context(), "user:ada"); return err == nil }, time.Minute, 10*time.Millisecond)
	for _, c := range calls {
		require.NoError(t, c.call(t.Context(), s, "user:ada"), c.verb)
	}
}

// A whole admission while the server is away: episodes are told once, and what runs is counted again afterwards.
func TestQuotaOverAServerThatRestarts(t *testing.T) {
	t.Parallel()
	server := serve(t)
	s := open(t, patient(server.url()), clock)
	var mu sync.Mutex
	var episodes []quota.Episode
	steady := quota.NewSteady(quota.SteadyOptions{Store: s, Timeout: time.Minute, Retry: time.Millisecond, Report: func(e quota.Episode) {
		mu.Lock()
		defer mu.Unlock()
		episodes = append(episodes, e)
	}})
	q, err := quota.New(quota.Options{Store: steady, LeaseTTL: time.Second})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { q.Run(ctx) })
	defer wg.Wait()
	defer cancel()

	ada := quota.Request{Subject: quota.User("ada"), Terms: quota.DefaultTiers().Terms(quota.Profile{Tier: quota.Free}), Category: quota.Run}
	for range 2 {
		d, _ := q.Admit(ctx, ada)
		require.True(t, d.Allowed)
	}
	d, _ := q.Admit(ctx, ada)
	require.Equal(t, quota.CodeConcurrent, d.Code)
	server.stop()
	d, _ = q.Admit(ctx, ada)
	assert.Equal(t, quota.CodeUnavailable, d.Code)
	server.start()
	require.Eventually(t, func() bool { // the new server knows nothing, until the leases are renewed
		got, err := s.Reserve(ctx, "user:ada", quota.Reservation{TTL: time.Second, Most: 2})
		return err == nil && got.Held == 2
	}, time.Minute, 10*time.Millisecond)
	d, _ = q.Admit(ctx, ada)
	assert.Equal(t, quota.CodeConcurrent, d.Code)
	mu.Lock()
	defer mu.Unlock()
	require.Len(t, episodes, 2)
	require.ErrorIs(t, episodes[0].Err, ErrUnavailable)
	assert.True(t, episodes[1].Over)
}

func TestLatencyIsBorneOrGivenUp(t *testing.T) {
	t.Parallel()
	p := through(t, serve(t).addr())
	o := patient(p.url())
	patient := open(t, o, clock)
	o.Prefix, o.Answer = patient.prefix, 2*time.Second
	s := open(t, o, clock)
	spend := func(ctx context.Context, s *Store) (quota.Spent, time.Duration, error) {
		began := time.Now()
		got, err := s.Spend(ctx, "user:ada", quota.Spending{Bucket: "run", Rate: quota.Rate{PerMinute: 1, Burst: 10}, Cost: 1})
		return got, time.Since(began), err
	}
	for _, s := range []*Store{s, patient} {
		_, _, err := spend(t.Context(), s)
		require.NoError(t, err)
	}
	p.hold(50 * time.Millisecond)
	p.count()
	_, took, err := spend(t.Context(), s)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, took, 50*time.Millisecond)
	assert.Equal(t, 1, p.count(), "the latency is borne once")

	p.hold(time.Hour)
	_, took, err = spend(t.Context(), s)
	require.ErrorIs(t, err, ErrUnavailable)
	assert.Less(t, took, 30*time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, took, err = spend(ctx, patient)
	require.ErrorIs(t, err, ErrUnavailable)
	assert.Less(t, took, 30*time.Second, "a deadline counts where it comes first")

	p.hold(0)
	require.Eventually(t, func() bool { _, _, err := spend(t.Context(), s); return err == nil }, time.Minute, 10*time.Millisecond)
}

// An answer that gets lost is not asked for again, also where there are connections to do so: what it took would be taken twice.
func TestAScriptIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, inCluster := range map[string]bool{"one server": false, "a cluster": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := proxied(t, inCluster)
			o := patient(p.url())
			o.Cluster, o.Answer = inCluster, time.Second
			s := open(t, o, clock)
			spend := func(cost int64) (int64, error) {
				got, err := s.Spend(t.Context(), "user:ada", quota.Spending{Bucket: "run", Rate: quota.Rate{PerMinute: 1, Burst: 100}, Cost: cost})
				return got.Remaining, err
			}
			p.hold(100 * time.Millisecond)
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					_, err := spend(1)
					assert.NoError(t, err)
				})
			}
			wg.Wait()
			require.GreaterOrEqual(t, s.client.PoolStats().IdleConns, uint32(4))
			p.hold(time.Hour)
			_, err := spend(1)
			require.ErrorIs(t, err, ErrUnavailable)
			p.hold(0)
			p.cut()
			var left int64
			require.Eventually(t, func() bool { left, err = spend(0); return err == nil }, time.Minute, 10*time.Millisecond)
			assert.Equal(t, int64(100-9), left)
		})
	}
}

// proxied starts a server behind a proxy; one that is a cluster sends its clients there too.
func proxied(t *testing.T, inCluster bool) *proxy {
	t.Helper()
	if !inCluster {
		return through(t, serve(t).addr())
	}
	server := serve(t, fmt.Sprint("cluster-port ", freePort(t)), "cluster-enabled yes")
	p := through(t, server.addr())
	host, port, err := net.SplitHostPort(p.l.Addr().String())
	require.NoError(t, err)
	c := redis.NewClient(&redis.Options{Addr: server.addr(), Protocol: 2})
	defer func() { require.NoError(t, c.Close()) }()
	require.NoError(t, c.ConfigSet(t.Context(), "cluster-announce-ip", host).Err())
	require.NoError(t, c.ConfigSet(t.Context(), "cluster-announce-port", port).Err())
	require.NoError(t, c.ClusterAddSlotsRange(t.Context(), 0, 16383).Err())
	served(t, c)
	return p
}

func TestAConnectionIsWaitedForAWhile(t *testing.T) {
	t.Parallel()
	p := through(t, serve(t).addr())
	o := patient(p.url())
	o.Conns, o.Wait = 1, 10*time.Millisecond
	s := open(t, o, clock)
	p.hold(time.Hour)
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := s.Known(t.Context(), "first")
		assert.ErrorIs(t, err, ErrUnavailable)
	})
	require.Eventually(t, func() bool { return p.count() > 0 }, time.Minute, time.Millisecond)
	_, err := s.Known(t.Context(), "second")
	require.ErrorIs(t, err, ErrUnavailable)
	require.ErrorIs(t, err, redis.ErrPoolTimeout)
	p.cut()
	wg.Wait()
}

func TestWhoseFaultItIs(t *testing.T) {
	t.Parallel()
	server := serve(t, "requirepass sesame", "user nobody on >sesame ~* -@all +hello")
	known := func(ctx context.Context, url string) error {
		s := open(t, patient(url), clock)
		_, err := s.Known(ctx, "user:ada")
		return err
	}
	require.NoError(t, known(t.Context(), "redis://:sesame@"+server.addr()))
	require.NoError(t, known(t.Context(), "redis://default:sesame@"+server.addr()+"/3"))
	for _, wrong := range []string{"redis://", "redis://:open@", "redis://default:open@", "redis://nobody:sesame@"} {
		err := known(t.Context(), wrong+server.addr())
		require.Error(t, err)
		require.NotErrorIs(t, err, ErrUnavailable, wrong)
		assert.NotContains(t, err.Error(), "sesame")
		assert.NotContains(t, fmt.Sprintf("%+v", err), "open@")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := known(ctx, "redis://:sesame@"+server.addr())
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, ErrUnavailable, "its client has gone")

	for text, unavailable := range map[string]bool{
		"LOADING Redis is loading the dataset in memory": true, "CLUSTERDOWN The cluster is down": true,
		"READONLY You can't write against a read only replica.": true, "ERR max number of clients reached": true,
		"OOM command not allowed when used memory > 'maxmemory'.": false, "ERR unknown command": false,
	} {
		assert.Equal(t, unavailable, errors.Is(failed(refusal(text)), ErrUnavailable), text)
	}
	server.stop()
	require.ErrorIs(t, known(t.Context(), "redis://:sesame@"+server.addr()), ErrUnavailable)
}

// refusal is an error of a server.
type refusal string

func (r refusal) Error() string { return string(r) }
func (refusal) RedisError()     {}

// A user of Redis needs no more than the package says.
func TestPermissions(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("redisstore.go")
	require.NoError(t, err)
	_, rule, _ := strings.Cut(string(doc), "//\tuser ")
	rule, _, _ = strings.Cut(rule, "\npackage ")
	rule = strings.ReplaceAll(strings.ReplaceAll(rule, "\n//\t", ""), "\\", "")
	require.Contains(t, rule, "~paddock:* ")
	server := serve(t, "user "+rule, "user default off")
	o := patient("redis://paddock:secret@" + server.addr())
	o.Prefix = "paddock:"
	s := open(t, o, clock)
	for _, c := range append(calls, calls...) {
		require.NoError(t, c.call(t.Context(), s, "user:ada"), c.verb)
	}
	o.Prefix = "other:"
	_, err = open(t, o, clock).Known(t.Context(), "user:ada")
	require.ErrorContains(t, err, "NOPERM")
}

func TestASocket(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "s")
	serve(t, "unixsocket "+path, "requirepass sesame")
	s := open(t, patient("unix://:sesame@"+path), clock)
	for _, c := range calls {
		require.NoError(t, c.call(t.Context(), s, "user:ada"), c.verb)
	}
}

func TestOptionsThatCantBe(t *testing.T) {
	t.Parallel()
	const secret = "sesame"
	for name, o := range map[string]Options{
		"nothing":          {},
		"no scheme":        {URL: "user:" + secret + "@127.0.0.1:6379"},
		"another scheme":   {URL: "http://user:" + secret + "@127.0.0.1:6379"},
		"a bad port":       {URL: "redis://user:" + secret + "@127.0.0.1:" + secret},
		"a slash":          {URL: "redis://user:12/" + secret + "@127.0.0.1:6379"},
		"a bare percent":   {URL: "redis://user:%" + secret + "@127.0.0.1:6379"},
		"a query":          {URL: "redis://user:" + secret + "@127.0.0.1:6379?max_retries=3"},
		"no verification":  {URL: "rediss://user:" + secret + "@127.0.0.1:6379?skip_verify=true"},
		"a socket":         {URL: "unix://user:" + secret + "@/run/redis.sock", Cluster: true},
		"a cluster's base": {URL: "redis://user:" + secret + "@127.0.0.1/3", Cluster: true},
		"a brace":          {URL: "redis://127.0.0.1", Prefix: "{"},
		"a negative time":  {URL: "redis://127.0.0.1", Answer: -1},
	} {
		s, err := New(o)
		require.Error(t, err, name)
		assert.Nil(t, s)
		assert.NotContains(t, err.Error(), secret, name)
		assert.Contains(t, err.Error(), "redisstore: ", name)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pool := certificate(t, dir)
	server := serve(t, "requirepass sesame", fmt.Sprint("tls-port ", freePort(t)),
		"tls-cert-file "+dir+"/cert.pem", "tls-key-file "+dir+"/key.pem", "tls-auth-clients no")
	port := strings.TrimPrefix(server.args[1], "tls-port ")
	o := patient("rediss://:sesame@" + net.JoinHostPort("127.0.0.1", port))
	o.RootCAs = pool
	for _, c := range calls {
		require.NoError(t, c.call(t.Context(), open(t, o, clock), "user:ada"), c.verb)
	}
	o.RootCAs = nil
	_, err := open(t, o, clock).Known(t.Context(), "user:ada")
	var unknown x509.UnknownAuthorityError
	require.ErrorAs(t, err, &unknown)
	assert.NotContains(t, err.Error(), "sesame")
}

// certificate makes one for 127.0.0.1, that vouches for itself.
func certificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600))
	}
	pool := x509.NewCertPool()
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool.AddCert(cert)
	return pool
}
