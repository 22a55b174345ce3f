package quota

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// ClientAddress is where a request comes from: the peer of its connection (host:port), or, when that is a trusted proxy, whom the
// proxy has it from. X-Forwarded-For is read from its end, where the nearest proxy writes; the first address that is no trusted
// proxy is the client's, whatever stands before it. What can't be read ends the search at the proxy that passed it on. The zero
// Addr is no address: a peer that has none.
func ClientAddress(peer string, forwarded []string, trusted []netip.Prefix) netip.Addr {
	client := hop(peer)
	for i := len(forwarded) - 1; i >= 0; i-- {
		for rest := forwarded[i]; ; {
			if !isTrusted(client, trusted) {
				return client
			}
			cut := strings.LastIndexByte(rest, ',')
			next := hop(rest[cut+1:])
			if !next.IsValid() {
				return client
			}
			client = next
			if cut < 0 {
				break
			}
			rest = rest[:cut]
		}
	}
	return client
}

// hop reads an address as proxies write it: alone, with a port, in brackets.
func hop(s string) netip.Addr {
	s = strings.TrimSpace(s)
	if len(s) > len("[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%interface-name00]:65535") {
		return netip.Addr{}
	}
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	} else if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s = s[1 : len(s)-1]
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

func isTrusted(a netip.Addr, trusted []netip.Prefix) bool {
	for _, p := range trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// GateOptions configure the limiter of addresses. Zero values mean the defaults, of issue 5.
type GateOptions struct {
	Rate     Rate          // 60 a minute, burst 10
	Offences []Window      // requests beyond these, refused ones too, block the address: 50 in 10 s, 100 in 60 s
	BlockFor time.Duration // 1 h
}

func (o *GateOptions) fill() {
	if o.Rate == (Rate{}) {
		o.Rate = Rate{PerMinute: 60, Burst: 10}
	}
	if o.Offences == nil {
		o.Offences = []Window{{Length: 10 * time.Second, Most: 50}, {Length: time.Minute, Most: 100}}
	}
	o.BlockFor = cmp.Or(o.BlockFor, time.Hour)
}

func (o *GateOptions) wrong(bad func(wrong bool, format string, args ...any)) {
	bad(o.Rate.PerMinute < 1 || o.Rate.Most() < 1, "Gate.Rate: %+v lets nothing through", o.Rate)
	bad(o.Rate.PerMinute > maxGate || o.Rate.Most() > maxGate, "Gate.Rate: %+v is above %d", o.Rate, maxGate)
	bad(!o.Rate.Sliding && o.Rate.Burst > o.Rate.PerMinute, "Gate.Rate: the burst of %+v is above its rate", o.Rate)
	for _, w := range o.Offences {
		bad(w.Length <= 0 || w.Most < 1 || w.Most > maxGate, "Gate.Offences: %+v can't be", w)
	}
	bad(o.BlockFor <= 0, "Gate.BlockFor: %s is no time", o.BlockFor)
}

// maxGate is the most that may be counted of one address.
const maxGate = 100_000

// Gate decides whether a request from an address may come in, when nobody knows whose it is. Requests of known users do not go
// through it and are not counted: behind one address there may be a school.
func (q *Quota) Gate(ctx context.Context, a netip.Addr) Decision {
	o, s := q.o.Gate, Address(a)
	spent, err := q.o.Store.Spend(ctx, string(s), Spending{Bucket: policyAddress, Rate: o.Rate, Cost: 1, Watch: o.Offences})
	if err != nil {
		return Decision{Allowed: true} // Rate, which comes next, denies those that are to be
	}
	d := q.o.Abuse.rated(s, policyAddress, o.Rate, 1, spent)
	d.Delay = 0 // Rate's to say
	for i, n := range spent.Seen {
		if n > o.Offences[i].Most {
			return q.offence(ctx, s, o.Offences[i])
		}
	}
	if d.Code == CodeRate {
		return q.alert(ctx, d, s, RateLimitExceeded, map[string]any{"limit": d.Limit, "category": policyAddress})
	}
	return d
}

// offence blocks an address that sends far more than it may.
func (q *Quota) offence(ctx context.Context, s Subject, w Window) Decision {
	o := q.o.Gate
	b := Block{Reason: fmt.Sprintf("more than %d requests in %s", w.Most, wait(w.Length)), For: o.BlockFor}
	d := refusedBlocked(s, b).of(policyAddress, o.Rate.PerMinute, time.Minute)
	if q.o.Store.Block(ctx, string(s), b.Reason, b.For) != nil {
		return d
	}
	return q.alert(ctx, d, s, AddressBlocked, map[string]any{"reason": b.Reason, "blocked_for_s": b.For.Seconds()})
}
