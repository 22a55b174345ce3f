package monitor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v3/common"
	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/mem"
)

// host reads what a Reading is made of.
type host struct {
	o    *Options
	proc string
	last look
}

func newHost(o *Options) host { return host{o: o, proc: filepath.Join(o.Root, "proc")} }

// look is what the host, the pool and the cells say at one moment. The zero look is none.
type look struct {
	at          time.Time
	total, busy float64 // seconds of all cores since the host's start; total is 0 when they could not be read
	memory      float64 // percent in use
	tasks       float64 // per core that run, or wait for a core or a disk; the average of a minute
	cpu         pressure
	noPressure  bool // the kernel does not tell
	stalled     pressure
	disk        pressure
	ours        time.Duration
	queue       Queue
}

// read looks at the host, and tells what has become of it since the last look. With an error comes all that could be read.
func (h *host) read(ctx context.Context) (Reading, error) {
	now, err := h.look(ctx)
	r := reading(h.last, now, h.o.MaxWait)
	h.last = now
	return r, err
}

func (h *host) look(ctx context.Context) (look, error) {
	ctx = context.WithValue(ctx, common.EnvKey, common.EnvMap{common.HostProcEnvKey: h.proc})
	l := look{at: time.Now(), queue: h.o.Waiting()}
	var errs [6]error
	l.total, l.busy, errs[0] = cpuTimes(ctx)
	l.ours = h.o.Ours() // next to what it is taken from
	l.memory, errs[1] = memoryInUse(ctx)
	l.tasks, errs[2] = h.tasks(ctx)
	l.cpu, errs[3] = h.pressure("cpu")
	l.stalled, errs[4] = h.pressure("memory")
	l.disk, errs[5] = h.pressure("io")
	if errors.Is(errs[3], errUntold) {
		l.noPressure = true
	}
	return l, failures(errs[:])
}

// errUntold says that the kernel has no pressure stall information: it is too old, or was built or started without.
var errUntold = errors.New("the kernel does not tell")

// failures are those of the errors that are worth telling.
func failures(errs []error) error {
	var told []error
	for _, err := range errs {
		if !errors.Is(err, errUntold) {
			told = append(told, err)
		}
	}
	return errors.Join(told...)
}

// cpuTimes are the seconds of all cores since the host's start, and those of them in which somebody ran. The kernel counts the
// time of guests of virtual machines as user time too.
func cpuTimes(ctx context.Context) (total, busy float64, err error) {
	times, err := cpu.TimesWithContext(ctx, false)
	if err == nil && len(times) != 1 {
		err = errors.New("no times of CPUs in /proc/stat")
	}
	if err != nil {
		return 0, 0, err
	}
	t := times[0]
	busy = t.User + t.Nice + t.System + t.Irq + t.Softirq + t.Steal
	return busy + t.Idle + t.Iowait, busy, nil
}

func memoryInUse(ctx context.Context) (percent float64, err error) {
	m, err := mem.VirtualMemoryWithContext(ctx)
	switch {
	case err != nil:
		return 0, fmt.Errorf("/proc/meminfo: %w", err)
	case m.Total == 0:
		return 0, errors.New("no MemTotal in /proc/meminfo")
	}
	return within(100 - 100*float64(m.Available)/float64(m.Total)), nil
}

// tasks is the load average of a minute, per core. Not gopsutil's: that asks the running kernel where the file can't be read.
func (h *host) tasks(ctx context.Context) (float64, error) {
	text, err := os.ReadFile(filepath.Join(h.proc, "loadavg"))
	if err != nil {
		return 0, err
	}
	cores, err := cpu.CountsWithContext(ctx, true)
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), " ")
	n, err := strconv.ParseFloat(first, 64)
	if err != nil || !(n >= 0) || cores < 1 {
		return 0, fmt.Errorf("no load average of %d cores in %.80q", cores, text)
	}
	return n / float64(cores), nil
}

func (h *host) pressure(of string) (pressure, error) {
	text, err := os.ReadFile(filepath.Join(h.proc, "pressure", of)) //nolint:gosec // a kernel file
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.EOPNOTSUPP):
		return pressure{}, errUntold
	case err != nil:
		return pressure{}, err
	}
	p, err := parsePressure(string(text))
	if err != nil {
		return pressure{}, fmt.Errorf("/proc/pressure/%s: %w", of, err)
	}
	return p, nil
}

// reading is what has become of the host between two looks.
func reading(last, now look, maxWait time.Duration) Reading {
	r := Reading{
		Memory: now.memory, RunQueue: now.tasks,
		CPUStall: now.cpu.some, MemoryStall: now.stalled.full, IOStall: now.disk.full,
	}
	if now.noPressure {
		r.CPUStall = within(100 * (now.tasks - 1))
	}
	if total := now.total - last.total; last.total > 0 && total > 0 {
		ours := max((now.ours - last.ours).Seconds(), 0)
		r.Ours = within(100 * ours / total)
		r.CPU = within(100 * (now.busy - last.busy - ours) / total)
	}
	if !last.at.IsZero() {
		r.Queue = within(100 * newcomerWaits(last, now).Seconds() / maxWait.Seconds())
	}
	return r
}

// newcomerWaits is how long it takes to serve all who wait now, at the rate of the time between two looks. How many wait says
// nothing by itself: twenty who run for 10 ms are gone in a moment, three who run for 10 s are not.
func newcomerWaits(last, now look) time.Duration {
	served := max(float64(now.queue.Served)-float64(last.queue.Served), 1)
	return time.Duration(float64(now.queue.Waiting) / served * float64(now.at.Sub(last.at)))
}

func within(percent float64) float64 { return min(max(percent, 0), 100) }
