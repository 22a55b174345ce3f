package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"paddock/anomalylog"
	"paddock/api"
	"paddock/doctor"
	"paddock/sandbox"
)

func (e *env) serveCommand() *cobra.Command {
	var printConfig bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API until a signal says to stop",
		Long: `Serve the API until SIGINT or SIGTERM. Then nothing new is accepted, runs may go on for --shutdown-timeout and are
cancelled after that, and every cell is removed. A second signal ends the process at once; the next start removes what is left.
SIGHUP loads the danger rules again: those built in, and those below --validate.rules; and it opens a new anomaly log when the
file has been moved away.

Every setting below can also be given by its environment variable, or as a key of the YAML file that --config names:
flags go over variables, variables over the file, the file over the defaults.`,
		Args: cobra.NoArgs,
	}
	addFlags(c.Flags())
	c.Flags().BoolVar(&printConfig, "print-config", false, "print the configuration in force, as YAML, and exit")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := load(c.Flags(), e.environ)
		if err != nil {
			return err
		}
		if printConfig {
			return writeConfig(e.out, config)
		}
		log, err := newLogger(config.Log, e.err)
		if err != nil {
			return err
		}
		return serve(c.Context(), config, log, func(net.Addr) {})
	}
	return c
}

// writeConfig prints every setting in the form that --config reads, but for the passwords in them.
func writeConfig(w io.Writer, c Config) error {
	root := map[string]any{}
	values := flatten(c)
	for _, s := range settings() {
		put(root, s.key, s.shown(values[s.key]))
	}
	return yaml.NewEncoder(w).Encode(root)
}

// put sets a dotted key in nested maps.
func put(root map[string]any, key, value string) {
	for {
		head, rest, nested := strings.Cut(key, ".")
		if !nested {
			root[key] = value
			return
		}
		inner, ok := root[head].(map[string]any)
		if !ok {
			inner = map[string]any{}
			root[head] = inner
		}
		root, key = inner, rest
	}
}

func newLogger(c LogConfig, w io.Writer) (zerolog.Logger, error) {
	level, err := zerolog.ParseLevel(c.Level)
	if err != nil {
		return zerolog.Nop(), fmt.Errorf("log.level: %w", err)
	}
	switch c.Format {
	case "json":
	case "text":
		w = zerolog.ConsoleWriter{Out: w, TimeFormat: time.TimeOnly}
	default:
		return zerolog.Nop(), fmt.Errorf("log.format: %q is neither json nor text", c.Format)
	}
	return zerolog.New(w).Level(level).With().Timestamp().Logger(), nil
}

// serve runs the whole service until ctx ends. It calls listening once requests are answered.
func serve(ctx context.Context, c Config, log zerolog.Logger, listening func(net.Addr)) (err error) {
	if err := checkAddr(c.Addr); err != nil {
		return err
	}
	hangup := make(chan os.Signal, 1) // from here on: it must not end a server that is starting
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	rules, err := newValidation(c, log)
	if err != nil {
		return err
	}
	if err := essentials(ctx, c); err != nil {
		return err
	}
	a, err := newApp(ctx, c, log)
	if err != nil {
		return err
	}
	defer func() {
		log.Info().Msg("stopping: runs end, cells are removed")
		err = errors.Join(err, a.stop())
		log.Info().Err(err).Msg("stopped")
	}()
	alerts, err := newAlerts(c, log)
	if err != nil {
		return err
	}
	a.add("deliver the last alerts", alerts.Close)
	a.meters.registry.MustRegister(alertMetrics(alerts.Counts))
	path, err := a.noteAnomalyPath()
	if err != nil {
		return err
	}
	o := anomalyOptions(c.Anomaly)
	o.Path, o.Log = path, log
	o.Notify = func(e anomalylog.Event) {
		a.meters.anomaly(e)
		alerts.Notify(e)
	}
	anomalies, err := anomalylog.New(o)
	if err != nil {
		return err
	}
	a.add("write down the last anomalies", func(context.Context) error { return anomalies.Close() })
	var reloads sync.WaitGroup
	defer reloads.Wait()
	ctx, stopReloads := context.WithCancel(ctx)
	defer stopReloads()
	reloads.Go(func() {
		atHangup(ctx, hangup, func() {
			if err := anomalies.Reopen(ctx); err != nil {
				log.Error().Err(err).Msg("the anomaly log can't be opened again")
			}
			rules.reload()
		})
	})
	return a.listen(ctx, rules, anomalies, listening)
}

// atHangup does something at each hangup, until ctx ends.
func atHangup(ctx context.Context, hangup <-chan os.Signal, do func()) {
	for {
		select {
		case <-hangup:
			do()
		case <-ctx.Done():
			return
		}
	}
}

// anomalyOptions say how long the anomaly log is.
func anomalyOptions(c AnomalyConfig) anomalylog.Options {
	return anomalylog.Options{MaxSize: int64(c.RotateSize), MaxAge: c.RotateAge, Keep: c.Keep, MaxTotal: int64(c.MaxTotal)}
}

// noteAnomalyPath is where security events go. Commands on the state directory find it noted there, however it was configured.
func (a *app) noteAnomalyPath() (string, error) {
	path, err := filepath.Abs(cmp.Or(a.config.Anomaly.Path, a.state.path(anomalyFile)))
	if err != nil {
		return "", err
	}
	return path, replaceFile(a.state.path(anomalyNote), []byte(path), 0o600)
}

// listen answers requests until ctx ends, and then those that it has accepted.
func (a *app) listen(ctx context.Context, rules *validation, anomalies *anomalylog.Log, listening func(net.Addr)) error {
	handler, err := a.handler(rules, anomalies)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", a.config.Addr)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: api.ReadHeaderTimeout,
		IdleTimeout:       api.IdleTimeout,
		MaxHeaderBytes:    api.MaxHeaderBytes,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	a.log.Info().Str("addr", listener.Addr().String()).Msg("listening")
	listening(listener.Addr())
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		return a.drain(server, served)
	}
}

// drain stops accepting, lets runs end within their time, and answers all of them before the connections close.
func (a *app) drain(server *http.Server, served <-chan error) error {
	ctx, cancel := context.WithTimeout(context.Background(), a.config.Shutdown+stepTimeout)
	defer cancel()
	closed := make(chan error, 1)
	go func() { closed <- shutDown(ctx, server) }()
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	if err := a.endRuns(ctx); err != nil {
		return err
	}
	return <-closed
}

// shutDown stops to listen at once and waits for the answers; connections that still have none when ctx ends are closed.
func shutDown(ctx context.Context, server *http.Server) error {
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, server.Close())
	}
	return err
}

// checkAddr refuses an address that others can reach: there are no credentials yet.
func checkAddr(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("addr: %w", err)
	}
	if isLoopback(host) {
		return nil
	}
	return fmt.Errorf("addr: %q can be reached by others, and no credentials are configured; "+
		"bind to 127.0.0.1 and put a reverse proxy in front that authenticates", addr)
}

// essentials are the doctor's checks that matter for a start.
func essentials(ctx context.Context, c Config) error {
	report := doctor.Essential(ctx, doctorOptions(c))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if report.Failed() {
		return fmt.Errorf("this machine can't run cells safely:\n%s", failures(report))
	}
	return nil
}

func (a *app) handler(rules *validation, anomalies *anomalylog.Log) (http.Handler, error) {
	load, err := a.watch()
	if err != nil {
		return nil, err
	}
	profiles, err := openProfiles(a.state.dir)
	if err != nil {
		return nil, err
	}
	a.add("close the profiles", func(context.Context) error { return profiles.Close() })
	admission, err := a.admission(load, profiles)
	if err != nil {
		return nil, err
	}
	observer, err := a.observer()
	if err != nil {
		return nil, err
	}
	if err := a.serveAdmins(admission.Quota, load, profiles, anomalies, observer); err != nil {
		return nil, err
	}
	return api.New(api.Options{
		Runner:       a.runner,
		Validate:     rules.check,
		Record:       anomalies.Record,
		Admission:    admission,
		Languages:    a.describeLanguages,
		Ready:        a.ready,
		Metrics:      a.metrics(load, anomalies),
		Observer:     observer,
		Log:          a.log,
		Default:      a.config.Limits.Default.runner(),
		Max:          a.config.Limits.Max.runner(),
		AllowedHosts: a.config.AllowedHosts,
		Origins:      a.config.CORS.Origins,
		Version:      buildVersion(),
	})
}

// describeLanguages lists the languages for clients.
func (a *app) describeLanguages() []api.Language {
	var list []api.Language
	for _, l := range a.languages.List() {
		version, ok := a.installed.version(l.Name)
		list = append(list, api.Language{
			Name: l.Name, Title: l.Title, Version: version, Installed: ok,
			Aliases: append([]string{}, l.Aliases...), Extensions: append([]string{}, l.Extensions...),
		})
	}
	return list
}

// ready takes a real cell and runs a program in it.
func (a *app) ready(ctx context.Context) error {
	kind, ok := a.canaryKind()
	if !ok {
		return sandbox.ErrNoImage
	}
	kinds := a.kinds()
	if len(kinds) > 0 {
		kind = kinds[0] // a warm one, where there are any
	}
	return a.pool.Probe(ctx, kind)
}
