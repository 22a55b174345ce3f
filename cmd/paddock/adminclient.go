package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// adminFlags say which server a command is about.
func adminFlags(c *cobra.Command) {
	stateDirFlag(c)
	c.PersistentFlags().String("server", "", "an address for admins instead: http://127.0.0.1:8081, or unix:/path/to/admin.sock")
	c.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		addr, _ := c.Flags().GetString("server")
		return checkServer(addr)
	}
}

func stateDirFlag(c *cobra.Command) {
	c.PersistentFlags().String("state-dir", "", "the server's state directory (default: the server's own)")
}

// stateDir is the state directory that a command is about.
func (e *env) stateDir(c *cobra.Command) string {
	if dir, _ := c.Flags().GetString("state-dir"); dir != "" {
		return dir
	}
	return e.variable("PADDOCK_STATE_DIR", defaultStateDir())
}

// anomalyFile is where the server of a state directory writes down what is odd, or the last one did.
func (e *env) anomalyFile(dir string) string {
	noted, _ := os.ReadFile(filepath.Join(dir, anomalyNote)) //nolint:gosec // the operator's choice; who never ran has noted nothing
	return e.variable("PADDOCK_ANOMALY_PATH", cmp.Or(string(noted), filepath.Join(dir, anomalyFile)))
}

func (e *env) variable(name, otherwise string) string {
	for _, v := range e.environ {
		if value, ok := strings.CutPrefix(v, name+"="); ok && value != "" {
			return value
		}
	}
	return otherwise
}

// adminClient talks to a server as an admin.
type adminClient struct {
	client http.Client
	base   string // http://host[:port]
	where  string // for people
}

// dialAdmin is a client for the server at an address for admins, which may be that of a unix socket.
func dialAdmin(addr string) *adminClient {
	path, ok := strings.CutPrefix(addr, unixPrefix)
	if !ok {
		return &adminClient{base: strings.TrimSuffix(addr, "/"), where: addr}
	}
	return &adminClient{base: "http://localhost", where: path, client: http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (c net.Conn, err error) {
			err = bySocket(path, func(name string) (err error) {
				c, err = new(net.Dialer).DialContext(ctx, "unix", name)
				return err
			})
			return c, err
		},
	}}}
}

// checkServer refuses what is no address for admins.
func checkServer(addr string) error {
	u, err := url.Parse(addr)
	switch {
	case addr == "" || isUnix(addr) && len(addr) > len(unixPrefix):
		return nil
	case err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		return nil
	}
	return fmt.Errorf("--server: %q is neither like http://127.0.0.1:8081 nor like unix:/path/to/admin.sock", addr)
}

// admin is a client for the server that a command is about.
func (e *env) admin(c *cobra.Command) *adminClient {
	if addr, _ := c.Flags().GetString("server"); addr != "" {
		return dialAdmin(addr)
	}
	return dialAdmin(unixPrefix + filepath.Join(e.stateDir(c), adminSocket))
}

// refusedError is an answer that is none.
type refusedError struct {
	error
	status int
}

// call asks for something and decodes the answer into out, if that is not nil. What the server refuses is an error in its words.
func (a *adminClient) call(ctx context.Context, method, target string, in, out any) error {
	res, err := a.send(ctx, method, target, in, nil)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(res.Body).Decode(out); err != nil {
		return fmt.Errorf("the answer of the server: %w", err)
	}
	return nil
}

// send asks for something and returns a good answer. The body is the caller's to close.
func (a *adminClient) send(ctx context.Context, method, target string, in any, header http.Header) (*http.Response, error) {
	body := io.Reader(http.NoBody)
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, a.base+target, body)
	if err != nil {
		return nil, err
	}
	if header != nil {
		req.Header = header
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := a.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("no server answers admins at %s: %w; name it with --state-dir or --server", a.where, errors.Unwrap(err))
	}
	if res.StatusCode >= http.StatusBadRequest {
		defer func() { _ = res.Body.Close() }()
		text, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		wrong := refusal(res.Status, text)
		if message := messageIn(text); message != "" {
			wrong = errors.New(message)
		}
		return nil, &refusedError{wrong, res.StatusCode}
	}
	return res, nil
}
