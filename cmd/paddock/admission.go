package main

import (
	"context"
	"fmt"
	"net/netip"
	"path/filepath"
	"time"

	"paddock/api"
	"paddock/monitor"
	"paddock/quota"
	"paddock/quota/redisstore"
	"paddock/store"
)

// QuotaConfig says who may run how much. Defaults are in the room quota, where docs/quotas.md has them from.
type QuotaConfig struct {
	Enabled    bool          `koanf:"enabled" help:"limit what users and addresses may run; false is for who does that in front of us"`
	Free       TierConfig    `koanf:"free"`
	Basic      TierConfig    `koanf:"basic"`
	Pro        TierConfig    `koanf:"pro"`
	Enterprise TierConfig    `koanf:"enterprise"`
	Burst      int64         `koanf:"burst" help:"requests that may come at once, after a pause"`
	CountRuns  bool          `koanf:"count_runs_as_services" help:"plain runs count as service starts"`
	Address    AddressConfig `koanf:"address"`
	Abuse      AbuseConfig   `koanf:"abuse"`

	Redis     string            `koanf:"redis" secret:"url" help:"URL of a Redis (7) or Valkey for limits of several nodes"`
	Cluster   bool              `koanf:"redis_cluster" help:"that URL names a node of a cluster"`
	OnFailure map[string]string `koanf:"on_store_failure" help:"allow or deny runs of a tier while Redis fails (FREE=deny,PRO=allow)"`
}

// TierConfig is what users of a tier may use.
type TierConfig struct {
	Concurrent        int64 `koanf:"max_concurrent_services" help:"runs and services at a time"`
	MemoryMB          int64 `koanf:"max_memory_mb" help:"memory of one run, in MiB"`
	CPUPercent        int64 `koanf:"max_cpu_percent" help:"CPU of one run, in percent of one core"`
	RequestsPerMinute int64 `koanf:"max_requests_per_minute" help:"requests for runs"`
	ServicesPerHour   int64 `koanf:"max_services_per_hour" help:"service starts"`
	AllowedPorts      []int `koanf:"allowed_ports" help:"ports that services may have; empty for any"`
}

// AddressConfig limits addresses, where nobody knows whose requests these are.
type AddressConfig struct {
	PerMinute int64         `koanf:"per_minute" help:"requests from one address that belong to no user; 0 for any number"`
	Burst     int64         `koanf:"burst" help:"of them at once, after a pause"`
	Sliding   bool          `koanf:"sliding_window" help:"count them in a sliding minute instead of a bucket"`
	Block     time.Duration `koanf:"block" help:"how long an address is blocked that goes on far beyond its limit"`
	Proxies   []string      `koanf:"proxies" help:"networks of reverse proxies, whose X-Forwarded-For is believed (10.0.0.0/8,...)"`
	Exempt    []string      `koanf:"exempt" help:"networks of backends of ours, which speak for many users"`
}

// AbuseConfig says what signs of abuse lead to.
type AbuseConfig struct {
	Window          time.Duration `koanf:"window" help:"how long a sign of abuse counts"`
	Slow            time.Duration `koanf:"slow" help:"how long each request of a suspect waits"`
	SlowFrom        int64         `koanf:"slow_from" help:"score from which requests wait, in percent"`
	RateBurst       int64         `koanf:"rate_burst" help:"weight of going on after refusals, in percent; 0 for none"`
	PolicyViolation int64         `koanf:"policy_violation" help:"that of blocked code"`
	RepetitionSpam  int64         `koanf:"repetition_spam" help:"that of the same code again and again"`
	SessionChurn    int64         `koanf:"session_churn" help:"that of the same project again and again"`
	SensitiveProbe  int64         `koanf:"sensitive_probe" help:"that of a try at admin routes"`

	Quarantine     time.Duration `koanf:"quarantine" help:"for how long a suspect is kept out"`
	QuarantineFrom int64         `koanf:"quarantine_from" help:"score from which a suspect is kept out, in percent"`
}

// quotaDefaults are those of the room quota.
func quotaDefaults() QuotaConfig {
	tier := func(t quota.Tier) TierConfig { return TierConfig(quota.DefaultTiers()[t]) }
	return QuotaConfig{
		Enabled: true,
		Free:    tier(quota.Free), Basic: tier(quota.Basic), Pro: tier(quota.Pro), Enterprise: tier(quota.Enterprise),
		Burst:     10,
		OnFailure: map[string]string{"FREE": "deny", "BASIC": "allow", "PRO": "allow", "ENTERPRISE": "allow"},
		Address:   AddressConfig{PerMinute: 60, Burst: 10, Block: time.Hour},
		Abuse: AbuseConfig{
			RateBurst: 15, PolicyViolation: 25, RepetitionSpam: 10, SessionChurn: 10, SensitiveProbe: 30,
			Window: 300 * time.Second, Slow: 5 * time.Second, SlowFrom: 50, Quarantine: time.Minute, QuarantineFrom: 80,
		},
	}
}

// anything is more than anybody can use.
var anything = TierConfig{
	Concurrent: 10_000, MemoryMB: 1 << 20, CPUPercent: 100_000, RequestsPerMinute: 100_000, ServicesPerHour: 10_000,
}

// inForce are the limits that count: far above any use when they are not enabled.
func (c QuotaConfig) inForce() QuotaConfig {
	if c.Enabled {
		return c
	}
	c.Free, c.Basic, c.Pro, c.Enterprise = anything, anything, anything, anything
	c.Burst, c.CountRuns, c.Address.PerMinute = 1000, false, 0
	c.Abuse.RateBurst, c.Abuse.PolicyViolation, c.Abuse.RepetitionSpam, c.Abuse.SessionChurn, c.Abuse.SensitiveProbe = 0, 0, 0, 0, 0
	return c
}

func (c QuotaConfig) tiers() quota.Tiers {
	return quota.Tiers{
		quota.Free: quota.Limits(c.Free), quota.Basic: quota.Limits(c.Basic),
		quota.Pro: quota.Limits(c.Pro), quota.Enterprise: quota.Limits(c.Enterprise),
	}
}

// anyNumber stands for no limit of addresses: more than one connection can send.
const anyNumber = 100_000

// options are the quota's. Its errors name its own options, which are called like the settings.
func (c QuotaConfig) options(limits quota.Store) quota.Options {
	gate := quota.GateOptions{
		Rate: quota.Rate{PerMinute: c.Address.PerMinute, Burst: c.Address.Burst, Sliding: c.Address.Sliding}, BlockFor: c.Address.Block,
	}
	// Twice as much as may be is an offence, as far as it is more than the usual.
	times := max(1, c.Address.PerMinute/quotaDefaults().Address.PerMinute)
	gate.Offences = []quota.Window{{Length: 10 * time.Second, Most: 50 * times}, {Length: time.Minute, Most: 100 * times}}
	if c.Address.PerMinute == 0 {
		gate.Rate = quota.Rate{PerMinute: anyNumber, Burst: anyNumber}
		gate.Offences = []quota.Window{}
	}
	failure := map[quota.Tier]quota.OnFailure{}
	for tier, what := range c.OnFailure {
		failure[quota.Tier(tier)] = quota.OnFailure(what)
	}
	return quota.Options{
		Store: limits, Tiers: c.tiers(), Burst: c.Burst, CountRuns: c.CountRuns, Gate: gate, Failure: failure,
		Abuse: quota.AbuseOptions{
			Window: c.Abuse.Window, Slow: c.Abuse.Slow, SlowFrom: hundredths(c.Abuse.SlowFrom),
			Quarantine: c.Abuse.Quarantine, QuarantineFrom: hundredths(c.Abuse.QuarantineFrom),
			Signals: c.Abuse.signals(),
		},
	}
}

// signals are the quota's own, with the weights of the settings.
func (c AbuseConfig) signals() map[quota.Kind]quota.Sign {
	signals := quota.DefaultSignals()
	for kind, weight := range map[quota.Kind]int64{
		quota.RateBurst: c.RateBurst, quota.PolicyViolation: c.PolicyViolation, quota.RepetitionSpam: c.RepetitionSpam,
		quota.SessionChurn: c.SessionChurn, quota.SensitiveProbe: c.SensitiveProbe,
	} {
		sign := signals[kind]
		sign.Weight = hundredths(weight)
		signals[kind] = sign
	}
	return signals
}

func hundredths(n int64) float64 { return float64(n) / 100 }

func prefixes(key string, list []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			a, wrong := netip.ParseAddr(s)
			if wrong != nil {
				return nil, fmt.Errorf("%s: %q is neither an address nor a network like 10.0.0.0/8", key, s)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		all = append(all, p)
	}
	return all, nil
}

// admission is what requests have to pass. It works until its lifecycle is stopped.
func (a *app) admission(m *monitor.Monitor, profiles *store.Store) (api.Admission, error) {
	c := a.config.Quota.inForce()
	proxies, err := prefixes("quota.address.proxies", c.Address.Proxies)
	if err != nil {
		return api.Admission{}, err
	}
	exempt, err := prefixes("quota.address.exempt", c.Address.Exempt)
	if err != nil {
		return api.Admission{}, err
	}
	limits, err := a.limits(c)
	if err != nil {
		return api.Admission{}, err
	}
	q, err := quota.New(c.options(limits))
	if err != nil {
		return api.Admission{}, err
	}
	a.goes("renew the leases", q.Run)
	return api.Admission{
		Quota: q, Load: bears(m), Proxies: proxies, Exempt: exempt,
		Most: quota.Terms{Tier: quota.Enterprise, Limits: quota.Limits(anything)},
		Profile: func(ctx context.Context, user string) (quota.Profile, error) {
			p, _, err := profiles.Profile(ctx, user)
			return p, err
		},
	}, nil
}

// limits is where limits are kept: in memory, or in a Redis whose failures cost little.
func (a *app) limits(c QuotaConfig) (quota.Store, error) {
	if c.Redis == "" {
		memory := quota.NewMemory(quota.MemoryOptions{})
		a.goes("sweep the quotas", memory.Run)
		return a.meters.timed(memory), nil
	}
	shared, err := redisstore.New(redisstore.Options{URL: c.Redis, Cluster: c.Cluster})
	if err != nil {
		return nil, err
	}
	a.add("leave Redis", func(context.Context) error { return shared.Close() })
	return quota.NewSteady(quota.SteadyOptions{Store: a.meters.timed(shared), Report: func(e quota.Episode) {
		if e.Over {
			a.log.Info().Dur("for", e.For).Int64("calls_failed", e.Failed).Msg("the store of limits answers again")
			return
		}
		a.meters.outages.Inc()
		a.log.Error().Err(e.Err).Msg("the store of limits fails; quota.on_store_failure says who may run")
	}}), nil
}

// profilesFile is where profiles are stored, in the state directory.
const profilesFile = "paddock.db"

func openProfiles(stateDir string) (*store.Store, error) {
	ctx, cancel := context.WithTimeout(context.Background(), stepTimeout)
	defer cancel()
	return store.Open(ctx, filepath.Join(stateDir, profilesFile))
}
