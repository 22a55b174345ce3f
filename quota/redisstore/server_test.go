package redisstore

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"paddock/quota"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const varRedis = "PADDOCK_TEST_REDIS" // URL of a server

// missing skips a test that lacks something, where it may.
func missing(tb testing.TB, what string) {
	tb.Helper()
	if os.Getenv("CI") != "" {
		tb.Fatal(what + ", and must be in CI")
	}
	tb.Skip(what)
}

// shared is the URL of a server that all tests share, each under a prefix of its own.
func shared(tb testing.TB) string {
	tb.Helper()
	url := os.Getenv(varRedis)
	if url == "" {
		missing(tb, varRedis+" is not set to the URL of a server")
	}
	return url
}

// patient are options for tests that measure no time, on machines that are busy.
func patient(url string) Options {
	return Options{URL: url, Dial: time.Minute, Answer: time.Minute, Wait: time.Minute}
}

// open makes a store under a prefix of its own, and leaves nothing of it behind.
func open(tb testing.TB, o Options, clock string) *Store {
	tb.Helper()
	if o.Prefix == "" {
		o.Prefix = newPrefix()
	}
	s, err := newStore(o, clock)
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, s.Close()) })
	return s
}

func newPrefix() string { return "paddock-test:" + rand.Text() + ":" }

// keysOf are all keys that there are under a store's prefix.
func keysOf(tb testing.TB, s *Store) []string {
	tb.Helper()
	keys, err := s.client.Keys(context.WithoutCancel(tb.Context()), s.prefix+"*").Result()
	require.NoError(tb, err)
	return keys
}

func forget(tb testing.TB, s *Store) {
	tb.Helper()
	if keys := keysOf(tb, s); len(keys) > 0 {
		require.NoError(tb, s.client.Del(context.WithoutCancel(tb.Context()), keys...).Err())
	}
}

// stopped makes a store whose server has a clock that stands still, and goes on by advance only: it is a key. No key has to be there
// by its time to live before 2100, which is when that clock begins; advance lets expire what a server would.
func stopped(tb testing.TB, o Options) (s *Store, advance func(time.Duration)) {
	tb.Helper()
	o.Prefix = newPrefix()
	clock := o.Prefix + "clock"
	s = open(tb, o, "local now = tonumber(redis.call('GET', '"+clock+"'))\n")
	require.NoError(tb, s.client.Set(tb.Context(), clock, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro(), 0).Err())
	tb.Cleanup(func() { forget(tb, s) })
	step := redis.NewScript(`
		local now = redis.call('INCRBY', KEYS[1], ARGV[1])
		for _, key in ipairs(redis.call('KEYS', ARGV[2])) do
			local at = redis.call('PEXPIRETIME', key)
			if key ~= KEYS[1] and at < 0 then return redis.error_reply('ERR never expires: ' .. key) end
			if key ~= KEYS[1] and math.floor(now / 1000) > at then redis.call('DEL', key) end
		end
		return 'OK'`)
	return s, func(d time.Duration) {
		require.NoError(tb, step.Run(tb.Context(), s.client, []string{clock}, d.Microseconds(), s.prefix+"*").Err())
	}
}

// server is a redis-server of a test's own, on a free port of the loopback interface.
type server struct {
	tb   testing.TB
	port int
	args []string
	cmd  *exec.Cmd
}

// serve starts a server; args are lines of its configuration.
func serve(tb testing.TB, args ...string) *server {
	tb.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		missing(tb, "redis-server is not installed")
	}
	s := &server{tb: tb, port: freePort(tb), args: args}
	s.start()
	tb.Cleanup(s.stop)
	return s
}

// freePort is a port that nobody listens on, and that the kernel hands out to nobody else (it does from 32768 on).
func freePort(tb testing.TB) int {
	tb.Helper()
	for {
		port := 20_000 + int(ports.Add(1)%12_000)
		l, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			require.NoError(tb, l.Close())
			return port
		}
	}
}

// ports counts from anywhere: other tests do as well.
var ports = func() *atomic.Uint32 {
	var p atomic.Uint32
	p.Store(mathrand.Uint32N(12_000))
	return &p
}()

func (s *server) addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

func (s *server) url() string { return "redis://" + s.addr() }

func (s *server) start() {
	s.tb.Helper()
	dir := s.tb.TempDir()
	lines := append([]string{"bind 127.0.0.1", fmt.Sprint("port ", s.port), "save \"\"", "appendonly no", "dir " + dir}, s.args...)
	conf := filepath.Join(dir, "redis.conf")
	require.NoError(s.tb, os.WriteFile(conf, []byte(strings.Join(lines, "\n")), 0o600))
	s.cmd = exec.Command("redis-server", conf)
	require.NoError(s.tb, s.cmd.Start())
	require.Eventually(s.tb, func() bool { return s.answers() }, time.Minute, time.Millisecond)
}

// answers reports whether the server says anything, be it that it wants a password first.
func (s *server) answers() bool {
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", s.addr())
	if err != nil {
		return false
	}
	_, _ = conn.Write([]byte("PING\r\n"))
	_, err = conn.Read(make([]byte, 1))
	return conn.Close() == nil && err == nil
}

// stop stops the server, if it runs, and waits for its end.
func (s *server) stop() {
	if s.cmd != nil {
		_ = s.cmd.Process.Signal(syscall.SIGKILL)
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

var (
	free   = quota.Rate{PerMinute: 20, Burst: 10}
	minute = quota.Window{Length: time.Minute, Most: 100}
)

// calls call each verb in turn; each kind of Spend is one.
var calls = []struct {
	verb string
	call func(ctx context.Context, s quota.Store, name string) error
}{
	{"spend", func(ctx context.Context, s quota.Store, name string) error {
		_, err := s.Spend(ctx, name, quota.Spending{Bucket: "run", Rate: free, Cost: 1})
		return err
	}},
	{"spend and watch", func(ctx context.Context, s quota.Store, name string) error {
		_, err := s.Spend(ctx, name, quota.Spending{Bucket: "a:b}{c", Rate: free, Cost: 1, Watch: []quota.Window{minute}})
		return err
	}},
	{"spend in a window", func(ctx context.Context, s quota.Store, name string) error {
		_, err := s.Spend(ctx, name, quota.Spending{Bucket: "run", Rate: quota.Rate{PerMinute: 60, Sliding: true}, Cost: 1})
		return err
	}},
	{"reserve", func(ctx context.Context, s quota.Store, name string) error {
		_, err := s.Reserve(ctx, name, quota.Reservation{Lease: "l", TTL: time.Minute, Most: 2, Starts: minute})
		return err
	}},
	{"renew", func(ctx context.Context, s quota.Store, name string) error {
		_, err := s.Renew(ctx, name, "l", time.Minute)
		return err
	}},
	{"release", func(ctx context.Context, s quota.Store, name string) error { return s.Release(ctx, name, "l", true) }},
	{"hit", func(ctx context.Context, s quota.Store, name string) error {
		_, err := s.Hit(ctx, name, minute)
		return err
	}},
	{"signal", func(ctx context.Context, s quota.Store, name string) error {
		_, err := s.Signal(ctx, name, quota.Signal{Kind: "probe", Weight: 300, TTL: time.Minute})
		return err
	}},
	{"known", func(ctx context.Context, s quota.Store, name string) error {
		_, err := s.Known(ctx, name)
		return err
	}},
	{"block", func(ctx context.Context, s quota.Store, name string) error {
		return s.Block(ctx, name, "reason", time.Minute)
	}},
	{"first", func(ctx context.Context, s quota.Store, name string) error {
		_, err := s.First(ctx, name, time.Minute)
		return err
	}},
	{"suspects", func(ctx context.Context, s quota.Store, _ string) error {
		_, err := s.Suspects(ctx, 10)
		return err
	}},
}
