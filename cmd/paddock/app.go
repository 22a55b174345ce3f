package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"paddock/languages"
	"paddock/runner"
	"paddock/sandbox"
	"paddock/sandbox/podman"
)

// app is everything behind the API: what `paddock serve` puts HTTP in front of, and `paddock run` calls by itself.
type app struct {
	config    Config
	log       zerolog.Logger
	meters    *meters
	state     *state
	podman    *podman.Client
	languages *languages.Set
	installed *installed
	engine    *podman.Engine
	pool      *sandbox.Pool
	runner    *runner.Runner

	lifecycle
}

// newApp builds an app from the ground up, each part on the ones before it. What was built when a step fails is undone.
func newApp(ctx context.Context, c Config, log zerolog.Logger) (_ *app, err error) {
	a, err := newBase(ctx, c, log)
	if err != nil {
		return nil, err
	}
	defer func() { err = a.stopAfter(err) }()
	trial, err := a.tryRuntimes(ctx)
	if err == nil {
		err = sandbox.Proven(trial.proofs)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err() // and nothing is known of this machine's cells
	}
	if err != nil {
		return nil, fmt.Errorf("no cell keeps its limits here; `paddock doctor` says what to do: %w", err)
	}
	log.Info().Str("runtime", trial.runtime).Dur("took", trial.took).Interface("proofs", trial.proofs).Msg("the canary cell holds")

	o := a.poolOptions(c.Pool.MaxCells)
	o.Engine, o.Made = a.guarded(o.Engine), a.meters.made
	if a.pool, err = sandbox.NewPool(ctx, o, a.kinds()...); err != nil {
		return nil, err
	}
	a.add("remove the cells", a.pool.Close)
	a.installed.notify(func() { a.pool.SetKinds(a.kinds()...) })

	a.runner = runner.New(a.runnerOptions())
	a.add("end the runs", a.endRuns)
	return a, nil
}

// newBase builds what it takes to make a cell at all: state directory, Podman, languages, engine.
func newBase(ctx context.Context, c Config, log zerolog.Logger) (_ *app, err error) {
	a := &app{config: c, log: log, meters: newMeters()}
	defer func() { err = a.stopAfter(err) }()
	if a.state, err = openState(c.StateDir); err != nil {
		return nil, err
	}
	a.add("close the state directory", func(context.Context) error { return a.state.close() })

	client, leave, err := podman.Connect(ctx, podman.ConnectOptions{Socket: c.Podman.Socket, StateDir: c.StateDir, Log: log})
	if err != nil {
		return nil, err
	}
	a.podman = client
	a.add("leave Podman", func(context.Context) error { leave(); return nil })

	if a.languages, err = languages.Load(dirs(c.Languages.Dir)...); err != nil {
		return nil, err
	}
	a.installed = newInstalled(client, a.languages)
	a.add("stop looking for images", func(context.Context) error { a.installed.close(); return nil })
	if err := a.installed.refresh(ctx); err != nil {
		return nil, err
	}
	if a.engine, err = a.newEngine(ctx); err != nil {
		return nil, err
	}
	return a, nil
}

// stopAfter undoes what was built after a step that failed, and returns what went wrong in all.
func (a *app) stopAfter(err error) error {
	if err == nil {
		return nil
	}
	return errors.Join(err, a.stop())
}

func dirs(dir string) []string {
	if dir == "" {
		return nil
	}
	return []string{dir}
}

// endRuns gives runs their time to end, and then ends them.
func (a *app) endRuns(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, a.config.Shutdown)
	defer cancel()
	a.runner.Close(ctx)
	return nil
}

func (a *app) newEngine(ctx context.Context) (*podman.Engine, error) {
	agent, err := a.state.installAgent(a.config.Sandbox.Agent)
	if err != nil {
		return nil, err
	}
	seccomp := a.state.path("seccomp.json")
	if err := replaceFile(seccomp, podman.Seccomp, 0o600); err != nil {
		return nil, fmt.Errorf("seccomp profile: %w", err)
	}
	facts, err := a.podman.Facts(ctx)
	if err != nil {
		return nil, err
	}
	return &podman.Engine{
		Client: a.podman, AgentBinary: agent, SeccompFile: seccomp, Rootless: facts.Rootless, Systemd: facts.SystemdCgroups,
	}, nil
}

func (a *app) poolOptions(maxCells int) sandbox.Options {
	return sandbox.Options{
		Engine: a.engine, Instance: a.state.instance, Dir: a.state.path("cells"),
		MaxCells: maxCells, Slots: a.config.Pool.Slots, Queue: a.config.Pool.Queue, Wait: a.config.Pool.Wait,
		Create: a.config.Pool.Create, Keep: a.config.keep(), Log: a.log,
	}
}

// kinds are the languages whose cells are kept warm: those that have an image.
func (a *app) kinds() []sandbox.Kind {
	var kinds []sandbox.Kind
	limits := a.cellLimits()
	limits.CPUPercent = min(limits.CPUPercent, a.config.Quota.inForce().Free.CPUPercent) // most runs need nothing changed then
	for _, l := range a.languages.List() {
		warm, set := a.config.Pool.Language[l.Name]
		if !set {
			warm = a.config.Pool.Warm
		}
		most := max(warm, a.config.Pool.MostWarm)
		if _, ok := a.installed.version(l.Name); ok && most > 0 {
			kinds = append(kinds, sandbox.Kind{
				Name: l.Name, Image: a.installed.imageOf(l), Limits: limits, Warm: warm, MostWarm: most,
			})
		}
	}
	return kinds
}

// cellLimits are what cells are made with; a run of the default limits then changes nothing.
func (a *app) cellLimits() sandbox.Limits {
	d := a.config.Limits.Default
	return sandbox.Limits{
		Memory: int64(d.Memory), Processes: d.Processes,
		CPUPercent: a.config.Sandbox.CPUPercent, Disk: int64(a.config.Sandbox.Disk),
	}
}

func (a *app) runnerOptions() runner.Options {
	c := a.config
	return runner.Options{
		Pool: a.pool, Languages: a.languages, Installed: a.installed.version, ImageOf: a.installed.imageOf,
		Images:  c.Containers.Images,
		Default: c.Limits.Default.runner(), Max: c.Limits.Max.runner(), Compile: c.Limits.Compile.runner(),
		Cell: a.cellLimits(), MaxCode: int64(c.Limits.Code), Grace: c.Limits.Grace, Return: c.Results.Return, Keep: c.Results.Keep,
	}
}

func (l RunLimits) runner() runner.Limits {
	return runner.Limits{
		Timeout: l.Timeout, CPUTime: l.CPUTime,
		Memory: int64(l.Memory), Output: int64(l.Output), Processes: l.Processes,
	}
}

// runtimes are the OCI runtimes to try, best first: crun starts a container in half of runc's time, where it can.
var runtimes = []string{"crun", "runc"}

// trial is what a canary showed on one OCI runtime.
type trial struct {
	runtime string
	proofs  []sandbox.Proof
	took    time.Duration
}

// tryRuntimes returns the trial of the first OCI runtime whose canary cell holds, or else the last one that made a cell at
// all. Without limits in force there must be no service; that is the caller's to see to.
func (a *app) tryRuntimes(ctx context.Context) (best trial, err error) {
	kind, ok := a.canaryKind()
	if !ok {
		return trial{}, errors.New("no language has an image yet; build all with `paddock images build`, or name some")
	}
	candidates, err := a.candidates(ctx)
	if err != nil {
		return trial{}, err
	}
	var failures []error
	for _, name := range candidates {
		began := time.Now()
		proofs, err := a.canary(ctx, kind, name)
		if ctx.Err() != nil {
			return trial{}, errors.Join(ctx.Err(), err)
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", name, err))
			continue
		}
		best = trial{name, proofs, time.Since(began)}
		if sandbox.Proven(proofs) == nil {
			return best, nil
		}
	}
	if best.runtime != "" {
		return best, nil
	}
	return trial{}, errors.Join(failures...)
}

// candidates are the OCI runtimes to try: the configured one; else what a Podman service that is not ours has; else what is
// installed.
func (a *app) candidates(ctx context.Context) ([]string, error) {
	if name := a.config.Sandbox.Runtime; name != "auto" {
		return []string{name}, nil
	}
	if !a.podman.Owned() {
		facts, err := a.podman.Facts(ctx)
		return []string{facts.Runtime}, err
	}
	var found []string
	for _, name := range runtimes {
		if _, err := exec.LookPath(name); err == nil {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("none of the OCI runtimes %s is installed; apt-get install runc", strings.Join(runtimes, ", "))
	}
	return found, nil
}

// canaryKind is a kind of cell for the canary: any language's will do, as all images stand on one base.
func (a *app) canaryKind() (sandbox.Kind, bool) {
	for _, l := range a.languages.List() {
		if _, ok := a.installed.version(l.Name); ok {
			return sandbox.Kind{Name: "canary", Image: l.Image, Limits: a.cellLimits()}, true
		}
	}
	return sandbox.Kind{}, false
}

// canaryCells are enough for one that runs while another is removed.
const canaryCells = 2

// canary runs a canary on an OCI runtime, in a pool of its own, which is gone afterwards, also when ctx has ended.
func (a *app) canary(ctx context.Context, kind sandbox.Kind, runtime string) (proofs []sandbox.Proof, err error) {
	if err := a.podman.UseRuntime(ctx, runtime); err != nil {
		return nil, err
	}
	err = a.withOwnPool(ctx, canaryCells, func(p *sandbox.Pool) (err error) {
		proofs, err = p.Canary(ctx, kind)
		return err
	})
	return proofs, err
}

// withOwnPool calls f with a pool for a few cells of our own, which is gone afterwards, also when ctx has ended. It waits for
// them however short clients' waits are.
func (a *app) withOwnPool(ctx context.Context, cells int, f func(*sandbox.Pool) error) error {
	o := a.poolOptions(cells)
	o.Queue, o.Wait = cells, stepTimeout
	pool, err := sandbox.NewPool(ctx, o)
	if err != nil {
		return err
	}
	err = f(pool)
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), stepTimeout)
	defer cancel()
	return errors.Join(err, pool.Close(closing))
}
