package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"paddock/anomalylog"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(varWriter); path != "" {
		giveUpForEver(path)
	}
	goleak.VerifyTestMain(m)
}

// request is what a receiver got.
type request struct {
	from   string // the client's end of the connection
	header http.Header
	body   []byte
}

func (r request) message(t *testing.T) (m struct {
	DeliveryID string `json:"delivery_id"`
	SentAt     string `json:"sent_at"`
	Repeated   int
	Anomaly    map[string]any
}) {
	t.Helper()
	require.NoError(t, json.Unmarshal(r.body, &m), "%s", r.body)
	return m
}

// receiver is a server on the loopback that keeps what it gets.
type receiver struct {
	*httptest.Server
	got chan request
}

// receive starts a receiver that answers by answer; nil takes everything. Its calls are made outside of any bubble, whose clock stands
// still while a connection is open: each call has one of its own.
func receive(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, nth int)) *receiver {
	t.Helper()
	r := &receiver{got: make(chan request, 1000)}
	var n atomic.Int64
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.got <- request{from: req.RemoteAddr, header: req.Header, body: body}
		if answer != nil {
			answer(w, req, int(n.Add(1)))
		}
	}))
	r.Config.SetKeepAlivesEnabled(false)
	t.Cleanup(r.Close)
	return r
}

func status(codes ...int) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, _ *http.Request, nth int) { w.WriteHeader(codes[min(nth, len(codes))-1]) }
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}

// quick are tries that follow one another at once.
var quick = pace{tries: 5, try: 10 * time.Second, wait: 1, ask: 1, total: time.Minute, drain: time.Minute}

func dispatch(t *testing.T, o Options) *Dispatcher {
	t.Helper()
	if o.Dead == "" {
		o.Dead = filepath.Join(t.TempDir(), "state", "dead.jsonl")
	}
	if o.Allow == nil {
		o.Allow = loopback
	}
	for i := range o.Targets {
		o.Targets[i].Name = "t" + strconv.Itoa(i)
	}
	d, err := New(o)
	require.NoError(t, err)
	return d
}

func event(kind anomalylog.Type, user string) anomalylog.Event {
	return anomalylog.Event{
		Time: time.Date(2026, 11, 21, 15, 4, 5, 0, time.UTC), Type: kind, UserID: user, Severity: anomalylog.Severities[kind],
		Details: anomalylog.Details{"z": "1", "a": 2}, IP: "192.0.2.1", RequestID: "r",
	}
}

func letters(t *testing.T, path string) (all []letter) {
	t.Helper()
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	for line := range bytes.Lines(data) {
		var l letter
		require.NoError(t, json.Unmarshal(line, &l), "%q", line)
		all = append(all, l)
	}
	return all
}

// What is sent is the log's own line, signed; a receiver computes the signature by itself.
func TestDelivery(t *testing.T) {
	r := receive(t, status(http.StatusInternalServerError, http.StatusNoContent))
	const secret = "a secret of some length"
	d := dispatch(t, Options{Targets: []Target{{URL: r.URL + "/hook?x=1", Secret: secret}}, pace: quick})
	e := event(anomalylog.Quarantined, "ada")
	d.Notify(e)
	require.NoError(t, d.Close(t.Context()))
	first, second := <-r.got, <-r.got
	assert.Equal(t, first.body, second.body, "the same in each try")
	m := first.message(t)
	assert.Equal(t, m.DeliveryID, first.header.Get("Paddock-Delivery"))
	assert.Equal(t, m.DeliveryID, second.header.Get("Paddock-Delivery"))
	_, err := time.Parse(time.RFC3339, m.SentAt)
	require.NoError(t, err)
	assert.Contains(t, string(first.body), `"repeated":0,"anomaly":{"timestamp":"2026-11-21T15:04:05.000Z","type":"QUARANTINED","user_id":"ada",`+
		`"details":{"a":2,"z":"1"},"severity":"high","ip":"192.0.2.1","request_id":"r"}}`, "as in the log, in its order")
	assert.Equal(t, "application/json", first.header.Get("Content-Type"))

	header := second.header.Get("Paddock-Signature")
	at, mac, ok := strings.Cut(strings.TrimPrefix(header, "t="), ",v1=")
	require.True(t, ok, header)
	h := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(h, "%s.%s", at, second.body)
	assert.Equal(t, hex.EncodeToString(h.Sum(nil)), mac)
	require.NoError(t, Verify(secret, header, second.body, time.Now(), time.Minute))
	assert.Equal(t, map[string]Counts{"t0": {Delivered: 1, FailedTries: 1}}, d.Counts())
}

func TestWhoIsToldOfWhat(t *testing.T) {
	all, high, kinds := receive(t, nil), receive(t, nil), receive(t, nil)
	d := dispatch(t, Options{Targets: []Target{
		{URL: all.URL}, {URL: high.URL, Severities: []anomalylog.Severity{anomalylog.High}},
		{URL: kinds.URL, Types: []anomalylog.Type{anomalylog.CodeBlocked}, Severities: []anomalylog.Severity{anomalylog.Medium, anomalylog.High}},
	}})
	for _, kind := range []anomalylog.Type{anomalylog.ExecutionTimeout, anomalylog.CodeBlocked, anomalylog.Quarantined} {
		d.Notify(event(kind, "ada"))
	}
	require.NoError(t, d.Close(t.Context()))
	types := func(r *receiver) (types []any) {
		close(r.got)
		for got := range r.got {
			assert.Empty(t, got.header.Get(SignatureHeader), "there is no secret")
			types = append(types, got.message(t).Anomaly["type"])
		}
		return types
	}
	assert.ElementsMatch(t, []any{"EXECUTION_TIMEOUT", "CODE_BLOCKED", "QUARANTINED"}, types(all))
	assert.Equal(t, []any{"QUARANTINED"}, types(high))
	assert.Equal(t, []any{"CODE_BLOCKED"}, types(kinds))
}

// Which answers are tried again, how often, and what is written down in the end.
func TestAnswers(t *testing.T) {
	for code, wants := range map[int]struct {
		tries int
		why   string
	}{
		http.StatusBadRequest:          {1, "400 Bad Request"},
		http.StatusGone:                {1, "410 Gone"},
		http.StatusRequestTimeout:      {1, "408 Request Timeout"},
		http.StatusTooManyRequests:     {5, "429 Too Many Requests"},
		http.StatusInternalServerError: {5, "500 Internal Server Error"},
		599:                            {5, "answered 599"},
		http.StatusFound:               {1, "only 307 and 308 are followed"},
		http.StatusNotModified:         {1, "304 Not Modified"},
	} {
		r := receive(t, status(code))
		var log bytes.Buffer
		o := Options{Targets: []Target{{URL: r.URL + "/token", Secret: "sesame"}}, pace: quick, Dead: filepath.Join(t.TempDir(), "d"), Log: zerolog.New(&log)}
		d := dispatch(t, o)
		d.Notify(event(anomalylog.Quarantined, "ada"))
		require.NoError(t, d.Close(t.Context()))
		assert.Len(t, r.got, wants.tries, code)
		assert.Equal(t, Counts{GivenUp: 1, FailedTries: int64(wants.tries)}, d.Counts()["t0"], code)
		all := letters(t, o.Dead)
		require.Len(t, all, 1)
		assert.Equal(t, "t0", all[0].Target)
		got := <-r.got
		assert.Equal(t, got.message(t).DeliveryID, all[0].DeliveryID)
		assert.Equal(t, string(got.body), string(all[0].Payload))
		assert.Contains(t, all[0].LastError, wants.why)
		data, err := os.ReadFile(o.Dead)
		require.NoError(t, err)
		for _, text := range []string{log.String(), string(data)} {
			assert.NotContains(t, text, "sesame")
			assert.NotContains(t, text, "token")
		}
		assert.Contains(t, log.String(), "alerts can't be delivered")
	}
}

// patient are the usual tries, and all the time they need at the end.
func patient() pace {
	p := usual
	p.drain = time.Hour
	return p
}

// Receivers are outside of a test's bubble, whose clock moves when all there is to wait for is time.
func TestWaitsBetweenTries(t *testing.T) {
	for text, wants := range map[string]time.Duration{
		"30": 30 * time.Second, "0": time.Second, "-5": time.Second, "86400": time.Minute,
		"Sat, 01 Jan 2000 00:00:20 GMT": 20 * time.Second, // the bubble's clock begins at midnight
		"Fri, 31 Dec 1999 00:00:00 GMT": time.Second,
		"":                              0, "99999999999999999999": 0, "soon": 0, // our own
	} {
		r := receive(t, func(w http.ResponseWriter, _ *http.Request, nth int) {
			if nth == 1 {
				w.Header().Set("Retry-After", text)
				w.WriteHeader(http.StatusTooManyRequests)
			}
		})
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			d := dispatch(t, Options{Targets: []Target{{URL: r.URL}}, pace: patient()})
			d.Notify(event(anomalylog.Quarantined, "ada"))
			require.NoError(t, d.Close(context.Background()))
			assert.Equal(t, int64(1), d.Counts()["t0"].Delivered, text)
			if wants > 0 {
				assert.Equal(t, wants, time.Since(began), text)
			} else {
				assert.InDelta(t, usual.wait, time.Since(began), float64(usual.wait/2), text)
			}
		})
	}
}

func TestTriesAreBounded(t *testing.T) {
	slow := receive(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	failing := receive(t, status(http.StatusBadGateway))
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		d := dispatch(t, Options{Targets: []Target{{URL: slow.URL}, {URL: failing.URL}}, pace: patient()})
		d.Notify(event(anomalylog.Quarantined, "ada"))
		require.NoError(t, d.Close(context.Background()))
		assert.LessOrEqual(t, time.Since(began), usual.total)
		assert.Equal(t, map[string]Counts{"t0": {GivenUp: 1, FailedTries: 4}, "t1": {GivenUp: 1, FailedTries: 5}}, d.Counts())
	})
}

// Nobody answers, too slowly, too much, or nonsense.
func TestTroublesomeReceivers(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	hang := receive(t, func(_ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() })
	slow := receive(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		_, _ = w.Write([]byte("o"))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done() // the rest of the body never comes
	})
	endless := receive(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		for {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return // the receiver's client had enough
			}
		}
	})
	header := receive(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("X", strings.Repeat("x", 1<<20))
	})
	nonsense := receive(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = conn.Write([]byte("\x1b[2J ola\r\n\r\n"))
			_ = conn.Close()
		}
	})
	two := quick
	two.tries, two.try = 2, 300*time.Millisecond
	for name, c := range map[string]struct {
		url, why string
	}{
		"closed": {closed.URL, "connection refused"}, "hang": {hang.URL, "context deadline exceeded"},
		"slow body": {slow.URL, ""}, "endless body": {endless.URL, ""},
		"huge header": {header.URL, "exceeded"}, "nonsense": {nonsense.URL, "malformed HTTP"},
		"http to https": {strings.Replace(hang.URL, "http", "https", 1), "TLS handshake"},
	} {
		dead := filepath.Join(t.TempDir(), "d")
		d := dispatch(t, Options{Targets: []Target{{URL: c.url}}, pace: two, Dead: dead})
		d.Notify(event(anomalylog.Quarantined, "ada"))
		require.NoError(t, d.Close(t.Context()))
		if c.why == "" {
			assert.Equal(t, Counts{Delivered: 1}, d.Counts()["t0"], "%s: its status said so", name)
			continue
		}
		assert.Equal(t, Counts{GivenUp: 1, FailedTries: 2}, d.Counts()["t0"], name)
		assert.Contains(t, letters(t, dead)[0].LastError, c.why, name)
		assert.NotContains(t, letters(t, dead)[0].LastError, "\x1b", name)
	}
}

// Events come much faster than targets take them, which is not at all.
func TestNotifyNeverBlocks(t *testing.T) {
	var targets []Target
	for range 2 {
		hang := receive(t, func(_ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() })
		targets = append(targets, Target{URL: hang.URL})
	}
	healthy := receive(t, nil)
	targets = append(targets, Target{URL: healthy.URL, Types: []anomalylog.Type{anomalylog.Quarantined}})
	p := usual
	p.drain = time.Millisecond
	dead := filepath.Join(t.TempDir(), "d")
	var log bytes.Buffer
	d := dispatch(t, Options{Targets: targets, Window: time.Hour, pace: p, Dead: dead, Log: zerolog.New(zerolog.SyncWriter(&log))})
	const all = 10 * roomLength
	for i := range all {
		d.Notify(event(anomalylog.CodeBlocked, strconv.Itoa(i%(all/2))))
	}
	for _, c := range []Counts{d.Counts()["t0"], d.Counts()["t1"]} {
		assert.Positive(t, c.Dropped)
		assert.Positive(t, c.Suppressed)
		assert.Equal(t, int64(all), c.Pending+c.Dropped+c.Suppressed, "each waits or is counted: %+v", c)
		assert.LessOrEqual(t, c.Pending, int64(roomLength+1))
	}
	d.Notify(event(anomalylog.Quarantined, "ada"))
	assert.Equal(t, "QUARANTINED", (<-healthy.got).message(t).Anomaly["type"], "the others keep nobody waiting")
	require.NoError(t, d.Close(t.Context()))
	given := int64(0)
	for _, c := range d.Counts() {
		given += c.GivenUp
		assert.Zero(t, c.Pending)
	}
	assert.Len(t, letters(t, dead), int(given))
	assert.Equal(t, 2, strings.Count(log.String(), "alerts found no room"), "each says so once")
}

func TestWhatIsLeftAtTheEndIsWrittenDown(t *testing.T) {
	failing := receive(t, status(http.StatusInternalServerError))
	hang := receive(t, func(_ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() })
	p := usual
	p.drain = time.Hour
	dead := filepath.Join(t.TempDir(), "d")
	d := dispatch(t, Options{Targets: []Target{{URL: failing.URL}, {URL: hang.URL}}, Window: time.Hour, pace: p, Dead: dead})
	for i := range 30 {
		d.Notify(event(anomalylog.Quarantined, strconv.Itoa(i%10)))
	}
	<-failing.got
	<-hang.got
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // it has waited long enough
	require.NoError(t, d.Close(ctx))
	require.NoError(t, d.Close(ctx), "twice is as good as once")
	all := letters(t, dead)
	require.Len(t, all, 2*20)
	counted := 0
	for _, l := range all {
		assert.Contains(t, l.LastError, "the server stopped before it was delivered")
		counted += request{body: l.Payload}.message(t).Repeated
	}
	assert.Equal(t, 2*20, counted, "what was counted is told too")
	assert.Equal(t, Counts{GivenUp: 20, Suppressed: 20}, d.Counts()["t1"])
	d.Notify(event(anomalylog.Quarantined, "late"))
	assert.Equal(t, Counts{GivenUp: 20, Suppressed: 20, Dropped: 1}, d.Counts()["t1"])
}

func TestWindow(t *testing.T) {
	r := receive(t, nil)
	synctest.Test(t, func(t *testing.T) {
		d := dispatch(t, Options{Targets: []Target{{URL: r.URL}}, Window: time.Minute})
		next := func() (user any, repeated int) {
			t.Helper()
			m := (<-r.got).message(t)
			return fmt.Sprint(m.Anomaly["type"], " ", m.Anomaly["user_id"], " ", m.Anomaly["request_id"]), m.Repeated
		}
		wants := func(user string, repeated int) {
			t.Helper()
			u, n := next()
			assert.Equal(t, user, u)
			assert.Equal(t, repeated, n)
		}
		told := func(kind anomalylog.Type, user, request string) {
			e := event(kind, user)
			e.RequestID = request
			d.Notify(e)
		}
		told(anomalylog.CodeBlocked, "ada", "1")
		wants("CODE_BLOCKED ada 1", 0)
		time.Sleep(30 * time.Second) // of the bubble
		for i := range 500 {
			told(anomalylog.CodeBlocked, "ada", strconv.Itoa(i))
		}
		told(anomalylog.CodeBlocked, "bob", "1")
		wants("CODE_BLOCKED bob 1", 0)
		told(anomalylog.Quarantined, "ada", "1")
		wants("QUARANTINED ada 1", 0)
		time.Sleep(29 * time.Second)
		synctest.Wait()
		assert.Empty(t, r.got)
		assert.Equal(t, int64(500), d.Counts()["t0"].Suppressed)
		time.Sleep(time.Second)
		wants("CODE_BLOCKED ada 499", 500)

		told(anomalylog.CodeBlocked, "ada", "again")
		wants("CODE_BLOCKED ada again", 0)
		time.Sleep(time.Hour)
		synctest.Wait()
		assert.Empty(t, r.got, "nothing was counted")
		require.NoError(t, d.Close(context.Background()))
	})
}

// The program's log says once that there is trouble, and once that it is over.
func TestTroubleIsSaidOnce(t *testing.T) {
	r := receive(t, status(400, 400, 400, 200, 200))
	var log bytes.Buffer
	d := dispatch(t, Options{Targets: []Target{{URL: r.URL}}, Log: zerolog.New(&log)})
	for range 5 {
		d.Notify(event(anomalylog.Quarantined, "ada"))
	}
	require.NoError(t, d.Close(t.Context()))
	assert.Equal(t, 1, strings.Count(log.String(), "alerts can't be delivered"))
	assert.Equal(t, 1, strings.Count(log.String(), "alerts are delivered again"))
	assert.Contains(t, log.String(), `"given_up":3`)
}

// What an embedder puts into an event and JSON has no form for is left out, as in the log.
func TestAnEventWithDetailsThatCanNotBeWritten(t *testing.T) {
	r := receive(t, nil)
	d := dispatch(t, Options{Targets: []Target{{URL: r.URL}}, pace: quick})
	d.Notify(anomalylog.Event{Type: anomalylog.CodeBlocked, UserID: "ada", Details: anomalylog.Details{"x": make(chan int)}})
	require.NoError(t, d.Close(t.Context()))
	m := (<-r.got).message(t)
	assert.Equal(t, "ada", m.Anomaly["user_id"])
	assert.Equal(t, map[string]any{}, m.Anomaly["details"])
}

func TestBadOptionsAreErrorsThatSayWhatIsAllowed(t *testing.T) {
	for wants, o := range map[string]Options{
		"Dead is required":      {Targets: []Target{{Name: "a", URL: "https://a.example"}}},
		"can't be negative":     {Window: -1},
		`there are two "a"`:     {Dead: "d", Targets: []Target{{Name: "a", URL: "https://a.example"}, {Name: "a", URL: "https://a.example"}}},
		"small letters, digits": {Dead: "d", Targets: []Target{{Name: "A b", URL: "https://a.example"}}},
		`"xml" is none of [json slack]`: {
			Dead: "d", Targets: []Target{{Name: "a", URL: "https://a.example", Format: "xml"}}},
		`"NOTHING" is none of [ADDRESS_BLOCKED ADMIN_ACTION`: {
			Dead: "d", Targets: []Target{{Name: "a", URL: "https://a.example", Types: []anomalylog.Type{"NOTHING"}}}},
		`"awful" is none of [low medium high]`: {
			Dead: "d", Targets: []Target{{Name: "a", URL: "https://a.example", Severities: []anomalylog.Severity{"awful"}}}},
		"is a network of IPv4": {Allow: []netip.Prefix{netip.MustParsePrefix("::ffff:127.0.0.0/104")}},
	} {
		_, err := New(o)
		assert.ErrorContains(t, err, wants)
	}
	d, err := New(Options{})
	require.NoError(t, err, "nobody has to be told")
	d.Notify(event(anomalylog.Quarantined, "ada"))
	require.NoError(t, d.Close(t.Context()))
}
