// Package redisstore keeps what package quota decides about in Redis 7 or Valkey, for any number of nodes that share it.
//
// Each verb is one Lua script and one round trip: EVALSHA, and once more with the text where a server does not know it. Redis runs
// one script at a time, so a verb is atomic and exact however many nodes ask. The time is the server's own, asked for within the
// script: what a node's clock says matters nowhere. Where a server's clock is set back, what it keeps lasts longer by as much.
//
// All keys of a verb lie in one slot of a cluster (see keys.go). Every key expires by itself when all in it is over, to the
// millisecond; verbs go by the moments in microseconds that are stored, so nothing hangs on when Redis gets round to it.
//
// A script is sent once: when its answer is lost nobody knows whether it ran, and running it again would take twice. What was lost
// that way stays spent for as long as it would have been anyway. Redis replicates after it has answered: a failover may forget the
// last moments, after which package quota takes its leases again. A server that evicts keys when its memory is full forgets limits:
// it should refuse instead (maxmemory-policy noeviction).
//
// The user it connects as needs no more than:
//
//	user paddock on >secret resetchannels ~paddock:* -@all +hello +auth +eval +evalsha +time +get +set +del +pexpireat \
//	 +lindex +llen +lrange +ltrim +rpush +zadd +zcard +zpopmin +zrange +zrangebyscore +zrem +zremrangebyscore +zscore
package redisstore

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"paddock/quota"
)

// Options configure a Store. Zero values mean the defaults.
type Options struct {
	URL      string         // required: redis://user:password@host:6379/0, rediss://... for TLS, or unix:///path, and no query
	Cluster  bool           // the URL names a node of a cluster, which names the others
	RootCAs  *x509.CertPool // who may vouch for the server with rediss://; the system's
	Prefix   string         // in front of every key, without braces; "paddock:"
	Suspects int            // subjects with signals; 10 000 (issue 5), divided among 64 shards by hash

	Dial   time.Duration // for a connection to come about, TLS and password not included; 500 ms
	Answer time.Duration // for a script to be sent, and again for its answer to come; 250 ms
	Wait   time.Duration // for one of the connections to be free; 250 ms
	Conns  int           // connections to each server; 10 for each processor
}

// Store is a quota.Store in Redis. It is safe for concurrent use. Each step of a verb is bounded, by Wait, Dial and Answer, a new
// connection's greeting among them; all of it by the deadline of its context, which quota.Steady gives it.
type Store struct {
	client   redis.UniversalClient
	prefix   string
	suspects int // of each shard
	verbs    verbs
}

var _ quota.Store = (*Store)(nil)

// New makes a store. It asks nobody: whether there is a server is seen by the first verb. Errors name the option that is wrong and
// hold nothing of the URL, where the password is.
func New(o Options) (*Store, error) { return newStore(o, clock) }

func newStore(o Options, clock string) (*Store, error) {
	o.Prefix = cmp.Or(o.Prefix, "paddock:")
	o.Suspects = cmp.Or(o.Suspects, 10_000)
	o.Dial = cmp.Or(o.Dial, 500*time.Millisecond)
	o.Answer = cmp.Or(o.Answer, 250*time.Millisecond)
	o.Wait = cmp.Or(o.Wait, 250*time.Millisecond)
	if err := o.validate(); err != nil {
		return nil, err
	}
	client, err := o.client()
	if err != nil {
		return nil, err
	}
	return &Store{client: client, prefix: o.Prefix, suspects: max(1, o.Suspects/shards), verbs: load(clock)}, nil
}

// Close closes all connections. Verbs that wait fail.
func (s *Store) Close() error { return s.client.Close() }

func (o *Options) validate() error {
	if strings.ContainsAny(o.Prefix, "{}") {
		return fmt.Errorf("redisstore: Prefix: %q has a brace, which would say where in a cluster a key lies", o.Prefix)
	}
	if o.Suspects < 0 || o.Conns < 0 {
		return errors.New("redisstore: Suspects or Conns is less than none")
	}
	if o.Dial < 0 || o.Answer < 0 || o.Wait < 0 {
		return errors.New("redisstore: Dial, Answer or Wait is less than no time")
	}
	return nil
}

// errURL says nothing of the URL: whatever is taken for its host or path may be a piece of a password.
var errURL = errors.New("redisstore: URL can't be read: it looks like redis://user:password@host:6379/0, rediss://... for TLS, " +
	"or unix:///path, has no query, and a password's own special characters are written as %XX")

func (o *Options) client() (redis.UniversalClient, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errURL
	}
	given, err := redis.ParseURL(o.URL)
	if err != nil {
		return nil, errURL
	}
	if given.TLSConfig != nil {
		given.TLSConfig = &tls.Config{ServerName: given.TLSConfig.ServerName, RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12}
	}
	if o.Cluster && (given.Network == "unix" || given.DB != 0) {
		return nil, errors.New("redisstore: URL: a cluster has neither a unix socket nor databases")
	}
	logging.Disable() // of the library, which writes to stderr: what fails comes back as an error
	return redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs: []string{given.Addr}, IsClusterMode: o.Cluster, DB: given.DB,
		Username: given.Username, Password: given.Password, TLSConfig: given.TLSConfig,

		DialTimeout: o.Dial, DialerRetries: 1, MaxRetries: -1,
		ReadTimeout: o.Answer, WriteTimeout: o.Answer, ContextTimeoutEnabled: true,
		PoolSize: o.Conns, PoolTimeout: o.Wait, PipelinePoolSize: -1,

		// No more is said to a server than scripts need.
		Protocol: 2, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}), nil
}
