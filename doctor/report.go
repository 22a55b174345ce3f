package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Status is how a check came out.
type Status string

// The three ways a check can come out.
const (
	OK   Status = "ok"
	Warn Status = "warn"
	Fail Status = "fail"
)

// Check is one line of the report.
type Check struct {
	Name   string `json:"name"`
	Status Status `json:"status"`
	// Found is what is there, in a few words.
	Found string `json:"found"`
	// Advice is what to do, a command where there is one; empty when all is well.
	Advice string `json:"advice,omitempty"`
	// Advisories are the known holes of the component that the line is about, those that somebody has mended included.
	Advisories []Standing `json:"advisories,omitempty"`
}

func okf(format string, args ...any) Check   { return found(OK, format, args...) }
func warnf(format string, args ...any) Check { return found(Warn, format, args...) }
func failf(format string, args ...any) Check { return found(Fail, format, args...) }

func found(s Status, format string, args ...any) Check {
	return Check{Status: s, Found: oneLine(fmt.Sprintf(format, args...))}
}

// do says what to do about it.
func (c Check) do(format string, args ...any) Check {
	c.Advice = oneLine(fmt.Sprintf(format, args...))
	return c
}

// oneLine keeps the promise of one line per check, whatever a command printed.
func oneLine(s string) string {
	const most = 2000
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " ..."
	}
	return s
}

func listOr(list []string, none string) string {
	if len(list) == 0 {
		return none
	}
	return strings.Join(list, ", ")
}

// Report is what the doctor says, in the order of the checks.
type Report struct {
	Checks []Check
}

// Failed tells that no cell would run here, or that cells would run without their limits.
func (r Report) Failed() bool { return r.count(Fail) > 0 }

func (r Report) count(s Status) int {
	n := 0
	for _, c := range r.Checks {
		if c.Status == s {
			n++
		}
	}
	return n
}

// WriteText writes one line per check and a last line with the sums.
func (r Report) WriteText(w io.Writer) error {
	width := 0
	for _, c := range r.Checks {
		width = max(width, len(c.Name))
	}
	var b strings.Builder
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "%-4s  %-*s  %s", c.Status, width, c.Name, c.Found)
		if c.Advice != "" {
			b.WriteString("  -> " + c.Advice)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%d ok, %d warn, %d fail\n", r.count(OK), r.count(Warn), r.count(Fail))
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteJSON writes the same as one JSON object.
func (r Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(struct {
		Failed bool           `json:"failed"`
		Counts map[Status]int `json:"counts"`
		Checks []Check        `json:"checks"`
	}{r.Failed(), map[Status]int{OK: r.count(OK), Warn: r.count(Warn), Fail: r.count(Fail)}, append([]Check{}, r.Checks...)})
}
