package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"paddock/anomalylog"
	"paddock/quota"
	"paddock/runner"
	"paddock/validate"
)

// Submission is a program to look at before it is run.
type Submission struct {
	Program      runner.Program
	Dependencies []string
	Tier         string // of the user it is for
}

// Validation is what was found in a program that is not to be run.
type Validation struct {
	Valid      bool               `json:"valid" doc:"Whether a run would not be refused for its code"`
	Violations []validate.Finding `json:"violations" doc:"What it would be refused for"`
	Warnings   []validate.Finding `json:"warnings" doc:"What else was found"`
}

// validation looks at a program in the way of a run, and runs nothing.
func (s *server) validation(ctx context.Context, in *jobInput[RunRequest]) (reply, error) {
	asked, err := s.asked(ctx, func() (submission, error) {
		request, err := in.Body.get()
		if err != nil {
			return submission{}, err
		}
		return request.submission()
	})
	if err != nil {
		return nil, err
	}
	who, err := s.applicant(ctx, asked)
	if err != nil {
		return nil, err
	}
	if err := s.enter(ctx, who, quota.REPL); err != nil {
		return nil, err
	}
	report, err := s.look(ctx, who, asked)
	if err != nil {
		return nil, err
	}
	violations, warnings := report.Split()
	return inJSON(http.StatusOK, Validation{
		Valid:      !report.Blocked(),
		Violations: append([]validate.Finding{}, violations...),
		Warnings:   append([]validate.Finding{}, warnings...),
	}), nil
}

// look checks a request as its run would, and then looks at its code. The access log gets the ids of what is found, never the code.
func (s *server) look(ctx context.Context, who applicant, asked submission) (validate.Report, error) {
	program, err := s.runs.Program(asked.job)
	if err != nil {
		return validate.Report{}, err
	}
	began := time.Now()
	report, err := s.o.Validate(ctx, Submission{Program: program, Dependencies: asked.dependencies, Tier: string(who.terms.Tier)})
	s.observer.Looked(ctx, began, report.Findings)
	x := exchangeOf(ctx)
	for _, f := range report.Findings {
		if !slices.Contains(x.rules, f.Rule) {
			x.rules = append(x.rules, f.Rule)
		}
	}
	return report, err
}

// pass lets a program pass with its warnings, or refuses it.
func (s *server) pass(ctx context.Context, who applicant, asked submission) (warnings []string, err error) {
	report, err := s.look(ctx, who, asked)
	if err != nil {
		return nil, err
	}
	if report.Blocked() {
		s.signal(ctx, who, quota.PolicyViolation, "")
		s.record(ctx, asked, anomalylog.CodeBlocked, anomalylog.Details{"rules": exchangeOf(ctx).rules, "language": asked.job.Language})
		return nil, blocked(report)
	}
	for _, f := range report.Findings {
		warnings = append(warnings, f.String())
	}
	return warnings, nil
}

// record writes down what is odd about a request.
func (s *server) record(ctx context.Context, asked submission, kind anomalylog.Type, details anomalylog.Details) {
	x := exchangeOf(ctx)
	s.o.Record(anomalylog.Event{
		Type: kind, UserID: asked.job.User, Details: details, ProjectID: asked.project, RunID: x.runID, IP: x.ip, RequestID: x.id,
	})
}

// blocked is the refusal of a program for what was found in it.
func blocked(report validate.Report) *Problem {
	violations, _ := report.Split()
	detail := violations[0].String()
	if more := len(violations) - 1; more > 0 {
		detail += fmt.Sprintf(" (and %d more)", more)
	}
	p := newProblem(codeBlocked, detail)
	p.Violations = violations
	if !slices.ContainsFunc(violations, func(f validate.Finding) bool { return f.Category != categoryDependency }) {
		p.ErrorCategory = categoryDependency
	}
	return p
}

// isOfCode reports whether an error is a refusal for what is in the code, or may be.
func isOfCode(err error) bool {
	return err != nil && slices.Contains([]string{codeBlocked, codeValidationTime}, problemOf(err).Code)
}

// lastEvent answers a request for a stream with its only event, a problem. The status is that of any stream: the client listens
// for events, and the problem in it has its own.
func (s *server) lastEvent(ctx context.Context, err error) reply {
	return func(w http.ResponseWriter, _ *http.Request) {
		out := &eventWriter{w: w, control: http.NewResponseController(w)}
		_ = out.send("1", "error", s.problem(ctx, err), 0) // the client is gone
	}
}
