package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	jsonv2 "github.com/go-json-experiment/json"

	"paddock/runner"
)

//go:embed docs
var docs embed.FS

// config is huma's, without its documentation page, which loads code from elsewhere, and without its links to schemas.
func (s *server) config() huma.Config {
	schemas := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	format := huma.Format{
		Marshal:   func(w io.Writer, v any) error { return jsonv2.MarshalWrite(w, v) },
		Unmarshal: unmarshal(schemas),
	}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Paddock", Version: s.o.Version,
				Description: "Runs code that nobody trusts, for people who wait for the answer.",
			},
			Components: &huma.Components{Schemas: schemas},
			Extensions: map[string]any{"x-problems": kinds, "x-events": eventSchemas(schemas)},
		},
		Formats:       map[string]huma.Format{jsonType: format, "json": format}, // json is for what ends in +json
		DefaultFormat: jsonType,
	}
}

func schemaOf(r huma.Registry, v any) *huma.Schema {
	return r.Schema(reflect.TypeOf(v), true, "")
}

// eventSchemas are the schemas of the data of events, by name. OpenAPI has no place of its own for them.
func eventSchemas(r huma.Registry) map[string]*huma.Schema {
	return map[string]*huma.Schema{
		"accepted": schemaOf(r, Accepted{}),
		"compile":  schemaOf(r, Compile{}),
		"warning":  schemaOf(r, Warning{}),
		"stdout":   schemaOf(r, Output{}),
		"stderr":   schemaOf(r, Output{}),
		"result":   schemaOf(r, Result{}),
		"error":    schemaOf(r, Problem{}),
	}
}

// returns describes one answer of an operation.
type returns struct {
	status      int
	contentType string
	body        any
	description string
}

var (
	theRun     = returns{http.StatusOK, jsonType, RunState{}, "Where it stands"}
	theResult  = returns{http.StatusOK, jsonType, Result{}, "The run has ended, with any verdict but time_limit"}
	lateResult = returns{http.StatusRequestTimeout, jsonType, Result{}, "The run has ended with the verdict time_limit"}
	theEvents  = returns{http.StatusOK, streamType, "", "The run's events: accepted, then compile, warning, stdout and stderr, " +
		"and result or error as the last. The schemas of their data are under x-events"}
	noMoreEvents  = returns{http.StatusNoContent, "", nil, "The run has ended and the client has seen all of it"}
	runCancelled  = returns{http.StatusAccepted, jsonType, RunState{}, "The run is being cancelled"}
	runEnded      = returns{http.StatusOK, jsonType, RunState{}, "The run had ended already"}
	stdinTaken    = returns{http.StatusOK, jsonType, StdinTaken{}, "Everything was taken"}
	theValidation = returns{http.StatusOK, jsonType, Validation{}, "What was found, whether it is refused or not"}
	theLanguages  = returns{http.StatusOK, jsonType, Languages{}, "The languages"}
	goodHealth    = returns{http.StatusOK, jsonType, Health{}, "All is well"}
)

// describe writes an operation's answers into its documentation. Problems are what else there may be.
func (s *server) describe(op *huma.Operation, answers []returns) {
	schemas := s.api.OpenAPI().Components.Schemas
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

// stdinBody describes the body of stdin, which is JSON or anything else; huma adds the bytes by itself.
func (s *server) stdinBody(op huma.Operation) huma.Operation {
	op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{
		jsonType: {Schema: schemaOf(s.api.OpenAPI().Components.Schemas, StdinRequest{})},
		textType: {Schema: &huma.Schema{Type: huma.TypeString}},
	}}
	return op
}

var verdicts = []any{
	runner.OK, runner.NonzeroExit, runner.Signalled, runner.TimeLimit, runner.CPULimit, runner.MemoryLimit,
	runner.OutputLimit, runner.ProcessLimit, runner.CompileError, runner.Cancelled,
}

// document makes the OpenAPI document, once everything is registered. Requests have no fields but those it names; answers may
// get more in later versions, and a client made from it must not mind.
func (s *server) document() (err error) {
	schemas := s.api.OpenAPI().Components.Schemas
	boundLimits(schemas, s.o.Default, s.o.Max)
	requests := []string{"RunRequest", "ReplRequest", "ContainerRequest", "StdinRequest", "File", "Limits", "UserProfile"}
	for name, schema := range schemas.Map() {
		if !slices.Contains(requests, name) {
			schema.AdditionalProperties = nil
		}
		if verdict := schema.Properties["verdict"]; verdict != nil {
			verdict.Enum = verdicts
		}
	}
	s.spec, err = json.Marshal(s.api.OpenAPI())
	return err
}

func (s *server) openapi(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(s.spec) // the client is gone
}

// page serves a file of the documentation. The page loads nothing but the two files beside it, and reads /openapi.json.
func page(contentType, name string) http.HandlerFunc {
	content, err := docs.ReadFile(name)
	if err != nil {
		panic(err) // it is part of the binary
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Cache-Control", "no-cache")
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "+
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		_, _ = io.Copy(w, bytes.NewReader(content)) // the client is gone
	}
}
