package redisstore

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// proxy stands between a store and its server. It counts round trips, and holds answers back for a while.
type proxy struct {
	l     net.Listener
	to    string
	wg    sync.WaitGroup
	ended chan struct{}

	mu    sync.Mutex
	delay time.Duration
	trips int // how often a connection was spoken to after it had been listened to
	conns []net.Conn
}

func through(tb testing.TB, addr string) *proxy {
	tb.Helper()
	l, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	p := &proxy{l: l, to: addr, ended: make(chan struct{})}
	p.wg.Go(p.accept)
	tb.Cleanup(func() {
		close(p.ended)
		_ = l.Close()
		p.cut()
		p.wg.Wait()
	})
	return p
}

func (p *proxy) url() string { return "redis://" + p.l.Addr().String() }

// hold holds answers back from now on.
func (p *proxy) hold(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// cut ends all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
}

// count is how many round trips there have been since it was asked last.
func (p *proxy) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.trips
	p.trips = 0
	return n
}

func (p *proxy) accept() {
	for {
		client, err := p.l.Accept()
		if err != nil {
			return
		}
		server, err := new(net.Dialer).DialContext(context.Background(), "tcp", p.to)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client, server)
		p.mu.Unlock()
		asked := false // since the last answer
		p.wg.Go(func() {
			p.relay(server, client, func() {
				if !asked {
					p.trips++
				}
				asked = true
			}, false)
		})
		p.wg.Go(func() { p.relay(client, server, func() { asked = false }, true) })
	}
}

// relay copies what it reads, each piece noted under the lock.
func (p *proxy) relay(to, from net.Conn, note func(), answers bool) {
	defer func() { _, _ = to.Close(), from.Close() }()
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		if !answers {
			p.locked(note)
		}
		p.mu.Lock()
		delay := p.delay
		p.mu.Unlock()
		if answers && delay > 0 {
			timer := time.NewTimer(delay)
			select {
			case <-timer.C:
			case <-p.ended:
				timer.Stop()
				return
			}
		}
		if answers {
			p.locked(note) // not before it goes on: what is asked until then has not waited for it
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) locked(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}
