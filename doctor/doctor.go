// Package doctor looks at a machine and says whether Paddock can keep cells apart on it.
//
// A check reads a few files or asks a command, decides, and gives one line: what it found and, where that is not good,
// what to do. Checks run at the same time, each within a bound; one that breaks or hangs becomes a line of the report and
// takes nothing else along. Nothing is ever changed, except by the canary that the caller hands in.
//
// A line is "fail" only where no cell would run, or cells would run without the limits that keep them apart. What merely
// costs speed, room or safety margin is "warn". So a server can refuse to start on Failed without being a nuisance.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Options say what to look at. The zero value looks at this machine and runs no canary.
type Options struct {
	// Host is what the checks read; nil is this machine.
	Host *Host
	// Socket is the address of the Podman service in use (unix:///run/podman/podman.sock); empty tries the usual ones.
	Socket string
	// Runtime is the OCI runtime asked for, a name or a path; empty or "auto" is any that works.
	Runtime string
	// StateDir is the directory that the server writes to; empty leaves it out.
	StateDir string
	// SeccompProfile is the profile cells run under, as JSON; nil looks at the kernel only.
	SeccompProfile []byte
	// MaxCells is the most cells there may be at a time; 0 means 64. Ids and descriptors must last for all of them.
	MaxCells int
	// IDsPerCell is how many user ids a cell gets where Podman is rootful; 0 means 2048.
	IDsPerCell int
	// CellFiles is the limit of open files inside a cell; 0 means 1024.
	CellFiles int
	// Images lists the languages' images; nil leaves them out.
	Images func(context.Context) ([]Image, error)
	// Canary runs a real cell and says which limits held; nil leaves it out.
	Canary func(context.Context) (CanaryResult, error)
	// Patience is what one check may take; 0 means 5 s. The canary has CanaryPatience; 0 means a minute.
	Patience, CanaryPatience time.Duration
}

func (o Options) withDefaults() Options {
	if o.Host == nil {
		o.Host = ThisHost()
	}
	o.MaxCells = orElse(o.MaxCells, 64)
	o.IDsPerCell = orElse(o.IDsPerCell, 2048)
	o.CellFiles = orElse(o.CellFiles, 1024)
	o.Patience = orElse(o.Patience, 5*time.Second)
	o.CanaryPatience = orElse(o.CanaryPatience, time.Minute)
	return o
}

func orElse[T int | time.Duration](v, whenZero T) T {
	if v <= 0 {
		return whenZero
	}
	return v
}

// check is one line in the making.
type check struct {
	name string
	// essential checks decide whether a server may start.
	essential bool
	look      func(context.Context, *machine) Check
	patience  func(Options) time.Duration
}

// checks in the order of the report: from the kernel upward, each resting on those before it.
var checks = []check{
	{name: "kernel", look: checkKernel},
	{name: "cgroups", look: checkCgroups, essential: true},
	{name: "swap", look: checkSwap, essential: true},
	{name: "userns", look: checkUserNamespaces, essential: true},
	{name: "subids", look: checkSubIDs, essential: true},
	{name: "seccomp", look: checkSeccomp, essential: true},
	{name: "rlimits", look: checkRlimits, essential: true},
	{name: "podman", look: checkPodman, essential: true},
	{name: "socket", look: checkSocket},
	{name: "runtime", look: checkRuntime, essential: true},
	{name: "conmon", look: checkConmon, essential: true},
	{name: "storage", look: checkStorage},
	{name: "disk", look: checkDisk, essential: true},
	{name: "podman-cves", look: checkAdvisories("podman")},
	{name: "runc-cves", look: checkAdvisories("runc")},
	{name: "crun-cves", look: checkAdvisories("crun")},
	{name: "images", look: checkImages},
	{
		name: "canary", look: checkCanary, essential: true,
		patience: func(o Options) time.Duration { return o.CanaryPatience },
	},
}

// Run does every check.
func Run(ctx context.Context, o Options) Report {
	return run(ctx, o, func(check) bool { return true })
}

// Essential does the checks that a server does before it starts: those that can say that nothing would run, or that
// limits would not be in force.
func Essential(ctx context.Context, o Options) Report {
	return run(ctx, o, func(c check) bool { return c.essential })
}

func run(ctx context.Context, o Options, wanted func(check) bool) Report {
	o = o.withDefaults()
	m := newMachine(ctx, o)
	results := make([]Check, len(checks))
	var wg sync.WaitGroup
	for i, c := range checks {
		if wanted(c) {
			wg.Go(func() { results[i] = c.do(ctx, m) })
		}
	}
	wg.Wait()

	var r Report
	for i, res := range results {
		if res.Status != "" { // neither asked for nor about anything on this machine
			res.Name = checks[i].name
			r.Checks = append(r.Checks, res)
		}
	}
	return r
}

// do gives up on a check that does not come back: a statfs on a dead network file system cannot be interrupted, and the
// report is wanted now. Its goroutine stays behind until the kernel lets go of it, and nobody reads what it finds.
func (c check) do(ctx context.Context, m *machine) Check {
	patience := m.Patience
	if c.patience != nil {
		patience = c.patience(m.Options)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	found := make(chan Check, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				found <- warnf("the check itself broke: %v", p).do("please report this")
			}
		}()
		found <- c.look(ctx, m)
	}()
	select {
	case res := <-found:
		return res
	case <-ctx.Done():
		return c.silence(ctx, patience, found)
	}
}

// silence is what no answer means. A check that listens to its context may have its line ready in this very moment.
func (c check) silence(ctx context.Context, patience time.Duration, found <-chan Check) Check {
	select {
	case res := <-found:
		return res
	case <-time.After(100 * time.Millisecond):
	}
	what := fmt.Sprintf("no answer within %s", patience)
	if errors.Is(ctx.Err(), context.Canceled) {
		what = "stopped before it had an answer"
	}
	if c.name == "canary" { // what nobody has proven does not hold
		return failf("%s", what).do("see the lines above; then run the doctor again")
	}
	return warnf("%s", what).do("run the doctor again when the machine is less busy")
}
