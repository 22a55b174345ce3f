package webhook

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"paddock/anomalylog"
)

func TestAddresses(t *testing.T) {
	g := newGuard(nil)
	for _, refused := range []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "169.254.170.2", "168.63.129.16", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1",
		"224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.0.2.1", "192.88.99.1",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1", "2001:db8::1",
		"::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:127.0.0.1",
		"64:ff9b::127.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::127.0.0.1", "2002:7f00:1::1", "2002:808:808::1",
		"2001:0:1:2:3:4:80ff:fffe", "2001:20::1", "3fff::1", "4000::1",
	} {
		assert.ErrorIs(t, g.check(netip.MustParseAddr(refused)), ErrNotPublic, refused)
	}
	for _, public := range []string{"8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450::1"} {
		assert.NoError(t, g.check(netip.MustParseAddr(public)), public)
	}
	g = newGuard([]netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/64"), netip.MustParsePrefix("fe80::/10"),
	})
	for address, allowed := range map[string]bool{
		"10.1.2.3": true, "11.0.0.1": true, "127.0.0.1": false, "fd00::1": true, "fd00:0:0:1::1": false, "fe80::1%eth0": true,
		"::ffff:10.1.2.3": false,
	} {
		assert.Equal(t, allowed, g.check(netip.MustParseAddr(address)) == nil, address)
	}
}

// A URL is refused when its host is an address that would not be called, or something that others take for one. What is wrong is
// said without what may be secret in it.
func TestURLs(t *testing.T) {
	const secret = "T0K3N"
	for text, wants := range map[string]string{
		"ftp://hooks.example/T0K3N":                "neither https:// nor http://",
		"file:///T0K3N":                            "neither https:// nor http://",
		"hooks.example/T0K3N":                      "neither https:// nor http://",
		"https://user:T0K3N@hooks.example/":        "no user and password",
		"https://T0K3N@hooks.example/":             "no user and password",
		"https://hooks.example:T0K3N/":             "can't be read",
		"https:///T0K3N":                           "names no host",
		"https://%zz/T0K3N":                        "can't be read",
		"https://hooks.example/T0K3N\n":            "can't be read",
		"http://127.0.0.1/T0K3N":                   "webhook_allow",
		"http://[::1]/T0K3N":                       "webhook_allow",
		"http://[::ffff:169.254.169.254]/T0K3N":    "webhook_allow",
		"http://[fe80::1%25eth0]/T0K3N":            "webhook_allow",
		"http://169.254.169.254/latest/meta/T0K3N": "webhook_allow",
		"http://2130706433/T0K3N":                  `"2130706433" is neither a name nor an address`,
		"http://0x7f000001/T0K3N":                  "in its usual form",
		"http://0X7F.1/T0K3N":                      "in its usual form",
		"http://017700000001/T0K3N":                "in its usual form",
		"http://0177.0.0.1/T0K3N":                  "in its usual form",
		"http://127.1/T0K3N":                       "in its usual form",
		"http://127.0.0.1./T0K3N":                  "in its usual form",
		"http://1.2.3.4.5/T0K3N":                   "in its usual form",
		"http://example.0x/T0K3N":                  "in its usual form",
	} {
		_, err := parseURL(text, newGuard(nil))
		require.ErrorContains(t, err, wants, text)
		assert.NotContains(t, err.Error(), secret)
		assert.NotContains(t, Masked(text), secret)
	}
	for _, text := range []string{"https://hooks.slack.com/services/T/B/x", "http://a.example:8080/?token=1", "https://8.8.8.8", "https://1x.example.a1"} {
		_, err := parseURL(text, newGuard(nil))
		assert.NoError(t, err, text)
	}
}

func TestMasked(t *testing.T) {
	for text, want := range map[string]string{
		"https://hooks.slack.com/services/T/B/x": "https://hooks.slack.com/xxxxx", "https://a.example:1/?token=x": "https://a.example:1/xxxxx",
		"https://a.example": "https://a.example", "https://a.example/": "https://a.example/", "https://u:p@a.example/": "https://a.example/",
		"https://a.example/#x": "https://a.example/xxxxx", "mailto:x": "mailto:///xxxxx", "\x7f": "(a URL that can't be read)",
	} {
		assert.Equal(t, want, Masked(text))
	}
}

// listen starts a receiver at an address of the loopback, which has many.
func listen(t *testing.T, address string, answer func(http.ResponseWriter, *http.Request, int)) *receiver {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", address)
	require.NoError(t, err)
	return serve(t, l, answer)
}

func serve(t *testing.T, l net.Listener, answer func(http.ResponseWriter, *http.Request, int)) *receiver {
	t.Helper()
	r := receive(t, answer)
	server := &http.Server{Handler: r.Config.Handler}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	r.URL = "http://" + l.Addr().String()
	return r
}

// samePort listens at two addresses, at a port that nobody has at either.
func samePort(t *testing.T, one, other string) (a, b net.Listener, port string) {
	t.Helper()
	for range 100 {
		a, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", net.JoinHostPort(one, "0"))
		require.NoError(t, err)
		_, port, err := net.SplitHostPort(a.Addr().String())
		require.NoError(t, err)
		b, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", net.JoinHostPort(other, port))
		if err == nil {
			return a, b, port
		}
		require.ErrorIs(t, err, syscall.EADDRINUSE)
		require.NoError(t, a.Close())
	}
	require.Fail(t, "no port is free at both")
	return nil, nil, ""
}

// try tells one target of one event, in one try, and gives what became of it.
func try(t *testing.T, o Options, target string) (Counts, string) {
	t.Helper()
	o.pace, o.Dead = quick, filepath.Join(t.TempDir(), "d")
	o.pace.tries = 1
	o.Targets = []Target{{URL: target, Secret: "sesame"}}
	d := dispatch(t, o)
	d.Notify(event(anomalylog.Quarantined, "ada"))
	require.NoError(t, d.Close(t.Context()))
	why := ""
	for _, l := range letters(t, o.Dead) {
		why = l.LastError
	}
	return d.Counts()["t0"], why
}

func redirect(code int, to string) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, r *http.Request, _ int) {
		if strings.HasPrefix(r.URL.Path, "/end") {
			return
		}
		w.Header().Set("Location", to)
		w.WriteHeader(code)
	}
}

func TestRedirects(t *testing.T) {
	other := listen(t, "127.0.0.3:0", nil)
	for name, c := range map[string]struct {
		code  int
		to    string
		calls int
		ok    bool
	}{
		"307 to a path":             {307, "/end", 2, true},
		"308 to a path":             {308, "end", 2, true},
		"302 to a path":             {302, "/end", 1, false},
		"303 to a path":             {303, "/end", 1, false},
		"a loop":                    {307, "/again", 4, false},
		"another port":              {307, other.URL + "/end", 1, false},
		"loopback":                  {307, "http://127.0.0.1:80/end", 1, false},
		"metadata":                  {307, "http://169.254.169.254/latest/meta-data/", 1, false},
		"metadata, decimal":         {307, "http://2852039166/", 1, false},
		"another scheme":            {307, "https://{host}/end", 1, false},
		"the same, with a user":     {307, "http://u:p@{host}/end", 1, false},
		"the same, written in full": {307, "http://{host}/end", 2, true},
		"nothing that can be read":  {307, "http://%zz/", 1, false},
		"nowhere":                   {307, "", 1, false},
		"a file":                    {307, "file:///etc/passwd", 1, false},
	} {
		to := c.to
		var once sync.Once
		var r *receiver
		r = listen(t, "127.0.0.2:0", func(w http.ResponseWriter, req *http.Request, nth int) {
			once.Do(func() { to = strings.Replace(to, "{host}", strings.TrimPrefix(r.URL, "http://"), 1) })
			redirect(c.code, to)(w, req, nth)
		})
		counts, why := try(t, Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/31")}}, r.URL)
		assert.Len(t, r.got, c.calls, name)
		assert.Empty(t, other.got, name)
		if c.ok {
			assert.EqualValues(t, 1, counts.Delivered, "%s: %s", name, why)
		} else {
			assert.Contains(t, why, "only 307 and 308 are followed, 3 times and to the same origin", name)
		}
	}
}

func TestSameOrigin(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"https://a.example", "https://A.example:443/x"}: true, {"http://a.example:80", "http://a.example/"}: true,
		{"http://a.example", "https://a.example"}: false, {"http://a.example", "http://a.example:443"}: false,
		{"http://a.example", "http://b.a.example"}: false, {"http://a.example", "http://a.example.:80"}: false,
	} {
		a, err := url.Parse(pair[0])
		require.NoError(t, err)
		b, err := url.Parse(pair[1])
		require.NoError(t, err)
		assert.Equal(t, want, sameOrigin(a, b), pair)
	}
}

// resolver asks a name server of the test, which has the answer of that moment for questions for IPv4 addresses, whatever the name.
func resolver(t *testing.T, answer func() string) *net.Resolver {
	t.Helper()
	conn, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan struct{})
	go func() {
		defer close(served)
		packet := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(packet)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(packet[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Additionals = true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(answer()).As4()},
				}}
			}
			if reply, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	t.Cleanup(func() {
		_ = conn.Close()
		<-served
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp4", conn.LocalAddr().String())
	}}
}

// closing says after each answer that the connection ends.
func closing(answer func(http.ResponseWriter, *http.Request, int)) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, r *http.Request, nth int) {
		w.Header().Set("Connection", "close")
		answer(w, r, nth)
	}
}

// A name is another address as soon as it has been called: in the middle of a delivery.
func TestRebinding(t *testing.T) {
	again := redirect(http.StatusTemporaryRedirect, "/end")
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request, int)
		calls  int
	}{
		"another try":                        {closing(status(http.StatusServiceUnavailable, http.StatusOK)), 1},
		"a redirect":                         {closing(again), 1},
		"another try on the same connection": {status(http.StatusServiceUnavailable, http.StatusOK), 2},
		"a redirect on the same connection":  {again, 2},
	} {
		public, private, port := samePort(t, "127.0.0.2", "127.0.0.1")
		good, inner := serve(t, public, c.answer), serve(t, private, nil)
		o := Options{
			Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}, // stands for a public address
			Dead:  filepath.Join(t.TempDir(), "d"), pace: quick,
			Targets: []Target{{URL: "http://rebinding.example:" + port + "/"}},
			resolver: resolver(t, func() string {
				if len(good.got) > 0 {
					return "127.0.0.1"
				}
				return "127.0.0.2"
			}),
		}
		d := dispatch(t, o)
		d.Notify(event(anomalylog.Quarantined, "ada"))
		require.NoError(t, d.Close(t.Context()))
		assert.Len(t, good.got, c.calls, name)
		assert.Empty(t, inner.got, name)
		if c.calls == 2 {
			assert.EqualValues(t, 1, d.Counts()["t0"].Delivered, name)
			continue
		}
		assert.EqualValues(t, 1, d.Counts()["t0"].GivenUp, name)
		assert.Contains(t, letters(t, o.Dead)[0].LastError, "127.0.0.1 is no public address, and not allowed by webhook_allow", name)
	}
}

// Deliveries that follow one another take one connection. One that a target closes is made anew, without a failed try.
func TestConnectionsAreKept(t *testing.T) {
	r := listen(t, "127.0.0.1:0", func(w http.ResponseWriter, _ *http.Request, nth int) {
		if nth != 3 {
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if assert.NoError(t, err) {
			_ = conn.Close()
		}
	})
	d := dispatch(t, Options{Targets: []Target{{URL: r.URL}}, pace: quick})
	var clients []string
	for range 4 {
		d.Notify(event(anomalylog.Quarantined, "ada"))
	}
	require.NoError(t, d.Close(t.Context()))
	assert.Equal(t, Counts{Delivered: 4}, d.Counts()["t0"])
	close(r.got)
	for got := range r.got {
		clients = append(clients, got.from)
	}
	require.Len(t, clients, 5)
	assert.Equal(t, []string{clients[0], clients[0], clients[0], clients[4], clients[4]}, clients)
	assert.NotEqual(t, clients[0], clients[4])
}

// A connection that is kept ends with the dispatcher.
func TestCloseHangsUp(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	d := dispatch(t, Options{Targets: []Target{{URL: "http://" + l.Addr().String()}}})
	d.Notify(event(anomalylog.Quarantined, "ada"))
	conn, err := l.Accept()
	require.NoError(t, err)
	in := bufio.NewReader(conn)
	req, err := http.ReadRequest(in)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, req.Body)
	require.NoError(t, err)
	_, err = conn.Write([]byte("HTTP/1.1 204 No Content\r\n\r\n"))
	require.NoError(t, err)
	require.NoError(t, d.Close(t.Context()))
	assert.Equal(t, Counts{Delivered: 1}, d.Counts()["t0"])
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(keepIdle/2)))
	_, err = in.ReadByte()
	require.ErrorIs(t, err, io.EOF)
	require.NoError(t, conn.Close())
	require.NoError(t, l.Close())
}

// A target that takes connections and says nothing of TLS holds none of them for longer than a try.
func TestHandshakesAreBounded(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	two := quick
	two.tries, two.try = 2, 50*time.Millisecond
	d := dispatch(t, Options{Targets: []Target{{URL: "https://" + l.Addr().String()}}, pace: two})
	d.Notify(event(anomalylog.Quarantined, "ada"))
	var ends sync.WaitGroup // of connections, of which a try that has no time left may have none
	ends.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			ends.Go(func() {
				assert.NoError(t, conn.SetReadDeadline(time.Now().Add(keepIdle/2)))
				_, err := io.Copy(io.Discard, conn)
				assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "it is never ended")
				assert.NoError(t, conn.Close())
			})
		}
	})
	require.Eventually(t, func() bool { return d.Counts()["t0"].GivenUp == 1 }, keepIdle, time.Millisecond)
	require.NoError(t, d.Close(t.Context()))
	require.NoError(t, l.Close())
	ends.Wait()
	assert.Equal(t, Counts{GivenUp: 1, FailedTries: 2}, d.Counts()["t0"])
}

// Names are looked at by what they stand for: a refusal is final, and no byte is sent.
func TestNamesOfInnerAddresses(t *testing.T) {
	inner := listen(t, "127.0.0.1:0", nil)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(inner.URL, "http://"))
	require.NoError(t, err)
	none := []netip.Prefix{}
	for _, host := range []string{"inner.example", "localhost", "localhost.", "127.0.0.1.nip.example", "metadata.google.internal"} {
		counts, why := try(t, Options{Allow: none, resolver: resolver(t, func() string { return "127.0.0.1" })}, "http://"+host+":"+port)
		assert.Equal(t, Counts{GivenUp: 1, FailedTries: 1}, counts, host)
		assert.Contains(t, why, "is no public address", host)
	}
	assert.Empty(t, inner.got)
}

// What the environment says of proxies does not count: they would look up names for us. It is read once in a process, so that
// this looks at whether it is read.
func TestNoProxy(t *testing.T) {
	assert.Nil(t, newGuard(nil).transport(nil, 0).Proxy)
}
