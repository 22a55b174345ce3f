package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"paddock/quota"
	"paddock/store"
)

// usersCommand works on the state directory's file itself: a server that runs on it sees a change within a second.
func (e *env) usersCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "users",
		Short: "Show and change what users may do",
		Long: `Show and change the stored profiles of users: their tier, their own limits over it, and whether they are blocked. A user
without a profile is FREE. A server that runs on the same state directory goes by a change within a second.`,
	}
	stateDirFlag(c)
	c.AddCommand(e.usersList(), e.usersShow(), e.usersSet(), e.usersBlock(), e.usersUnblock(), e.usersDelete())
	return c
}

func stateDirFlag(c *cobra.Command) {
	c.PersistentFlags().String("state-dir", "", "the server's state directory (default: the server's own)")
}

// stateDir is the state directory that a command is about.
func (e *env) stateDir(c *cobra.Command) string {
	if dir, _ := c.Flags().GetString("state-dir"); dir != "" {
		return dir
	}
	for _, v := range e.environ {
		if value, ok := strings.CutPrefix(v, "PADDOCK_STATE_DIR="); ok {
			return value
		}
	}
	return defaultStateDir()
}

// withProfiles calls f with the profiles of a state directory.
func (e *env) withProfiles(c *cobra.Command, f func(context.Context, *store.Store) error) (err error) {
	file := filepath.Join(e.stateDir(c), profilesFile)
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("%w; a server makes it at its first start: name its state directory with --state-dir", err)
	}
	profiles, err := store.Open(c.Context(), file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, profiles.Close()) }()
	return f(c.Context(), profiles)
}

func (e *env) usersList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List users that have a profile", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return e.withProfiles(c, func(ctx context.Context, s *store.Store) error {
				w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
				_, _ = fmt.Fprintln(w, "USER\tTIER\tBLOCKED\tOWN LIMITS")
				for after := ""; ; {
					page, next, err := s.Profiles(ctx, after, store.MaxPage)
					if err != nil {
						return err
					}
					for _, u := range page {
						_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", u.UserID, tierOf(u.Profile), blockOf(u.Profile), ownLimits(u.Profile))
					}
					if after = next; next == "" {
						return w.Flush()
					}
				}
			})
		},
	}
}

func tierOf(p quota.Profile) quota.Tier {
	if p.Tier == "" {
		return quota.Free
	}
	return p.Tier
}

func blockOf(p quota.Profile) string {
	switch {
	case !p.IsBlocked:
		return "-"
	case p.BlockedReason == "":
		return "yes"
	}
	return printable(p.BlockedReason)
}

// ownLimits are a profile's values over its tier's.
func ownLimits(p quota.Profile) string {
	p.Tier, p.IsBlocked, p.BlockedReason = "", false, ""
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // a profile is numbers and texts
	}
	return string(text)
}

func (e *env) usersShow() *cobra.Command {
	return &cobra.Command{
		Use: "show USER", Short: "Show a user's profile, as JSON", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return e.withProfiles(c, func(ctx context.Context, s *store.Store) error {
				p, there, err := s.Profile(ctx, args[0])
				if err == nil && !there {
					err = fmt.Errorf("%s has no profile, and is FREE; set one with: paddock users set %s --tier BASIC", args[0], args[0])
				}
				if err != nil {
					return err
				}
				return e.printProfile(p)
			})
		},
	}
}

func (e *env) printProfile(p quota.Profile) error {
	out := json.NewEncoder(e.out)
	out.SetIndent("", "  ")
	return out.Encode(p)
}

func (e *env) usersSet() *cobra.Command {
	c := &cobra.Command{
		Use: "set USER", Short: "Set a user's tier and own limits; what is not named stays", Args: cobra.ExactArgs(1),
		Example: `  paddock users set ada --tier PRO
  paddock users set ada --max-concurrent-services 20 --max-memory-mb 4096`,
	}
	c.Flags().String("tier", "", "FREE, BASIC, PRO or ENTERPRISE")
	numbers := map[string]func(*quota.Profile) **int64{
		"max-concurrent-services": func(p *quota.Profile) **int64 { return &p.Concurrent },
		"max-memory-mb":           func(p *quota.Profile) **int64 { return &p.MemoryMB },
		"max-cpu-percent":         func(p *quota.Profile) **int64 { return &p.CPUPercent },
		"max-requests-per-minute": func(p *quota.Profile) **int64 { return &p.RequestsPerMinute },
		"max-services-per-hour":   func(p *quota.Profile) **int64 { return &p.ServicesPerHour },
	}
	for name := range numbers {
		c.Flags().Int64(name, 0, "own limit over the tier's; 0 for the tier's again")
	}
	c.Flags().IntSlice("allowed-ports", nil, "ports that the user's services may have")
	c.RunE = func(c *cobra.Command, args []string) error {
		return e.withProfiles(c, func(ctx context.Context, s *store.Store) error {
			p, _, err := s.Profile(ctx, args[0])
			if err != nil {
				return err
			}
			if c.Flags().Changed("tier") {
				tier, _ := c.Flags().GetString("tier")
				p.Tier = quota.Tier(strings.ToUpper(tier))
			}
			for name, field := range numbers {
				if n, _ := c.Flags().GetInt64(name); c.Flags().Changed(name) {
					*field(&p) = &n
					if n == 0 {
						*field(&p) = nil
					}
				}
			}
			if c.Flags().Changed("allowed-ports") {
				p.AllowedPorts, _ = c.Flags().GetIntSlice("allowed-ports")
			}
			if _, _, err := s.SetProfile(ctx, args[0], p); err != nil {
				return err
			}
			return e.printProfile(p)
		})
	}
	return c
}

func (e *env) usersBlock() *cobra.Command {
	c := &cobra.Command{Use: "block USER", Short: "Refuse everything that a user asks for", Args: cobra.ExactArgs(1)}
	reason := c.Flags().String("reason", "", "why; the user is told")
	c.RunE = func(c *cobra.Command, args []string) error {
		return e.withProfiles(c, func(ctx context.Context, s *store.Store) error {
			_, _, err := s.Block(ctx, args[0], *reason)
			return err
		})
	}
	return c
}

func (e *env) usersUnblock() *cobra.Command {
	return &cobra.Command{
		Use: "unblock USER", Short: "End a user's block", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return e.withProfiles(c, func(ctx context.Context, s *store.Store) error {
				_, _, err := s.Unblock(ctx, args[0])
				return err
			})
		},
	}
}

func (e *env) usersDelete() *cobra.Command {
	return &cobra.Command{
		Use: "delete USER", Short: "Forget a user's profile: FREE, and not blocked", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return e.withProfiles(c, func(ctx context.Context, s *store.Store) error {
				_, _, err := s.DeleteProfile(ctx, args[0])
				return err
			})
		},
	}
}
