package api

import (
	"bytes"
	"embed"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"paddock/runner"
)

//go:embed docs
var docs embed.FS

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

// stdinBody describes the body of stdin, which is JSON or anything else; huma adds the bytes by itself.
func (s *server) stdinBody(op huma.Operation) huma.Operation {
	op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{
		jsonType: {Schema: schemaOf(s.schemas(), StdinRequest{})},
		textType: {Schema: &huma.Schema{Type: huma.TypeString}},
	}}
	return op
}

var verdicts = []any{
	runner.OK, runner.NonzeroExit, runner.Signalled, runner.TimeLimit, runner.CPULimit, runner.MemoryLimit,
	runner.OutputLimit, runner.ProcessLimit, runner.CompileError, runner.Cancelled,
}

// document makes the OpenAPI document, once everything is registered.
func (s *server) document() error {
	boundLimits(s.schemas(), s.o.Default, s.o.Max)
	return s.site.document("RunRequest", "ReplRequest", "ContainerRequest", "StdinRequest", "File", "Limits", "UserProfile")
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
