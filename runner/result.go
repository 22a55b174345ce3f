package runner

import (
	"time"

	"paddock/sandbox"
)

// Result is what became of a run.
type Result struct {
	ID         string
	Language   string
	Version    string
	Verdict    Verdict
	Message    string
	Reason     error  // why it was cancelled: ErrLeft, ErrCancelled, ...; nil for every other verdict
	ExitStatus int    // as a shell gives it: 128 and the signal's number, 127 for what could not be started
	Signal     string // SIGKILL, ...; empty when none ended it
	Stdout     []byte
	Stderr     []byte
	// Truncated outputs lack what came after the output limit.
	StdoutTruncated bool
	StderrTruncated bool
	Wall            time.Duration
	CPU             time.Duration
	Setup           time.Duration // from the request to the program's (or the compiler's) start
	Wait            time.Duration // of Setup: for a slot, and for room for a cell
	PeakMemory      int64         // bytes
	Compile         *Compile      // nil where nothing is compiled
	Warnings        []string
	Log             []string // what was done, for people
}

// Compile is what became of the compile phase.
type Compile struct {
	Verdict         Verdict // ok, nonzero_exit, time_limit, ...
	ExitStatus      int
	Signal          string
	Stdout          []byte
	Stderr          []byte
	StdoutTruncated bool
	StderrTruncated bool
	Wall            time.Duration
	CPU             time.Duration
	PeakMemory      int64 // bytes
}

func compileResult(f sandbox.Facts, out *transcript) *Compile {
	c := &Compile{
		Verdict: judge(f), ExitStatus: exitStatus(f), Signal: signalName(f.Signal),
		Wall: f.Wall, CPU: f.CPU, PeakMemory: f.PeakMemory,
	}
	c.Stdout, c.StdoutTruncated = out.output(EventStdout)
	c.Stderr, c.StderrTruncated = out.output(EventStderr)
	if f.Failure != "" {
		c.Stderr = append(c.Stderr, f.Failure+"\n"...)
	}
	return c
}

func (r *Result) take(f sandbox.Facts, out *transcript, l Limits) {
	r.Verdict, r.ExitStatus, r.Signal = judge(f), exitStatus(f), signalName(f.Signal)
	r.Message = sentence(r.Verdict, r.ExitStatus, r.Signal, l)
	if f.Failure != "" {
		r.Message = "The program could not be started: " + f.Failure + "."
	}
	r.Wall, r.CPU, r.PeakMemory = f.Wall, f.CPU, f.PeakMemory
	r.Stdout, r.StdoutTruncated = out.output(EventStdout)
	r.Stderr, r.StderrTruncated = out.output(EventStderr)
}
