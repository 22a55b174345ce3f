package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// The history in a document has a row for each time that figures were put into it. It stands between these.
const (
	historyBegin = "<!-- bench history: begin -->\n"
	historyEnd   = "<!-- bench history: end -->\n"
)

// historyColumns are the figures that are kept: names, and where they come from.
var historyColumns = []struct {
	head string
	of   func(report) string
}{
	{"Python p50 to bare", budgetOf(caseWarm, budgetP50)},
	{"p99 to bare", budgetOf(caseWarm, budgetP99)},
	{"fresh cell p50 to bare", toBareOf(caseFresh)},
	{"tiny C p50 over bare", budgetOf(caseTiny, budgetMore)},
	{"first byte p50", budgetOf(caseFirstByte, "p50 after the program wrote it")},
	{"one tenant runs/s to bare", budgetOf(caseOneTenant, "runs/s against the bare process")},
	{"new tenants runs/s to podman run", budgetOf(caseNewTenants, "runs/s against podman run")},
	{"idle cell", budgetOf(caseIdle, "memory of one idle cell")},
}

const notMeasured = "-"

// budgetOf is what was measured for a budget, if it was.
func budgetOf(name, what string) func(report) string {
	return func(r report) string {
		for _, v := range r.find(name).Budgets {
			if v.What == what {
				return v.value(v.Measured)
			}
		}
		return notMeasured
	}
}

// toBareOf is the ratio of our side of a case to the bare process, if it was measured.
func toBareOf(name string) func(report) string {
	return func(r report) string {
		s, _ := r.find(name).side(sidePaddock)
		return ratio(s.ToBare)
	}
}

func (r report) find(name string) caseResult {
	i := slices.IndexFunc(r.Cases, func(c caseResult) bool { return c.Name == name })
	if i < 0 {
		return caseResult{}
	}
	return r.Cases[i]
}

// historyHead is the begin of the table, historyRow is what a report adds to it.
func historyHead() string {
	heads := []string{"date", "commit", "machine"}
	for _, c := range historyColumns {
		heads = append(heads, c.head)
	}
	return markdownRow(heads) + "|" + strings.Repeat("---|", len(heads)) + "\n"
}

func (r report) historyRow() string {
	m := r.Machine
	row := []string{
		r.Started.Format("2006-01-02"), r.Commit,
		fmt.Sprintf("%s, %d cores, Linux %s, Podman %s, %s", m.CPU, m.Cores, m.Kernel, m.Podman, m.Runtime),
	}
	for _, c := range historyColumns {
		row = append(row, c.of(r))
	}
	return markdownRow(row)
}

func markdownRow(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// addHistory appends a row. Should the columns have changed since, the new row begins a table of its own.
func addHistory(doc []byte, row string) ([]byte, error) {
	return replaceBetween(doc, historyBegin, historyEnd, func(old []byte) []byte {
		head := []byte(historyHead())
		table := bytes.TrimSpace(old)
		last := table[bytes.LastIndex(table, []byte("\n\n"))+1:]
		switch {
		case len(table) == 0:
			table = head
		case bytes.HasPrefix(bytes.TrimSpace(last), bytes.TrimSpace(head)):
			table = append(slices.Clone(table), '\n')
		default:
			table = slices.Concat(table, []byte("\n\n"), head)
		}
		return slices.Concat([]byte("\n"), table, []byte(row), []byte("\n"))
	})
}
