package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/tmaxmax/go-sse"

	"paddock/anomalylog"
	"paddock/api"
)

func (e *env) anomaliesCommand() *cobra.Command {
	c := &cobra.Command{Use: "anomalies", Short: "Sum up security events"}
	hours, asJSON := 0, false
	summary := &cobra.Command{
		Use: "summary", Short: "Count the security events of the last hours", Args: cobra.NoArgs,
		Long: `Count the security events of the last hours: by type, severity and hour (UTC), and for the ten users and addresses that
had most. They are read from the files of a state directory, whether a server runs on it or not, or asked of a server.`,
		Example: `  paddock anomalies summary
  paddock anomalies summary --hours 168 --json | jq .top_users
  paddock anomalies summary --server http://127.0.0.1:8081`,
		RunE: func(c *cobra.Command, _ []string) error {
			if hours < 1 || hours > api.MaxSummaryHours {
				return fmt.Errorf("--hours: %d is not from 1 to %d", hours, api.MaxSummaryHours)
			}
			return e.withAnomalies(c, func(ctx context.Context, from anomalies) error {
				until := time.Now()
				since := until.Add(-time.Duration(hours) * time.Hour)
				s, err := from.Summary(ctx, since, until)
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(e.out, s)
				}
				return printSummary(e.out, s, since, until)
			})
		},
	}
	anomalyFlags(summary)
	summary.Flags().IntVar(&hours, "hours", 24, "how many hours, back from now")
	summary.Flags().BoolVar(&asJSON, "json", false, "print the counts as JSON")
	c.AddCommand(summary)
	return c
}

// mostBar is the length of the bar of the hour that had most.
const mostBar = 40

func printSummary(out io.Writer, s anomalylog.Summary, since, until time.Time) error {
	const minutes = "2006-01-02 15:04"
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(w, "%d events from %s to %s UTC\n", s.Total, since.UTC().Format(minutes), until.UTC().Format(minutes))
	table := func(title string, rows []string) {
		if len(rows) > 0 {
			_, _ = fmt.Fprintf(w, "\n%s\tCOUNT\n%s\n", title, strings.Join(rows, "\n"))
		}
	}
	row := func(name string, count int64) string { return fmt.Sprintf("%s\t%d", printable(name), count) }
	var severities, types, users, addresses, hours []string
	for _, severity := range []anomalylog.Severity{anomalylog.High, anomalylog.Medium, anomalylog.Low} {
		severities = append(severities, row(string(severity), s.BySeverity[severity]))
	}
	for _, kind := range slices.Sorted(maps.Keys(s.ByType)) {
		types = append(types, row(string(kind), s.ByType[kind]))
	}
	for _, u := range s.TopUsers {
		users = append(users, row(u.UserID, u.Count))
	}
	for _, a := range s.TopAddresses {
		addresses = append(addresses, row(a.IP, a.Count))
	}
	most := int64(1)
	for _, h := range s.ByHour {
		most = max(most, h.Count)
	}
	for _, h := range s.ByHour {
		bar := strings.Repeat("#", int(math.Ceil(float64(h.Count)/float64(most)*mostBar)))
		hours = append(hours, strings.TrimSuffix(row(h.Hour.UTC().Format(minutes), h.Count)+"\t"+bar, "\t"))
	}
	table("SEVERITY", severities)
	table("TYPE", types)
	table("USER", users)
	table("ADDRESS", addresses)
	table("HOUR", hours)
	return w.Flush()
}

// remoteAnomalies asks a server for security events.
type remoteAnomalies struct {
	*adminClient
	say io.Writer // what people should know meanwhile
}

// Recent asks for a page, which may have fewer than the limit.
func (r *remoteAnomalies) Recent(ctx context.Context, f anomalylog.Filter, before anomalylog.Position, limit int) (
	[]anomalylog.Entry, anomalylog.Position, error,
) {
	query := f.Values()
	query.Set("limit", strconv.Itoa(min(limit, api.MaxAnomalies)))
	if cursor := before.String(); cursor != "" {
		query.Set("cursor", cursor)
	}
	var page struct {
		Anomalies []json.RawMessage `json:"anomalies"`
		Next      string            `json:"next_cursor"`
	}
	if err := r.call(ctx, http.MethodGet, "/admin/anomalies?"+query.Encode(), nil, &page); err != nil {
		return nil, anomalylog.Position{}, err
	}
	var entries []anomalylog.Entry
	for _, object := range page.Anomalies {
		e, err := entryIn(object)
		if err != nil {
			return nil, anomalylog.Position{}, err
		}
		entries = append(entries, e)
	}
	next, err := anomalylog.ParsePosition(page.Next)
	return entries, next, err
}

// errNoEvent is a server that says something else than an event.
var errNoEvent = errors.New("the server tells of an event that this version can't read")

// entryIn is the event of an object that begins with its id.
func entryIn(object []byte) (anomalylog.Entry, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, object); err != nil {
		return anomalylog.Entry{}, err
	}
	rest, ok := bytes.CutPrefix(compact.Bytes(), []byte(`{"id":"`))
	id, line, found := bytes.Cut(rest, []byte(`",`))
	if !ok || !found {
		return anomalylog.Entry{}, errNoEvent
	}
	return entryOf(string(id), append([]byte("{"), line...))
}

func entryOf(id string, line []byte) (anomalylog.Entry, error) {
	p, err := anomalylog.ParsePosition(id)
	if err != nil {
		return anomalylog.Entry{}, errors.Join(errNoEvent, err)
	}
	e, ok := anomalylog.ParseEntry(p, line)
	if !ok {
		return anomalylog.Entry{}, errNoEvent
	}
	return e, nil
}

// End asks for the last event.
func (r *remoteAnomalies) End(ctx context.Context) (end anomalylog.Position, err error) {
	entries, _, err := r.Recent(ctx, anomalylog.Filter{}, end, 1)
	if len(entries) > 0 {
		end = entries[0].Position
	}
	return end, err
}

// How long to wait before a server that has gone is asked again: twice as long each time, until it tells of an event.
const (
	firstPause = 250 * time.Millisecond
	mostPause  = 10 * time.Second
)

// Follow reads the server's stream of events. When it ends, as the server restarts, it goes on where it was.
func (r *remoteAnomalies) Follow(
	ctx context.Context, f anomalylog.Filter, after anomalylog.Position, each func(anomalylog.Entry) error,
) error {
	for pause := firstPause; ; {
		again, err := r.stream(ctx, f, after, func(e anomalylog.Entry) error {
			after, pause = e.Position, firstPause
			return each(e)
		})
		if !again || ctx.Err() != nil {
			return cmp.Or(ctx.Err(), err)
		}
		if pause == firstPause {
			_, _ = fmt.Fprintf(r.say, "paddock: %v; waiting for it\n", err)
		}
		select {
		case <-time.After(pause):
			pause = min(2*pause, mostPause)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// stream reads a stream to its end; again says that there may be another one.
func (r *remoteAnomalies) stream(
	ctx context.Context, f anomalylog.Filter, after anomalylog.Position, each func(anomalylog.Entry) error,
) (again bool, err error) {
	header := http.Header{"Accept": {"text/event-stream"}}
	if id := after.String(); id != "" {
		header.Set("Last-Event-ID", id)
	} else if f.Since.IsZero() {
		f.Since = time.Unix(0, 0) // there were none: all are wanted, not only those to come
	}
	query := f.Values()
	res, err := r.send(ctx, http.MethodGet, "/admin/anomalies/stream?"+query.Encode(), nil, header)
	if err != nil {
		var refused *refusedError
		return !errors.As(err, &refused) || refused.status >= http.StatusInternalServerError, err
	}
	defer func() { _ = res.Body.Close() }()
	missed := false
	for ev, err := range sse.Read(res.Body, nil) {
		if err != nil {
			return true, fmt.Errorf("the server's stream broke off: %w", err)
		}
		switch ev.Type {
		case "anomaly":
			e, err := entryOf(ev.LastEventID, []byte(ev.Data))
			if err != nil {
				return false, err
			}
			e.Missed, missed = missed, false
			if err := each(e); err != nil {
				return false, err
			}
		case "missed":
			missed = true
		case "error":
			return false, refusal("", []byte(ev.Data))
		}
	}
	return true, errors.New("the server has ended the stream")
}

// Summary asks for one of whole hours, back from now.
func (r *remoteAnomalies) Summary(ctx context.Context, since, until time.Time) (s anomalylog.Summary, err error) {
	hours := strconv.Itoa(int(math.Ceil(until.Sub(since).Hours())))
	err = r.call(ctx, http.MethodGet, "/admin/anomalies/summary?hours="+hours, nil, &s)
	return s, err
}
