package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"paddock/languages"
	"paddock/runner"
)

// runFlags are what `paddock run` can be told besides the settings.
type runFlags struct {
	language string
	stdin    string
	server   string
	limits   map[string]string
}

func (e *env) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run [flags] FILE [ARG...]",
		Short: "Run a program in a cell, stream its output, exit with its status",
		Long: `Run a program in a cell, in this process or on the server that --server names, stream its output, and exit with its
status: 128 and the signal's number when a signal ended it, 125 when it could not be run.

Flags go before FILE; what comes after it are the program's arguments.`,
		Example: `  paddock run hello.py
  echo 20 22 | paddock run --stdin - add.c
  paddock run --limits timeout=2s,memory=64MiB --server http://127.0.0.1:8080 main.go one two`,
		Args: cobra.MinimumNArgs(1),
	}
	addFlags(c.Flags())
	c.Flags().SetInterspersed(false)
	c.Flags().StringVarP(&f.language, "language", "l", "", "language, by name or alias (default: by FILE's extension)")
	c.Flags().StringVar(&f.stdin, "stdin", "", "file for the program's stdin; - for ours (default: an empty one)")
	c.Flags().StringVar(&f.server, "server", "", "URL of a server to run on; without, in this process")
	c.Flags().StringToStringVar(&f.limits, "limits", nil, "timeout=5s,cpu_time=5s,memory=64MiB,output=1MiB,processes=16")
	c.RunE = func(c *cobra.Command, args []string) error {
		config, err := load(c.Flags(), e.environ)
		if err != nil {
			return err
		}
		return e.runFile(c.Context(), config, f, args)
	}
	return c
}

func (e *env) runFile(ctx context.Context, c Config, f runFlags, args []string) error {
	job, err := e.job(c, f, args)
	if err != nil {
		return err
	}
	var o outcome
	if f.server != "" {
		o, err = runRemote(ctx, f.server, job, e.streams)
	} else {
		o, err = e.runHere(ctx, c, job)
	}
	if err != nil {
		_, _ = fmt.Fprintln(e.err, "paddock:", err)
		return exitError(exitOurs)
	}
	return e.report(o)
}

// outcome is what became of a run, wherever it ran.
type outcome struct {
	verdict runner.Verdict
	message string
	status  int // exit status, as a shell gives it
}

// job reads what is to be run. Its file keeps its name, which is what tells compilers and people about it.
func (e *env) job(c Config, f runFlags, args []string) (runner.Job, error) {
	code, err := os.ReadFile(args[0])
	if err != nil {
		return runner.Job{}, err
	}
	name := filepath.Base(args[0])
	job := runner.Job{Language: f.language, Files: []runner.File{{Path: name, Data: code}}, Entrypoint: name, Args: args[1:]}
	if job.Language == "" {
		set, err := languages.Load(dirs(c.Languages.Dir)...)
		if err != nil {
			return runner.Job{}, err
		}
		l, ok := set.ByExtension(name)
		if !ok {
			return runner.Job{}, fmt.Errorf("%s: no language has files of that kind; "+
				"name one with --language (`paddock languages` lists them)", name)
		}
		job.Language = l.Name
	}
	if job.Stdin, err = e.readStdin(f.stdin); err != nil {
		return runner.Job{}, err
	}
	job.Limits, err = parseLimits(f.limits)
	return job, err
}

func (e *env) readStdin(from string) ([]byte, error) {
	switch from {
	case "":
		return nil, nil
	case "-":
		return io.ReadAll(e.in)
	}
	return os.ReadFile(from) //nolint:gosec // the user's own choice
}

// runHere runs a job with cells of our own.
func (e *env) runHere(ctx context.Context, c Config, job runner.Job) (o outcome, err error) {
	dir, err := os.MkdirTemp("", "paddock-run-")
	if err != nil {
		return o, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	c.StateDir = dir // a server may be using the configured one
	c.Pool.Warm, c.Pool.Language = 0, nil
	a, err := newApp(ctx, c, e.logger())
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, a.stop()) }()
	run, err := a.runner.Start(ctx, job)
	if err != nil {
		return o, err
	}
	// The run hears of ctx by itself; we stay until it has ended and said what became of it.
	ctx = context.WithoutCancel(ctx)
	if err := run.Follow(ctx, 0, e.show); err != nil {
		run.Cancel(runner.ErrAbandoned) // nobody can see what it writes any more
		<-run.Done()
		return o, err
	}
	result, err := run.Result(ctx)
	if err != nil {
		return o, err
	}
	return outcome{result.Verdict, result.Message, result.ExitStatus}, nil
}

// show writes a run's output where it belongs, and what the compiler says to stderr.
func (s streams) show(ev runner.Event) error {
	var err error
	switch ev.Kind {
	case runner.EventStdout:
		_, err = s.out.Write(ev.Data)
	case runner.EventStderr:
		_, err = s.err.Write(ev.Data)
	case runner.EventCompile:
		_, err = fmt.Fprintf(s.err, "%s%s", ev.Compile.Stdout, ev.Compile.Stderr)
	case runner.EventWarning:
		_, err = fmt.Fprintln(s.err, "paddock: warning:", ev.Warning)
	}
	return err
}

// report says why a program did not end by itself, and turns its status into ours.
func (e *env) report(o outcome) error {
	switch o.verdict {
	case runner.OK, runner.NonzeroExit:
	default:
		_, _ = fmt.Fprintln(e.err, "paddock:", o.message)
	}
	switch {
	case o.status != 0:
		return exitError(o.status)
	case o.verdict != runner.OK:
		return exitError(exitFailed)
	}
	return nil
}

// parseLimits reads --limits; the names are those of the settings below limits.default.
func parseLimits(given map[string]string) (runner.Limits, error) {
	var l RunLimits
	if err := decode(given, &l); err != nil {
		return runner.Limits{}, fmt.Errorf("--limits: %w", err)
	}
	return l.runner(), nil
}
