package api

import (
	"context"
	stdjson "encoding/json"
	"io"
	"net/http"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	json "github.com/go-json-experiment/json"
	"github.com/rs/zerolog"
)

// siteOptions configure a site.
type siteOptions struct {
	title, about, version string
	hosts                 []string       // see guardHost
	origins               []string       // see allowOrigins
	proxies               []netip.Prefix // whose X-Forwarded-For is believed
	noPages               bool           // no page in a browser may call, but those of the site itself
	maxBody               int64          // bytes
	log                   zerolog.Logger
	observer              Observer // nil for nobody
}

// site is what listeners have in common: what every request goes through, whoever it is for, and how operations and their
// documentation are made.
type site struct {
	siteOptions
	mux  *chi.Mux
	api  huma.API
	spec []byte // the OpenAPI document
}

func newSite(o siteOptions) *site {
	if o.observer == nil {
		o.observer = unobserved{}
	}
	s := &site{siteOptions: o, mux: chi.NewMux()}
	s.mux.Use(s.observe, s.survive, harden, s.guardHost, s.allowOrigins(), s.guardOrigin(), s.capBody)
	s.mux.MethodNotAllowed(s.methodNotAllowed)
	s.api = humachi.New(s.mux, s.config())
	s.mux.Get("/openapi.json", s.openapi)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// config is huma's, without its documentation page, which loads code from elsewhere, and without its links to schemas.
func (s *site) config() huma.Config {
	schemas := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	format := huma.Format{
		Marshal:   func(w io.Writer, v any) error { return json.MarshalWrite(w, v) },
		Unmarshal: unmarshal(schemas),
	}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI:    "3.1.0",
			Info:       &huma.Info{Title: s.title, Version: s.version, Description: s.about},
			Components: &huma.Components{Schemas: schemas},
			Extensions: map[string]any{"x-problems": kinds},
		},
		Formats:       map[string]huma.Format{jsonType: format, "json": format}, // json is for what ends in +json
		DefaultFormat: jsonType,
	}
}

func (s *site) schemas() huma.Registry { return s.api.OpenAPI().Components.Schemas }

func schemaOf(r huma.Registry, v any) *huma.Schema {
	return r.Schema(reflect.TypeOf(v), true, "")
}

// layer is what a request goes through before its handler.
type layer = func(huma.Context, func(huma.Context))

func get(id, path, summary string, layers ...layer) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Middlewares: layers}
}

func remove(id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodDelete, Path: path, Summary: summary}
}

func post(id, path, summary string, layers ...layer) huma.Operation {
	return withBody(http.MethodPost, id, path, summary, layers)
}

func put(id, path, summary string, layers ...layer) huma.Operation {
	return withBody(http.MethodPut, id, path, summary, layers)
}

func patch(id, path, summary string, layers ...layer) huma.Operation {
	return withBody(http.MethodPatch, id, path, summary, layers)
}

func withBody(method, id, path, summary string, layers []layer) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, Middlewares: layers,
		SkipValidateBody: true, // payload does it
		MaxBodyBytes:     -1,   // capBody does it
		BodyReadTimeout:  bodyTimeout,
	}
}

// handle registers a handler. What it returns is written as it is; what goes wrong becomes a problem.
func handle[I any](s *site, op huma.Operation, h func(context.Context, *I) (reply, error), answers ...returns) {
	s.describe(&op, answers)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		write, err := h(ctx, in)
		switch {
		case err != nil && ctx.Err() != nil: // whatever it is, nobody is there to be told
			write = gone
		case err != nil:
			return nil, s.problem(ctx, err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			r, w := humachi.Unwrap(c)
			write(w, r)
		}}, nil
	})
	if op.RequestBody != nil {
		op.RequestBody.Required = false // those described before: an empty one of stdin may carry eof, a block needs no reason
	}
}

func gone(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(statusGone) }

func (s *site) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if s.mux.Match(chi.NewRouteContext(), method, r.URL.Path) {
			w.Header().Add("Allow", method)
		}
	}
	s.refuse(w, r, newProblem(codeMethod, "this path takes "+strings.Join(w.Header().Values("Allow"), ", ")))
}

// returns describes one answer of an operation.
type returns struct {
	status      int
	contentType string
	body        any
	description string
}

// describe writes an operation's answers into its documentation. Problems are what else there may be.
func (s *site) describe(op *huma.Operation, answers []returns) {
	schemas := s.schemas()
	op.Responses = map[string]*huma.Response{
		"default": {Description: "Anything else is a problem; x-problems lists them", Content: map[string]*huma.MediaType{
			problemType: {Schema: schemaOf(schemas, Problem{})},
		}},
	}
	for _, a := range answers {
		status := strconv.Itoa(a.status)
		r := op.Responses[status]
		if r == nil {
			r = &huma.Response{Description: a.description, Content: map[string]*huma.MediaType{}}
			op.Responses[status] = r
		} else {
			r.Description += ". Or: " + a.description
		}
		if a.body != nil {
			r.Content[a.contentType] = &huma.MediaType{Schema: schemaOf(schemas, a.body)}
		}
	}
}

// document makes the OpenAPI document, once everything is registered. What is named here is in requests, which have no fields
// but those it names; answers may get more in later versions, and a client made from it must not mind.
func (s *site) document(requests ...string) (err error) {
	for name, schema := range s.schemas().Map() {
		if !slices.Contains(requests, name) {
			schema.AdditionalProperties = nil
		}
		if verdict := schema.Properties["verdict"]; verdict != nil {
			verdict.Enum = verdicts
		}
	}
	s.spec, err = stdjson.Marshal(s.api.OpenAPI())
	return err
}

func (s *site) openapi(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(s.spec) // the client is gone
}
