package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
)

// What scripts/build stamps.
var (
	version = "dev"
	commit  = "unknown"
)

// exitError is an exit status that a command chose; what there is to say has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Exit statuses of paddock itself. `paddock run` exits with the program's own, so ours lie where a shell's own are.
const (
	exitFailed = 1
	exitUsage  = 2
	exitOurs   = 125 // paddock run: we failed, not the program
)

// run is the whole program but for the process around it. The first SIGINT or SIGTERM ends ctx; the second one is left to
// the kernel, and so ends the process at once.
//
// SIGPIPE does not end the process: a write to a closed pipe (paddock run x.py | head -1) fails, and what was made is undone
// like after any other error. It is caught and not ignored, as what is ignored stays so in every process that we start.
func run(args []string, s streams, environ []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	pipe := make(chan os.Signal, 1)
	signal.Notify(pipe, syscall.SIGPIPE)
	defer signal.Stop(pipe)
	return execute(ctx, args, s, environ)
}

func execute(ctx context.Context, args []string, s streams, environ []string) int {
	root := rootCommand(s, environ)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var exit exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return int(exit)
	}
	_, _ = fmt.Fprintln(s.err, "paddock:", err)
	return exitFailed
}

func rootCommand(s streams, environ []string) *cobra.Command {
	root := &cobra.Command{
		Use:           "paddock",
		Short:         "Runs code that nobody trusts, in Podman containers, for people who wait for the answer",
		Version:       buildVersion(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.CompletionOptions.HiddenDefaultCmd = true
	e := &env{streams: s, environ: environ}
	root.AddCommand(e.serveCommand(), e.runCommand(), e.doctorCommand(), e.imagesCommand(), e.languagesCommand(),
		e.checkCommand(), e.patternsCommand(), e.usersCommand(), e.abuseCommand(), e.runsCommand(), e.poolCommand(),
		e.tailCommand(), e.anomaliesCommand())
	return root
}

// env is what every command has at hand.
type env struct {
	streams
	environ []string
}

func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && version == "dev" && info.Main.Version != "" {
		return info.Main.Version
	}
	return version
}
