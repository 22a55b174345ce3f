package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// report is one run of the bench.
type report struct {
	Started time.Time    `json:"started"`
	Took    float64      `json:"took_s"`
	Commit  string       `json:"commit"`
	Load    string       `json:"load_average_at_start"`
	Quiet   quiet        `json:"quiet"`
	Machine machine      `json:"machine"`
	Cases   []caseResult `json:"cases"`
}

// table is what both formats are made of.
type table struct {
	title string
	head  []string
	rows  [][]string
}

func (r report) tables() []table {
	var all []table
	for _, t := range []table{
		r.measured(latency, "Latency: one run at a time", "p50 to bare", "p50 to podman run"),
		r.measured(firstByte, "First byte: from the program's write to the client", "p50 to bare", "p50 to podman run"),
		r.measured(throughput, "Throughput: several at once", "runs/s to bare", "runs/s to podman run"),
		r.crowds(),
		r.idle(),
		r.budgets(),
	} {
		if len(t.rows) > 0 {
			all = append(all, t)
		}
	}
	return all
}

func (r report) measured(m mode, title, toBare, toPodman string) table {
	t := table{title: title, head: []string{
		"case", "at once", "side", "n", "late", "p50 ms", "p95 ms", "p99 ms", "runs/s", toBare, toPodman,
	}}
	for _, c := range r.Cases {
		if c.Mode != m {
			continue
		}
		for _, s := range c.Sides {
			rate := number(s.Rate)
			if m == firstByte {
				rate = "-" // these are not runs
			}
			t.rows = append(t.rows, []string{
				c.Name, strconv.Itoa(c.Concurrency), s.Side, strconv.Itoa(s.N), strconv.Itoa(s.Late),
				number(s.P50), number(s.P95), number(s.P99), rate, ratio(s.ToBare), ratio(s.ToPodman),
			})
		}
	}
	return t
}

func (r report) crowds() table {
	t := table{title: "Tenants who think: arrivals that wait for nobody, latency from when they are due", head: []string{
		"case", "most cells", "arrivals/s", "side", "served", "refused", "parked", "warm", "new",
		"p50 ms", "p95 ms", "p99 ms", "p50 to bare", "p50 to podman run",
	}}
	for _, c := range r.Cases {
		for _, s := range c.Sides {
			if c.Crowd == nil {
				continue
			}
			cells, parked, warm, fresh := "-", "-", "-", "-"
			if s.Side == sidePaddock {
				cells = strconv.Itoa(c.Crowd.MaxCells)
				parked, warm, fresh = share(s.Parked, s.N), share(s.N-s.Parked-s.New, s.N), share(s.New, s.N)
			}
			t.rows = append(t.rows, []string{
				c.Name, cells, number(c.Crowd.Offered), s.Side, strconv.Itoa(s.N), strconv.Itoa(s.Refused), parked, warm, fresh,
				number(s.P50), number(s.P95), number(s.P99), ratio(s.ToBare), ratio(s.ToPodman),
			})
		}
	}
	return t
}

func share(part, of int) string {
	if of == 0 {
		return "-"
	}
	return strconv.FormatFloat(100*float64(part)/float64(of), 'f', 0, 64) + " %"
}

func (r report) idle() table {
	t := table{title: "Memory of one that is idle, in MB", head: []string{
		"case", "side", "there were", "processes", "monitors", "services", "files", "kernel", "total", "to bare", "to podman run",
	}}
	for _, c := range r.Cases {
		for _, f := range c.Idle {
			t.rows = append(t.rows, []string{
				c.Name, f.Side, strconv.Itoa(f.Things), number(f.Processes), number(f.Monitors), number(f.Services), number(f.Files),
				number(f.Kernel), number(f.Total), ratio(f.ToBare), ratio(f.ToPodman),
			})
		}
	}
	return t
}

func (r report) budgets() table {
	t := table{title: "Budgets", head: []string{"case", "budget", "limit", "measured", "within"}}
	for _, c := range r.Cases {
		for _, v := range c.Budgets {
			t.rows = append(t.rows, []string{c.Name, v.What, v.bound() + v.value(v.Limit), v.value(v.Measured), yesNo(v.Within)})
		}
	}
	return t
}

func (v verdict) bound() string {
	if v.AtLeast {
		return ">= "
	}
	return "<= "
}

func (v verdict) value(n float64) string {
	text := strconv.FormatFloat(n, 'f', 2, 64)
	if v.Unit == "x" {
		return text
	}
	return text + " " + v.Unit
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "NO"
}

// number has three significant digits or more, which is what a measurement like this is good for.
func number(n float64) string {
	switch {
	case n < 10:
		return strconv.FormatFloat(n, 'f', 2, 64)
	case n < 100:
		return strconv.FormatFloat(n, 'f', 1, 64)
	}
	return strconv.FormatFloat(n, 'f', 0, 64)
}

func ratio(n *float64) string {
	if n == nil {
		return "-"
	}
	if *n < 0.1 {
		return strconv.FormatFloat(*n, 'f', 4, 64)
	}
	return strconv.FormatFloat(*n, 'f', 2, 64)
}

// about is what the figures can't be read without.
func (r report) about() []string {
	m := r.Machine
	return []string{
		fmt.Sprintf("%s, commit %s, took %s", r.Started.Format("2006-01-02 15:04 UTC"), r.Commit, seconds(r.Took)),
		fmt.Sprintf("%s, %d cores, %.0f GiB, Linux %s, cgroup v%d", m.CPU, m.Cores, m.MemoryGiB, m.Kernel, m.Cgroup),
		fmt.Sprintf("Podman %s with %s; load average at the start %s; the machine was busy with other things in %d of %d turns",
			m.Podman, m.Runtime, r.Load, r.Quiet.Busy, r.Quiet.Turns),
	}
}

func seconds(s float64) string {
	return time.Duration(s * float64(time.Second)).Round(time.Second).String()
}

func (r report) text() string {
	var b strings.Builder
	b.WriteString(strings.Join(r.about(), "\n") + "\n")
	for _, t := range r.tables() {
		b.WriteString("\n" + t.title + "\n\n")
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, row := range append([][]string{t.head}, t.rows...) {
			_, _ = fmt.Fprintln(w, strings.Join(row, "\t"))
		}
		_ = w.Flush() // a strings.Builder takes everything
	}
	return b.String()
}

func (r report) markdown() string {
	var b strings.Builder
	for _, line := range r.about() {
		b.WriteString("- " + line + "\n")
	}
	for _, c := range r.Cases {
		b.WriteString("- `" + c.Name + "`: " + c.What + "\n")
	}
	for _, t := range r.tables() {
		b.WriteString("\n### " + t.title + "\n\n")
		b.WriteString(markdownRow(t.head) + "|" + strings.Repeat("---|", len(t.head)) + "\n")
		for _, row := range t.rows {
			b.WriteString(markdownRow(row))
		}
	}
	return b.String()
}

// The figures in a document stand between these, so that nobody has to write them by hand.
const (
	docBegin = "<!-- bench: begin -->\n"
	docEnd   = "<!-- bench: end -->\n"
)

// updateDoc puts the figures into a document, and a row into its history.
func updateDoc(path string, r report) error {
	doc, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return err
	}
	figures := func([]byte) []byte { return []byte("\n" + r.markdown() + "\n") }
	if doc, err = replaceBetween(doc, docBegin, docEnd, figures); err == nil {
		doc, err = addHistory(doc, r.historyRow())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, doc, 0o644) //nolint:gosec // a document is for everybody to read
}

func replaceBetween(doc []byte, begin, end string, with func(old []byte) []byte) ([]byte, error) {
	before, rest, ok := bytes.Cut(doc, []byte(begin))
	old, after, found := bytes.Cut(rest, []byte(end))
	if !ok || !found {
		return nil, fmt.Errorf("no place for the figures between %q and %q", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return slices.Concat(before, []byte(begin), with(old), []byte(end), after), nil
}
