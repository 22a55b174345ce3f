package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"paddock/anomalylog"
)

// anomalies is who is asked for security events: the files of a log, or a server.
type anomalies interface {
	Recent(ctx context.Context, f anomalylog.Filter, before anomalylog.Position, limit int) (
		entries []anomalylog.Entry, next anomalylog.Position, err error)
	End(ctx context.Context) (anomalylog.Position, error)
	Follow(ctx context.Context, f anomalylog.Filter, after anomalylog.Position, each func(anomalylog.Entry) error) error
	Summary(ctx context.Context, since, until time.Time) (anomalylog.Summary, error)
}

// anomalyFlags say whose security events a command is about.
func anomalyFlags(c *cobra.Command) {
	adminFlags(c)
	c.PersistentFlags().String("file", "", "a file of security events instead, with those beside it that it was before")
	c.MarkFlagsMutuallyExclusive("server", "file", "state-dir")
}

// withAnomalies calls f with what anomalyFlags say.
func (e *env) withAnomalies(c *cobra.Command, f func(context.Context, anomalies) error) error {
	if addr, _ := c.Flags().GetString("server"); addr != "" {
		return f(c.Context(), &remoteAnomalies{dialAdmin(addr), e.err})
	}
	path, _ := c.Flags().GetString("file")
	if path == "" {
		path = e.anomalyFile(e.stateDir(c))
	}
	reader, err := anomalylog.OpenReader(path)
	if err == nil {
		err = f(c.Context(), reader)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w; a server makes it at its first start: name its directory with --state-dir, or the file with --file", err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w; only its owner reads it: be that user, or ask the server with --server", err)
	case err == nil && reader.Passed() > 0:
		_, _ = fmt.Fprintf(e.err, "paddock: %d lines are no events that this version knows, and were passed over\n", reader.Passed())
	}
	return err
}

// Lines that are shown when nobody says how many: the last ones, and those of a time.
const (
	usualLines = 10
	mostLines  = 10_000
)

// tail is what paddock tail shows, and how.
type tail struct {
	env
	filter anomalylog.Filter
	lines  int
	follow bool
	json   bool
}

func (e *env) tailCommand() *cobra.Command {
	t := tail{env: *e}
	c := &cobra.Command{
		Use:   "tail",
		Short: "Show security events, and follow them as they happen",
		Long: `Show the last security events, oldest first, and with -f those that happen from then on. They are read from the files of a
state directory, whether a server runs on it or not, or asked of a server. Rotation is followed, and a server that restarts is
waited for.

Only those are shown that have one of everything that is asked for.`,
		Example: `  paddock tail -f
  paddock tail -n 100 --severity high,medium --since 2h
  paddock tail -f --type CODE_BLOCKED,QUARANTINED --user ada --json | jq .details
  paddock tail --server unix:/var/lib/paddock/admin.sock`,
		Args: cobra.NoArgs,
	}
	anomalyFlags(c)
	c.Flags().BoolVarP(&t.follow, "follow", "f", false, "go on with events as they happen")
	c.Flags().IntVarP(&t.lines, "lines", "n", usualLines,
		fmt.Sprintf("how many at most of those that there are; of a time (--since) %d", mostLines))
	c.Flags().BoolVar(&t.json, "json", false, "print the lines as they are in the file, for jq")
	asked := url.Values{}
	for name, help := range map[string]string{
		"type": "of these types (CODE_BLOCKED,...)", "severity": "of these severities (low,medium,high)", "user": "of this user",
		"ip": "from this address", "since": "from this time on (2026-11-21T15:04:05Z), or for so long (90m, 24h)",
	} {
		c.Flags().Func(name, help, func(text string) error {
			asked.Set(name, text)
			return nil
		})
	}
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		if t.filter, err = anomalylog.ParseFilter(asked, time.Now()); err != nil {
			return err
		}
		if t.lines < 0 {
			return fmt.Errorf("--lines: %d is less than 0, which shows none of those that there are", t.lines)
		}
		if !t.filter.Since.IsZero() && !c.Flags().Changed("lines") {
			t.lines = mostLines
		}
		err = e.withAnomalies(c, t.show)
		if errors.Is(err, syscall.EPIPE) || (c.Context().Err() != nil && errors.Is(err, context.Canceled)) {
			return nil // nobody reads on, or somebody has seen enough
		}
		return err
	}
	return c
}

// show prints the last events that there are, and then follows.
func (t *tail) show(ctx context.Context, from anomalies) error {
	var end anomalylog.Position // of what there was before this began
	if t.follow {
		var err error
		if end, err = from.End(ctx); err != nil {
			return err
		}
	}
	newest, err := t.newest(ctx, from)
	if err != nil {
		return err
	}
	colors := paletteFor(t.out, t.environ)
	show := func(e anomalylog.Entry) error {
		if e.Missed {
			_, _ = fmt.Fprintln(t.err, "paddock: some events before the next one are no longer kept")
		}
		if t.json {
			_, err := fmt.Fprintf(t.out, "%s\n", e.Line)
			return err
		}
		_, err := io.WriteString(t.out, eventText(e, colors))
		return err
	}
	for _, e := range slices.Backward(newest) {
		if err := show(e); err != nil {
			return err
		}
	}
	if !t.follow {
		return nil
	}
	if len(newest) > 0 && newest[0].Position.Compare(end) > 0 { // it happened in between
		end = newest[0].Position
	}
	return from.Follow(ctx, t.filter, end, show)
}

// newest are the last events that there are, the last one first.
func (t *tail) newest(ctx context.Context, from anomalies) (all []anomalylog.Entry, err error) {
	for cursor := (anomalylog.Position{}); len(all) < t.lines; {
		page, next, err := from.Recent(ctx, t.filter, cursor, t.lines-len(all))
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if cursor = next; next == (anomalylog.Position{}) || len(page) == 0 {
			break
		}
	}
	return all, nil
}

// eventText is an event for people, a line that no text in it can leave.
func eventText(e anomalylog.Entry, p palette) string {
	color := map[anomalylog.Severity]string{anomalylog.High: p.block, anomalylog.Medium: p.warn, anomalylog.Low: p.faint}[e.Severity]
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s%-6s  %s%s", e.Time.UTC().Format("2006-01-02 15:04:05.000"), color, e.Severity, e.Type, p.plain)
	var line map[string]any
	decoder := json.NewDecoder(bytes.NewReader(e.Line))
	decoder.UseNumber() // as it is written
	_ = decoder.Decode(&line)
	for _, key := range []string{"user_id", "ip", "service_id", "project_id", "run_id", "request_id"} {
		if text, _ := line[key].(string); text != "" {
			fmt.Fprintf(&b, "  %s=%s", strings.TrimSuffix(key, "_id"), word(text))
		}
	}
	details, _ := line["details"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(details)) {
		fmt.Fprintf(&b, "  %s=%s", word(key), value(details[key]))
	}
	b.WriteByte('\n')
	return b.String()
}

// value is what JSON holds, for people.
func value(v any) string {
	switch v := v.(type) {
	case string:
		return word(v)
	case json.Number:
		return v.String()
	case []any:
		words := make([]string, len(v))
		for i, element := range v {
			words[i] = value(element)
		}
		return strings.Join(words, ",")
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // it has been read from JSON
	}
	return word(string(text))
}

// word is a text that can be told from what is around it, and is printable.
func word(text string) string {
	if text == "" || strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsPrint(r) || r == unicode.ReplacementChar || strings.ContainsRune(` "'=,`, r)
	}) {
		return strconv.Quote(text)
	}
	return text
}
