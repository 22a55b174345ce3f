package main

import (
	"fmt"
	"strings"
)

// mode is how a case is measured.
type mode string

const (
	latency    mode = "latency"    // one run at a time, on a machine that does nothing else
	throughput mode = "throughput" // several at once, for a while
)

// benchCase is something to measure: one program, run by each side in turns.
type benchCase struct {
	name    string
	what    string
	program string // a name of programs
	mode    mode
	budgets []budget
}

// The sides that are compared.
const (
	sidePaddock = "paddock"    // over HTTP
	sideInCell  = "in cell"    // the part of it between the program's start and its end, by the server's clock
	sideBare    = "bare"       // fork, exec, read the output, wait
	sidePodman  = "podman run" // with --rm, so that nothing is left of either
)

// budgetSource is where the limits below come from. They are ratios, because both sides are measured in one run.
const budgetSource = "design, section 10 (speed budget)"

// cases is everything that is measured. Budgets stand where they can be held: those for cells that are kept for their
// tenant come with that capability.
var cases = []benchCase{
	{
		name: "python-hello", what: "Python prints hello; warm cell, one run at a time",
		program: "python", mode: latency,
		budgets: []budget{
			{what: "p50 against the bare process", unit: "x", limit: 1.05, measure: p50Ratio},
			{what: "p99 against the bare process's p99", unit: "x", limit: 2, measure: p99Ratio},
		},
	},
	{
		name: "c-static", what: "C prints hello; static, with glibc, submitted with each run; warm cell, one run at a time",
		program: "c-static", mode: latency,
		budgets: []budget{{what: "p50 over the bare process", unit: " ms", limit: 0.7, measure: p50More}},
	},
	{
		name: "c-tiny", what: "the same without libc, some KB: what is left is the way in and out",
		program: "c-tiny", mode: latency,
		budgets: []budget{{what: "p50 over the bare process", unit: " ms", limit: 0.7, measure: p50More}},
	},
	{
		name: "python-many-tenants", what: "Python prints hello, every run in a cell of its own, as fast as cells are made",
		program: "python", mode: throughput,
		budgets: []budget{{what: "runs/s against podman run", unit: "x", limit: 1.5, atLeast: true, measure: rateToPodman}},
	},
}

func caseNames() string {
	names := make([]string, len(cases))
	for i, c := range cases {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// selectCases returns the case of that name, or all of them when there is none given.
func selectCases(only string) ([]benchCase, error) {
	if only == "" {
		return cases, nil
	}
	for _, c := range cases {
		if c.name == only {
			return []benchCase{c}, nil
		}
	}
	return nil, fmt.Errorf("no case is called %q; there are %s", only, caseNames())
}

// budget is a limit that a case is held against.
type budget struct {
	what    string
	unit    string
	limit   float64
	atLeast bool                              // the limit is the least that is wanted, not the most
	measure func(caseResult) (float64, error) // from the sides of the case
}

// verdict is what became of a budget.
type verdict struct {
	What     string  `json:"what"`
	Source   string  `json:"source"`
	Unit     string  `json:"unit"`
	Limit    float64 `json:"limit"`
	AtLeast  bool    `json:"at_least"`
	Measured float64 `json:"measured"`
	Within   bool    `json:"within"`
}

func (b budget) judge(r caseResult) (verdict, error) {
	got, err := b.measure(r)
	if err != nil {
		return verdict{}, fmt.Errorf("case %s, budget %q: %w", r.Name, b.what, err)
	}
	within := got <= b.limit
	if b.atLeast {
		within = got >= b.limit
	}
	return verdict{
		What: b.what, Source: budgetSource, Unit: strings.TrimSpace(b.unit),
		Limit: b.limit, AtLeast: b.atLeast, Measured: got, Within: within,
	}, nil
}

func p50Ratio(r caseResult) (float64, error) {
	return compare(r, sideBare, func(ours, theirs series) float64 { return ours.P50 / theirs.P50 })
}

func p99Ratio(r caseResult) (float64, error) {
	return compare(r, sideBare, func(ours, theirs series) float64 { return ours.P99 / theirs.P99 })
}

func p50More(r caseResult) (float64, error) {
	return compare(r, sideBare, func(ours, theirs series) float64 { return ours.P50 - theirs.P50 })
}

func rateToPodman(r caseResult) (float64, error) {
	return compare(r, sidePodman, func(ours, theirs series) float64 { return ours.Rate / theirs.Rate })
}

func compare(r caseResult, with string, by func(ours, theirs series) float64) (float64, error) {
	ours, ok := r.side(sidePaddock)
	theirs, found := r.side(with)
	if !ok || !found {
		return 0, fmt.Errorf("%s and %s were not both measured", sidePaddock, with)
	}
	return by(ours, theirs), nil
}
