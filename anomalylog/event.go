// Package anomalylog writes down what is odd, one JSON object a line, for people who tail it and for programs that count it.
//
// Promises: Record never blocks and never fails; what finds no room is counted, and the count is itself written down once there is
// room. Lines are in the order they were recorded, each written whole: a process that is killed, and a disk that is full,
// leave no half of one (file.go says how). An event of high severity is on its way to the disk at once, others within a
// second. Close writes down everything that was recorded before it.
//
// The file is moved away when it is large or old, and made anew when somebody else moves it away or empties it (logrotate),
// never so fast that `tail -F` could not follow. A Reader reads all of these files back, a Log what is in memory first. Events
// have a Position, which stays theirs whatever their file is called; whoever follows a log from one sees each event behind it
// once and in order, and is told when some of them are kept no longer. Readers lock nothing and hold nobody up.
//
// Text that users control is bounded and escaped: nobody forges a line, or talks to the terminal of whoever reads it. What is read
// back is looked at in the same way, as somebody may have edited the files.
package anomalylog

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	json "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Severity is how bad it is.
type Severity string

// The severities.
const (
	Low    Severity = "low"
	Medium Severity = "medium"
	High   Severity = "high"
)

// Type is what happened.
type Type string

// The types of events. Each has one severity; Severities is the table.
const (
	RateLimitExceeded       Type = "RATE_LIMIT_EXCEEDED"
	ConcurrentLimitExceeded Type = "CONCURRENT_LIMIT_EXCEEDED"
	HourlyLimitExceeded     Type = "HOURLY_LIMIT_EXCEEDED"
	ServerOverloaded        Type = "SERVER_OVERLOADED"
	RapidRestart            Type = "RAPID_RESTART"
	UnauthorizedAccess      Type = "UNAUTHORIZED_ACCESS"
	CodeBlocked             Type = "CODE_BLOCKED"
	ExecutionTimeout        Type = "EXECUTION_TIMEOUT"
	ResourceExhaustion      Type = "RESOURCE_EXHAUSTION"
	BurstDetected           Type = "BURST_DETECTED"
	Quarantined             Type = "QUARANTINED"
	AddressBlocked          Type = "ADDRESS_BLOCKED"
	SandboxFailure          Type = "SANDBOX_FAILURE"
	AdminAction             Type = "ADMIN_ACTION"
	AuthenticationFailed    Type = "AUTHENTICATION_FAILED" // by nothing yet: there are no credentials
	EventsDropped           Type = "EVENTS_DROPPED"        // how many of these lines are missing here
)

// Severities is how bad each type is (design, section 6, for those it names).
var Severities = map[Type]Severity{
	RateLimitExceeded: Medium, ConcurrentLimitExceeded: Medium, HourlyLimitExceeded: Medium, ServerOverloaded: Low,
	RapidRestart: Medium, UnauthorizedAccess: High, CodeBlocked: Medium, ExecutionTimeout: Low, ResourceExhaustion: Low,
	BurstDetected: Medium, Quarantined: High, AddressBlocked: High, SandboxFailure: High, AdminAction: Medium,
	AuthenticationFailed: Medium, EventsDropped: High,
}

// Event is one line. The first five fields are there in every line and in this order; those after them where they are known.
type Event struct {
	Time      time.Time // set by Record when zero
	Type      Type      // one of Severities
	UserID    string    // empty for nobody in particular
	Details   Details
	Severity  Severity // set by Record
	ServiceID string
	ProjectID string
	RunID     string
	IP        string
	RequestID string

	segment int64 // of the file that the line begins, where its time does not say it
}

// Details are what else is known of an event: never source code, never a secret. Values are strings, numbers, booleans, and lists
// of strings.
type Details map[string]any

// room is how much of an event gets into a line: bytes of one text, elements of a list, and details.
type room struct{ text, list, details int }

// rooms are tried one after the other until the line fits a page (file.go). The first is for all that our own requests can hold;
// the others are for what is made to be long, and the last is for details that are none.
var rooms = []room{{200, 20, 20}, {50, 20, 20}, {50, 5, 20}, {5, 5, 20}, {5, 0, 0}}

// line is an event as JSON, with its line break. Numbers and times are ours; every text is bounded, and free of what is not
// printed.
func (e *Event) line() (line []byte, err error) {
	for _, most := range rooms {
		if line, err = e.encode(most); err == nil && len(line) <= page {
			break
		}
	}
	return line, err
}

// MarshalJSON gives an event as it stands in the file, for those who are told of it.
func (e Event) MarshalJSON() ([]byte, error) {
	line, err := e.line()
	return bytes.TrimSpace(line), err
}

func (e *Event) encode(most room) ([]byte, error) {
	type pair struct {
		name  string
		value any
	}
	pairs := []pair{
		{"timestamp", e.Time.UTC().Format("2006-01-02T15:04:05.000Z")},
		{"type", string(e.Type)}, {"user_id", clean(e.UserID, most.text)}, {"details", e.Details.clean(most)},
		{"severity", string(e.Severity)},
	}
	for _, p := range []struct{ name, value string }{
		{"service_id", e.ServiceID}, {"project_id", e.ProjectID}, {"run_id", e.RunID}, {"ip", e.IP}, {"request_id", e.RequestID},
	} {
		if text := clean(p.value, most.text); text != "" {
			pairs = append(pairs, pair{p.name, text})
		}
	}
	if e.segment > 0 {
		pairs = append(pairs, pair{"segment", e.segment})
	}
	var b strings.Builder
	out := jsontext.NewEncoder(&b)
	tokens := []error{out.WriteToken(jsontext.BeginObject)}
	for _, p := range pairs {
		tokens = append(tokens, out.WriteToken(jsontext.String(p.name)), json.MarshalEncode(out, p.value, json.Deterministic(true)))
	}
	tokens = append(tokens, out.WriteToken(jsontext.EndObject))
	for _, err := range tokens {
		if err != nil {
			return nil, fmt.Errorf("encode a %s: %w", e.Type, err)
		}
	}
	return []byte(b.String()), nil // with the line break that the encoder puts behind a value
}

// clean makes text fit to be shown: bounded, and everything that is not printed made visible as what it is.
func clean(s string, most int) string {
	if len(s) > most {
		s = s[:most] + "..."
	}
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

func (d Details) clean(most room) map[string]any {
	out := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(d)) {
		if len(out) == most.details {
			break
		}
		name := clean(key, most.text)
		switch v := d[key].(type) {
		case string:
			out[name] = clean(v, most.text)
		case []string:
			list := make([]string, 0, len(v))
			for _, s := range v[:min(len(v), most.list)] {
				list = append(list, clean(s, most.text))
			}
			out[name] = list
		default:
			out[name] = v
		}
	}
	return out
}
