package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"paddock/sandbox/cgroup"
	"paddock/sandbox/wire"
)

// Command is one program to run in a cell. Every field but Files, Stdin and Grace is required.
type Command struct {
	Argv   []string
	Env    []string // the whole environment, NAME=value
	Files  []wire.File
	Stdin  *os.File // closed by Run; nil means an empty one
	Stdout io.Writer
	Stderr io.Writer // an error from either ends the run with StopOutput; each is written to by one goroutine
	Limits Limits
	Wall   time.Duration // wall-clock limit
	CPU    time.Duration // CPU-time limit, all threads together
	Grace  time.Duration // from SIGTERM at a time limit to SIGKILL
}

// Stop says why the host ended a program; empty when it ended by itself.
type Stop string

// The reasons to end a program.
const (
	StopWall      Stop = "wall"
	StopCPU       Stop = "cpu"
	StopMemory    Stop = "memory"
	StopProcesses Stop = "processes"
	StopOutput    Stop = "output"
	StopCancelled Stop = "cancelled"
)

// Facts is what is known of a program that has ended. Status, Signal and Failure are what the agent says of it; the
// rest is the host's own measurement.
type Facts struct {
	Status  int
	Signal  int    // not 0 when a signal ended it
	Failure string // why it could not be started
	Stop    Stop
	Wall    time.Duration
	CPU     time.Duration
	// PeakMemory is in bytes: what the cell used more than before the run, at least what its largest process did. A v2 kernel
	// before 6.12 tells the first only of a run that needs more than those before it in the same cell.
	PeakMemory  int64
	OOMKills    int64
	ForksDenied int64
}

// patience is how often Run looks at a program's cgroup, and how long it waits for things that should be instant.
type patience struct {
	look   time.Duration
	report time.Duration // from SIGKILL to the agent's report; after that the container is removed
	drain  time.Duration // from the report to the end of the output
}

var usualPatience = patience{look: 100 * time.Millisecond, report: 2 * time.Second, drain: 2 * time.Second}

// ForkBomb is how many refused forks in one run tell a bomb, which is ended at once, from a program that tried a thread or
// two too many and can live with it.
const ForkBomb = 32

// Run runs one program to its end and returns when nothing of it is left and all its output has been written. A program
// that fails, or is stopped, is no error; ErrCellLost is. The cell is Idle afterwards, or good for nothing but Close.
func (c *Cell) Run(ctx context.Context, cmd Command) (Facts, error) {
	facts, err := c.run(ctx, cmd)
	// Whoever had to be stopped, or hit a limit, may have left the cell in a state that nobody has thought of.
	c.doubtful = c.doubtful || err != nil || facts.Stop != "" || facts.OOMKills > 0 || facts.ForksDenied > 0
	return facts, err
}

func (c *Cell) run(ctx context.Context, cmd Command) (Facts, error) {
	r := &run{cell: c, cmd: cmd}
	defer r.closeFiles()
	if err := c.become(Running); err != nil {
		return Facts{}, err
	}
	if err := r.start(ctx); err != nil {
		c.Close()
		r.drain()
		if errors.Is(err, cgroup.ErrInUse) {
			return Facts{Stop: StopMemory}, nil // what an earlier phase left behind is more than this one may use
		}
		return Facts{}, fmt.Errorf("start a program in cell %s: %w", c.name, err)
	}
	poked := make(chan struct{})
	unhook := context.AfterFunc(ctx, func() { defer close(poked); r.poke() })
	err := r.watch(ctx)
	if !unhook() {
		<-poked // its deadline must not be that of whatever comes next
	}
	r.drain()
	if err != nil {
		return r.facts, fmt.Errorf("cell %s: %w", c.name, err)
	}
	if r.cut.Load() {
		c.Close() // something holds the program's pipes; what it wrote is here, but the cell is not to be trusted
	}
	if !r.exited {
		return r.facts, nil // stopped, and the cell with it
	}
	_ = c.become(Idle) // but for a cell that was closed just now, which changes nothing about this program
	return r.facts, nil
}

// run is one program in its cell. watch runs on the caller's goroutine and each output has one of its own.
type run struct {
	cell    *Cell
	cmd     Command
	before  cgroup.Usage
	anew    bool // the peak of before is what was in use then; else the highest there ever was
	began   time.Time
	facts   Facts
	minded  time.Duration // since began: when mindSlot last looked
	used    time.Duration // CPU time until then
	exited  bool          // the agent has reported
	killAt  time.Duration // since began: when to send SIGKILL, and once killed, when it was sent
	killed  bool
	readers sync.WaitGroup
	outputs []*os.File
	full    atomic.Bool // an output refused more
	cut     atomic.Bool // an output did not end in time
}

func (r *run) start(ctx context.Context) error {
	c := r.cell
	if err := c.limit(ctx, r.cmd.Limits); err != nil {
		return err
	}
	r.weigh()
	r.anew = c.cgroup.ResetPeak()
	var err error
	if r.before, err = c.cgroup.Usage(); err != nil {
		return err
	}
	g := c.takeGear()
	if g == nil {
		if g, err = newGear(); err != nil {
			return err
		}
	}
	defer g.closeGuests()
	stdin := int(g.stdin.Fd())
	if r.cmd.Stdin != nil {
		stdin = int(r.cmd.Stdin.Fd())
		if err := openToPrograms(stdin, 0o644); err != nil {
			return err
		}
	}
	r.read(g.stdout, r.cmd.Stdout)
	r.read(g.stderr, r.cmd.Stderr)
	c.seq++
	exec := wire.Exec{Seq: c.seq, Argv: r.cmd.Argv, Env: r.cmd.Env, Files: r.cmd.Files}
	r.began = time.Now()
	return c.send(wire.KindExec, exec.Append(nil), stdin, g.stdout.guest, g.stderr.guest)
}

// read starts to read one of the program's outputs into w.
func (r *run) read(from pipe, w io.Writer) {
	r.outputs = append(r.outputs, from.host)
	r.readers.Go(func() { r.copy(from.host, w) })
}

var buffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

func (r *run) copy(f *os.File, w io.Writer) {
	buf, _ := buffers.Get().(*[32 << 10]byte)
	defer buffers.Put(buf)
	for {
		n, err := f.Read(buf[:])
		if n > 0 && !r.full.Load() {
			if _, err := w.Write(buf[:n]); err != nil {
				r.full.Store(true)
				r.poke()
			}
		}
		if err != nil {
			r.cut.CompareAndSwap(false, errors.Is(err, os.ErrDeadlineExceeded))
			return
		}
	}
}

// poke makes watch look around now.
func (r *run) poke() { _ = r.cell.conn.SetReadDeadline(time.Unix(1, 0)) }

// watch waits for the agent's report; on the way it looks at the clock, the cgroup and the caller, and ends the program
// when it must. A report that does not come after SIGKILL means that the cell itself has to go.
func (r *run) watch(ctx context.Context) error {
	buf, _ := buffers.Get().(*[32 << 10]byte)
	defer buffers.Put(buf)
	next := r.cell.patience.look
	for {
		if err := r.cell.conn.SetReadDeadline(time.Now().Add(next)); err != nil {
			return errors.Join(ErrCellLost, err)
		}
		if ctx.Err() != nil || r.full.Load() {
			next = r.look(ctx)
			if err := r.cell.conn.SetReadDeadline(time.Now().Add(next)); err != nil {
				return errors.Join(ErrCellLost, err)
			}
		}
		kind, body, err := r.cell.receive(buf[:])
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			if next = r.look(ctx); next <= 0 {
				return r.lost(nil)
			}
		case err != nil:
			return r.lost(err)
		case kind == wire.KindExit:
			return r.exit(body)
		default: // an agent that talks out of turn could put off our next look for ever
			return r.lost(fmt.Errorf("%w: kind %d is not for the host", wire.ErrMalformed, kind))
		}
	}
}

// exit takes the agent's report.
func (r *run) exit(body []byte) error {
	exit, err := wire.ParseExit(body)
	if err != nil {
		return r.lost(err)
	}
	if exit.Seq != r.cell.seq {
		return r.lost(fmt.Errorf("%w: report of run %d while %d runs", wire.ErrMalformed, exit.Seq, r.cell.seq))
	}
	r.facts.Wall = time.Since(r.began)
	r.exited = true
	r.facts.Status, r.facts.Signal, r.facts.Failure = exit.Status, exit.Signal, exit.Failure
	err = r.account()
	// What was in use before may have gone meanwhile; the kernel told the agent how large the largest process was.
	r.facts.PeakMemory = max(r.facts.PeakMemory, min(exit.MaxRSS, r.cmd.Limits.Memory))
	return err
}

// lost ends a run whose agent is not there any more, or does not answer. When the host had stopped the program, or its
// memory was used up, that is all there is to know; else nobody knows what became of it.
func (r *run) lost(cause error) error {
	r.facts.Wall = time.Since(r.began)
	_ = r.account() // the cgroup may be gone already
	r.cell.Close()
	if r.facts.Stop != "" || r.facts.OOMKills > 0 {
		return nil
	}
	return errors.Join(ErrCellLost, cause)
}

// account puts the cgroup's counters into the facts, as differences over the run.
func (r *run) account() error {
	u, err := r.cell.cgroup.Usage()
	if err != nil {
		return errors.Join(ErrCellLost, err)
	}
	r.facts.CPU = u.CPU - r.before.CPU
	switch {
	case r.anew:
		r.facts.PeakMemory = max(u.PeakMemory-r.before.PeakMemory, 0)
	case u.PeakMemory > r.before.PeakMemory:
		r.facts.PeakMemory = u.PeakMemory
	}
	r.facts.OOMKills = u.OOMKills - r.before.OOMKills
	r.facts.ForksDenied = u.ForksDenied - r.before.ForksDenied
	return nil
}

// look decides whether the program may go on, and returns how long to wait before the next look: zero or less when the
// agent has been told to kill everything and has not reported in time.
func (r *run) look(ctx context.Context) time.Duration {
	now := time.Since(r.began)
	_ = r.account() // an unreadable cgroup shows at the end of the run; the clock still counts
	r.mindSlot(now)
	if why := r.reason(ctx, now); why != "" {
		r.stop(why, now)
	}
	if r.facts.Stop != "" && !r.killed && now >= r.killAt {
		r.killed = true
		r.killAt = now
		r.signal(unix.SIGKILL)
	}
	switch {
	case r.killed:
		return r.killAt + r.cell.patience.report - now
	case r.facts.Stop != "":
		return min(r.cell.patience.look, r.killAt-now)
	default:
		return r.nextLook(now)
	}
}

// asleep is how little of a core, in percent, a program uses that waits for something else: input, a clock, a friend.
const asleep = 10

// mindSlot gives the slot back of a program that sleeps. It may do so for as long as its wall-clock limit lets it, and needs
// no core for that; when it wakes it goes on with less weight, which nothing short notices. A program that has used little
// because it got no core is not asleep.
func (r *run) mindSlot(now time.Duration) {
	if elapsed := now - r.minded; elapsed >= r.cell.patience.look {
		if little := (r.facts.CPU-r.used)*100 < elapsed*asleep; little && r.cell.slot.held() {
			if waits, err := r.cell.cgroup.Runnable(); err == nil && !waits {
				r.cell.slot.giveBack()
			}
		}
		r.minded, r.used = now, r.facts.CPU
	}
	r.weigh()
}

// weigh puts the run's CPU weight in force. It is a courtesy to other runs: where the kernel refuses it, all weigh the same.
func (r *run) weigh() { _ = r.cell.cgroup.Apply(cgroup.Limits{CPUWeight: r.cell.slot.weight()}) }

// reason names the first limit that the program is past.
func (r *run) reason(ctx context.Context, now time.Duration) Stop {
	switch {
	case ctx.Err() != nil:
		return StopCancelled
	case r.full.Load():
		return StopOutput
	case r.facts.OOMKills > 0:
		return StopMemory
	case r.facts.ForksDenied >= ForkBomb:
		return StopProcesses
	case now >= r.cmd.Wall:
		return StopWall
	case r.facts.CPU >= r.cmd.CPU:
		return StopCPU
	}
	return ""
}

// stop begins to end the program. The time limits leave it a grace after SIGTERM; every other reason, also one that comes
// up during that grace, is for SIGKILL at once. The first reason is the one that is told.
func (r *run) stop(why Stop, now time.Duration) {
	first := r.facts.Stop == ""
	if first {
		r.facts.Stop = why
	}
	soft := why == StopWall || why == StopCPU
	switch {
	case r.killed || (soft && !first):
	case soft:
		r.killAt = now + r.cmd.Grace
		r.signal(unix.SIGTERM)
	default:
		r.killAt = now
	}
}

func (r *run) signal(s syscall.Signal) {
	// A send that fails means that the agent is gone, which the next receive says as well.
	_ = r.cell.send(wire.KindSignal, wire.Signal{Seq: r.cell.seq, Signal: int(s)}.Append(nil))
}

// nextLook is when the first limit can be reached at the earliest, or the usual interval.
func (r *run) nextLook(now time.Duration) time.Duration {
	cpu := (r.cmd.CPU - r.facts.CPU) * 100 / time.Duration(max(r.cmd.Limits.CPUPercent, 1))
	return max(min(r.cell.patience.look, r.cmd.Wall-now, cpu), time.Millisecond)
}

// drain waits until all output has been written, for a while. Nothing holds a program's pipes once nothing of it is left, but
// for one trick: pipes that were sent over a socket to nobody stay until the kernel looks for such.
func (r *run) drain() {
	deadline := time.Now().Add(r.cell.patience.drain)
	for _, f := range r.outputs {
		_ = f.SetReadDeadline(deadline)
	}
	r.readers.Wait()
}

func (r *run) closeFiles() {
	if r.cmd.Stdin != nil {
		_ = r.cmd.Stdin.Close()
	}
	for _, f := range r.outputs {
		_ = f.Close()
	}
}
