package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rs/cors"
)

// CheckOrigin refuses what is not the origin of one site: scheme://host[:port], as browsers send it. There is no wildcard: a page
// that anybody made could run programs on a server that is within its reader's reach only.
func CheckOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.Scheme+"://"+u.Host == origin &&
		!strings.Contains(origin, "*") && strings.ToLower(origin) == origin && saysPort(u) &&
		http.NewCrossOriginProtection().AddTrustedOrigin(origin) == nil {
		return nil
	}
	return fmt.Errorf("%q is no origin like https://ide.example.com", shorten(origin, maxValue))
}

// saysPort: browsers leave out the port that the scheme has anyway.
func saysPort(u *url.URL) bool {
	port := u.Port()
	n, err := strconv.ParseUint(port, 10, 16)
	usual := map[string]uint64{"http": 80, "https": 443}[u.Scheme]
	return port == "" && !strings.HasSuffix(u.Host, ":") || err == nil && n > 0 && n != usual && strconv.FormatUint(n, 10) == port
}

// corsFor is how long a browser may go by what it was told of an origin.
const corsFor = 10 * time.Minute

// allowOrigins lets scripts of the origins that are listed call, and read the answers. Browsers send no credentials along.
func (s *site) allowOrigins() func(http.Handler) http.Handler {
	if len(s.origins) == 0 {
		return func(next http.Handler) http.Handler { return next }
	}
	return cors.New(cors.Options{
		AllowedOrigins: s.origins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost, http.MethodDelete},
		AllowedHeaders: []string{"Accept", "Authorization", "Content-Type", "Last-Event-ID", "Traceparent", "X-Request-Id"},
		ExposedHeaders: []string{
			"RateLimit", "RateLimit-Policy", "Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
			"X-Request-Id",
		},
		MaxAge: int(corsFor.Seconds()),
	}).Handler
}
