package webhook

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// ErrNotPublic is why nothing is sent to a target whose address is not public and not allowed.
var ErrNotPublic = errors.New("no public address, and not allowed by webhook_allow")

// metadata are addresses at which clouds tell a machine its secrets, as far as they are public by their form: Azure's
// (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16). The others are link-local, shared, unique
// local or reserved.
var metadata = netip.MustParsePrefix("168.63.129.16/32")

// guard tells which addresses may be called. The list of those that are not public is that of IANA's registries of special-purpose
// addresses, kept by the library; of IPv6 only global unicast is, so that IPv4 addresses within others (mapped, NAT64, 6to4,
// Teredo) are not.
type guard struct{ *ssrf.Guardian }

func newGuard(allow []netip.Prefix) *guard {
	var v4, v6 []netip.Prefix
	for _, p := range allow {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	return &guard{ssrf.New(ssrf.WithAnyPort(), ssrf.WithDeniedV4Prefixes(metadata),
		ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))}
}

// check looks at an address, whatever interface it is for.
func (g *guard) check(a netip.Addr) error {
	if g.SafeAddr(a.WithZone("")) != nil {
		return fmt.Errorf("%s is %w", a, ErrNotPublic)
	}
	return nil
}

// control is called with the address that is about to be called, after names have been looked up: whatever the name was, however
// the address was written, and whatever a name server said before.
func (g *guard) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%s: %w", address, ErrNotPublic)
	}
	return g.check(to.Addr())
}

// keepIdle is how long a connection is kept for the next delivery: those that come one after the other share one, those that a
// window parts need not.
const keepIdle = 30 * time.Second

// transport calls what the guard lets it call, and nobody in between: no proxy of the environment. A connection is looked at when
// it is made, and stays one to that address whatever its name is later. Making one outlives the try that asked for it
// (net/http.Transport), so that it has the limit of a try by itself.
func (g *guard) transport(resolver *net.Resolver, try time.Duration) *http.Transport {
	dialer := &net.Dialer{ControlContext: g.control, Resolver: resolver, Timeout: try}
	return &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: try, IdleConnTimeout: keepIdle,
		DisableCompression: true, MaxResponseHeaderBytes: maxAnswer,
	}
}

// parseURL reads a target's URL. Errors do not repeat it.
func parseURL(text string, g *guard) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, errors.New("can't be read as a URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("begins with neither https:// nor http://")
	case u.User != nil:
		return nil, errors.New("may hold no user and password; a secret signs what is sent")
	case u.Hostname() == "":
		return nil, errors.New("names no host")
	}
	a, err := netip.ParseAddr(u.Hostname())
	if err == nil {
		return u, g.check(a)
	}
	if endsInNumber(u.Hostname()) {
		return nil, fmt.Errorf("%q is neither a name nor an address in its usual form", u.Hostname())
	}
	return u, nil
}

// endsInNumber tells hosts that some take for IPv4 addresses in other forms (decimal, octal, hexadecimal, fewer parts) from names
// (https://url.spec.whatwg.org/#ends-in-a-number-checker).
func endsInNumber(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// sameOrigin tells whether two URLs are of one scheme, host and port.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}

// Masked is a target's URL as it may be shown: without its path and query, which may hold a token.
func Masked(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(a URL that can't be read)"
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if strings.Trim(u.Path, "/")+u.RawQuery+u.Fragment+u.Opaque != "" {
		shown.Path = "/xxxxx"
	}
	return shown.String()
}
