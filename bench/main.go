// Command bench measures Paddock from outside, over HTTP, beside what it is compared with: the same program as a bare
// process from the same image's root file system, and `podman run` of that image.
//
// Promises: everything that is compared is measured in one run of the bench, in turns, so that a machine that gets slower or
// busier does so for all alike. Every answer is checked: a wrong or refused run ends the bench, it is never a sample.
// Nothing that was started or mounted is left behind, whatever ends the bench.
//
// cases.go is the table of what is measured and of the budgets it is held against; a new case is a new entry there.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

func main() {
	// The first signal ends the bench, with everything put away; a second one ends it at once. SIGPIPE is among them because
	// it would else end us at once when whoever reads our output goes away.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2 // parse has said why
	}
	r, err := measure(ctx, o, newProgress(stderr))
	if err == nil {
		err = write(r, o, stdout)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "bench:", err)
		return 1
	}
	return 0
}

// options are what the command line says.
type options struct {
	json     bool
	markdown bool
	doc      string // file with a section to replace by the figures; empty for none
	paddock  string // the program to measure
	commit   string // it was built from
	runs     int    // samples of each latency case
	time     time.Duration
	workers  int // of throughput cases
	cases    []benchCase
}

func parse(args []string, stderr io.Writer) (options, error) {
	o := options{workers: 2 * runtime.NumCPU()}
	var only string
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.BoolVar(&o.json, "json", false, "print the report as JSON")
	f.BoolVar(&o.markdown, "markdown", false, "print the report as Markdown")
	f.StringVar(&o.doc, "doc", "", "also put the figures into this file, between its two bench comments")
	f.StringVar(&o.paddock, "paddock", "bin/paddock", "the program to measure")
	f.StringVar(&o.commit, "commit", "unknown", "the commit it was built from, for the report")
	f.IntVar(&o.runs, "runs", 200, "runs of each latency case, and of the bare process beside it; podman run gets a tenth")
	f.DurationVar(&o.time, "time", 20*time.Second, "how long to count the runs of each side of a throughput case")
	f.StringVar(&only, "only", "", "measure this case only: "+caseNames())
	if err := f.Parse(args); err != nil {
		return o, err
	}
	err := o.check(f.Args())
	if err == nil {
		o.cases, err = selectCases(only)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "bench:", err)
	}
	return o, err
}

func (o options) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case o.runs < 1:
		return fmt.Errorf("--runs must be 1 or more")
	case o.time < time.Second:
		return fmt.Errorf("--time must be 1s or more")
	}
	return nil
}

// patience is how long we wait altogether for others to leave the machine to us, before we measure all the same.
const patience = 5 * time.Minute

// measure sets everything up, measures the cases, and puts everything away again.
func measure(ctx context.Context, o options, p *progress) (r report, err error) {
	b := &bench{o: o, progress: p, quiet: quiet{patience: patience, look: busyShare}}
	defer func() {
		p.say("put everything away")
		err = errors.Join(err, b.putAway())
	}()
	r = report{Started: time.Now().UTC().Truncate(time.Second), Load: loadAverage()}
	if err := b.setUp(ctx); err != nil {
		return r, err
	}
	if r.Cases, err = b.measureAll(ctx); err != nil {
		return r, err
	}
	r.Took = time.Since(r.Started).Seconds()
	r.Machine = describeMachine(ctx, b.server.runtime)
	r.Commit = o.commit
	r.Quiet = b.quiet
	return r, nil
}

// measureAll measures the latency cases, all of them in turns, and then each of the others.
func (b *bench) measureAll(ctx context.Context) ([]caseResult, error) {
	var quiet []benchCase
	for _, c := range b.o.cases {
		if c.mode == latency {
			quiet = append(quiet, c)
		}
	}
	results, err := b.latencies(ctx, quiet)
	if err != nil {
		return nil, err
	}
	for _, c := range b.o.cases {
		if c.mode != throughput {
			continue
		}
		result, err := b.throughput(ctx, c)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}

func write(r report, o options, w io.Writer) error {
	if o.doc != "" {
		if err := updateDoc(o.doc, r.markdown()); err != nil {
			return err
		}
	}
	switch {
	case o.json:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	case o.markdown:
		_, err := io.WriteString(w, r.markdown())
		return err
	}
	_, err := io.WriteString(w, r.text())
	return err
}
