package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"paddock/anomalylog"
	"paddock/api"
	"paddock/monitor"
	"paddock/quota"
)

// adminSocket is where a server listens for admins, in its state directory, which is its owner's alone.
const adminSocket = "admin.sock"

// serveAdmins answers admins on a socket of their own until the lifecycle is stopped. Nobody else reaches it, so that it asks for
// no credentials.
func (a *app) serveAdmins(q *quota.Quota, m *monitor.Monitor, anomalies *anomalylog.Log) error {
	path := a.state.path(adminSocket)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // a predecessor's: the directory is ours
		return err
	}
	var listener net.Listener
	err := bySocket(a.state.dir, func(name string) (err error) {
		if listener, err = new(net.ListenConfig).Listen(context.Background(), "unix", name); err != nil {
			return fmt.Errorf("listen for admins: %w", err)
		}
		if l, ok := listener.(*net.UnixListener); ok {
			l.SetUnlinkOnClose(false) // this name is good for now only
		}
		return os.Chmod(name, 0o600)
	})
	if err != nil {
		return err
	}
	load := func() any { return struct{}{} }
	if m != nil {
		load = func() any { return m.Now() }
	}
	server := &http.Server{
		Handler:           api.NewAdmin(api.AdminOptions{Quota: q, Load: load, Record: anomalies.Record, Log: a.log}),
		ReadHeaderTimeout: api.ReadHeaderTimeout, IdleTimeout: api.IdleTimeout, MaxHeaderBytes: api.MaxHeaderBytes,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	a.add("stop answering admins", func(ctx context.Context) error {
		err := shutDown(ctx, server)
		if e := <-served; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
		_ = os.Remove(path) // the next server does, else
		return err
	})
	return nil
}

// bySocket calls f with a name of the socket in a state directory that is short: addresses of sockets may have 107 bytes,
// directories thousands.
func bySocket(dir string, f func(name string) error) error {
	d, err := os.Open(dir) //nolint:gosec // the operator's own choice
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	return f(fmt.Sprintf("/proc/self/fd/%d/%s", d.Fd(), adminSocket))
}

// asAdmin asks the server of a state directory something, and gives what it answers to read.
func asAdmin(ctx context.Context, dir, method, target string, read func(io.Reader) error) error {
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (c net.Conn, err error) {
			err = bySocket(dir, func(name string) (err error) {
				c, err = new(net.Dialer).DialContext(ctx, "unix", name)
				return err
			})
			return c, err
		},
	}}
	req, err := http.NewRequestWithContext(ctx, method, "http://admin"+target, http.NoBody)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("%w; does a server run on this state directory? name it with --state-dir", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode >= http.StatusBadRequest {
		var p struct{ Detail string }
		if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
			return fmt.Errorf("the server answered %s", res.Status)
		}
		return errors.New(p.Detail)
	}
	return read(res.Body)
}

func (e *env) abuseCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "abuse",
		Short: "Show who is out for abuse, and let them in again",
		Long: `Show what a running server knows against users and addresses, and end their blocks. Scores go by themselves within
minutes. A user blocked by an admin is let in by: paddock users unblock`,
	}
	stateDirFlag(c)
	limit := 0
	list := &cobra.Command{
		Use: "list", Short: "List those that something is known against, worst first", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			target := "/admin/abuse?limit=" + strconv.Itoa(limit)
			return asAdmin(c.Context(), e.stateDir(c), http.MethodGet, target, e.printSuspects)
		},
	}
	list.Flags().IntVar(&limit, "limit", 100, "how many at most")
	c.AddCommand(list, &cobra.Command{
		Use: "unblock SUBJECT", Short: "Let one in again, named as by list (user:ID, addr:ADDRESS)", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			target := "/admin/abuse?subject=" + url.QueryEscape(args[0])
			return asAdmin(c.Context(), e.stateDir(c), http.MethodDelete, target, func(io.Reader) error { return nil })
		},
	})
	return c
}

func (e *env) printSuspects(r io.Reader) error {
	var known api.Suspects
	if err := json.NewDecoder(r).Decode(&known); err != nil {
		return err
	}
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
