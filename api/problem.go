package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
	json "github.com/go-json-experiment/json"

	"paddock/quota"
	"paddock/runner"
	"paddock/validate"
)

// problemType is the content type of every refusal and error (RFC 9457).
const problemType = "application/problem+json"

// Categories of refusals and verdicts, for clients that only want to know whose turn it is.
const (
	categoryNone       = "none"
	categoryValidation = "validation"
	categoryDependency = "dependency"
	categoryCrash      = "process_crash"
	categoryOurs       = "environment"
	categoryPermission = "permission"
	categoryUnknown    = "unknown"
)

// The codes of problems. A code has one status; the table says which.
const (
	codeBadRequest      = "bad_request"
	codeInvalidJSON     = "invalid_json"
	codeCrossOrigin     = "cross_origin"
	codeHost            = "host_not_allowed"
	codeBlocked         = "code_blocked"
	codeValidationTime  = "validation_timeout"
	codeUserBlocked     = quota.CodeUserBlocked
	codeAddressBlocked  = quota.CodeAddressBlocked
	codePort            = quota.CodePort
	codeQuarantined     = quota.CodeQuarantined
	codeRate            = quota.CodeRate
	codeConcurrent      = quota.CodeConcurrent
	codeHourly          = quota.CodeHourly
	codeNoAdmission     = quota.CodeUnavailable
	codeNotFound        = "not_found"
	codeRunNotFound     = "run_not_found"
	codeMethod          = "method_not_allowed"
	codeNotAcceptable   = "not_acceptable"
	codeRequestTimeout  = "request_timeout"
	codeStdinClosed     = "stdin_closed"
	codeStdinBlocked    = "stdin_blocked"
	codeBodyTooLarge    = "body_too_large"
	codeMediaType       = "unsupported_media_type"
	codeInvalidRequest  = "invalid_request"
	codeImage           = "image_not_allowed"
	codeManyDeps        = "too_many_dependencies"
	codeNotSupported    = "not_supported_yet"
	codeInternal        = "internal"
	codeCellLost        = "cell_lost"
	codeOverloaded      = "server_overloaded"
	codeUnavailable     = "sandbox_unavailable"
	codeShuttingDown    = "shutting_down"
	codeNotReady        = "not_ready"
	codeTooLarge        = runner.CodeTooLarge
	codeUnknownLanguage = runner.UnknownLanguage
	codeNotInstalled    = runner.NotInstalled
)

// kind is what all problems of one code have in common.
type kind struct {
	Code     string        `json:"code"`
	Status   int           `json:"status"`
	Title    string        `json:"title"`
	Category string        `json:"error_category"`
	After    time.Duration `json:"-"`         // when to come back, give or take the jitter; zero says nothing about it
	Retry    bool          `json:"retryable"` // the same request may succeed later
}

// kinds is the one table of refusals and errors. The first of a status is what an error that has only its status gets.
var kinds = []kind{
	{Code: codeBadRequest, Status: 400, Title: "The request can't be understood", Category: categoryValidation},
	{Code: codeInvalidJSON, Status: 400, Title: "The body is not proper JSON", Category: categoryValidation},
	{Code: codeCrossOrigin, Status: 403, Title: "Requests from other sites are refused", Category: categoryPermission},
	{Code: codeHost, Status: 403, Title: "The server does not go by this name", Category: categoryPermission},
	{Code: codeBlocked, Status: 403, Title: "The code is refused", Category: categoryValidation},
	{Code: codeValidationTime, Status: 403, Title: "The code could not be checked in time", Category: categoryValidation, Retry: true},
	{Code: codeUserBlocked, Status: 403, Title: "The user is blocked", Category: categoryPermission},
	{Code: codeAddressBlocked, Status: 403, Title: "The address is blocked", Category: categoryPermission, Retry: true},
	{Code: codePort, Status: 403, Title: "The port is not allowed", Category: categoryPermission},
	{Code: codeNotFound, Status: 404, Title: "There is nothing here", Category: categoryValidation},
	{Code: codeRunNotFound, Status: 404, Title: "There is no such run", Category: categoryValidation},
	{Code: codeMethod, Status: 405, Title: "The path does not take this method", Category: categoryValidation},
	{Code: codeNotAcceptable, Status: 406, Title: "No format the client accepts", Category: categoryValidation},
	{Code: codeRequestTimeout, Status: 408, Title: "The body came too slowly", Category: categoryValidation, Retry: true},
	{Code: codeStdinClosed, Status: 409, Title: "Stdin is not open", Category: categoryValidation},
	{Code: codeStdinBlocked, Status: 409, Title: "The program does not read its stdin", Category: categoryValidation, Retry: true},
	{Code: codeBodyTooLarge, Status: 413, Title: "The body is too large", Category: categoryValidation},
	{Code: codeTooLarge, Status: 413, Title: "The code or stdin is too large", Category: categoryValidation},
	{Code: codeMediaType, Status: 415, Title: "The content type is not taken here", Category: categoryValidation},
	{Code: codeInvalidRequest, Status: 422, Title: "The request is not valid", Category: categoryValidation},
	{Code: codeUnknownLanguage, Status: 422, Title: "The language is not known", Category: categoryValidation},
	{Code: codeImage, Status: 422, Title: "The image is not allowed", Category: categoryValidation},
	{Code: codeManyDeps, Status: 422, Title: "There are too many dependencies", Category: categoryDependency},
	{Code: codeNotSupported, Status: 422, Title: "This is not supported yet", Category: categoryValidation},
	{Code: codeRate, Status: 429, Title: "Too many requests", Category: categoryPermission, Retry: true},
	{Code: codeQuarantined, Status: 429, Title: "Out for a while", Category: categoryPermission, Retry: true},
	{Code: codeConcurrent, Status: 429, Title: "Too many runs at a time", Category: categoryPermission, Retry: true},
	{Code: codeHourly, Status: 429, Title: "Too many starts within the hour", Category: categoryPermission, Retry: true},
	{Code: codeInternal, Status: 500, Title: "Something went wrong with us", Category: categoryUnknown},
	{Code: codeCellLost, Status: 500, Title: "The sandbox was lost under the program", Category: categoryOurs, Retry: true},
	{Code: codeOverloaded, Status: 503, Title: "The server is busy", Category: categoryOurs, Retry: true, After: 2 * time.Second},
	{Code: codeNoAdmission, Status: 503, Title: "Nobody can tell what is allowed", Category: categoryOurs, Retry: true},
	{Code: codeUnavailable, Status: 503, Title: "No sandbox to be had", Category: categoryOurs, Retry: true, After: 5 * time.Second},
	{Code: codeNotInstalled, Status: 503, Title: "The language is not installed", Category: categoryOurs},
	{Code: codeShuttingDown, Status: 503, Title: "The server shuts down", Category: categoryOurs, Retry: true, After: 5 * time.Second},
	{Code: codeNotReady, Status: 503, Title: "The server is not ready", Category: categoryOurs, Retry: true, After: readyFor},
}

func kindOf(code string) kind {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.Code == code })
	return kinds[i] // every code is a constant of ours, and a test looks each up
}

// causes maps the errors that have no details of their own. The order counts: a missing image is an unavailable cell too.
var causes = []struct {
	err    error
	code   string
	detail string
}{
	{runner.ErrNoImage, codeNotInstalled, "the language's image is not there any more; the server's admin can build it again"},
	{validate.ErrTimeout, codeValidationTime,
		"checking it took too long, and what can't be checked is not run; make it smaller or simpler"},
	{runner.ErrShutdown, codeShuttingDown, "the server takes no more runs"},
	{runner.ErrBusy, codeOverloaded, "every sandbox is busy, and none came free in time"},
	{runner.ErrCellLost, codeCellLost, "the sandbox ended while the program ran; nobody knows what became of it"},
	{runner.ErrUnavailable, codeUnavailable, "no sandbox could be made; the server's log says why"},
	{runner.ErrStdinClosed, codeStdinClosed, "stdin was not opened with stdin_open, has been closed, or the run has ended"},
}

// Problem is every answer that is not what was asked for. Both kinds of client are served by it: those that read problem
// details, and those that look at success, message and error_category.
type Problem struct { //nolint:errname // the word of RFC 9457
	Type          string             `json:"type" doc:"Where the code is explained on the server" example:"/docs#invalid_request"`
	Title         string             `json:"title" doc:"What the code means"`
	Status        int                `json:"status" doc:"HTTP status"`
	Detail        string             `json:"detail" doc:"What is wrong this time"`
	Instance      string             `json:"instance" doc:"URN of this one occurrence"`
	Code          string             `json:"code" doc:"What is wrong, for programs" example:"invalid_request"`
	RequestID     string             `json:"request_id" doc:"As in the X-Request-Id header and the server's log"`
	Retryable     bool               `json:"retryable" doc:"Whether the same request may succeed later"`
	Errors        []FieldError       `json:"errors" doc:"Each thing that is wrong, up to 20"`
	Violations    []validate.Finding `json:"violations,omitempty" doc:"With code_blocked: what it is refused for"`
	Success       bool               `json:"success" doc:"Always false"`
	Message       string             `json:"message" doc:"Same as detail"`
	ErrorCategory string             `json:"error_category" doc:"Whose turn it is"`
	Logs          []string           `json:"logs" doc:"Always empty"`
	Languages     []string           `json:"languages,omitempty" doc:"With unknown_language: the languages there are"`
	Images        []string           `json:"images,omitempty" doc:"With image_not_allowed: the images there are"`
	Taken         *int               `json:"taken_bytes,omitempty" doc:"With stdin_blocked and stdin_closed: bytes that were taken"`

	after time.Duration
	cause error // for the log
}

// FieldError says what is wrong with one part of a request.
type FieldError struct {
	Location string `json:"location" doc:"Which part" example:"body.limits.timeout_ms"`
	Message  string `json:"message" doc:"What is wrong with it"`
	Value    any    `json:"value,omitempty" doc:"What it is, when that is short"`
}

// How much a problem repeats of a request that may be nothing but mistakes.
const (
	maxErrors   = 20
	maxLocation = 200 // bytes
	maxValue    = 80  // bytes
)

func newProblem(code, detail string, errs ...FieldError) *Problem {
	k := kindOf(code)
	return &Problem{
		Type: "/docs#" + code, Title: k.Title, Status: k.Status, Detail: detail, Code: code, Retryable: k.Retry,
		Errors: errs, Message: detail, ErrorCategory: k.Category, after: k.After,
	}
}

// invalid is the problem of a request whose parts are wrong.
func invalid(code string, errs ...FieldError) *Problem {
	slices.SortStableFunc(errs, func(a, b FieldError) int { return strings.Compare(a.Location, b.Location) })
	detail := errs[0].Location + ": " + errs[0].Message
	if more := len(errs) - 1; more > 0 {
		detail += fmt.Sprintf(" (and %d more)", more)
	}
	return newProblem(code, detail, errs[:min(len(errs), maxErrors)]...)
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes huma send a problem as one.
func (*Problem) ContentType(string) string { return problemType }

// GetHeaders has Retry-After, with up to half of it as jitter so that those who were refused together come back apart.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.after > 0 {
		jitter := rand.N(p.after/2 + 1) //nolint:gosec // spreads load, hides nothing
		h.Set("Retry-After", strconv.Itoa(int((p.after + jitter + time.Second - 1).Truncate(time.Second).Seconds())))
	}
	return h
}

// problemOf turns any error into a problem. What nobody foresaw becomes a 500 without details.
func problemOf(err error) *Problem {
	var p *Problem
	var job *runner.InvalidJobError
	var size *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &job):
		return jobProblem(job)
	case errors.As(err, &size):
		return newProblem(codeBodyTooLarge, fmt.Sprintf("at most %d bytes are allowed", size.Limit))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return newProblem(codeRequestTimeout, fmt.Sprintf("it was not there after %v", bodyTimeout))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return newProblem(codeBadRequest, "the body ended early")
	}
	for _, c := range causes {
		if errors.Is(err, c.err) {
			p := newProblem(c.code, c.detail)
			p.cause = err
			return p
		}
	}
	p = newProblem(codeInternal, "the server's log has the details, under the request's id")
	p.cause = err
	return p
}

func jobProblem(e *runner.InvalidJobError) *Problem {
	code := e.Code
	if code == "" {
		code = codeInvalidRequest
	}
	p := invalid(code, FieldError{Location: "body." + e.Field, Message: e.Message})
	switch code {
	case codeUnknownLanguage:
		p.Languages = e.Options
	case codeImage:
		p.Images = e.Options
	}
	return p
}

// problem turns an error into the problem to answer a request with, and logs what is our fault.
func (s *site) problem(ctx context.Context, err error) *Problem {
	p := problemOf(err)
	p.identify(ctx)
	if p.Status >= http.StatusInternalServerError && p.cause != nil {
		line := s.log.Error()
		if p.Retryable {
			line = s.log.Warn()
		}
		line.Err(p.cause).Str("request_id", p.RequestID).Str("code", p.Code).Msg("a request failed")
	}
	return p
}

func (p *Problem) identify(ctx context.Context) {
	x := exchangeOf(ctx)
	p.RequestID, x.code = x.id, p.Code
	p.Instance = "urn:paddock:request:" + p.RequestID
}

// refuse answers with a problem where huma does not.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problem(r.Context(), err)
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.MarshalWrite(w, p) // the client is gone
}

// init makes huma's own errors problems as well. They are variables of huma's packages: there is
// no other way to set them.
func init() {
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return humaProblem(status, msg, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		p := humaProblem(status, msg, errs)
		p.identify(ctx.Context())
		return p
	}
	huma.ValidateStrictCasing = true // as the decoder
	huma.DefaultArrayNullable = false
	validation.MsgUnexpectedProperty = "is not a field of this request"
	validation.MsgExpectedMaxItems = tooManyElements
	validation.MsgExpectedMaxProperties = tooManyElements
}

// tooManyElements is said of lists and maps.
const tooManyElements = "has too many elements, at most %d are allowed"

// humaProblem is a problem for what huma found: parameters that are wrong, or a body that can't be read.
func humaProblem(status int, msg string, errs []error) *Problem {
	details := fieldErrors(errs)
	switch {
	case len(details) > 0:
		return invalid(codeOfStatus(status), details...)
	case status == http.StatusInternalServerError && len(errs) > 0:
		if p := problemOf(errs[0]); p.Status < status {
			return p
		}
		return newProblem(codeBadRequest, "the body could not be read") // the client's connection broke
	}
	return newProblem(codeOfStatus(status), msg)
}

func fieldErrors(errs []error) []FieldError {
	var list []FieldError
	for _, err := range errs {
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			list = append(list, FieldError{Location: shorten(d.Location, maxLocation), Message: d.Message, Value: echo(d.Value)})
		}
	}
	return list
}

// codeOfStatus is the code of an error that has only its status.
func codeOfStatus(status int) string {
	if i := slices.IndexFunc(kinds, func(k kind) bool { return k.Status == status }); i >= 0 {
		return kinds[i].Code
	}
	return codeInternal
}

// echo is v when it is short enough to be sent back.
func echo(v any) any {
	switch v := v.(type) {
	case bool, float64:
		return v
	case string:
		return shorten(v, maxValue)
	}
	return nil
}

func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
