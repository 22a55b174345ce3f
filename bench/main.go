// Command bench measures Paddock from outside, over HTTP, beside what it is compared with: the same program as a bare
// process from the same image's root file system, and `podman run` of that image.
//
// Promises: everything that is compared is measured in one run of the bench, in turns, so that a machine that gets slower or
// busier does so for all alike; a crowd's sides have one turn each. Every answer is checked: a wrong run ends the bench, it is
// never a sample, and so does a refused one but in a crowd, where refusals are counted. Nothing that was started or mounted is
// left behind, whatever ends the bench.
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
	patience time.Duration
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
	f.IntVar(&o.runs, "runs", 100, "runs of each latency case, and of the bare process beside it; podman run gets a tenth")
	f.DurationVar(&o.time, "time", 10*time.Second, "how long to count the runs of each side, where there are several at once")
	f.DurationVar(&o.patience, "patience", 2*time.Minute, "how long to wait in all for others to leave the machine to us")
	f.StringVar(&only, "only", "", "measure these cases only: "+caseNames())
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

// measure sets everything up, measures the cases, and puts everything away again.
func measure(ctx context.Context, o options, p *progress) (r report, err error) {
	b := &bench{o: o, progress: p, quiet: quiet{patience: o.patience, look: busyShare}}
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
	r.Machine = describeMachine(ctx, b.runtime)
	r.Commit = o.commit
	r.Quiet = b.quiet
	return r, nil
}

// measureAll measures every case.
func (b *bench) measureAll(ctx context.Context) ([]caseResult, error) {
	results, err := b.oneAfterTheOther(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range ofMode(b.o.cases, idle, thinking) {
		measure := b.meetCrowd
		if c.mode == idle {
			measure = b.measureIdle
		}
		result, err := measure(ctx, c)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}

func write(r report, o options, w io.Writer) error {
	if o.doc != "" {
		if err := updateDoc(o.doc, r); err != nil {
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
