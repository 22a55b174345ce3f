package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// bench is everything that is set up for a measurement, and how to undo it.
type bench struct {
	o        options
	progress *progress
	undos    []func(context.Context) error
	programs map[string]ready
	server   *server
	client   *client
	quiet    quiet
}

// warmCells is how many cells of each image the server keeps warm. Latencies are measured one run at a time, so one would
// do; a few more show that a pool of some size costs nothing.
const warmCells = 4

// undoTimeout bounds each undo; stopping the server has a shorter bound of its own.
const undoTimeout = 3 * time.Minute

func (b *bench) setUp(ctx context.Context) error {
	if os.Geteuid() != 0 {
		return errors.New("only root can enter an image's file system, for the bare process: run it as root")
	}
	dir, err := os.MkdirTemp("", "paddock-bench-")
	if err != nil {
		return err
	}
	b.undos = append(b.undos, func(context.Context) error { return os.RemoveAll(dir) }, removeOurs)

	b.progress.say("mount the images and prepare the programs")
	warm, err := b.prepareAll(ctx)
	if err != nil {
		return err
	}
	b.progress.say("start the server")
	b.server, err = startServer(ctx, b.o.paddock, filepath.Join(dir, "state"), warm)
	b.undos = append(b.undos, b.server.stop)
	if err != nil {
		return err
	}
	b.client = newClient(b.server.url, b.o.workers)
	return nil
}

// prepareAll prepares every program of the selected cases, and returns the cells that they need.
func (b *bench) prepareAll(ctx context.Context) (warm map[string]int, err error) {
	warm, b.programs = map[string]int{}, map[string]ready{}
	roots := map[string]string{}
	for _, c := range b.o.cases {
		image := programs[c.program].image
		if roots[image] == "" {
			if roots[image], err = mountImage(ctx, image); err != nil {
				return nil, err
			}
			warm[image] = warmCells
		}
		if _, done := b.programs[c.program]; done {
			continue
		}
		if b.programs[c.program], err = prepare(ctx, c.program, roots[image]); err != nil {
			return nil, err
		}
	}
	return warm, nil
}

// putAway undoes everything, the last thing first, and goes on after a failure.
func (b *bench) putAway() error {
	var errs []error
	for _, undo := range slices.Backward(b.undos) {
		ctx, cancel := context.WithTimeout(context.Background(), undoTimeout)
		errs = append(errs, undo(ctx))
		cancel()
	}
	b.undos = nil
	return errors.Join(errs...)
}

// podmanEvery is in how many turns podman run takes part: it takes twenty times as long as the rest, and a tenth of its runs
// tell as much as can be told of it.
const podmanEvery = 10

// latencies measures cases of one run at a time, all of them in turns, so that what happens to the machine meanwhile happens
// to all of them.
func (b *bench) latencies(ctx context.Context, cases []benchCase) ([]caseResult, error) {
	all := make([]taken, len(cases))
	for turn := -1; turn < b.o.runs; turn++ {
		for i, c := range cases {
			b.progress.step("%s: run %d of %d", c.name, turn+1, b.o.runs)
			if turn <= 0 {
				all[i] = taken{} // the first turn found every cache cold and does not count
			}
			if err := b.turn(ctx, b.programs[c.program], turn%podmanEvery == 0, all[i]); err != nil {
				return nil, fmt.Errorf("case %s: %w", c.name, err)
			}
		}
	}
	results := make([]caseResult, len(cases))
	for i, c := range cases {
		var err error
		if results[i], err = conclude(c, 1, all[i].sumUp()); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// taken are the samples of a case, by side.
type taken map[string][]sample

func (t taken) add(side string, s sample) { t[side] = append(t[side], s) }

func (t taken) sumUp() []series {
	var all []series
	for _, side := range []string{sidePaddock, sideInCell, sideBare, sidePodman} {
		if len(t[side]) > 0 {
			all = append(all, sumUp(side, t[side]))
		}
	}
	return all
}

// turn is one run by each side, on a machine that does nothing else. The bare process comes first, because a run over HTTP
// sets off the making of the next cell, and before both of them one that does not count, so that neither finds the cores
// asleep.
func (b *bench) turn(ctx context.Context, r ready, withPodman bool, t taken) error {
	if err := b.awaitTurn(ctx); err != nil {
		return err
	}
	if err := b.wakeUp(ctx, r); err != nil {
		return err
	}
	alone, err := bare(r)(ctx)
	if err != nil {
		return err
	}
	served, err := b.client.paddock(r)(ctx)
	if err != nil {
		return err
	}
	t.add(sideBare, alone)
	t.add(sidePaddock, served)
	t.add(sideInCell, sample{took: served.cell})
	if !withPodman {
		return nil
	}
	if err := b.awaitTurn(ctx); err != nil {
		return err
	}
	contained, err := podmanRun(r, b.server.runtime)(ctx)
	t.add(sidePodman, contained)
	return err
}

// awaitTurn waits until every cell is warm and the machine is quiet.
func (b *bench) awaitTurn(ctx context.Context) error {
	if err := b.server.awaitWarm(ctx); err != nil {
		return err
	}
	return b.quiet.await(ctx)
}

func (b *bench) wakeUp(ctx context.Context, r ready) error {
	status, _, err := b.client.do(ctx, http.MethodGet, "/livez", nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("GET /livez: HTTP %d", status)
	}
	if err != nil {
		return err
	}
	_, err = bare(r)(ctx)
	return err
}

// A throughput case is measured in slices, by side in turns: short ones, so that somebody else's work for half a minute does
// not hit one side only. Before each slice the load goes on for a while uncounted: warm
// cells, which were made before, must be used up, and removals must have caught up with runs.
const (
	slicesOfLoad = 8
	leadIn       = 3 * time.Second
)

func (b *bench) throughput(ctx context.Context, c benchCase) (caseResult, error) {
	r := b.programs[c.program]
	sides := []struct {
		name string
		run  side
	}{{sidePaddock, b.client.paddock(r)}, {sideBare, bare(r)}, {sidePodman, podmanRun(r, b.server.runtime)}}
	all := taken{}
	window := b.o.time / slicesOfLoad
	for i := range slicesOfLoad {
		for _, s := range sides {
			b.progress.say("%s: %s, %d at once, part %d of %d", c.name, s.name, b.o.workers, i+1, slicesOfLoad)
			if err := b.awaitTurn(ctx); err != nil {
				return caseResult{}, err
			}
			got, err := load(ctx, s.run, b.o.workers, window)
			if err != nil {
				return caseResult{}, fmt.Errorf("case %s, %s: %w", c.name, s.name, err)
			}
			all[s.name] = append(all[s.name], got...)
		}
	}
	sums := all.sumUp()
	for i := range sums {
		sums[i].Rate = float64(sums[i].N) / b.o.time.Seconds()
	}
	return conclude(c, b.o.workers, sums)
}

// load has workers run something again and again, and returns the runs that ended within the window.
func load(ctx context.Context, run side, workers int, window time.Duration) ([]sample, error) {
	from := time.Now().Add(leadIn)
	until := from.Add(window)
	counted := make([][]sample, workers)
	group, ctx := errgroup.WithContext(ctx)
	for i := range workers {
		group.Go(func() error {
			for {
				s, err := run(ctx)
				if err != nil {
					return err
				}
				now := time.Now()
				if now.After(until) {
					return nil
				}
				if now.After(from) {
					counted[i] = append(counted[i], s)
				}
			}
		})
	}
	err := group.Wait()
	return slices.Concat(counted...), err
}
