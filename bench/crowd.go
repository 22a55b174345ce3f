package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// crowd is many tenants, each of whom comes by again and again, and thinks in between.
type crowd struct {
	tenants int
	think   time.Duration // on average, from one arrival of a tenant to its next
	roomy   bool          // the server may have as many cells as there are tenants, as far as user ids go
}

// crowded is what a thinking case was measured with.
type crowded struct {
	Tenants  int     `json:"tenants"`
	Think    float64 `json:"think_s"`
	Seed     uint64  `json:"seed"`
	MaxCells int     `json:"max_cells"`
	Offered  float64 `json:"arrivals_per_s"` // in the window that counts
}

// In a thinking case every side is given the same arrivals, one side after the other. Before that the crowd comes to the server
// for one think time uncounted, so that two of three have been there.
const (
	crowdSeed  = 1
	leadInSeed = 2
)

// arrival is one run that somebody wants.
type arrival struct {
	due    time.Duration
	tenant int
}

// arrivals is who comes when, in order. Tenants come independently of each other, with exponential pauses, and also when they
// have not been answered yet: who measures only when the last one is served does not see a queue.
func (c crowd) arrivals(seed uint64, during time.Duration) []arrival {
	var all []arrival
	for tenant := range c.tenants {
		pauses := rand.New(rand.NewPCG(seed, uint64(tenant))) //nolint:gosec // the same again for the same seed
		pause := func() time.Duration { return time.Duration(pauses.ExpFloat64() * float64(c.think)) }
		for due := pause(); due < during; due += pause() {
			all = append(all, arrival{due, tenant})
		}
	}
	slices.SortFunc(all, func(a, b arrival) int { return cmp.Compare(a.due, b.due) })
	return all
}

// serve runs something for a tenant.
type serve func(ctx context.Context, tenant int) (sample, error)

// meet serves everybody when they are due, and returns when all have been answered. What a sample took is counted from when
// it was due. To be refused is an answer.
func meet(ctx context.Context, arrivals []arrival, s serve) ([]sample, error) {
	samples := make([]sample, len(arrivals))
	group, going := errgroup.WithContext(ctx)
	began := time.Now()
	for i, a := range arrivals {
		if err := sleep(going, time.Until(began.Add(a.due))); err != nil {
			break // somebody's answer was wrong, or ctx has ended
		}
		group.Go(func() error {
			one, err := s(going, a.tenant)
			one.took = time.Since(began) - a.due
			if errors.Is(err, errRefused) {
				one, err = sample{refused: true}, nil
			}
			samples[i] = one
			return err
		})
	}
	err := group.Wait()
	return samples, cmp.Or(err, ctx.Err())
}

// waitForPlace is how long a process waits to be one of those that run, before it is refused: as long as a request waits for
// the server's slots and cells by default.
const waitForPlace = 10 * time.Second

// gated runs no more than places at a time.
func gated(run side, places int) serve {
	free := make(chan struct{}, places)
	return func(ctx context.Context, _ int) (sample, error) {
		timer := time.NewTimer(waitForPlace)
		defer timer.Stop()
		select {
		case free <- struct{}{}:
			defer func() { <-free }()
			return run(ctx)
		case <-timer.C:
			return sample{}, errRefused
		case <-ctx.Done():
			return sample{}, ctx.Err()
		}
	}
}

// crowd runs each run for its own tenant, and tells by the cell it ran in where that came from.
func (c *client) crowd(r ready) serve {
	seen := cellBook{owner: map[string]int{}}
	return func(ctx context.Context, tenant int) (sample, error) {
		asked := time.Now()
		one, err := c.paddock(r, func() string { return "tenant-" + strconv.Itoa(tenant) })(ctx)
		if err == nil {
			one.parked, err = seen.note(one.word, tenant)
		}
		if err == nil && !one.parked { // else it may have been made meanwhile, for another run of the same tenant
			one.fresh, err = madeAfter(asked, one.word)
		}
		return one, err
	}
}

// cellBook knows who had which cell.
type cellBook struct {
	mu    sync.Mutex
	owner map[string]int
}

// note says whether the tenant had the cell before. That anybody else had it must never be.
func (b *cellBook) note(cell string, tenant int) (before bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	owner, before := b.owner[cell]
	if before && owner != tenant {
		return false, fmt.Errorf("%w: cell %s served the tenants %d and %d", errWrong, cell, owner, tenant)
	}
	b.owner[cell] = tenant
	return before, nil
}

// madeAfter says whether a cell was made after that time, as the program pythonWhere tells it: "device/nanoseconds".
func madeAfter(at time.Time, cell string) (bool, error) {
	_, made, _ := strings.Cut(cell, "/")
	ns, err := strconv.ParseInt(made, 10, 64)
	if err != nil {
		return false, fmt.Errorf("%w: a cell made at %q", errWrong, made)
	}
	return time.Unix(0, ns).After(at), nil
}

// meetCrowd measures a thinking case, with a server of its own.
func (b *bench) meetCrowd(ctx context.Context, c benchCase) (result caseResult, err error) {
	maxCells, err := b.defaultMaxCells(ctx)
	if err == nil && c.crowd.roomy {
		maxCells, err = roomFor(c.crowd.tenants)
	}
	if err != nil {
		return result, err
	}
	result.Crowd = &crowded{Tenants: c.crowd.tenants, Think: c.crowd.think.Seconds(), Seed: crowdSeed, MaxCells: maxCells}
	o := serverOptions{warm: map[string]int{programs[c.program].image: 1}, maxCells: maxCells}
	err = b.withServer(ctx, o, func() error {
		all, err := b.meetInTurns(ctx, c, result.Crowd)
		result.Sides = all.sumUp()
		for i := range result.Sides {
			result.Sides[i].Rate = float64(result.Sides[i].N) / b.o.time.Seconds()
		}
		return err
	})
	if err != nil {
		return result, fmt.Errorf("case %s: %w", c.name, err)
	}
	return result.of(c)
}

func (b *bench) meetInTurns(ctx context.Context, c benchCase, about *crowded) (taken, error) {
	r := b.programs[c.program]
	sides := []struct {
		name string
		serve
	}{
		{sidePaddock, b.client.crowd(r)},
		{sideBare, gated(bare(r), b.o.workers)},
		{sidePodman, gated(podmanRun(r, b.runtime), b.o.workers)},
	}
	b.progress.say("%s: they come for the first time", c.name)
	if _, err := meet(ctx, c.crowd.arrivals(leadInSeed, c.crowd.think), sides[0].serve); err != nil {
		return nil, err
	}
	arrivals := c.crowd.arrivals(crowdSeed, b.o.time)
	about.Offered = float64(len(arrivals)) / b.o.time.Seconds()
	all := taken{}
	for _, s := range sides {
		b.progress.say("%s: %s", c.name, s.name)
		if err := b.quiet.await(ctx); err != nil {
			return nil, err
		}
		got, err := meet(ctx, arrivals, s.serve)
		if err != nil {
			return nil, err
		}
		all[s.name] = got
	}
	for _, one := range all[sidePaddock] {
		if one.parked {
			all.add(sideParked, one)
		}
	}
	return all, nil
}

// defaultMaxCells is pool.max_cells when nothing is set.
func (b *bench) defaultMaxCells(ctx context.Context) (int, error) {
	out, err := exec.CommandContext(ctx, b.o.paddock, "serve", "--print-config").Output()
	if err != nil {
		return 0, fmt.Errorf("%s serve --print-config: %w", b.o.paddock, err)
	}
	return strconv.Atoi(strings.Trim(field(string(out), "max_cells"), `"`))
}

// Podman gives each cell this many user ids of those that /etc/subuid has for its own user (sandbox/podman, IDsPerCell).
const (
	idsPerCell  = 2048
	idsOfPodman = "containers"
)

// roomFor is how many cells a server needs so that so many of them can be parked, of which it keeps a quarter of its room
// free, but no more than nine tenths of what the user ids are enough for: others need some, too.
func roomFor(parked int) (int, error) {
	subids, err := os.ReadFile("/etc/subuid")
	return min(parked*4/3+1, idsIn(string(subids))/idsPerCell*9/10), err
}

// idsIn counts the ids of Podman's user in a file with lines like "containers:1879048192:524288".
func idsIn(subids string) (n int) {
	for line := range strings.Lines(subids) {
		words := strings.Split(strings.TrimSpace(line), ":")
		if len(words) == 3 && words[0] == idsOfPodman {
			count, _ := strconv.Atoi(words[2])
			n += count
		}
	}
	return n
}
