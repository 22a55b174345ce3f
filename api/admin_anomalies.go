package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"paddock/anomalylog"
)

// Anomalies are a page of the anomaly log, newest first.
type Anomalies struct {
	Anomalies []Anomaly `json:"anomalies"`
	Next      string    `json:"next_cursor" doc:"The cursor of the next page; empty when there is none"`
}

// Anomaly is a line of the anomaly log with its id before it. The fields are for the documentation: it is sent as it stands in the
// file.
type Anomaly struct {
	ID        string         `json:"id" doc:"Its place in the log; ids are ordered as the lines are"`
	Timestamp time.Time      `json:"timestamp"`
	Type      string         `json:"type"`
	UserID    string         `json:"user_id" doc:"Empty for nobody in particular"`
	Details   map[string]any `json:"details"`
	Severity  string         `json:"severity" enum:"low,medium,high"`
	ServiceID string         `json:"service_id,omitempty"`
	ProjectID string         `json:"project_id,omitempty"`
	RunID     string         `json:"run_id,omitempty"`
	IP        string         `json:"ip,omitempty"`
	RequestID string         `json:"request_id,omitempty"`
	Segment   int64          `json:"segment,omitempty" doc:"In the first line of a file, where its time can't name the file"`

	line []byte
}

// MarshalJSON puts the id before the line's own fields.
func (a Anomaly) MarshalJSON() ([]byte, error) {
	id, err := jsontext.AppendQuote([]byte(`{"id":`), a.ID)
	if err != nil {
		return nil, err
	}
	return append(append(id, ','), a.line[1:]...), nil
}

// AnomalyFilter says which events; see anomalylog.ParseFilter.
type AnomalyFilter struct {
	Type     string `query:"type" doc:"Types, with commas between them"`
	Severity string `query:"severity" doc:"low, medium, high, with commas between them"`
	User     string `query:"user"`
	IP       string `query:"ip"`
	Since    string `query:"since" doc:"RFC 3339, or how long ago: 2h"`
	Until    string `query:"until" doc:"The same; events at that time are not among them"`
}

func (in *AnomalyFilter) filter() (anomalylog.Filter, error) {
	values := url.Values{}
	for key, value := range map[string]string{
		"type": in.Type, "severity": in.Severity, "user": in.User, "ip": in.IP, "since": in.Since, "until": in.Until,
	} {
		if value != "" {
			values.Set(key, value)
		}
	}
	f, err := anomalylog.ParseFilter(values, time.Now())
	var wrong *anomalylog.FilterError
	if errors.As(err, &wrong) {
		return f, invalid(codeInvalidRequest, FieldError{Location: "query." + wrong.Key, Message: wrong.Reason})
	}
	return f, err
}

// The most that is given at a time, which the inputs' tags say too.
const (
	MaxAnomalies    = 1000
	MaxSummaryHours = int(anomalylog.MaxSummary / time.Hour)
)

type anomaliesInput struct {
	AnomalyFilter
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many at most"`
	Cursor string `query:"cursor" doc:"The next_cursor of the page before"`
}

func (a *admin) anomalies(ctx context.Context, in *anomaliesInput) (reply, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	before, err := positionOf(in.Cursor, "query.cursor")
	if err != nil {
		return nil, err
	}
	entries, next, err := a.o.Live.Anomalies.Recent(ctx, f, before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Anomalies{Anomalies: []Anomaly{}, Next: next.String()}
	for _, e := range entries {
		out.Anomalies = append(out.Anomalies, Anomaly{ID: e.Position.String(), line: e.Line})
	}
	return inJSON(http.StatusOK, out), nil
}

// positionOf reads an id of an event, or none.
func positionOf(text, where string) (anomalylog.Position, error) {
	if text == "" {
		return anomalylog.Position{}, nil
	}
	p, err := anomalylog.ParsePosition(text)
	if err != nil {
		return p, invalid(codeInvalidRequest, FieldError{Location: where, Message: "is no id of an event", Value: echo(text)})
	}
	return p, nil
}

type summaryInput struct {
	Hours int `query:"hours" minimum:"1" maximum:"8784" default:"24" doc:"How far back"`
}

func (a *admin) summary(ctx context.Context, in *summaryInput) (reply, error) {
	now := time.Now()
	s, err := a.o.Live.Anomalies.Summary(ctx, now.Add(-time.Duration(in.Hours)*time.Hour), now)
	if err != nil {
		return nil, err
	}
	return inJSON(http.StatusOK, s), nil
}

type followInput struct {
	AnomalyFilter
	Header string `header:"Last-Event-ID" doc:"Id of the last event the client has seen; without it, and without since, those to come"`
	Query  string `query:"last_event_id" doc:"The same, for clients that can't set headers; the header counts first"`
}

// followAnomalies tells events as they are written down, and before them those since a time, or behind one that the client has
// seen. What was removed before the client came back for it is told as an event named missed.
func (a *admin) followAnomalies(ctx context.Context, in *followInput) (reply, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	text, where := in.Header, "header.Last-Event-ID"
	if text == "" {
		text, where = in.Query, "query.last_event_id"
	}
	after, err := positionOf(text, where)
	if err != nil {
		return nil, err
	}
	switch log := a.o.Live.Anomalies; {
	case text != "":
	case f.Since.IsZero():
		after = log.End()
	default:
		if after, err = log.Since(ctx, f.Since); err != nil {
			return nil, err
		}
	}
	return a.streaming(func(ctx context.Context, out *eventWriter) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(a.o.Live.Stopping, cancel)()
		_ = out.open() // a client that is gone shows at the first event
		err := a.o.Live.Anomalies.Follow(ctx, f, after, func(e anomalylog.Entry) error {
			if e.Missed {
				if err := out.send("", "missed", struct{}{}, 0); err != nil {
					return err
				}
			}
			return out.send(e.Position.String(), "anomaly", jsontext.Value(e.Line), 0)
		})
		if err != nil && ctx.Err() == nil {
			_ = out.send("", "error", a.problem(ctx, err), 0)
		}
	}), nil
}

var (
	theAnomalies = returns{http.StatusOK, jsonType, Anomalies{}, "A page of them, newest first"}
	theSummary   = returns{http.StatusOK, jsonType, anomalylog.Summary{}, "What happened, and how often"}
	theirStream  = returns{http.StatusOK, streamType, "", "Events named anomaly, whose data is a line of the log"}
)
