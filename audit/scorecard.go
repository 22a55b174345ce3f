package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Status is how a check came out.
type Status string

// The three ways a check can come out.
const (
	Pass    Status = "pass"
	Known   Status = "known"   // seen, and allowed: the line says why
	Finding Status = "finding" // a wall does not stand
)

// Line is one check of a scorecard.
type Line struct {
	Group  string   `json:"group"`
	Check  string   `json:"check"`
	Status Status   `json:"status"`
	Found  []string `json:"found,omitempty"`
	Why    string   `json:"why"`
}

// Scorecard is what an audit says, in the order of the checks.
type Scorecard struct {
	Lines []Line
}

// Findings counts the checks that found something.
func (s Scorecard) Findings() int { return s.count(Finding) }

func (s Scorecard) count(status Status) int {
	n := 0
	for _, l := range s.Lines {
		if l.Status == status {
			n++
		}
	}
	return n
}

// WriteText writes a line for each check, below a line for each group, what was found below that, and a last line with the sums.
func (s Scorecard) WriteText(w io.Writer) error {
	var b strings.Builder
	group := ""
	for _, l := range s.Lines {
		if l.Group != group {
			group = l.Group
			fmt.Fprintln(&b, group)
		}
		fmt.Fprintf(&b, "  %-7s  %s\n", l.Status, l.Check)
		if len(l.Found) > 0 {
			fmt.Fprintf(&b, "           %s\n", l.Why)
		}
		for _, f := range l.Found {
			fmt.Fprintf(&b, "             %s\n", f)
		}
	}
	fmt.Fprintf(&b, "%d pass, %d known, %d findings\n", s.count(Pass), s.count(Known), s.count(Finding))
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteJSON writes the same as one JSON object.
func (s Scorecard) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(struct {
		Findings int            `json:"findings"`
		Counts   map[Status]int `json:"counts"`
		Lines    []Line         `json:"lines"`
	}{s.Findings(), map[Status]int{Pass: s.count(Pass), Known: s.count(Known), Finding: s.count(Finding)}, s.Lines})
}

// How much of what was found is shown: it comes from a cell, and goes to a terminal.
const (
	mostShown = 20
	mostBytes = 300
)

// shown is what was found, bounded, without anything that a terminal would obey.
func shown(found []string) []string {
	var list []string
	for i, f := range found {
		if i == mostShown {
			return append(list, fmt.Sprintf("and %d more", len(found)-mostShown))
		}
		list = append(list, plain(f))
	}
	return list
}

func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s[:min(len(s), mostBytes)])
}
