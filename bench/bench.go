package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
)

// bench is everything that is set up for a measurement, and how to undo it.
type bench struct {
	o        options
	progress *progress
	undos    []func(context.Context) error
	dir      string
	programs map[string]ready
	runtime  string // OCI runtime that the server has chosen
	quiet    quiet

	// While there is a server, see withServer.
	server  *server
	client  *client
	started int  // servers
	stirred bool // something has been done that makes the server make or remove cells
}

// undoTimeout bounds each undo; stopping the server has a shorter bound of its own.
const undoTimeout = 3 * time.Minute

func (b *bench) setUp(ctx context.Context) (err error) {
	if os.Geteuid() != 0 {
		return errors.New("only root can enter an image's file system, for the bare process: run it as root")
	}
	if b.dir, err = os.MkdirTemp("", "paddock-bench-"); err != nil {
		return err
	}
	b.undos = append(b.undos, func(context.Context) error { return os.RemoveAll(b.dir) }, removeOurs)
	b.progress.say("mount the images and prepare the programs")
	return b.prepareAll(ctx)
}

// prepareAll prepares every program of the selected cases.
func (b *bench) prepareAll(ctx context.Context) error {
	b.programs = map[string]ready{}
	roots := map[string]string{}
	for _, c := range b.o.cases {
		if _, done := b.programs[c.program]; done {
			continue
		}
		image := programs[c.program].image
		if roots[image] == "" {
			root, unmount, err := mountImage(ctx, image)
			b.undos = append(b.undos, unmount)
			if err != nil {
				return err
			}
			roots[image] = root
		}
		var err error
		if b.programs[c.program], err = prepare(ctx, c.program, roots[image]); err != nil {
			return err
		}
	}
	return nil
}

// withServer starts a server, calls f, and stops it again.
func (b *bench) withServer(ctx context.Context, o serverOptions, f func() error) (err error) {
	b.progress.say("start a server")
	b.started++
	b.server, err = startServer(ctx, b.o.paddock, filepath.Join(b.dir, strconv.Itoa(b.started)), o)
	defer func() {
		b.progress.say("stop it")
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTimeout)
		defer cancel()
		err = errors.Join(err, b.server.stop(ctx))
	}()
	if err != nil {
		return err
	}
	b.runtime, b.stirred = b.server.runtime, true
	b.client = newClient(b.server.url)
	return f()
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

// warmCells is how many cells of each image the server keeps warm. Latencies are measured one run at a time, so one would
// do; one more shows that a pool of some size costs nothing.
const warmCells = 2

// oneAfterTheOther measures the cases that a server as it is by default is good for: those of one run at a time, all of them
// in turns, and then those of several at once.
func (b *bench) oneAfterTheOther(ctx context.Context) (results []caseResult, err error) {
	quiet, busy := ofMode(b.o.cases, latency, firstByte), ofMode(b.o.cases, throughput)
	if len(quiet)+len(busy) == 0 {
		return nil, nil
	}
	o := serverOptions{warm: map[string]int{}}
	for _, c := range slices.Concat(quiet, busy) {
		o.warm[programs[c.program].image] = warmCells
	}
	err = b.withServer(ctx, o, func() error {
		if results, err = b.latencies(ctx, quiet); err != nil {
			return err
		}
		for _, c := range busy {
			result, err := b.throughput(ctx, c)
			if err != nil {
				return err
			}
			results = append(results, result)
		}
		return nil
	})
	return results, err
}

// sidesOf are the sides of a case.
func (b *bench) sidesOf(c benchCase) map[string]side {
	r, users := b.programs[c.program], c.tenancy.users()
	if c.mode == firstByte {
		return map[string]side{
			sidePaddock: b.client.streamed(r, users),
			sideBare:    piped(r, func(ctx context.Context) *exec.Cmd { return r.inside(ctx, r.argv, jobUID) }),
			sidePodman:  piped(r, func(ctx context.Context) *exec.Cmd { return podmanCmd(ctx, r, b.runtime) }),
		}
	}
	return map[string]side{sidePaddock: b.client.paddock(r, users), sideBare: bare(r), sidePodman: podmanRun(r, b.runtime)}
}

// latencies measures cases of one run at a time, all of them in turns, so that what happens to the machine meanwhile happens
// to all of them.
func (b *bench) latencies(ctx context.Context, cases []benchCase) ([]caseResult, error) {
	all := make([]taken, len(cases))
	sides := make([]map[string]side, len(cases))
	for i, c := range cases {
		sides[i] = b.sidesOf(c)
	}
	for turn := -1; turn < b.o.runs; turn++ {
		for i, c := range cases {
			b.progress.step("%s: run %d of %d", c.name, turn+1, b.o.runs)
			if turn <= 0 {
				all[i] = taken{} // the first turn found every cache cold, and no cell parked, and does not count
			}
			if err := b.turn(ctx, c, sides[i], turn%podmanEvery == 0, all[i]); err != nil {
				return nil, fmt.Errorf("case %s: %w", c.name, err)
			}
			b.stirred = turn < 0 || c.tenancy != oneTenant
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
	for _, side := range []string{sidePaddock, sideInCell, sideParked, sideBare, sidePodman} {
		if len(t[side]) > 0 {
			all = append(all, sumUp(side, t[side]))
		}
	}
	return all
}

// turn is one run by each side, on a machine that does nothing else. The bare process comes first, because a run over HTTP may
// set off the making of the next cell. Before each comes one of its own that does not count, so that neither finds the cores
// asleep, or their caches full of the other's: half a millisecond of Python's ten is whether the core that runs it has just
// done so. A fresh cell can't be used twice; before that there is a bare process for both.
func (b *bench) turn(ctx context.Context, c benchCase, sides map[string]side, withPodman bool, t taken) error {
	if err := b.awaitTurn(ctx); err != nil {
		return err
	}
	alone, err := second(ctx, sides[sideBare])
	if err != nil {
		return err
	}
	run := second
	if c.tenancy != oneTenant {
		run = first
	}
	served, err := run(ctx, sides[sidePaddock])
	if err != nil {
		return err
	}
	t.add(sideBare, alone)
	t.add(sidePaddock, served)
	if served.cell > 0 {
		t.add(sideInCell, sample{took: served.cell})
	}
	if !withPodman {
		return nil
	}
	if err := b.quiet.await(ctx); err != nil {
		return err
	}
	contained, err := sides[sidePodman](ctx)
	t.add(sidePodman, contained)
	return err
}

// awaitTurn waits until no cell is being made or removed and the machine is quiet.
func (b *bench) awaitTurn(ctx context.Context) error {
	if b.stirred {
		if err := b.server.settle(ctx); err != nil {
			return err
		}
		b.stirred = false
	}
	return b.quiet.await(ctx)
}

func first(ctx context.Context, s side) (sample, error) { return s(ctx) }

// second runs twice and counts the second run.
func second(ctx context.Context, s side) (sample, error) {
	if _, err := s(ctx); err != nil {
		return sample{}, err
	}
	return s(ctx)
}

// A throughput case is measured in slices, by side in turns: short ones, so that somebody else's work for half a minute does
// not hit one side only. Before each slice the load goes on for a while uncounted: warm cells, which were made before, must be
// used up, and removals must have caught up with runs. Where nothing is kept between runs, that takes no longer than starting.
const (
	slicesOfLoad = 4
	leadIn       = 500 * time.Millisecond
)

func (b *bench) throughput(ctx context.Context, c benchCase) (caseResult, error) {
	sides := b.sidesOf(c)
	all := taken{}
	window := b.o.time / slicesOfLoad
	for i := range slicesOfLoad {
		for _, name := range []string{sidePaddock, sideBare, sidePodman} {
			b.progress.say("%s: %s, %d at once, part %d of %d", c.name, name, b.o.workers, i+1, slicesOfLoad)
			if err := b.awaitTurn(ctx); err != nil {
				return caseResult{}, err
			}
			lead := leadIn
			if name == sidePaddock {
				lead, b.stirred = c.leadIn, true
			}
			got, err := load(ctx, sides[name], b.o.workers, lead, window)
			if err != nil {
				return caseResult{}, fmt.Errorf("case %s, %s: %w", c.name, name, err)
			}
			all[name] = append(all[name], got...)
		}
	}
	sums := all.sumUp()
	for i := range sums {
		sums[i].Rate = float64(sums[i].N) / b.o.time.Seconds()
	}
	return conclude(c, b.o.workers, sums)
}

// load has workers run something again and again, and returns the runs that ended within the window.
func load(ctx context.Context, run side, workers int, leadIn, window time.Duration) ([]sample, error) {
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
