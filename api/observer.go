package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"paddock/runner"
	"paddock/validate"
)

// Observer is told what becomes of requests and runs, to count and to trace it. It is called in their way, by many at a time: it
// must not block. Every text it is told is one of a table of ours: no client makes one up, but in what Begin is shown.
type Observer interface {
	// Begin is shown a request before anything is done for it, and may add to the header of its answer. The request goes on with the
	// context that it returns. The id of the trace that the request belongs to, if there is one, is for the access log.
	Begin(h http.Header, r *http.Request) (ctx context.Context, trace string)

	// Stage is told of a stage of a request that is over, but of StageValidate by Looked.
	Stage(ctx context.Context, s Stage, began time.Time)

	// Looked is told of the stage in which a request's code was looked at, and what was found in it.
	Looked(ctx context.Context, began time.Time, findings []validate.Finding)

	// Ran is told of a run that has ended: its result, or the code of the problem that it had with us.
	Ran(ctx context.Context, began time.Time, result *runner.Result, code string)

	// Follow is told of event streams: 1 when one begins, -1 when it ends.
	Follow(change int)

	// Answered is told of a request that has been answered, whether or not anybody took the answer.
	Answered(ctx context.Context, a Answer)
}

// Stage is one of the things that a request goes through before its run.
type Stage string

// The stages.
const (
	StageTokens   Stage = "tokens"   // blocks and tokens, and what a suspect has to wait
	StageValidate Stage = "validate" // its code is looked at
	StageAdmit    Stage = "admit"    // what runs and starts it may have, and what a busy host lets it wait
)

// Answer is what became of a request.
type Answer struct {
	Began  time.Time
	Method string // in capitals; OTHER for those that HTTP does not know
	Route  string // the pattern; empty for what has none
	Status int
	Code   string // of the problem that was told; empty for none
	RunID  string // of its run, if it is about one
}

// methods are those of HTTP.
var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodConnect,
	http.MethodOptions, http.MethodTrace,
}

// methodOf is a request's method as an Answer has it. Clients may send any word.
func methodOf(r *http.Request) string {
	if slices.Contains(methods, r.Method) {
		return r.Method
	}
	return "OTHER"
}

// RunFailures are the codes that Ran is told.
func RunFailures() []string {
	codes := []string{codeInternal}
	for _, c := range causes {
		if kindOf(c.code).Status >= http.StatusInternalServerError {
			codes = append(codes, c.code)
		}
	}
	return codes
}

// unobserved is the Observer of a server that nobody observes.
type unobserved struct{}

func (unobserved) Begin(_ http.Header, r *http.Request) (ctx context.Context, trace string) {
	return r.Context(), ""
}
func (unobserved) Stage(context.Context, Stage, time.Time)                {}
func (unobserved) Looked(context.Context, time.Time, []validate.Finding)  {}
func (unobserved) Ran(context.Context, time.Time, *runner.Result, string) {}
func (unobserved) Follow(int)                                             {}
func (unobserved) Answered(context.Context, Answer)                       {}
