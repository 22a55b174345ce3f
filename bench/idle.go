package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// footprint is what one idle thing of a side takes, in MB (10^6 bytes): how much more there is for each one more. Counted are
//   - its processes, by proportional set size, so that what several share is counted once;
//   - the processes that watch over it: conmon, one for each container;
//   - what it adds to the server and to Podman's service, which are there once;
//   - files in memory, all of the machine's: tmpfs, whoever has it mounted;
//   - the kernel's own memory, all of the machine's, for whatever is not anybody's process: namespaces, cgroups, mounts,
//     sockets, kernel stacks, page tables and what there is per core. What the kernel could give back is not in it: the page
//     cache of files on disk, and directory entries and inodes it keeps for speed.
//
// The last two of a container are not to be found in its own cgroup alone: what is made for it before it has one is charged to
// whoever makes it. That is why they are taken from the whole machine, which must do nothing else. Each part is the median of
// several steps, and the total their sum.
type footprint struct {
	Side      string  `json:"side"`
	Things    int     `json:"things"` // there were in the end
	Processes float64 `json:"processes_mb"`
	Monitors  float64 `json:"monitors_mb"`
	Services  float64 `json:"services_mb"`
	Files     float64 `json:"files_mb"`
	Kernel    float64 `json:"kernel_mb"`
	Total     float64 `json:"total_mb"`
	// Null for the side itself.
	ToBare   *float64 `json:"ratio_to_bare"`
	ToPodman *float64 `json:"ratio_to_podman_run"`
}

// An idle case is measured in steps, by side in turns: each makes some more things that wait. The first one of each side is
// made before, and not counted: it finds caches cold, and has memory made that all use.
const (
	idleSteps   = 5
	idleAtATime = 5
)

// idler is a side of an idle case.
type idler struct {
	name    string
	one     func(ctx context.Context, n int) error              // makes the nth
	members func(ctx context.Context) (pids members, err error) // those there are
}

// members are the processes of a side.
type members struct{ things, monitors, services []int }

// usage is what there is, in bytes, by the names of footprint's parts.
type usage [parts]int64

const (
	partProcesses = iota
	partMonitors
	partServices
	partFiles
	partKernel
	parts
)

func (b *bench) measureIdle(ctx context.Context, c benchCase) (result caseResult, err error) {
	r := b.programs[c.program]
	// Parked cells may take three quarters of the room.
	o := serverOptions{maxCells: 2 * idleSteps * idleAtATime}
	err = b.withServer(ctx, o, func() (err error) {
		sleepers := &sleepers{r: r}
		defer sleepers.end()
		result.Idle, err = b.stepByStep(ctx, c, []idler{
			{sidePaddock, b.parkOne(r), b.membersOfServer}, {sideBare, sleepers.start, sleepers.members},
			{sidePodman, b.containOne(r), membersOfPodman},
		})
		return err
	})
	if err != nil {
		return result, fmt.Errorf("case %s: %w", c.name, err)
	}
	return result.of(c)
}

func (b *bench) stepByStep(ctx context.Context, c benchCase, sides []idler) ([]footprint, error) {
	steps := map[string][]usage{}
	for _, s := range sides {
		if err := s.one(ctx, 0); err != nil {
			return nil, err
		}
	}
	for step := range idleSteps {
		for _, s := range sides {
			b.progress.step("%s: %s, step %d of %d", c.name, s.name, step+1, idleSteps)
			grown, err := b.grow(ctx, s, 1+step*idleAtATime)
			if err != nil {
				return nil, err
			}
			steps[s.name] = append(steps[s.name], grown)
		}
	}
	var all []footprint
	for _, s := range sides {
		all = append(all, footprintOf(s.name, 1+idleSteps*idleAtATime, steps[s.name]))
	}
	return related(all), nil
}

// grow makes some more of a side's things, from the nth on, and returns what they added.
func (b *bench) grow(ctx context.Context, s idler, n int) (grown usage, err error) {
	before, err := b.usageOf(ctx, s)
	if err != nil {
		return grown, err
	}
	for i := range idleAtATime {
		if err := s.one(ctx, n+i); err != nil {
			return grown, err
		}
	}
	after, err := b.usageOf(ctx, s)
	for i := range grown {
		grown[i] = after[i] - before[i]
	}
	return grown, err
}

func (b *bench) usageOf(ctx context.Context, s idler) (u usage, err error) {
	b.stirred = true
	if err := b.awaitTurn(ctx); err != nil {
		return u, err
	}
	m, err := s.members(ctx)
	if err != nil {
		return u, err
	}
	for part, pids := range map[int][]int{partProcesses: m.things, partMonitors: m.monitors, partServices: m.services} {
		for _, pid := range pids {
			rollup, err := os.ReadFile(procFile(pid, "smaps_rollup"))
			if err != nil {
				return u, err
			}
			u[part] += kibibytes(string(rollup), "Pss")
		}
	}
	memory, err := os.ReadFile("/proc/meminfo")
	u[partFiles] = kibibytes(string(memory), "Shmem")
	u[partKernel] = kibibytes(string(memory), "SUnreclaim", "KernelStack", "PageTables", "Percpu")
	return u, err
}

// kibibytes adds fields of a file of the kernel's up, which are in KiB, and returns bytes.
func kibibytes(text string, fields ...string) (sum int64) {
	for _, name := range fields {
		n, _ := strconv.ParseInt(strings.TrimSuffix(field(text, name), " kB"), 10, 64) // an old kernel may lack it
		sum += n << 10
	}
	return sum
}

// footprintOf sums a side's steps up.
func footprintOf(side string, things int, steps []usage) footprint {
	f := footprint{Side: side, Things: things}
	for part, into := range map[int]*float64{
		partProcesses: &f.Processes, partMonitors: &f.Monitors, partServices: &f.Services, partFiles: &f.Files, partKernel: &f.Kernel,
	} {
		var each []int64
		for _, u := range steps {
			each = append(each, u[part])
		}
		slices.Sort(each)
		*into = float64(each[len(each)/2]) / idleAtATime / 1e6
		f.Total += *into
	}
	return f
}

// related puts the ratios of totals in.
func related(all []footprint) []footprint {
	for i, f := range all {
		for _, other := range all {
			ratio := f.Total / other.Total
			switch {
			case other.Side == f.Side || other.Total <= 0:
			case other.Side == sideBare:
				all[i].ToBare = &ratio
			case other.Side == sidePodman:
				all[i].ToPodman = &ratio
			}
		}
	}
	return all
}

// parkOne has a cell made and parked for one more tenant.
func (b *bench) parkOne(r ready) func(context.Context, int) error {
	run := b.client.paddock(r, newTenants.users())
	return func(ctx context.Context, _ int) error {
		_, err := run(ctx)
		return err
	}
}

func (b *bench) membersOfServer(ctx context.Context) (members, error) {
	m, err := membersOf(ctx, b.server.label())
	if err != nil {
		return m, err
	}
	server := b.server.cmd.Process.Pid
	m.services, err = childrenOf(server) // Podman's service, should the server have had to start it; it may reap monitors, too
	m.services = slices.DeleteFunc(append(m.services, server), func(pid int) bool { return slices.Contains(m.monitors, pid) })
	return m, err
}

// containOne starts a container that sleeps.
func (b *bench) containOne(r ready) func(context.Context, int) error {
	return func(ctx context.Context, _ int) error {
		_, err := podman(ctx, append(podmanArgs(b.runtime, "--detach"), imageOf(r.image), "/usr/bin/sleep", "infinity")...)
		return err
	}
}

func membersOfPodman(ctx context.Context) (members, error) { return membersOf(ctx, "label="+ours) }

// membersOf are the processes of the containers with a label, and those who watch over them.
func membersOf(ctx context.Context, label string) (m members, err error) {
	list, err := podman(ctx, "ps", "--filter", label, "--format", "json")
	if err != nil {
		return m, err
	}
	var containers []struct{ Pid int }
	if err := json.Unmarshal([]byte(list), &containers); err != nil {
		return m, fmt.Errorf("what podman ps says: %w", err)
	}
	for _, c := range containers {
		stat, err := os.ReadFile(procFile(c.Pid, "stat"))
		if err != nil {
			return m, err
		}
		m.things = append(m.things, c.Pid)
		m.monitors = append(m.monitors, parentIn(string(stat)))
	}
	return m, nil
}

// parentIn is the parent in a process's stat: "12 (a name) S 7 ...".
func parentIn(stat string) int {
	words := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(words) < 2 {
		return 0
	}
	pid, _ := strconv.Atoi(words[1])
	return pid
}

func childrenOf(pid int) ([]int, error) {
	tasks, err := filepath.Glob(procFile(pid, "task/*/children"))
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, path := range tasks {
		text, _ := os.ReadFile(path) //nolint:gosec // a thread that has ended has none
		for _, word := range strings.Fields(string(text)) {
			child, err := strconv.Atoi(word)
			if err != nil {
				return nil, err
			}
			pids = append(pids, child)
		}
	}
	return pids, nil
}

func procFile(pid int, name string) string { return filepath.Join("/proc", strconv.Itoa(pid), name) }

// sleepers are bare processes that sleep.
type sleepers struct {
	r   ready
	all []*exec.Cmd
}

func (s *sleepers) start(_ context.Context, _ int) error {
	cmd := s.r.inside(context.Background(), []string{"/usr/bin/sleep", "infinity"}, jobUID) // until end
	err := cmd.Start()
	if err == nil {
		s.all = append(s.all, cmd)
	}
	return err
}

func (s *sleepers) members(context.Context) (m members, err error) {
	for _, cmd := range s.all {
		m.things = append(m.things, cmd.Process.Pid)
	}
	return m, nil
}

func (s *sleepers) end() {
	for _, cmd := range s.all {
		_ = cmd.Process.Kill() // whatever it was: it has ended after Wait
		_ = cmd.Wait()
	}
}
