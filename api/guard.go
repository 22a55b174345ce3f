package api

import (
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
)

// guardHost refuses requests for a host we do not go by. A server on loopback has no credentials, so a page that a browser
// fetched from elsewhere must not reach it by a name of its own that it points at 127.0.0.1 (DNS rebinding).
func (s *site) guardHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !hostAllowed(r.Host, s.hosts, s.noPages) {
			s.refuse(w, r, newProblem(codeHost, fmt.Sprintf(
				"the Host %q is neither loopback nor among the allowed hosts of the server's configuration", shorten(r.Host, maxValue))))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostAllowed says whether host, with or without a port, is loopback or one of the names in allowed. Names below localhost are
// loopback too, but anybody's page may have one.
func hostAllowed(host string, allowed []string, exact bool) bool {
	if slices.Contains(allowed, "*") {
		return true
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		return true
	}
	return host == "localhost" || (!exact && strings.HasSuffix(host, ".localhost")) ||
		slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, host) })
}

// guardOrigin refuses what a page of another site makes a browser send, by what the browser says of it, unless it is one whose
// scripts may call.
func (s *site) guardOrigin() func(http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	for _, origin := range s.origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			panic(err) // CheckOrigin has let it pass
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if s.noPages && !slices.Contains([]string{"", "none", "same-origin"}, r.Header.Get("Sec-Fetch-Site")) {
				s.refuse(w, r, newProblem(codeCrossOrigin, "a page sent this; what is for admins is not for pages"))
				return
			}
			if err := protection.Check(r); err != nil {
				s.refuse(w, r, newProblem(codeCrossOrigin, "a page of another site sent this; call the server from your own backend, "+
					"or have the server's admin name the page's origin in cors.origins"))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// capBody refuses a body that is too large: before a byte of it is read when its length is announced, else at the byte too
// many.
func (s *site) capBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > s.maxBody {
			s.refuse(w, r, &http.MaxBytesError{Limit: s.maxBody})
			return
		}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = newTimedBody(http.MaxBytesReader(w, r.Body, s.maxBody), http.NewResponseController(w))
		}
		next.ServeHTTP(w, r)
	})
}

// timedBody must be read within bodyTimeout. Behind its end the deadline is lifted: net/http takes a deadline that passes
// later for a client that is gone, and would cancel the run.
type timedBody struct {
	io.ReadCloser
	control *http.ResponseController
}

func newTimedBody(body io.ReadCloser, control *http.ResponseController) *timedBody {
	_ = control.SetReadDeadline(time.Now().Add(bodyTimeout)) // a test's recorder has none
	return &timedBody{body, control}
}

func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		_ = b.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// takes makes a layer that refuses bodies of other types before they are read. A missing type counts as JSON.
func (s *site) takes(types ...string) func(huma.Context, func(huma.Context)) {
	detail := "send " + strings.Join(types, ", ") + ", with that Content-Type (curl sends JSON with --json)"
	return func(ctx huma.Context, next func(huma.Context)) {
		contentType := ctx.Header("Content-Type")
		if t, _, err := mime.ParseMediaType(contentType); contentType == "" || (err == nil && slices.Contains(types, t)) {
			next(ctx)
			return
		}
		r, w := humachi.Unwrap(ctx)
		s.refuse(w, r, newProblem(codeMediaType, detail))
	}
}

// isJSON is for the types that takes has let through.
func isJSON(contentType string) bool {
	return contentType == "" || strings.HasPrefix(strings.ToLower(strings.TrimSpace(contentType)), jsonType)
}
