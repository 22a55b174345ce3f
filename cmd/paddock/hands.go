package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"paddock/api"
)

func (e *env) abuseCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "abuse",
		Short: "Show who is out for abuse, and let them in again",
		Long: `Show what a running server knows against users and addresses, and end their blocks. Scores go by themselves within
minutes. A user blocked by an admin is let in by: paddock users unblock`,
	}
	adminFlags(c)
	limit := 0
	list := &cobra.Command{
		Use: "list", Short: "List those that something is known against, worst first", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var known api.Suspects
			if err := e.admin(c).call(c.Context(), http.MethodGet, "/admin/abuse?limit="+strconv.Itoa(limit), nil, &known); err != nil {
				return err
			}
			return e.printSuspects(known)
		},
	}
	list.Flags().IntVar(&limit, "limit", 100, "how many at most")
	c.AddCommand(list, &cobra.Command{
		Use: "unblock SUBJECT", Short: "Let one in again, named as by list (user:ID, addr:ADDRESS)", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return e.admin(c).call(c.Context(), http.MethodDelete, "/admin/abuse?subject="+url.QueryEscape(args[0]), nil, nil)
		},
	})
	return c
}

func (e *env) printSuspects(known api.Suspects) error {
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "SUBJECT\tSCORE\tBLOCKED FOR\tREASON\tSIGNALS")
	for _, s := range known.Suspects {
		blocked := "-"
		if s.BlockedFor > 0 {
			blocked = time.Duration(s.BlockedFor * float64(time.Second)).Round(time.Second).String()
		}
		signals, err := json.Marshal(s.Signals)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(w, "%s\t%.2f\t%s\t%s\t%s\n", printable(s.Subject), s.Score, blocked, printable(s.Reason), signals)
	}
	return w.Flush()
}

func (e *env) runsCommand() *cobra.Command {
	c := &cobra.Command{Use: "runs", Short: "Show what is running on a server, and end runs"}
	adminFlags(c)
	user := ""
	list := &cobra.Command{
		Use: "list", Short: "List the runs that go on, the oldest first", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var runs api.RunList
			if err := e.admin(c).call(c.Context(), http.MethodGet, "/admin/runs?user="+url.QueryEscape(user), nil, &runs); err != nil {
				return err
			}
			return e.printRuns(runs)
		},
	}
	list.Flags().StringVar(&user, "user", "", "of this user only")
	c.AddCommand(list, &cobra.Command{
		Use: "end RUN", Short: "End a run, named by its id", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return e.admin(c).call(c.Context(), http.MethodDelete, "/admin/runs/"+url.PathEscape(args[0]), nil, nil)
		},
	})
	return c
}

func (e *env) printRuns(runs api.RunList) error {
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "RUN\tUSER\tADDRESS\tLANGUAGE\tSTATE\tAGE")
	for _, r := range runs.Runs {
		age := time.Duration(r.Age * float64(time.Millisecond)).Round(time.Millisecond)
		cells := []string{r.ID, orDash(printable(r.UserID)), orDash(r.IP), orDash(r.Language), r.State, age.String()}
		_, _ = fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	return w.Flush()
}

func (e *env) poolCommand() *cobra.Command {
	c := &cobra.Command{Use: "pool", Short: "Show a server's cells, and have them replaced"}
	adminFlags(c)
	c.AddCommand(&cobra.Command{
		Use: "show", Short: "Show how many cells there are, and what has become of others, as JSON", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var state api.PoolState
			if err := e.admin(c).call(c.Context(), http.MethodGet, "/admin/pool", nil, &state); err != nil {
				return err
			}
			out := json.NewEncoder(e.out)
			out.SetIndent("", "  ")
			return out.Encode(state)
		},
	}, &cobra.Command{
		Use: "drain", Short: "Close every cell that runs nothing, and the others when their run ends", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var drained api.Drained
			if err := e.admin(c).call(c.Context(), http.MethodPost, "/admin/pool/drain", nil, &drained); err != nil {
				return err
			}
			_, err := fmt.Fprintf(e.out, "%d cells are closed; new ones are made as they are wanted\n", drained.Closed)
			return err
		},
	})
	return c
}
