// Package webhook tells others of anomalies: it posts them, as JSON or in the shape that Slack reads, to the targets that an
// operator has chosen.
//
// Promises: Notify returns at once, whatever targets do; each target has a queue and a goroutine of its own, so that one that
// hangs delays no other. Each type of events has a room of its own in a queue; those of high types go first, and types take turns,
// so that a flood of one loses nothing of another. Events of one type come in their order. What is alike within a window is
// counted and not sent, and no count is lost. What can't be delivered is written to a file, and so is what is left when Close has
// waited long enough; an event that finds no room is counted. A process that is killed loses what its queues hold, which the
// anomaly log has.
//
// An address that is not public is never called unless it is allowed: that is decided where a connection is made, on the address
// that it is made to (guard.go).
package webhook

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"paddock/anomalylog"
)

// Options configure a Dispatcher. Dead is required where there are Targets.
type Options struct {
	Targets []Target
	Allow   []netip.Prefix // networks that may be called although they are not public
	Window  time.Duration  // for how long what is alike is counted and not sent; zero sends everything
	Dead    string         // the file for what could not be delivered; made when it is needed, readable by its owner only
	Log     zerolog.Logger

	resolver *net.Resolver // the system's, but in tests
	pace     pace          // usual, but in tests
}

// Target is who is told, of what.
type Target struct {
	Name       string // as logs and metrics have it: small letters, digits, - and _
	URL        string // http or https; its path and query are never shown, as they may hold a token
	Secret     string // signs what is sent (Verify); empty for no signature
	Format     Format // empty for JSON
	Types      []anomalylog.Type
	Severities []anomalylog.Severity // of both, empty stands for all
}

// Format is the shape of what is sent.
type Format string

// The formats.
const (
	JSON  Format = "json"  // delivery_id, sent_at, repeated, and the anomaly as it stands in the log
	Slack Format = "slack" // a text, as Slack's incoming webhooks and those like them take it
)

var (
	formats    = []Format{JSON, Slack}
	severities = []anomalylog.Severity{anomalylog.Low, anomalylog.Medium, anomalylog.High}
)

// DefaultWindow is a window in which an attack makes one message and not thousands, and nobody waits long to learn how many.
const DefaultWindow = time.Minute

// pace is how often and how long a delivery is tried: for 90 s in all when each try hangs, for 40 s when each fails at once.
type pace struct {
	tries uint
	try   time.Duration // one try, from looking up the name to the end of the answer
	wait  time.Duration // before the second try, more or less; before each further one three times as long
	ask   time.Duration // the most of it that a target can ask for
	total time.Duration // no try begins later
	drain time.Duration // what Close waits; less than the program gives each step of its stop (40 s)
}

var usual = pace{
	tries: 5, try: 10 * time.Second, wait: time.Second, ask: time.Minute, total: 3 * time.Minute, drain: 10 * time.Second,
}

// Validate names the first thing that can't be, and says what can. It looks nothing up.
func (o Options) Validate() error {
	_, err := o.parse(newGuard(o.Allow))
	return err
}

// parse reads the URLs of all targets, in their order, when everything is right.
func (o Options) parse(g *guard) ([]*url.URL, error) {
	if len(o.Targets) > 0 && o.Dead == "" {
		return nil, errors.New("webhook.Options.Dead is required")
	}
	if o.Window < 0 {
		return nil, errors.New("webhook_window can't be negative")
	}
	for _, p := range o.Allow {
		if p.Addr().Is4In6() {
			return nil, fmt.Errorf("webhook_allow: %v is a network of IPv4, write it as one", p)
		}
	}
	var urls []*url.URL
	names := map[string]bool{}
	for _, t := range o.Targets {
		if names[t.Name] {
			return nil, fmt.Errorf("webhooks: there are two %q", t.Name)
		}
		names[t.Name] = true
		u, err := t.parse(g)
		if err != nil {
			return nil, fmt.Errorf("webhooks: %q: %w", t.Name, err)
		}
		urls = append(urls, u)
	}
	return urls, nil
}

// maxName keeps metrics and logs readable.
const maxName = 40

func (t Target) parse(g *guard) (*url.URL, error) {
	if !isName(t.Name) {
		return nil, fmt.Errorf("a name has 1 to %d small letters, digits, - and _", maxName)
	}
	if err := t.known(); err != nil {
		return nil, err
	}
	u, err := parseURL(t.URL, g)
	if err != nil {
		return nil, fmt.Errorf("url: %w", err)
	}
	return u, nil
}

// known tells whether there is everything that a target names.
func (t Target) known() error {
	if t.Format != "" && !slices.Contains(formats, t.Format) {
		return fmt.Errorf("format: %q is none of %v", t.Format, formats)
	}
	for _, kind := range t.Types {
		if _, ok := anomalylog.Severities[kind]; !ok {
			return fmt.Errorf("types: %q is none of %v", kind, knownTypes())
		}
	}
	for _, severity := range t.Severities {
		if !slices.Contains(severities, severity) {
			return fmt.Errorf("severities: %q is none of %v", severity, severities)
		}
	}
	return nil
}

func isName(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != "" && len(s) <= maxName
}

func knownTypes() []anomalylog.Type {
	var all []anomalylog.Type
	for kind := range anomalylog.Severities {
		all = append(all, kind)
	}
	slices.Sort(all)
	return all
}

// wants tells whether a target is told of an event.
func (t Target) wants(e anomalylog.Event) bool {
	return (len(t.Types) == 0 || slices.Contains(t.Types, e.Type)) &&
		(len(t.Severities) == 0 || slices.Contains(t.Severities, e.Severity))
}

// Dispatcher tells targets of events.
type Dispatcher struct {
	queues  []*queue
	drain   time.Duration
	cut     context.CancelCauseFunc // ends tries
	hangUp  func()                  // ends connections that are kept
	working sync.WaitGroup
}

// errStopped is why a delivery was given up that Close did not wait for.
var errStopped = errors.New("the server stopped before it was delivered")

// New starts to wait for events. Close ends that.
func New(o Options) (*Dispatcher, error) {
	g := newGuard(o.Allow)
	urls, err := o.parse(g)
	if err != nil {
		return nil, err
	}
	if o.pace == (pace{}) {
		o.pace = usual
	}
	transport := g.transport(o.resolver, o.pace.try)
	dead := &deadLetters{path: o.Dead, log: o.Log}
	ctx, cut := context.WithCancelCause(context.Background())
	d := &Dispatcher{drain: o.pace.drain, cut: cut, hangUp: transport.CloseIdleConnections}
	for i, t := range o.Targets {
		log := o.Log.With().Str("webhook", t.Name).Str("url", Masked(t.URL)).Logger()
		q := newQueue(t, o.Window, log)
		s := &sender{target: t, url: urls[i], transport: transport, pace: o.pace, dead: dead, counts: &q.counts, log: log}
		d.queues = append(d.queues, q)
		d.working.Go(func() { q.work(func(x delivery) { s.send(ctx, x) }) })
	}
	return d, nil
}

// Notify tells every target of an event that wants to know of it. It takes some microseconds whatever targets do, and may be called
// from several goroutines. Events must not change afterwards.
func (d *Dispatcher) Notify(e anomalylog.Event) {
	for _, q := range d.queues {
		if q.target.wants(e) {
			q.take(e)
		}
	}
}

// Counts are what has become of deliveries to a target since New.
type Counts struct {
	Delivered   int64 // the target has taken them
	FailedTries int64
	GivenUp     int64 // after their tries; in the file for them, but for those
	Lost        int64 // that could not be written there
	Suppressed  int64 // events that were counted, and not sent by themselves
	Dropped     int64 // events that found no room
	Pending     int64 // wait, or are under way; not what is still being counted
}

// Counts is what has become of deliveries, by the name of their target.
func (d *Dispatcher) Counts() map[string]Counts {
	all := map[string]Counts{}
	for _, q := range d.queues {
		all[q.target.Name] = q.now()
	}
	return all
}

// Close sends what has been counted and what waits, for ten seconds or until ctx ends; what is left then is written to the file of
// what could not be delivered. Events that come later are dropped.
func (d *Dispatcher) Close(ctx context.Context) error {
	for _, q := range d.queues {
		q.close()
	}
	ctx, cancel := context.WithTimeout(ctx, d.drain)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { d.cut(errStopped) })
	d.working.Wait()
	stop()
	d.cut(errStopped)
	d.hangUp()
	var lost int64
	for _, c := range d.Counts() {
		lost += c.Lost
	}
	if lost > 0 {
		return fmt.Errorf("%d alerts were neither delivered nor written down", lost)
	}
	return nil
}
