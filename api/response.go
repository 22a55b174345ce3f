package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"paddock/quota"
)

// exchange is what is known of one request and its answer besides what HTTP carries.
type exchange struct {
	id        string           // of the request
	ip        string           // of the client
	address   netip.Addr       // the same
	decisions []quota.Decision // what admission has said
	runID     string           // of its run, once there is one
	rules     []string         // what its code was found to match
	code      string           // of the problem that was told
	trace     string           // that it belongs to
}

type exchangeKey struct{}

// exchangeOf is never nil, so that nobody has to ask.
func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{}
}

// afterwards is a context for what is left to do when a request has been answered: it does not end, and its exchange is its own.
func afterwards(ctx context.Context) context.Context {
	x := exchangeOf(ctx)
	return context.WithValue(context.WithoutCancel(ctx), exchangeKey{}, &exchange{id: x.id, ip: x.ip, address: x.address})
}

// response counts what is answered and gives every write its deadline, so that a client that does not read holds nothing for
// long. The server's own last flush comes right behind the last write, within the same deadline.
type response struct {
	http.ResponseWriter
	control  *http.ResponseController
	exchange *exchange
	status   int
	bytes    int64
}

func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// pieceSize is how many bytes of an answer have a deadline of their own, and how many a second a client must take on average
// behind the first writeTimeout: one that takes a byte now and then would hold a large answer in memory for hours.
const pieceSize = 64 << 10

func (w *response) deadline(t time.Time) {
	_ = w.control.SetWriteDeadline(t) // a test's recorder has none
}

func (w *response) WriteHeader(status int) {
	if w.status == 0 || w.status < http.StatusOK {
		w.status = status
	}
	w.deadline(time.Now().Add(writeTimeout))
	tell(w.Header(), w.exchange.decisions)
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(b []byte) (n int, err error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	for last := time.Now().Add(writeTimeout); ; last = last.Add(time.Second) {
		deadline := time.Now().Add(writeTimeout)
		if last.Before(deadline) {
			deadline = last
		}
		w.deadline(deadline)
		taken, err := w.ResponseWriter.Write(b[n:min(n+pieceSize, len(b))])
		n += taken
		w.bytes += int64(taken)
		if err != nil || n >= len(b) {
			return n, err
		}
	}
}

// statusGone is what the access log says of a request whose client left before there was an answer.
const statusGone = 499

var saneID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// observe gives the request its id and the answer its observer, and writes the access log. It is the outermost layer.
func (s *site) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		x := &exchange{id: r.Header.Get("X-Request-Id"), address: s.address(r)}
		x.ip = x.address.String()
		if !saneID.MatchString(x.id) {
			x.id = uuid.Must(uuid.NewV7()).String()
		}
		w.Header().Set("X-Request-Id", x.id)
		ctx, trace := s.observer.Begin(w.Header(), r)
		x.trace = trace
		r = r.WithContext(context.WithValue(ctx, exchangeKey{}, x))
		out := &response{ResponseWriter: w, control: http.NewResponseController(w), exchange: x}
		defer s.access(out, r, x, began)
		next.ServeHTTP(out, r)
		if out.status != 0 {
			_ = out.control.Flush() // the client need not wait for the log; who can't be flushed is a test's recorder
		}
	})
}

// address is where a request comes from. A peer without one, as on a unix socket, is this machine.
func (s *site) address(r *http.Request) netip.Addr {
	a := quota.ClientAddress(r.RemoteAddr, r.Header.Values("X-Forwarded-For"), s.proxies)
	if !a.IsValid() {
		return netip.IPv6Loopback()
	}
	return a
}

// access writes one line of the access log, and tells the observer. The route is the pattern, never the path or the query: those
// are the client's.
func (s *site) access(w *response, r *http.Request, x *exchange, began time.Time) {
	route := ""
	if c := chi.RouteContext(r.Context()); c != nil {
		route = c.RoutePattern()
	}
	status := w.status
	if status == 0 {
		status = http.StatusOK // the server's own, for a handler that wrote nothing
	}
	line := s.log.Info().
		Str("method", r.Method).Str("route", route).Int("status", status).Int64("bytes", w.bytes).
		Float64("duration_ms", millis(time.Since(began))).Str("request_id", x.id).Str("ip", x.ip)
	if x.runID != "" {
		line.Str("run_id", x.runID)
	}
	if len(x.rules) > 0 {
		line.Strs("rules", x.rules)
	}
	if x.trace != "" {
		line.Str("trace_id", x.trace)
	}
	line.Msg("request")
	s.observer.Answered(r.Context(), Answer{
		Began: began, Method: methodOf(r), Route: route, Status: status, Code: x.code, RunID: x.runID,
	})
}

// survive turns a panic into a problem, or, when the answer has begun, into a broken connection: half an answer must not look
// like a whole one.
func (s *site) survive(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(http.ErrAbortHandler)
			}
			s.log.Error().Str("panic", fmt.Sprint(p)).Bytes("stack", debug.Stack()).
				Str("request_id", exchangeOf(r.Context()).id).Msg("a handler panicked")
			if out, ok := w.(*response); ok && out.status != 0 {
				panic(http.ErrAbortHandler)
			}
			s.refuse(w, r, newProblem(codeInternal, "the server's log has the details, under the request's id"))
		}()
		next.ServeHTTP(w, r)
	})
}

// harden sets the headers that keep a browser from doing anything with our answers. Results hold what a stranger's program
// wrote: no answer may be taken for a page, or be cached, or be framed.
func harden(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" { // said without TLS it means nothing to a browser
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
