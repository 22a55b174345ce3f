package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/docker/go-units"
	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"paddock/doctor"
	"paddock/images"
	"paddock/languages"
	"paddock/sandbox/podman"
)

func (e *env) imagesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "images",
		Short: "Build, list and remove the languages' container images",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(e.imagesBuildCommand(), e.imagesListCommand(), e.imagesRemoveCommand())
	for _, sub := range c.Commands() {
		addFlags(sub.Flags())
	}
	return c
}

func (e *env) imagesBuildCommand() *cobra.Command {
	var verbose, fresh bool
	c := &cobra.Command{
		Use:   "build [LANGUAGE...]",
		Short: "Build what is missing or has changed; all languages when none is named",
		Long: `Build the images of the named languages, or of all, from their Containerfiles on a shared base of Debian packages. The base
comes from a registry where one is reachable, else it is bootstrapped with mmdebstrap. What has not changed is left alone.`,
	}
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "print all that the builds print")
	c.Flags().BoolVar(&fresh, "fresh", false, "build everything again, the base included: this is how Debian's updates come in")
	c.RunE = func(c *cobra.Command, names []string) error {
		return e.withBuilder(c, func(b *images.Builder) error {
			b.Progress, b.Verbose, b.Fresh = e.out, verbose, fresh
			built, err := b.Build(c.Context(), names...)
			if err != nil {
				return err
			}
			return e.table("LANGUAGE\tVERSION\tSIZE\tIMAGE", func(w io.Writer) {
				for _, i := range built {
					_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", i.Language, i.Version, units.BytesSize(float64(i.Size)), i.Image)
				}
			})
		})
	}
	return c
}

func (e *env) imagesListCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "list",
		Short: "List the languages' images: current, stale (their folder has changed since) or missing",
		Args:  cobra.NoArgs,
	}
	c.RunE = func(c *cobra.Command, _ []string) error {
		return e.withBuilder(c, func(b *images.Builder) error {
			list, err := b.List(c.Context())
			if err != nil {
				return err
			}
			return e.table("LANGUAGE\tSTATE\tVERSION\tSIZE\tBUILT\tIMAGE", func(w io.Writer) {
				for _, i := range list {
					size, built := "-", "-"
					if i.State != images.Missing {
						size, built = units.BytesSize(float64(i.Size)), i.Created.Format(time.DateTime)
					}
					_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", i.Language, i.State, orDash(i.Version), size, built, i.Image)
				}
			})
		})
	}
	return c
}

func (e *env) imagesRemoveCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "rm LANGUAGE...",
		Short: "Remove the images of the named languages",
		Args:  cobra.MinimumNArgs(1),
	}
	c.RunE = func(c *cobra.Command, names []string) error {
		return e.withBuilder(c, func(b *images.Builder) error { return b.Remove(c.Context(), names...) })
	}
	return c
}

// withBuilder lends an image builder. It needs no lock on the state directory: a server may go on beside it.
func (e *env) withBuilder(c *cobra.Command, use func(*images.Builder) error) error {
	config, err := load(c.Flags(), e.environ)
	if err != nil {
		return err
	}
	return builder(c.Context(), config, e.logger(), use)
}

func builder(ctx context.Context, c Config, log zerolog.Logger, use func(*images.Builder) error) error {
	client, stop, err := podman.Connect(ctx, podman.ConnectOptions{Socket: c.Podman.Socket, Log: log})
	if err != nil {
		return err
	}
	defer stop()
	set, err := languages.Load(dirs(c.Languages.Dir)...)
	if err != nil {
		return err
	}
	return use(&images.Builder{Client: client, Languages: set, StateDir: c.StateDir})
}

func doctorImages(ctx context.Context, c Config) (list []doctor.Image, err error) {
	states := map[images.State]doctor.ImageState{
		images.Current: doctor.ImagePresent, images.Stale: doctor.ImageStale, images.Missing: doctor.ImageMissing,
	}
	err = builder(ctx, c, zerolog.Nop(), func(b *images.Builder) error {
		found, err := b.List(ctx)
		for _, i := range found {
			list = append(list, doctor.Image{Language: i.Language, State: states[i.State]})
		}
		return err
	})
	return list, err
}

func (e *env) languagesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "languages",
		Short: "List the languages and what they are also called",
		Args:  cobra.NoArgs,
	}
	addFlags(c.Flags())
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := load(c.Flags(), e.environ)
		if err != nil {
			return err
		}
		set, err := languages.Load(dirs(config.Languages.Dir)...)
		if err != nil {
			return err
		}
		return e.table("LANGUAGE\tTITLE\tFILES\tALIASES", func(w io.Writer) {
			for _, l := range set.List() {
				aliases := orDash(strings.Join(l.Aliases, " "))
				_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", l.Name, l.Title, strings.Join(l.Extensions, " "), aliases)
			}
		})
	}
	return c
}

// table prints rows of cells that are separated by tabs, below a heading.
func (e *env) table(heading string, rows func(io.Writer)) error {
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, heading)
	rows(w)
	return w.Flush()
}

// logger is for commands that people run: warnings and worse.
func (e *env) logger() zerolog.Logger {
	return zerolog.New(zerolog.ConsoleWriter{Out: e.err, TimeFormat: time.TimeOnly}).Level(zerolog.WarnLevel)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
