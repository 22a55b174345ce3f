package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"paddock/anomalylog"
	"paddock/api"
	"paddock/monitor"
	"paddock/quota"
	"paddock/store"
)

// adminSocket is where a server listens for admins, in its state directory, which is its owner's alone.
const adminSocket = "admin.sock"

// unixPrefix begins the address of a unix socket.
const unixPrefix = "unix:"

// serveAdmins answers admins until the lifecycle is stopped: on a socket of their own in the state directory, and on admin.addr
// where that is set. Nobody else reaches either, so that they are asked for no credentials.
func (a *app) serveAdmins(
	q *quota.Quota, m *monitor.Monitor, profiles *store.Store, anomalies *anomalylog.Log, observer api.Observer,
) error {
	load := func() any { return struct{}{} }
	if m != nil {
		load = func() any { return m.Now() }
	}
	stopping, stop := context.WithCancel(context.Background())
	a.add("end what admins follow", func(context.Context) error { stop(); return nil }) // at the latest
	handler, err := api.NewAdmin(api.AdminOptions{
		Profiles: profiles, Record: written(anomalies), Version: buildVersion(), Observer: observer, Log: a.log,
		Live: &api.Live{
			Runner: a.runner, Quota: q, Anomalies: anomalies, Load: load, Pool: a.poolState, Drain: a.pool.Drain, Stopping: stopping,
		},
	})
	if err != nil {
		return err
	}
	addresses := []string{unixPrefix + a.state.path(adminSocket)}
	if a.config.Admin.Addr != "" {
		addresses = append(addresses, a.config.Admin.Addr)
	}
	for _, addr := range addresses {
		at, err := a.answerAdmins(addr, handler, stop)
		if err != nil {
			return fmt.Errorf("listen for admins: %w", err)
		}
		a.log.Info().Str("admin_addr", at).Msg("listening for admins")
	}
	return nil
}

// answerAdmins answers requests at an address until the lifecycle is stopped, and calls stopping when that begins. It returns the
// address with its port.
func (l *lifecycle) answerAdmins(addr string, handler http.Handler, stopping func()) (at string, err error) {
	listener, err := listenForAdmins(addr)
	if err != nil {
		return "", err
	}
	server := &http.Server{
		Handler: handler, ConnContext: api.AdminConn,
		ReadHeaderTimeout: api.ReadHeaderTimeout, IdleTimeout: api.IdleTimeout, MaxHeaderBytes: api.MaxHeaderBytes,
	}
	server.RegisterOnShutdown(stopping)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	path, isSocket := strings.CutPrefix(addr, unixPrefix)
	if !isSocket {
		addr = listener.Addr().String()
	}
	l.add("stop answering admins", func(ctx context.Context) error {
		err := shutDown(ctx, server)
		if e := <-served; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
		if isSocket {
			_ = os.Remove(path) // the next server does, else
		}
		return err
	})
	return addr, nil
}

// writeTimeout bounds how long an admin waits for the line about what they have done.
const writeTimeout = 5 * time.Second

// written has a log write down what an admin does, and waits for that.
func written(log *anomalylog.Log) func(anomalylog.Event) error {
	return func(e anomalylog.Event) error {
		ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
		defer cancel()
		return log.Write(ctx, e)
	}
}

func isUnix(addr string) bool { return strings.HasPrefix(addr, unixPrefix) }

// listenForAdmins listens on loopback, or on a socket that nobody but its owner can use at any time: it gets its name when it has
// its mode.
func listenForAdmins(addr string) (listener net.Listener, err error) {
	path, isSocket := strings.CutPrefix(addr, unixPrefix)
	if !isSocket {
		return new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
	}
	err = bySocket(path, removeDead)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".admin-*") // 0700
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	made := filepath.Join(dir, adminSocket)
	err = bySocket(made, func(name string) error {
		if listener, err = new(net.ListenConfig).Listen(context.Background(), "unix", name); err != nil {
			return err
		}
		if l, ok := listener.(*net.UnixListener); ok {
			l.SetUnlinkOnClose(false) // this name is good for now only
		}
		err := os.Chmod(name, 0o600)
		if err == nil {
			err = os.Rename(made, path)
		}
		if err != nil {
			err = errors.Join(err, listener.Close())
		}
		return err
	})
	return listener, err
}

// removeDead removes a socket that a server which is gone has left. Anything else of that name is left alone.
func removeDead(name string) error {
	info, err := os.Lstat(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != os.ModeSocket {
		return errors.New("there is something of that name which is no socket")
	}
	if c, err := new(net.Dialer).DialContext(context.Background(), "unix", name); err == nil {
		_ = c.Close()
		return errors.New("somebody listens there already")
	}
	return os.Remove(name)
}

// bySocket calls f with a name of a socket that is short: addresses of sockets may have 107 bytes, paths thousands.
func bySocket(path string, f func(name string) error) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	return f(fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(path)))
}

// checkAdminAddr refuses an address that others can reach: there are no credentials yet.
func checkAdminAddr(addr string) error {
	if addr == "" || isUnix(addr) && filepath.IsAbs(strings.TrimPrefix(addr, unixPrefix)) {
		return nil
	}
	if host, _, err := net.SplitHostPort(addr); err == nil && isLoopback(host) {
		return nil
	}
	return fmt.Errorf("admin.addr: %q is neither on loopback (127.0.0.1:8081) nor a unix socket (unix:/run/paddock/admin.sock); "+
		"admins are asked for no credentials, so that nobody else may reach it", addr)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// poolState is the pool as admins see it.
func (a *app) poolState() api.PoolState {
	s := a.pool.Stats()
	return api.PoolState{
		MaxCells: a.config.Pool.MaxCells, Cells: s.Cells, Warm: s.Warm, Parked: s.Parked, Leaving: s.Leaving, Waiting: s.Waiting,
		Slots: a.config.Pool.Slots, SlotsLent: s.SlotsLent, SlotsWaiting: s.SlotsWaiting, Taken: s.Taken, Made: s.Made,
		NotMade: s.NotMade, NotReset: s.NotReset, Expired: s.Expired, Evicted: s.Evicted, Leaked: s.Leaked,
	}
}

// offline is an admin's own hands on a state directory that no server uses: a server of the routes about users, for one command,
// and the address it answers at. Only who changes something takes the directory, and writes to its anomaly log.
func (e *env) offline(dir string, changes bool) (addr string, done func() error, err error) {
	var l lifecycle
	addr, err = e.serveOffline(&l, dir, changes)
	if err != nil {
		return "", nil, errors.Join(err, l.stop())
	}
	return addr, l.stop, nil
}

func (e *env) serveOffline(l *lifecycle, dir string, changes bool) (addr string, err error) {
	info, err := os.Stat(filepath.Join(dir, profilesFile))
	if err != nil {
		return "", fmt.Errorf("%w; a server makes it at its first start: name its state directory with --state-dir", err)
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && int(owner.Uid) != os.Geteuid() {
		who := api.SystemUser(int(owner.Uid))
		return "", fmt.Errorf("no server runs on %s, whose files are %s's: start it, or be that user (sudo -u %s ...)", dir, who, who)
	}
	options := api.AdminOptions{Record: func(anomalylog.Event) error { return nil }}
	if changes {
		state, err := openState(dir)
		if errors.Is(err, errStateInUse) {
			return "", fmt.Errorf("the server on %s does not answer admins now: it starts or stops; try again", dir)
		}
		if err != nil {
			return "", err
		}
		l.add("close the state directory", func(context.Context) error { return state.close() })
		anomalies, err := anomalylog.New(anomalylog.Options{Path: e.anomalyFile(dir)})
		if err != nil {
			return "", err
		}
		l.add("close the anomaly log", func(context.Context) error { return anomalies.Close() })
		options.Record = written(anomalies)
	}
	profiles, err := openProfiles(dir)
	if err != nil {
		return "", err
	}
	l.add("close the profiles", func(context.Context) error { return profiles.Close() })
	options.Profiles = profiles
	handler, err := api.NewAdmin(options)
	if err != nil {
		return "", err
	}
	own, err := os.MkdirTemp("", "paddock-admin-") // 0700
	if err != nil {
		return "", err
	}
	l.add("remove the socket", func(context.Context) error { return os.RemoveAll(own) })
	return l.answerAdmins(unixPrefix+filepath.Join(own, adminSocket), handler, func() {})
}

// noServer says whether an error means that nobody listens.
func noServer(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, os.ErrNotExist)
}
