package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"paddock/api"
	"paddock/quota"
)

// usersCommand asks the server that runs, and does by itself what it takes where none does.
func (e *env) usersCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "users",
		Short: "Show and change what users may do",
		Long: `Show and change the stored profiles of users: their tier, their own limits over it, and whether they are blocked. A user
without a profile is FREE. A change counts from the next request on; a block ends what the user has running. Each is written down
in the anomaly log. Where no server runs on the state directory, its files are changed directly.`,
	}
	adminFlags(c)
	c.AddCommand(e.usersList(), e.usersShow(), e.usersSet(), e.usersBlock(), e.usersUnblock(), e.usersDelete())
	return c
}

// asUserAdmin calls f with a client for the server that a command is about, or for one of its own where none runs.
func (e *env) asUserAdmin(c *cobra.Command, changes bool, f func(context.Context, *adminClient) error) error {
	err := f(c.Context(), e.admin(c))
	if server, _ := c.Flags().GetString("server"); server != "" || !noServer(err) {
		return err
	}
	addr, done, err := e.offline(e.stateDir(c), changes)
	if err != nil {
		return err
	}
	return errors.Join(f(c.Context(), dialAdmin(addr)), done())
}

func userPath(id string) string { return "/admin/users/" + url.PathEscape(id) }

func (e *env) usersList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List users that have a profile", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return e.asUserAdmin(c, false, func(ctx context.Context, a *adminClient) error {
				w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
				_, _ = fmt.Fprintln(w, "USER\tTIER\tBLOCKED\tOWN LIMITS")
				for after := ""; ; {
					var page api.Users
					if err := a.call(ctx, http.MethodGet, "/admin/users?limit=1000&after="+url.QueryEscape(after), nil, &page); err != nil {
						return err
					}
					for _, u := range page.Users {
						_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", u.UserID, tierOf(u.Profile), blockOf(u.Profile), ownLimits(u.Profile))
					}
					if after = page.Next; after == "" {
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
			return e.asUserAdmin(c, false, func(ctx context.Context, a *adminClient) error {
				var u api.User
				err := a.call(ctx, http.MethodGet, userPath(args[0]), nil, &u)
				if err == nil && !u.Stored {
					err = fmt.Errorf("%s has no profile, and is FREE; set one with: paddock users set %s --tier BASIC", args[0], args[0])
				}
				if err != nil {
					return err
				}
				return e.printProfile(u.Profile)
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
	numbers := []string{
		"max-concurrent-services", "max-memory-mb", "max-cpu-percent", "max-requests-per-minute", "max-services-per-hour",
	}
	for _, name := range numbers {
		c.Flags().Int64(name, 0, "own limit over the tier's; 0 for the tier's again")
	}
	c.Flags().IntSlice("allowed-ports", nil, "ports that the user's services may have")
	c.RunE = func(c *cobra.Command, args []string) error {
		changes := map[string]any{}
		if tier, _ := c.Flags().GetString("tier"); tier != "" {
			changes["tier"] = strings.ToUpper(tier)
		}
		for _, name := range numbers {
			if n, _ := c.Flags().GetInt64(name); c.Flags().Changed(name) {
				changes[strings.ReplaceAll(name, "-", "_")] = n
				if n == 0 {
					changes[strings.ReplaceAll(name, "-", "_")] = nil
				}
			}
		}
		if c.Flags().Changed("allowed-ports") {
			changes["allowed_ports"], _ = c.Flags().GetIntSlice("allowed-ports")
		}
		if len(changes) == 0 {
			return errors.New("say what to set: --tier, or a limit of the user's own; see paddock users set --help")
		}
		return e.asUserAdmin(c, true, func(ctx context.Context, a *adminClient) error {
			var u api.User
			if err := a.call(ctx, http.MethodPatch, userPath(args[0]), changes, &u); err != nil {
				return err
			}
			return e.printProfile(u.Profile)
		})
	}
	return c
}

func (e *env) usersBlock() *cobra.Command {
	c := &cobra.Command{
		Use: "block USER", Short: "Refuse everything that a user asks for, and end what they have running", Args: cobra.ExactArgs(1),
	}
	reason := c.Flags().String("reason", "", "why; the user is told")
	c.RunE = func(c *cobra.Command, args []string) error {
		return e.asUserAdmin(c, true, func(ctx context.Context, a *adminClient) error {
			var u api.User
			if err := a.call(ctx, http.MethodPost, userPath(args[0])+"/block", api.BlockRequest{Reason: *reason}, &u); err != nil {
				return err
			}
			_, err := fmt.Fprintf(e.out, "%s is blocked; %d of their runs were ended\n", u.UserID, u.Ended)
			if u.Created {
				_, err = fmt.Fprintf(e.out, "There was no profile of that name before: is it the right one?\n")
			}
			return err
		})
	}
	return c
}

func (e *env) usersUnblock() *cobra.Command {
	return &cobra.Command{
		Use: "unblock USER", Short: "End a user's block", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return e.asUserAdmin(c, true, func(ctx context.Context, a *adminClient) error {
				return a.call(ctx, http.MethodPost, userPath(args[0])+"/unblock", nil, nil)
			})
		},
	}
}

func (e *env) usersDelete() *cobra.Command {
	return &cobra.Command{
		Use: "delete USER", Short: "Forget a user's profile: FREE, and not blocked", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return e.asUserAdmin(c, true, func(ctx context.Context, a *adminClient) error {
				return a.call(ctx, http.MethodDelete, userPath(args[0]), nil, nil)
			})
		},
	}
}
