package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"paddock/quota"
)

// routes is everything there is.
func (s *server) routes() {
	m := s.mux
	m.Use(s.observe, s.survive, harden, s.guardHost, s.guardOrigin, s.capBody)
	m.NotFound(s.notFound)
	m.MethodNotAllowed(s.methodNotAllowed)
	s.api = humachi.New(m, s.config())

	const run, one, repl, box = "/runner/run", "/runner/runs/{id}", "/api/repl/execute", "/api/containers/create"
	json, bytes := s.takes(jsonType), s.takes(jsonType, textType, bytesType)
	// Those who feed stdin have places of their own: a server full of runs that wait to be fed would wait for long.
	runs, feeds := s.in(make(places, s.o.MaxInFlight)), s.in(make(places, s.o.MaxInFlight))

	handle(s, post("run", run, "Run a program", json, runs),
		execute[RunRequest](s, asWanted, quota.Run), theResult, lateResult, theEvents)
	handle(s, get("get-run", one, "Where a run stands, and its result"), s.getRun, theRun)
	handle(s, remove("cancel-run", one, "Cancel a run"), s.deleteRun, runCancelled, runEnded)
	follow := get("run-events", one+"/events", "Follow a run, or go on where a stream broke", runs)
	handle(s, follow, s.events, theEvents, noMoreEvents)
	stdin := post("run-stdin", one+"/stdin", "Feed a run that has stdin_open", bytes, feeds)
	handle(s, s.stdinBody(stdin), s.stdin, stdinTaken)

	handle(s, post("repl-execute", repl, "Run code", json, runs), execute[ReplRequest](s, asJSON, quota.REPL), theResult, lateResult)
	handle(s, post("repl-stream", repl+"/stream", "Run code, as events", json, runs),
		execute[ReplRequest](s, asStream, quota.REPL), theEvents)
	handle(s, get("languages", "/api/repl/languages", "The languages there are", s.gated), s.languages, theLanguages)
	handle(s, post("create", box, "Run a command", json, runs), execute[ContainerRequest](s, asJSON, quota.Run), theResult, lateResult)
	handle(s, post("create-stream", box+"/stream", "Run it, as events", json, runs),
		execute[ContainerRequest](s, asStream, quota.Run), theEvents)

	handle(s, post("validate", "/api/validate", "Look at a program without running it", json, runs), s.validation, theValidation)

	handle(s, get("livez", "/livez", "Whether the server is there"), s.livez, goodHealth)
	handle(s, get("readyz", "/readyz", "Whether a sandbox can be had"), s.readyz, goodHealth)
	if s.o.Metrics != nil {
		m.Method(http.MethodGet, "/metrics", s.o.Metrics)
	}
	m.Get("/openapi.json", s.openapi)
	m.Get("/docs", page("text/html; charset=utf-8", "docs/index.html"))
	m.Get("/docs/page.js", page("text/javascript; charset=utf-8", "docs/page.js"))
	m.Get("/docs/page.css", page("text/css; charset=utf-8", "docs/page.css"))
}

// layer is what a request goes through before its handler.
type layer = func(huma.Context, func(huma.Context))

func get(id, path, summary string, layers ...layer) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Middlewares: layers}
}

func remove(id, path, summary string, layers ...layer) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodDelete, Path: path, Summary: summary, Middlewares: layers}
}

func post(id, path, summary string, layers ...layer) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodPost, Path: path, Summary: summary, Middlewares: layers,
		SkipValidateBody: true, // payload does it
		MaxBodyBytes:     -1,   // capBody does it
		BodyReadTimeout:  bodyTimeout,
	}
}

// handle registers a handler. What it returns is written as it is; what goes wrong becomes a problem.
func handle[I any](s *server, op huma.Operation, h func(context.Context, *I) (reply, error), answers ...returns) {
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
		op.RequestBody.Required = false // that of stdin: an empty one may carry eof
	}
}

func gone(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(statusGone) }

func (s *server) notFound(w http.ResponseWriter, r *http.Request) {
	if err := s.gate(r.Context()); err != nil {
		s.refuse(w, r, err)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/admin") { // there is none on this listener
		s.probed(r)
	}
	s.refuse(w, r, newProblem(codeNotFound, "there is nothing at this path; /docs lists the paths"))
}

func (s *server) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		if s.mux.Match(chi.NewRouteContext(), method, r.URL.Path) {
			w.Header().Add("Allow", method)
		}
	}
	s.refuse(w, r, newProblem(codeMethod, "this path takes "+strings.Join(w.Header().Values("Allow"), ", ")))
}

// Languages is what there is.
type Languages struct {
	Languages []Language `json:"languages"`
}

func (s *server) languages(context.Context, *struct{}) (reply, error) {
	return inJSON(http.StatusOK, Languages{s.o.Languages()}), nil
}

// Health is a good answer of livez and readyz; the bad one is a problem.
type Health struct {
	Status string `json:"status" enum:"ok,ready"`
}

func (s *server) livez(context.Context, *struct{}) (reply, error) {
	return inJSON(http.StatusOK, Health{"ok"}), nil
}

func (s *server) readyz(ctx context.Context, _ *struct{}) (reply, error) {
	if err := s.ready.check(ctx); err != nil {
		p := newProblem(codeNotReady, "no sandbox could be had; the server's log says why")
		p.cause = err
		return nil, p
	}
	return inJSON(http.StatusOK, Health{"ready"}), nil
}
