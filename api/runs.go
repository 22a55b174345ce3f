package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"paddock/anomalylog"
	"paddock/quota"
	"paddock/runner"
)

// jobInput is a request for a run.
type jobInput[T any] struct {
	Accept string `header:"Accept" hidden:"true"`
	Body   payload[T]
}

// delivery is how a way in answers.
type delivery int

const (
	asJSON   delivery = iota
	asStream          // events while it runs
	asWanted          // by Accept
)

// execute makes the handler that runs a T and answers as d says. Nothing is started before everything is known to be right.
func execute[T any, P interface {
	*T
	jobRequest
}](s *server, d delivery, category quota.Category,
) func(context.Context, *jobInput[T]) (reply, error) {
	return func(ctx context.Context, in *jobInput[T]) (reply, error) {
		stream := d == asStream
		if d == asWanted {
			wanted := negotiate(in.Accept)
			if wanted == formatNone {
				return nil, newProblem(codeNotAcceptable, "there is application/json and text/event-stream")
			}
			stream = wanted == formatStream
		}
		asked, err := s.asked(ctx, func() (submission, error) {
			request, err := in.Body.get()
			if err != nil {
				return submission{}, err
			}
			return P(request).submission()
		})
		if err != nil {
			return nil, err
		}
		who, err := s.applicant(ctx, asked)
		if err != nil {
			return nil, err
		}
		if err := s.enter(ctx, who, category); err != nil {
			return nil, err
		}
		warnings, err := s.pass(ctx, who, asked)
		switch {
		case stream && isOfCode(err):
			return s.lastEvent(ctx, err), nil
		case err != nil:
			return nil, err
		case asked.unsupported != nil:
			return nil, asked.unsupported
		}
		asked.job.Detached, asked.job.Client, asked.job.Warnings = stream, exchangeOf(ctx).ip, warnings
		r, err := s.start(ctx, who, asked)
		if err != nil {
			return nil, err
		}
		exchangeOf(ctx).runID = r.ID()
		if stream {
			return s.follow(r, 0), nil
		}
		return s.answer(ctx, r)
	}
}

// asked reads a request. One that can't be read still came from somewhere: its address pays for it.
func (s *server) asked(ctx context.Context, read func() (submission, error)) (submission, error) {
	asked, err := read()
	if err == nil {
		return asked, nil
	}
	if refused := s.gate(ctx); refused != nil {
		err = refused
	}
	return submission{}, err
}

// start admits a job and starts it. Its end gives the lease back, and says what is to be recorded.
func (s *server) start(ctx context.Context, who applicant, asked submission) (run, error) {
	lease, err := s.admit(ctx, who, &asked)
	if err != nil {
		return nil, err
	}
	background := afterwards(ctx)
	started := false
	defer func() {
		if !started { // a panic too must not hold it
			lease.Undo(background)
		}
	}()
	began := time.Now()
	asked.job.Ended = func(result *runner.Result, err error) {
		lease.Release(background)
		s.ended(background, began, who, asked, result, err)
	}
	r, err := s.runs.Start(ctx, asked.job)
	if err != nil {
		s.withdraw(ctx)
		return nil, err
	}
	started = true
	if err := s.stopIfBlocked(background, r); err != nil {
		return nil, err
	}
	s.signal(ctx, who, quota.RepetitionSpam, fingerprint(asked.job))
	return r, nil
}

// stopIfBlocked ends a run whose user an admin has blocked since it was admitted: after that the admin's own look at what is
// running may have come too early for it. Nobody runs of whom that is not known.
func (s *server) stopIfBlocked(ctx context.Context, r run) error {
	if r.User() == "" {
		return nil
	}
	p, err := s.o.Admission.Profile(ctx, r.User())
	if err != nil {
		r.Cancel(runner.ErrCancelled)
		return fmt.Errorf("read a user's profile: %w", err)
	}
	if p.IsBlocked {
		r.Cancel(runner.ErrBlocked)
	}
	return nil
}

// ended is called with the outcome of a run.
func (s *server) ended(
	ctx context.Context, began time.Time, who applicant, asked submission, result *runner.Result, err error,
) {
	if err != nil {
		code := problemOf(err).Code
		s.observer.Ran(ctx, began, nil, code)
		if !errors.Is(err, runner.ErrBusy) && !errors.Is(err, runner.ErrShutdown) {
			s.record(ctx, asked, anomalylog.SandboxFailure, anomalylog.Details{"code": code})
		}
		return
	}
	if result == nil {
		return
	}
	s.observer.Ran(ctx, began, result, "")
	details := anomalylog.Details{"language": asked.job.Language, "verdict": string(result.Verdict)}
	exchangeOf(ctx).runID = result.ID
	switch result.Verdict {
	case runner.TimeLimit, runner.CPULimit:
		s.record(ctx, asked, anomalylog.ExecutionTimeout, details)
	case runner.MemoryLimit, runner.ProcessLimit, runner.OutputLimit:
		s.record(ctx, asked, anomalylog.ResourceExhaustion, details)
	case runner.Cancelled:
		if ours := []error{runner.ErrShutdown, runner.ErrByAdmin, runner.ErrBlocked}; slices.Contains(ours, result.Reason) {
			return
		}
		s.signal(ctx, who, quota.SessionChurn, asked.project)
	default:
	}
}

// answer waits for a run and answers with its result.
func (s *server) answer(ctx context.Context, r run) (reply, error) {
	result, err := r.Result(ctx)
	if err != nil {
		return nil, err
	}
	return s.large(statusOf(result.Verdict), outputsOf(result), func() any { return resultOf(result) }), nil
}

// RunPath names a run.
type RunPath struct {
	ID string `path:"id" doc:"The run's id"`
}

// The states of a run.
const (
	stateRunning = "running"
	stateEnded   = "ended"
)

// RunState is where a run stands.
type RunState struct {
	ID       string   `json:"id" doc:"The run's id" format:"uuid"`
	State    string   `json:"state" enum:"running,ended" doc:"Whether it goes on"`
	Language string   `json:"language" doc:"Name of the language"`
	Version  string   `json:"version" doc:"Its version"`
	Links    Links    `json:"links" doc:"Where to go on"`
	Result   *Result  `json:"result,omitempty" doc:"What became of the program, once it has ended"`
	Problem  *Problem `json:"problem,omitempty" doc:"What went wrong with us, when there is no result"`
}

func (s *server) find(ctx context.Context, id string) (run, error) {
	r, ok := s.runs.Find(id)
	if err := s.mayRead(ctx, r, ok); err != nil {
		return nil, err
	}
	if !ok {
		detail := fmt.Sprintf("there is no run %q; results are kept for a while only", shorten(id, maxValue))
		return nil, newProblem(codeRunNotFound, detail)
	}
	exchangeOf(ctx).runID = r.ID()
	return r, nil
}

func ended(r run) bool {
	select {
	case <-r.Done():
		return true
	default:
		return false
	}
}

func (s *server) getRun(ctx context.Context, in *RunPath) (reply, error) {
	r, err := s.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	state := RunState{ID: r.ID(), State: stateRunning, Links: linksOf(r.ID())}
	state.Language, state.Version = r.Language()
	if !ended(r) {
		return inJSON(http.StatusOK, state), nil
	}
	state.State = stateEnded
	result, err := r.Result(ctx)
	if err != nil {
		state.Problem = s.problem(ctx, err)
		exchangeOf(ctx).code = "" // it is the run's; this request is all right
		return inJSON(http.StatusOK, state), nil
	}
	return s.large(http.StatusOK, outputsOf(result), func() any {
		state.Result = resultOf(result)
		return state
	}), nil
}

// deleteRun cancels a run: 202 while it goes on, because its end takes a moment, and 200 once it has ended, again and again.
func (s *server) deleteRun(ctx context.Context, in *RunPath) (reply, error) {
	r, err := s.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	r.Cancel(runner.ErrCancelled)
	state := RunState{ID: r.ID(), State: stateRunning, Links: linksOf(r.ID())}
	state.Language, state.Version = r.Language()
	if ended(r) {
		state.State = stateEnded
		return inJSON(http.StatusOK, state), nil
	}
	return inJSON(http.StatusAccepted, state), nil
}

// eventsInput says where to go on in a run's events.
type eventsInput struct {
	RunPath
	Header string `header:"Last-Event-ID" doc:"Id of the last event the client has seen; nothing sends all of them"`
	Query  string `query:"last_event_id" doc:"The same, for clients that can't set headers; the header counts first"`
}

func (s *server) events(ctx context.Context, in *eventsInput) (reply, error) {
	after, err := in.after()
	if err != nil {
		return nil, err
	}
	r, err := s.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.follow(r, after), nil
}

func (in *eventsInput) after() (uint64, error) {
	text, where := in.Header, "header.Last-Event-ID"
	if text == "" {
		text, where = in.Query, "query.last_event_id"
	}
	if text == "" {
		return 0, nil
	}
	after, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, invalid(codeBadRequest, FieldError{Location: where, Message: "is no id of an event", Value: echo(text)})
	}
	return after, nil
}

// stdinInput is more for a program to read: JSON, or the bytes themselves.
type stdinInput struct {
	RunPath
	ContentType string `header:"Content-Type" hidden:"true"`
	EOF         bool   `query:"eof" doc:"Close stdin behind the body"`
	RawBody     []byte
}

// StdinTaken says what a program's stdin took.
type StdinTaken struct {
	ID    string `json:"id" doc:"The run's id" format:"uuid"`
	Taken int    `json:"taken_bytes" doc:"Bytes of this request that were taken: all of them"`
	EOF   bool   `json:"eof" doc:"Whether stdin was closed behind them"`
}

func (s *server) stdin(ctx context.Context, in *stdinInput) (reply, error) {
	data, last, err := in.data(s.schemas())
	if err != nil {
		return nil, err
	}
	r, err := s.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	bounded, cancel := context.WithTimeout(ctx, stdinTimeout)
	defer cancel()
	n, err := r.WriteStdin(bounded, data, last)
	if errors.Is(err, context.DeadlineExceeded) {
		detail := fmt.Sprintf("the program took %d of %d bytes in %v; send the rest later", n, len(data), stdinTimeout)
		err = newProblem(codeStdinBlocked, detail)
	}
	if err != nil {
		p := problemOf(err)
		p.Taken = &n
		return nil, p
	}
	return inJSON(http.StatusOK, StdinTaken{ID: r.ID(), Taken: n, EOF: last}), nil
}

func (in *stdinInput) data(schemas huma.Registry) (data []byte, last bool, err error) {
	if !isJSON(in.ContentType) {
		return in.RawBody, in.EOF, nil
	}
	var body payload[StdinRequest]
	body.decode(schemas, in.RawBody)
	q, err := body.get()
	if err != nil {
		return nil, false, err
	}
	data, err = plain(q.Data, q.Encoding, "data")
	return data, q.EOF || in.EOF, err
}
