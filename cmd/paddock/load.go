package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"paddock/anomalylog"
	"paddock/api"
	"paddock/monitor"
	"paddock/monitor/breaker"
	"paddock/quota"
	"paddock/sandbox"
)

// MonitorConfig says from when on the host is too busy.
type MonitorConfig struct {
	Enabled  bool          `koanf:"enabled" help:"let requests wait, and refuse them, when the host is too busy"`
	Interval time.Duration `koanf:"interval" help:"how often the host's load is looked at"`
	CPU      int64         `koanf:"cpu" help:"CPU used by others than our cells from which requests wait, in percent"`
	Memory   int64         `koanf:"memory" help:"memory in use from which requests wait, in percent"`
	Queue    int64         `koanf:"queue" help:"waiting time of a newcomer from which requests wait, in percent of pool.wait"`
}

// BreakerConfig says when cells that can't be made are not tried any more.
type BreakerConfig struct {
	Failures int64         `koanf:"failures" help:"failed creations of cells in a row, after which none is tried for a while"`
	Cool     time.Duration `koanf:"cool" help:"how long, until one is tried again"`
}

// watch watches the host's load until the lifecycle is stopped; nil when nobody asks for it.
func (a *app) watch() (*monitor.Monitor, error) {
	c := a.config.Monitor
	if !c.Enabled {
		return nil, nil //nolint:nilnil // as promised
	}
	m, err := monitor.New(monitor.Options{
		Interval: c.Interval, CPU: float64(c.CPU), Memory: float64(c.Memory), Queue: float64(c.Queue), MaxWait: a.config.Pool.Wait,
		Ours: a.ours, Waiting: a.waiting,
		OnChange: func(from monitor.Level, now monitor.Snapshot) {
			a.log.Warn().Str("from", string(from)).Str("to", string(now.Level)).Str("cause", string(now.Cause)).
				Float64("load", now.Load).Msg("the host's load has changed")
		},
	})
	if err != nil {
		return nil, err
	}
	a.goes("watch the host's load", m.Run)
	return m, nil
}

// bears is what requests have to bear of the host's load, if it is watched.
func bears(m *monitor.Monitor) func(context.Context, quota.Tier) api.LoadDecision {
	if m == nil {
		return nil
	}
	return func(_ context.Context, tier quota.Tier) api.LoadDecision {
		d := m.Admit(tier.Rank())
		out := api.LoadDecision{Delay: d.Delay, Retry: d.RetryAfter}
		if r := d.Report; r != nil {
			out.Events = append(out.Events, anomalylog.Event{Type: anomalylog.ServerOverloaded, Details: anomalylog.Details{
				"tier": string(tier), "level": string(r.Level), "cause": string(r.Cause), "load": r.Load, "refused": d.Refused,
			}})
		}
		return out
	}
}

// ours is the CPU time of our cells, and of us, who make them.
func (a *app) ours() time.Duration {
	cells, err := a.pool.CPU()
	if err != nil {
		a.log.Debug().Err(err).Msg("the CPU time of our cells can't be read")
	}
	total := cells
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var used unix.Rusage
		if unix.Getrusage(who, &used) == nil {
			total += time.Duration(used.Utime.Nano() + used.Stime.Nano())
		}
	}
	return total
}

// waiting is who waits for a slot or a cell.
func (a *app) waiting() monitor.Queue {
	s := a.pool.Stats()
	q := monitor.Queue{Waiting: s.Tenants}
	for _, n := range s.Taken {
		q.Served += n
	}
	return q
}

// guardedEngine makes cells, unless that has failed too often just now.
type guardedEngine struct {
	sandbox.Engine
	breaker *breaker.Breaker
	untried *sync.Map // names of containers that nobody has tried to make
}

func (a *app) guarded(e sandbox.Engine) guardedEngine {
	return guardedEngine{e, breaker.New(breaker.Options{
		Failures: uint32(a.config.Breaker.Failures), //nolint:gosec // validate has seen to it
		Cool:     a.config.Breaker.Cool,
		Neutral:  func(err error) bool { return errors.Is(err, sandbox.ErrNoImage) },
		OnChange: func(from, to breaker.State, cause error) {
			a.log.Warn().Err(cause).Str("from", string(from)).Str("to", string(to)).Msg("the making of cells")
		},
	}), new(sync.Map)}
}

// Create makes a container, or refuses at once.
func (e guardedEngine) Create(ctx context.Context, c sandbox.Container) error {
	err := e.breaker.Do(ctx, func(ctx context.Context) error { return e.Engine.Create(ctx, c) })
	if open := new(breaker.OpenError); errors.As(err, &open) {
		e.untried.Store(c.Name, true)
	}
	return err
}

// Remove removes a container. One that nobody has tried to make is not there, and Podman, which is ill, need not be asked.
func (e guardedEngine) Remove(ctx context.Context, name string) error {
	if _, untried := e.untried.LoadAndDelete(name); untried {
		return nil
	}
	return e.Engine.Remove(ctx, name)
}
