// Package api is Paddock over HTTP: it decodes requests into jobs, hands them to a runner and encodes what becomes of them.
// docs/api.md describes what a client sees.
//
// Promises: every answer that is not a result is an application/problem+json of one shape (problem.go), whoever made it.
// A request body is read whole or refused before it is read whole, and decoded strictly (decode.go). An event reaches the
// client as soon as the runner tells it, and a client that does not read holds nothing but its own connection, for
// writeTimeout at most (response.go, stream.go). Code, stdin, query strings and header values never reach the log.
package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rs/zerolog"

	"paddock/anomalylog"
	"paddock/runner"
	"paddock/validate"
)

// What the http.Server around the handler should be given. There is no WriteTimeout among them, because an event stream may
// last: every write has a deadline of its own instead. There is no ReadTimeout, because it would end a run that lasts longer:
// the body has a deadline of its own too.
const (
	ReadHeaderTimeout = 5 * time.Second
	IdleTimeout       = 2 * time.Minute
	MaxHeaderBytes    = 16 << 10
)

// DefaultMaxBody is the cap on a request's body. It is four times the default code limit of 1 MiB: room for code and stdin of
// 1 MiB each when every second byte needs an escape, and for binary in base64, which needs 4/3. What is too large once it
// is decoded is refused by the runner.
const DefaultMaxBody = 4 << 20

// DefaultMaxInFlight is how many requests for runs and event streams are served at one time, and as many that feed stdin. Each
// may hold a body of MaxBody while it is decoded.
const DefaultMaxInFlight = 512

// How long things may take. A body comes within bodyTimeout of its header; one write of an answer is taken by the client's
// kernel within writeTimeout; stdin that the program does not read is given up after stdinTimeout. An idle event stream
// carries a comment every beat, which is shorter than the idle timeouts of the usual proxies (60 s).
const (
	bodyTimeout  = 30 * time.Second
	writeTimeout = 30 * time.Second
	stdinTimeout = 10 * time.Second
	beat         = 15 * time.Second
)

// Language is what a client is told of a language.
type Language struct {
	Name       string   `json:"name" doc:"Name to ask for it by"`
	Title      string   `json:"title" doc:"Name for people"`
	Version    string   `json:"version" doc:"Installed version; empty when it is not installed"`
	Aliases    []string `json:"aliases" doc:"Other names to ask for it by"`
	Extensions []string `json:"extensions" doc:"File name extensions, with their dot"`
	Installed  bool     `json:"installed" doc:"Whether this server can run it"`
}

// Options configure the API. Runner, Validate, Record, Admission, Languages, Ready, Default and Max are required.
type Options struct {
	Runner       *runner.Runner
	Validate     func(context.Context, Submission) (validate.Report, error) // looks at code before it is run
	Languages    func() []Language
	Record       func(anomalylog.Event)      // writes down what is odd; it must not block
	Admission    Admission                   // whom it lets in
	Ready        func(context.Context) error // takes a real cell; called at most every readyFor, one call at a time
	Metrics      http.Handler                // what GET /metrics answers; nil for nothing
	Observer     Observer                    // whoever counts and traces; nil for nobody
	Default      runner.Limits               // the runner's, for the documentation
	Max          runner.Limits               // the runner's: a limit above it is refused by name
	MaxBody      int64                       // bytes; zero means DefaultMaxBody
	MaxInFlight  int                         // runs waited for and event streams; zero means DefaultMaxInFlight
	AllowedHosts []string                    // names besides loopback that may stand in Host; "*" for any; see guardHost
	Origins      []string                    // of pages whose scripts may call: scheme://host[:port] each; see CheckOrigin
	Version      string                      // of Paddock, for the OpenAPI document
	Log          zerolog.Logger              // access log and what went wrong with us
}

func (o *Options) validate() error {
	required := []struct {
		field string
		ok    bool
	}{
		{"Validate", o.Validate != nil},
		{"Record", o.Record != nil},
		{"Admission.Quota", o.Admission.Quota != nil},
		{"Admission.Profile", o.Admission.Profile != nil},
		{"Admission.Most", o.Admission.Most.Tier != ""},
		{"Languages", o.Languages != nil},
		{"Ready", o.Ready != nil},
		{"Default", complete(o.Default)},
		{"Max", complete(o.Max)},
	}
	for _, r := range required {
		if !r.ok {
			return fmt.Errorf("api.Options.%s is required", r.field)
		}
	}
	for _, origin := range o.Origins {
		if err := CheckOrigin(origin); err != nil {
			return fmt.Errorf("api.Options.Origins: %w", err)
		}
	}
	if o.MaxBody < 0 {
		return fmt.Errorf("api.Options.MaxBody is %d", o.MaxBody)
	}
	if o.MaxBody == 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.MaxInFlight < 0 {
		return fmt.Errorf("api.Options.MaxInFlight is %d", o.MaxInFlight)
	}
	if o.MaxInFlight == 0 {
		o.MaxInFlight = DefaultMaxInFlight
	}
	return nil
}

func complete(l runner.Limits) bool {
	return l.Timeout > 0 && l.CPUTime > 0 && l.Memory > 0 && l.Output > 0 && l.Processes > 0
}

// run is what the handlers need of a run.
type run interface {
	ID() string
	Language() (name, version string)
	User() string
	Client() string
	Born() time.Time
	Placed() bool
	Done() <-chan struct{}
	Result(ctx context.Context) (*runner.Result, error)
	Follow(ctx context.Context, after uint64, each func(runner.Event) error) error
	WriteStdin(ctx context.Context, data []byte, last bool) (int, error)
	Cancel(reason error)
}

// runs is the cut for many machines: everything behind it may move to a worker.
type runs interface {
	Program(job runner.Job) (runner.Program, error) // what Start would run, or what it would refuse
	Start(ctx context.Context, job runner.Job) (run, error)
	Find(id string) (run, bool)
	Runs() []run // that go on
}

// local is the runner in this process.
type local struct{ *runner.Runner }

type localRun struct{ *runner.Run }

func (r localRun) ID() string { return r.Run.ID }

func (l local) Start(ctx context.Context, job runner.Job) (run, error) {
	r, err := l.Runner.Start(ctx, job)
	if err != nil {
		return nil, err
	}
	return localRun{r}, nil
}

func (l local) Runs() []run {
	var all []run
	for _, r := range l.Runner.Runs() {
		all = append(all, localRun{r})
	}
	return all
}

func (l local) Find(id string) (run, bool) {
	r, ok := l.Runner.Find(id)
	return localRun{r}, ok
}

// server is the public site: everything that is not for admins.
type server struct {
	*site
	o       Options
	runs    runs
	ready   *readiness
	answers *budget
}

// New returns the handler of the whole API.
func New(o Options) (http.Handler, error) {
	if o.Runner == nil {
		return nil, errors.New("api.Options.Runner is required")
	}
	return newServer(o, local{o.Runner})
}

func newServer(o Options, r runs) (*server, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	s := &server{
		site: newSite(siteOptions{
			title: "Paddock", about: "Runs code that nobody trusts, for people who wait for the answer.", version: o.Version,
			hosts: o.AllowedHosts, origins: o.Origins, proxies: o.Admission.Proxies, maxBody: o.MaxBody, log: o.Log,
			observer: o.Observer,
		}),
		o: o, runs: r, ready: newReadiness(o.Ready), answers: newBudget(answerBudget),
	}
	s.routes()
	if err := s.document(); err != nil {
		return nil, fmt.Errorf("make the OpenAPI document: %w", err)
	}
	return s, nil
}
