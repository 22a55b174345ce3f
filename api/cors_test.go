package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

const ide = "https://ide.example.com"

func withOrigins(list ...string) func(*Options) { return func(o *Options) { o.Origins = list } }

// A page whose origin is listed may call and read; to all others a browser gives nothing, and what they make it send is refused.
func TestPagesOfListedOriginsMayCall(t *testing.T) {
	h := realServer(t, withOrigins(ide))
	bad := `{"language":"python"}`
	for origin, listed := range map[string]bool{
		ide: true, "https://evil.example.com": false, "https://ide.example.com.evil.example": false, "http://ide.example.com": false,
		"https://ide.example.com:444": false, "null": false,
	} {
		allowed := map[bool]string{true: origin}[listed]
		w := call(h, http.MethodOptions, "/runner/run", "", "Origin", origin, "Access-Control-Request-Method", "POST",
			"Access-Control-Request-Headers", "content-type,last-event-id")
		assert.Equal(t, allowed, w.Header().Get("Access-Control-Allow-Origin"), "%s, asked before", origin)
		assert.Empty(t, w.Header().Get("Access-Control-Allow-Credentials"), origin)

		w = call(h, http.MethodPost, "/runner/run", bad, "Origin", origin, "Sec-Fetch-Site", "cross-site")
		want := map[bool]int{true: http.StatusUnprocessableEntity, false: http.StatusForbidden}[listed]
		assert.Equal(t, want, w.Code, "%s: %s", origin, w.Body)
		assert.Equal(t, allowed, w.Header().Get("Access-Control-Allow-Origin"), origin)
		if listed {
			assert.Contains(t, w.Header().Get("Access-Control-Expose-Headers"), "X-Request-Id")
			assert.Contains(t, w.Header().Values("Vary"), "Origin")
		}
	}
}

// With no list there is no page that may, whatever it says.
func TestNoPageMayCallByDefault(t *testing.T) {
	w := call(realServer(t), http.MethodPost, "/runner/run", "{}", "Origin", ide, "Sec-Fetch-Site", "cross-site")
	assert.Equal(t, http.StatusForbidden, w.Code)
	assert.Empty(t, w.Header().Get("Access-Control-Allow-Origin"))
}

func TestOriginsAreExact(t *testing.T) {
	for _, good := range []string{ide, "http://localhost:3000", "http://127.0.0.1:3000", "https://[::1]:8443"} {
		assert.NoError(t, CheckOrigin(good))
	}
	for _, bad := range []string{
		"", "*", "null", "https://*", "https://*.example.com", "ide.example.com", "https://ide.example.com/", "https://ide.example.com/x",
		"https://", "https://u:p@ide.example.com", "https://IDE.example.com", "ftp://ide.example.com", "https://ide.example.com?x", " " + ide,
		"https://ide.example.com:443", "http://ide.example.com:80", "https://ide.example.com:99999", "https://ide.example.com:", "https://a.example:08",
	} {
		assert.Error(t, CheckOrigin(bad), bad)
	}
	o := options()
	o.Origins = []string{"*"}
	_, err := newServer(o, &fakeRuns{})
	assert.ErrorContains(t, err, "api.Options.Origins")
}

func TestBrowsersStayWithTLS(t *testing.T) {
	const header = "Strict-Transport-Security"
	h := realServer(t)
	assert.Empty(t, call(h, http.MethodGet, "/livez", "").Header().Get(header))
	assert.Contains(t, call(h, http.MethodGet, "/livez", "", "X-Forwarded-Proto", "https").Header().Get(header), "max-age=")
}
