package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// mode is how a case is measured.
type mode string

const (
	latency    mode = "latency"    // one run at a time, on a machine that does nothing else
	firstByte  mode = "first_byte" // the same, but only from when the program writes to when the client has it
	throughput mode = "throughput" // several at once, for a while
	thinking   mode = "thinking"   // many tenants who come by now and then, whether the last ones have been served or not
	idle       mode = "idle"       // nothing runs: the memory of what waits
)

// tenancy is for whom runs are.
type tenancy string

const (
	anonymous  tenancy = "anonymous"    // each in a warm cell that is removed afterwards
	oneTenant  tenancy = "one tenant"   // in the cells that are kept for it
	newTenants tenancy = "a new tenant" // each for somebody who never came before
)

// benchCase is something to measure: one program, run by each side in turns.
type benchCase struct {
	name    string
	what    string
	program string // a name of programs
	mode    mode
	tenancy tenancy       // of latency, first byte and throughput cases
	leadIn  time.Duration // of throughput cases: how long the server is under load before it counts
	crowd   crowd         // of thinking cases
	budgets []budget
}

// The sides that are compared.
const (
	sidePaddock = "paddock"    // over HTTP
	sideInCell  = "in cell"    // the part of it between the program's start and its end, by the server's clock
	sideParked  = "parked"     // of thinking cases: those of paddock's runs that found a cell their tenant had had before
	sideBare    = "bare"       // fork, exec, read the output, wait
	sidePodman  = "podman run" // with --rm, so that nothing is left of either
)

// budgetSource is where the limits below come from. They are ratios, because both sides are measured in one run.
const budgetSource = "design, section 10 (speed budget)"

// The names that the history needs, too.
const (
	caseWarm       = "python-hello"
	caseFresh      = "python-fresh"
	caseTiny       = "c-tiny"
	caseFirstByte  = "python-first-byte"
	caseOneTenant  = "python-one-tenant"
	caseNewTenants = "python-many-tenants"
	caseIdle       = "idle-cells"

	budgetP50  = "p50 against the bare process"
	budgetP99  = "p99 against the bare process's p99"
	budgetMore = "p50 over the bare process"
)

// cases is everything that is measured. Budgets stand where the design has one.
var cases = []benchCase{
	{
		name: caseWarm, what: "Python prints hello; parked cell of one tenant, one run at a time",
		program: "python", mode: latency, tenancy: oneTenant,
		budgets: []budget{
			{what: budgetP50, unit: "x", limit: 1.05, measure: p50Ratio},
			{what: budgetP99, unit: "x", limit: 2, measure: p99Ratio},
		},
	},
	{
		name: caseFresh, what: "the same in a warm cell that nobody has used",
		program: "python", mode: latency, tenancy: anonymous,
	},
	{
		name: "node-hello", what: "Node.js prints hello; parked cell",
		program: "node", mode: latency, tenancy: oneTenant,
	},
	{
		name: "bash-hello", what: "Bash prints hello; parked cell",
		program: "bash", mode: latency, tenancy: oneTenant,
	},
	{
		name: "c-static", what: "C prints hello; static, with glibc, submitted with each run; parked cell",
		program: "c-static", mode: latency, tenancy: oneTenant,
		budgets: []budget{{what: budgetMore, unit: " ms", limit: 0.7, measure: p50More}},
	},
	{
		name: caseTiny, what: "the same without libc, some KB: what is left is the way in and out",
		program: "c-tiny", mode: latency, tenancy: oneTenant,
		budgets: []budget{{what: budgetMore, unit: " ms", limit: 0.7, measure: p50More}},
	},
	{
		name: "c-source", what: "C is compiled and prints hello; parked cell; gcc with the same options on every side",
		program: "c-source", mode: latency, tenancy: oneTenant,
	},
	{
		name:    caseFirstByte,
		what:    "a Python program writes a line and goes on; from then until the client has it, as an event or from a pipe",
		program: "python-clock", mode: firstByte, tenancy: oneTenant,
		budgets: []budget{
			{what: "p50 after the program wrote it", unit: " ms", limit: 2, measure: ownP50},
			{what: "p99 after the program wrote it", unit: " ms", limit: 2, measure: ownP99},
		},
	},
	{
		name: caseOneTenant, what: "Python prints hello, in the parked cells of one tenant",
		program: "python", mode: throughput, tenancy: oneTenant, leadIn: time.Second,
		budgets: []budget{{what: "runs/s against the bare process", unit: "x", limit: 0.95, atLeast: true, measure: rateToBare}},
	},
	{
		name: caseNewTenants, what: "Python prints hello, every run for a new tenant in a cell of its own, as fast as cells are made",
		program: "python", mode: throughput, tenancy: newTenants, leadIn: 3 * time.Second,
		budgets: []budget{{what: "runs/s against podman run", unit: "x", limit: 1.5, atLeast: true, measure: rateToPodman}},
	},
	{
		name: caseIdle, what: "memory of a parked cell, of a container and of a process that sleep",
		program: "python", mode: idle,
		budgets: []budget{{what: "memory of one idle cell", unit: " MB", limit: 3, measure: idleMemory}},
	},
	{
		name: "python-500-tenants", what: "500 tenants, each with a Python program every 20 s; as many cells as user ids allow",
		program: "python-where", mode: thinking, crowd: crowd{tenants: 500, think: 20 * time.Second, roomy: true},
	},
	{
		name: "python-500-tenants-default", what: "the same with as many cells as there are by default",
		program: "python-where", mode: thinking, crowd: crowd{tenants: 500, think: 20 * time.Second},
	},
}

func caseNames() string {
	names := make([]string, len(cases))
	for i, c := range cases {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// selectCases returns the cases of these names, which are parted by commas, or all of them when there is none given.
func selectCases(only string) ([]benchCase, error) {
	if only == "" {
		return cases, nil
	}
	var selected []benchCase
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(cases, func(c benchCase) bool { return c.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no case is called %q; there are %s", name, caseNames())
		}
		selected = append(selected, cases[i])
	}
	return selected, nil
}

// ofMode are the cases that are measured in this way.
func ofMode(all []benchCase, modes ...mode) []benchCase {
	var some []benchCase
	for _, c := range all {
		if slices.Contains(modes, c.mode) {
			some = append(some, c)
		}
	}
	return some
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

func rateToBare(r caseResult) (float64, error) {
	return compare(r, sideBare, func(ours, theirs series) float64 { return ours.Rate / theirs.Rate })
}

func rateToPodman(r caseResult) (float64, error) {
	return compare(r, sidePodman, func(ours, theirs series) float64 { return ours.Rate / theirs.Rate })
}

func ownP50(r caseResult) (float64, error) {
	return compare(r, sidePaddock, func(ours, _ series) float64 { return ours.P50 })
}

func ownP99(r caseResult) (float64, error) {
	return compare(r, sidePaddock, func(ours, _ series) float64 { return ours.P99 })
}

func compare(r caseResult, with string, by func(ours, theirs series) float64) (float64, error) {
	ours, ok := r.side(sidePaddock)
	theirs, found := r.side(with)
	if !ok || !found {
		return 0, fmt.Errorf("%s and %s were not both measured", sidePaddock, with)
	}
	return by(ours, theirs), nil
}

func idleMemory(r caseResult) (float64, error) {
	for _, f := range r.Idle {
		if f.Side == sidePaddock {
			return f.Total, nil
		}
	}
	return 0, fmt.Errorf("%s was not measured", sidePaddock)
}
