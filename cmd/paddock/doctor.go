package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"paddock/doctor"
	"paddock/sandbox"
	"paddock/sandbox/podman"
)

func (e *env) doctorCommand() *cobra.Command {
	var asJSON bool
	var language string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check this machine: one line each, and what to do where something is wrong",
		Long: `Check this machine: Podman, OCI runtime, storage, cgroups, user ids, limits, seccomp, images, disk, known
vulnerabilities, and by a canary cell whether limits are really in force. Exits 1 when something would keep cells from running
safely.

With --audit a program tries from inside a real cell of that language what a hostile one would, and a scorecard says which walls
stand. Exits 1 when one does not.`,
		Args: cobra.NoArgs,
	}
	addFlags(c.Flags())
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	c.Flags().StringVar(&language, "audit", "", "audit the isolation of a cell of this language instead")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := load(c.Flags(), e.environ)
		if err != nil {
			return err
		}
		if language != "" {
			return e.auditCommand(c, config, language, asJSON)
		}
		o := doctorOptions(config)
		o.Canary = func(ctx context.Context) (doctor.CanaryResult, error) { return doctorCanary(ctx, config) }
		o.Images = func(ctx context.Context) ([]doctor.Image, error) { return doctorImages(ctx, config) }
		report := doctor.Run(c.Context(), o)
		write := report.WriteText
		if asJSON {
			write = report.WriteJSON
		}
		if err := write(e.out); err != nil {
			return err
		}
		if report.Failed() {
			return exitError(exitFailed)
		}
		return nil
	}
	return c
}

func doctorOptions(c Config) doctor.Options {
	return doctor.Options{
		Socket: c.Podman.Socket, Runtime: c.Sandbox.Runtime, StateDir: c.StateDir, SeccompProfile: podman.Seccomp,
		MaxCells: c.Pool.MaxCells, IDsPerCell: podman.IDsPerCell, CellFiles: sandbox.OpenFiles,
	}
}

// failures are the lines of a report that keep a server from starting.
func failures(r doctor.Report) string {
	var lines []string
	for _, c := range r.Checks {
		if c.Status == doctor.Fail {
			lines = append(lines, "  "+c.Name+": "+c.Found+"\n    "+c.Advice)
		}
	}
	return strings.Join(lines, "\n")
}

// withBase lends a base with a state directory of its own: a server may be using the configured one.
func withBase(ctx context.Context, c Config, use func(*app) error) (err error) {
	dir, err := os.MkdirTemp("", "paddock-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	c.StateDir = dir
	a, err := newBase(ctx, c, zerolog.Nop())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.stop()) }()
	return use(a)
}

func doctorCanary(ctx context.Context, c Config) (result doctor.CanaryResult, err error) {
	began := time.Now()
	err = withBase(ctx, c, func(a *app) error {
		t, err := a.tryRuntimes(ctx)
		result.Runtime = t.runtime
		for _, p := range t.proofs {
			result.Proofs = append(result.Proofs, doctor.Proof{Limit: p.Limit, InForce: p.Holds, Evidence: p.Evidence})
		}
		return err
	})
	result.Took = time.Since(began)
	return result, err
}
