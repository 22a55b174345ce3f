package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"paddock/api"
)

// adminFlags say which server a command is about.
func adminFlags(c *cobra.Command) {
	stateDirFlag(c)
	c.PersistentFlags().String("server", "", "an address for admins instead: http://127.0.0.1:8081, or unix:/path/to/admin.sock")
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

// anomalyFile is where the server of a state directory writes down what is odd.
func (e *env) anomalyFile(dir string) string {
	return e.variable("PADDOCK_ANOMALY_PATH", filepath.Join(dir, anomalyFile))
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

// admin is a client for the server that a command is about.
func (e *env) admin(c *cobra.Command) *adminClient {
	if addr, _ := c.Flags().GetString("server"); addr != "" {
		return dialAdmin(addr)
	}
	return dialAdmin(unixPrefix + filepath.Join(e.stateDir(c), adminSocket))
}

// directly asks a handler without a connection, as whoever runs this program.
type directly struct{ http.Handler }

func (d directly) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r.WithContext(api.AsAdmin(r.Context(), api.SystemUser(os.Getuid()))))
	return w.Result(), nil
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
		if message := messageIn(text); message != "" {
			return nil, errors.New(message)
		}
		return nil, refusal(res.Status, text)
	}
	return res, nil
}
