// Package podman drives Podman for the rest of Paddock: connections, images and the containers behind cells.
// It is the only importer of the Podman bindings; nobody else needs to know that Podman exists.
package podman

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/containers/podman/v5/pkg/bindings"
	"github.com/containers/podman/v5/pkg/bindings/system"
)

// Client is a connection to one Podman API socket. It is safe for concurrent use and survives a restart of the
// service behind the socket: every call dials anew when it has to.
type Client struct {
	uri  string
	conn context.Context // carries the bindings' connection, the way the bindings want it
	own  *service        // the service at uri, when it is ours
}

// Dial connects to the Podman socket at uri (unix:///run/podman/podman.sock) and pings it.
func Dial(ctx context.Context, uri string) (*Client, error) {
	conn, err := bindings.NewConnection(ctx, uri)
	if err != nil {
		return nil, fmt.Errorf("connect to Podman at %s: %w", uri, err)
	}
	return &Client{uri: uri, conn: context.WithoutCancel(conn)}, nil
}

// Close closes the connections that are kept for the next call. Calls that are under way go on.
func (c *Client) Close() {
	if conn, err := bindings.GetClient(c.conn); err == nil {
		conn.Client.CloseIdleConnections()
	}
}

// URI is the address this client talks to.
func (c *Client) URI() string { return c.uri }

// Facts are what Podman says about itself and its host.
type Facts struct {
	Rootless       bool
	SystemdCgroups bool   // systemd manages containers' cgroups, not Podman itself
	Runtime        string // the OCI runtime of its containers, by name
	RuntimePath    string
}

// Facts asks Podman about itself.
func (c *Client) Facts(ctx context.Context) (Facts, error) {
	info, err := system.Info(c.call(ctx), nil)
	if err != nil {
		return Facts{}, fmt.Errorf("ask Podman about itself: %w", err)
	}
	return Facts{
		Rootless: info.Host.Security.Rootless, SystemdCgroups: info.Host.CgroupManager == "systemd",
		Runtime: info.Host.OCIRuntime.Name, RuntimePath: info.Host.OCIRuntime.Path,
	}, nil
}

// Owned says whether the service behind c is one of our own.
func (c *Client) Owned() bool { return c.own != nil }

// UseRuntime makes an OCI runtime, by name or path, the one of all containers. A service takes it when it starts, and its API
// can't change it: one of our own is started anew, and any other has to have it already.
func (c *Client) UseRuntime(ctx context.Context, runtime string) error {
	if c.own != nil && c.own.runtime != runtime {
		if _, err := exec.LookPath(runtime); err != nil {
			return fmt.Errorf("OCI runtime: %w", err)
		}
		c.Close()
		if err := c.own.restart(ctx, runtime); err != nil {
			return err
		}
	}
	facts, err := c.Facts(ctx)
	if err != nil {
		return err
	}
	if runtime != facts.RuntimePath && filepath.Base(runtime) != filepath.Base(facts.Runtime) {
		return fmt.Errorf("the Podman service at %s runs containers on %s, not on %s: start it with `podman --runtime %s system service`",
			c.uri, facts.Runtime, runtime, runtime)
	}
	return nil
}

// call joins the caller's context (deadline, cancellation) with the connection the bindings look up in it.
func (c *Client) call(ctx context.Context) context.Context { return callContext{ctx, c.conn} }

type callContext struct {
	context.Context
	conn context.Context
}

func (c callContext) Value(key any) any {
	if v := c.conn.Value(key); v != nil {
		return v
	}
	return c.Context.Value(key)
}
