package quota_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
)

func TestAddressesAreKnownByWhatOneCustomerHas(t *testing.T) {
	for text, want := range map[string]quota.Subject{
		"192.0.2.7":                 "addr:192.0.2.7",
		"::ffff:192.0.2.7":          "addr:192.0.2.7",
		"2001:db8:1:2:3:4:5:6":      "addr:2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::1":      "addr:2001:db8:1:2::/64",
		"2001:db8:1:3::1":           "addr:2001:db8:1:3::/64",
		"fe80::1%eth0":              "addr:fe80::/64",
		"::1":                       "addr:::/64",
		"::ffff:192.0.2.7%whatever": "addr:192.0.2.7",
	} {
		a, err := netip.ParseAddr(text)
		if err != nil { // a zone is not for IPv4
			continue
		}
		assert.Equal(t, want, quota.Address(a), text)
	}
	assert.Equal(t, quota.Subject("addr:invalid IP"), quota.Address(netip.Addr{}), "who has no address is one, too")
}

func prefixes(texts ...string) (ps []netip.Prefix) {
	for _, s := range texts {
		ps = append(ps, netip.MustParsePrefix(s))
	}
	return ps
}

func TestForwardedForIsBelievedFromProxiesOnly(t *testing.T) {
	proxies := prefixes("10.0.0.0/8", "2001:db8:ffff::/48")
	for name, c := range map[string]struct {
		peer      string
		forwarded []string
		want      string
	}{
		"a client says it is a proxy's":      {"198.51.100.9:1234", []string{"203.0.113.1"}, "198.51.100.9"},
		"a proxy, and nothing said":          {"10.0.0.1:1234", nil, "10.0.0.1"},
		"one proxy":                          {"10.0.0.1:1234", []string{"203.0.113.1"}, "203.0.113.1"},
		"what the client wrote is not read":  {"10.0.0.1:1234", []string{"1.1.1.1, 203.0.113.1"}, "203.0.113.1"},
		"two proxies":                        {"10.0.0.1:1234", []string{"203.0.113.1, 10.0.0.2"}, "203.0.113.1"},
		"two fields are one list":            {"10.0.0.1:1234", []string{"1.1.1.1", "203.0.113.1,10.0.0.2"}, "203.0.113.1"},
		"a client with a trusted address":    {"10.0.0.1:1234", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		"a proxy that speaks IPv6":           {"[2001:db8:ffff::1]:1234", []string{"2001:db8::7"}, "2001:db8::7"},
		"a proxy in IPv6's clothes":          {"[::ffff:10.0.0.1]:1234", []string{"::ffff:203.0.113.1"}, "203.0.113.1"},
		"ports and brackets":                 {"10.0.0.1:1234", []string{"[2001:db8::7]:99 , 10.0.0.4:8080,[2001:db8:ffff::1]"}, "2001:db8::7"},
		"junk ends the search at its proxy":  {"10.0.0.1:1234", []string{"203.0.113.1, unknown, 10.0.0.2"}, "10.0.0.2"},
		"nothing between two commas":         {"10.0.0.1:1234", []string{"203.0.113.1,,10.0.0.2"}, "10.0.0.2"},
		"an empty field":                     {"10.0.0.1:1234", []string{""}, "10.0.0.1"},
		"an address without end":             {"10.0.0.1:1234", []string{strings.Repeat("1", 1<<16)}, "10.0.0.1"},
		"a name is no address":               {"10.0.0.1:1234", []string{"localhost"}, "10.0.0.1"},
		"a zone is nothing to tell apart by": {"10.0.0.1:1234", []string{"2001:db8::7%a"}, "2001:db8::7"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, netip.MustParseAddr(c.want), quota.ClientAddress(c.peer, c.forwarded, proxies))
		})
	}
	assert.Zero(t, quota.ClientAddress("@", []string{"1.1.1.1"}, proxies), "a peer without an address passes nothing on")
	assert.Equal(t, netip.MustParseAddr("10.0.0.1"), quota.ClientAddress("10.0.0.1:80", []string{"1.1.1.1"}, nil))
}

// Whatever a client writes in front, it is known by the address that the proxy has put behind it.
func FuzzForwardedFor(f *testing.F) {
	for _, s := range []string{"", ",", "1.1.1.1", "10.0.0.2, ", "[::1", "]", "a,b,c", "::ffff:10.0.0.1%x", strings.Repeat(",", 999), "\x00\r\n"} {
		f.Add(s, "198.51.100.9:1")
	}
	proxies := prefixes("10.0.0.0/8")
	f.Fuzz(func(t *testing.T, written, peer string) {
		client := netip.MustParseAddr("203.0.113.1")
		got := quota.ClientAddress("10.0.0.1:80", []string{written + ", 203.0.113.1, 10.0.0.2"}, proxies)
		require.Equal(t, client, got)
		require.Equal(t, client, quota.ClientAddress("10.0.0.1:80", []string{written, "203.0.113.1"}, proxies))
		// Whoever speaks to us: it is itself, unless it is a proxy.
		itself := quota.ClientAddress(peer, nil, proxies)
		got = quota.ClientAddress(peer, []string{written}, proxies)
		if !proxies[0].Contains(itself) {
			require.Equal(t, itself, got)
		}
		require.Empty(t, got.Zone())
		require.False(t, got.Is4In6())
	})
}

func (d *desk) gate(addr string) quota.Decision {
	return d.Gate(d.t.Context(), netip.MustParseAddr(addr))
}

func TestTheGateOfAddresses(t *testing.T) {
	d := newDesk(t)
	for left := int64(9); left >= 0; left-- {
		got := d.gate("192.0.2.1")
		assert.Equal(t, quota.Decision{Allowed: true, Policy: "address", Limit: 60, Window: time.Minute, Remaining: left, Reset: time.Second}, got)
	}
	got := d.gate("192.0.2.1")
	assert.Equal(t, "Rate limit exceeded. Try again in 1 s.", got.Reason)
	assert.Equal(t, []quota.Event{{Type: "RATE_LIMIT_EXCEEDED", Subject: "addr:192.0.2.1",
		Details: map[string]any{"limit": int64(60), "category": "address"}}}, got.Events)
	assert.Empty(t, d.gate("192.0.2.1").Events, "one alert for each address and minute")
	assert.True(t, d.gate("192.0.2.2").Allowed)
	d.clock.Advance(time.Minute)
	assert.True(t, d.gate("192.0.2.1").Allowed)
	for range 9 {
		d.gate("192.0.2.1")
	}
	assert.Len(t, d.gate("192.0.2.1").Events, 1, "the next minute's")

	for i := range 10 {
		assert.True(t, d.gate(fmt.Sprintf("2001:db8::%d", i)).Allowed)
	}
	assert.False(t, d.gate("2001:db8::ffff").Allowed, "a /64 is one")
}

// A slowed request waits once: Rate says so, the gate does not.
func TestTheGateSlowsNobody(t *testing.T) {
	d := newDesk(t)
	a := quota.Address(netip.MustParseAddr("192.0.2.1"))
	d.signal(a, quota.SensitiveProbe, "")
	d.signal(a, quota.SensitiveProbe, "")
	assert.Zero(t, d.gate("192.0.2.1").Delay)
	r := d.of(quota.Free)
	r.Subject = a
	assert.Equal(t, 5*time.Second, d.rate(r).Delay)
	d.signal(a, quota.SensitiveProbe, "")
	assert.Equal(t, quota.CodeQuarantined, d.gate("192.0.2.1").Code)
}

func TestTheGateWithAWindowThatSlides(t *testing.T) {
	d := newDesk(t, func(o *quota.Options) { o.Gate.Rate = quota.Rate{PerMinute: 60, Sliding: true} })
	for range 30 {
		assert.True(t, d.gate("192.0.2.1").Allowed)
	}
	d.clock.Advance(20 * time.Second)
	for range 30 {
		assert.True(t, d.gate("192.0.2.1").Allowed)
	}
	got := d.gate("192.0.2.1")
	assert.False(t, got.Allowed)
	assert.Equal(t, 40*time.Second, got.RetryAfter)
	d.clock.Advance(40 * time.Second)
	assert.True(t, d.gate("192.0.2.1").Allowed)
}

func TestAddressesThatSendFarTooMuchAreBlocked(t *testing.T) {
	for name, c := range map[string]struct {
		every  time.Duration
		allow  int
		reason string
	}{
		"51 in 10 s":          {100 * time.Millisecond, 50, "more than 50 requests in 10 s"},
		"101 in 60 s":         {500 * time.Millisecond, 100, "more than 100 requests in 60 s"},
		"100 a minute is not": {601 * time.Millisecond, 1000, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			var alerts []quota.Event
			for range c.allow {
				got := d.gate("192.0.2.1")
				require.NotEqual(t, quota.CodeAddressBlocked, got.Code)
				alerts = append(alerts, got.Events...)
				d.clock.Advance(c.every)
			}
			if c.reason == "" {
				assert.Len(t, alerts, int((time.Duration(c.allow) * c.every).Minutes()), "one in a minute")
				return
			}
			assert.Len(t, alerts, 1)
			got := d.gate("192.0.2.1")
			assert.Equal(t, "address_blocked", got.Code)
			assert.Equal(t, "This address is blocked: "+c.reason+". Try again in 60 min.", got.Reason)
			assert.Equal(t, time.Hour, got.RetryAfter)
			assert.Equal(t, []quota.Event{{Type: "ADDRESS_BLOCKED", Subject: "addr:192.0.2.1",
				Details: map[string]any{"reason": c.reason, "blocked_for_s": 3600.0}}}, got.Events)
			for range 200 {
				assert.Empty(t, d.gate("192.0.2.1").Events, "a blocked address fills no log")
			}
			assert.True(t, d.gate("192.0.2.2").Allowed)
			r := d.of(quota.Free)
			assert.True(t, d.rate(r).Allowed, "a known user there is judged by what it does itself")
			r.Subject = quota.Address(netip.MustParseAddr("192.0.2.1"))
			assert.Equal(t, "address_blocked", d.rate(r).Code)

			d.clock.Advance(time.Hour - time.Microsecond)
			assert.False(t, d.gate("192.0.2.1").Allowed)
			d.clock.Advance(time.Microsecond)
			assert.True(t, d.gate("192.0.2.1").Allowed)
		})
	}
}

func TestAnAdminUnblocks(t *testing.T) {
	d := newDesk(t)
	a := quota.Address(netip.MustParseAddr("192.0.2.1"))
	for range 51 {
		d.gate("192.0.2.1")
	}
	list, err := d.Suspects(t.Context(), 10)
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(list, func(k quota.Known) bool { return k.Subject == string(a) && k.Block.For == time.Hour }))
	d.clock.Advance(time.Minute)
	require.NoError(t, d.Unblock(t.Context(), a))
	assert.True(t, d.gate("192.0.2.1").Allowed)
	require.NoError(t, d.Block(t.Context(), a, "asked for by its owner", time.Hour))
	assert.Equal(t, "This address is blocked: asked for by its owner. Try again in 60 min.", d.gate("192.0.2.1").Reason)
}
