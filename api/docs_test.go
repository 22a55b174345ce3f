package api

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type schema struct {
	Ref        string            `json:"$ref"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Maximum    float64           `json:"maximum"`
	Items      *schema           `json:"items"`
	Extra      any               `json:"additionalProperties"`
}

type openAPI struct {
	OpenAPI    string                               `json:"openapi"`
	Paths      map[string]map[string]map[string]any `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
	Problems []kind            `json:"x-problems"`
	Events   map[string]schema `json:"x-events"`
}

func document(t *testing.T, h http.Handler) (openAPI, []byte) {
	t.Helper()
	w := call(h, http.MethodGet, "/openapi.json", "")
	require.Equal(t, http.StatusOK, w.Code)
	var doc openAPI
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &doc))
	return doc, w.Body.Bytes()
}

func TestOpenAPIDescribesEveryRoute(t *testing.T) {
	s, err := newServer(options(), &fakeRuns{})
	require.NoError(t, err)
	doc, raw := document(t, s)
	assert.Equal(t, "3.1.0", doc.OpenAPI)
	routes := 0
	require.NoError(t, chi.Walk(s.mux, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if !strings.HasPrefix(route, "/docs") && route != "/openapi.json" {
			assert.Contains(t, doc.Paths[route], strings.ToLower(method), route)
			routes++
		}
		return nil
	}))
	for _, item := range doc.Paths {
		routes -= len(item)
	}
	assert.Zero(t, routes, "no more is described than there is")
	for _, ref := range regexp.MustCompile(`"\$ref":"#/components/schemas/([^"]+)"`).FindAllSubmatch(raw, -1) {
		assert.Contains(t, doc.Components.Schemas, string(ref[1]))
	}
	assert.Len(t, doc.Problems, len(kinds))
	assert.Len(t, doc.Events, 7)
}

func TestOpenAPIHasTheServersBounds(t *testing.T) {
	doc, raw := document(t, realServer(t))
	limits := doc.Components.Schemas["Limits"]
	assert.InEpsilon(t, 30_000, limits.Properties["timeout_ms"].Maximum, 0)
	assert.InEpsilon(t, 512, limits.Properties["memory_mb"].Maximum, 0)
	assert.Contains(t, string(raw), "in milliseconds; 10000 when missing")
	assert.Equal(t, []string{"language"}, doc.Components.Schemas["RunRequest"].Required)
	assert.Equal(t, false, doc.Components.Schemas["RunRequest"].Extra)
	assert.Nil(t, doc.Components.Schemas["Result"].Extra, "answers may grow")
}

func TestDocsPageLoadsNothingFromElsewhere(t *testing.T) {
	h := realServer(t)
	for path, contentType := range map[string]string{"/docs": "text/html", "/docs/page.js": "text/javascript", "/docs/page.css": "text/css"} {
		w := call(h, http.MethodGet, path, "")
		assert.Equal(t, http.StatusOK, w.Code)
		assert.Contains(t, w.Header().Get("Content-Type"), contentType)
		assert.NotContains(t, w.Body.String(), "://", path)
		assert.NotContains(t, w.Body.String(), "innerHTML", path)
		csp := w.Header().Get("Content-Security-Policy")
		assert.Contains(t, csp, "script-src 'self'")
		assert.NotContains(t, csp, "unsafe")
	}
}

func TestCodesHaveOneRowEach(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range kinds {
		assert.False(t, seen[k.Code], k.Code)
		seen[k.Code] = true
		assert.NotEmpty(t, k.Title, k.Code)
		assert.NotEmpty(t, http.StatusText(k.Status), k.Code)
		assert.NotEmpty(t, k.Category, k.Code)
		assert.Equal(t, k, kindOf(k.Code))
	}
	for _, c := range causes {
		assert.True(t, seen[c.code], c.code)
	}
}

// TestGuideNamesEverything keeps docs/api.md honest about what there is.
func TestGuideNamesEverything(t *testing.T) {
	text, err := os.ReadFile("../docs/api.md")
	require.NoError(t, err)
	guide := string(text)
	doc, _ := document(t, realServer(t))
	for path := range doc.Paths {
		assert.Contains(t, guide, path)
	}
	for _, k := range kinds {
		assert.Contains(t, guide, "`"+k.Code+"`")
	}
	for name := range doc.Events {
		assert.Contains(t, guide, "`"+name+"`")
	}
	for name, s := range doc.Components.Schemas {
		for field := range s.Properties {
			assert.Regexp(t, "`[^`]*\\b"+field+"\\b[^`]*`", guide, "%s.%s", name, field)
		}
	}
}
