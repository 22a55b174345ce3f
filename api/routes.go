package api

import (
	"context"
	"net/http"
	"strings"

	"paddock/quota"
)

// routes is everything there is.
func (s *server) routes() {
	m := s.site
	m.mux.NotFound(s.notFound)
	s.api.OpenAPI().Extensions["x-events"] = eventSchemas(s.schemas())

	const run, one, repl, box = "/runner/run", "/runner/runs/{id}", "/api/repl/execute", "/api/containers/create"
	json, bytes := s.takes(jsonType), s.takes(jsonType, textType, bytesType)
	// Those who feed stdin have places of their own: a server full of runs that wait to be fed would wait for long.
	runs, feeds := s.in(make(places, s.o.MaxInFlight)), s.in(make(places, s.o.MaxInFlight))

	handle(m, post("run", run, "Run a program", json, runs),
		execute[RunRequest](s, asWanted, quota.Run), theResult, lateResult, theEvents)
	handle(m, get("get-run", one, "Where a run stands, and its result"), s.getRun, theRun)
	handle(m, remove("cancel-run", one, "Cancel a run"), s.deleteRun, runCancelled, runEnded)
	follow := get("run-events", one+"/events", "Follow a run, or go on where a stream broke", runs)
	handle(m, follow, s.events, theEvents, noMoreEvents)
	stdin := post("run-stdin", one+"/stdin", "Feed a run that has stdin_open", bytes, feeds)
	handle(m, s.stdinBody(stdin), s.stdin, stdinTaken)

	handle(m, post("repl-execute", repl, "Run code", json, runs), execute[ReplRequest](s, asJSON, quota.REPL), theResult, lateResult)
	handle(m, post("repl-stream", repl+"/stream", "Run code, as events", json, runs),
		execute[ReplRequest](s, asStream, quota.REPL), theEvents)
	handle(m, get("languages", "/api/repl/languages", "The languages there are", s.gated), s.languages, theLanguages)
	handle(m, post("create", box, "Run a command", json, runs), execute[ContainerRequest](s, asJSON, quota.Run), theResult, lateResult)
	handle(m, post("create-stream", box+"/stream", "Run it, as events", json, runs),
		execute[ContainerRequest](s, asStream, quota.Run), theEvents)

	handle(m, post("validate", "/api/validate", "Look at a program without running it", json, runs), s.validation, theValidation)

	handle(m, get("livez", "/livez", "Whether the server is there"), s.livez, goodHealth)
	handle(m, get("readyz", "/readyz", "Whether a sandbox can be had"), s.readyz, goodHealth)
	if s.o.Metrics != nil {
		m.mux.Method(http.MethodGet, "/metrics", s.o.Metrics)
	}
	m.mux.Get("/docs", page("text/html; charset=utf-8", "docs/index.html"))
	m.mux.Get("/docs/page.js", page("text/javascript; charset=utf-8", "docs/page.js"))
	m.mux.Get("/docs/page.css", page("text/css; charset=utf-8", "docs/page.css"))
}

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
