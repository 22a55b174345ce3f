package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"paddock/sandbox/wire"
)

// soon is a limit that the programs of these tests run into; far is one that they do not.
const (
	soon = 20 * time.Millisecond
	far  = time.Minute
)

// command is a program that nothing stands in the way of.
func command() Command {
	return Command{
		Argv: []string{"true"}, Stdout: io.Discard, Stderr: io.Discard,
		Limits: Limits{Memory: 64 << 20, Processes: 5, CPUPercent: 50}, Wall: far, CPU: far, Grace: far,
	}
}

// cell makes a cell in which every program is a call of run.
func cell(t *testing.T, run func(h *host, a *fakeAgent, p program)) (*Cell, *host) {
	t.Helper()
	h := newHost(t)
	h.engine.agent = func(a *fakeAgent) {
		a.serve(func(a *fakeAgent, p program) { run(h, a, p) })
	}
	h.start(t, Options{MaxCells: 1})
	c := h.mustGet(t, kind("python", 0))
	c.patience = patience{look: soon, report: soon, drain: far}
	return c, h
}

func TestRun(t *testing.T) {
	execs, stdins := make(chan wire.Exec, 1), make(chan string, 1)
	c, h := cell(t, func(_ *host, a *fakeAgent, p program) {
		stdin, _ := io.ReadAll(p.in)
		execs <- p.Exec
		stdins <- string(stdin)
		_, _ = p.out.WriteString("to stdout")
		_, _ = p.err.WriteString("to stderr")
		a.exit(wire.Exit{Seq: p.Seq, Status: 3})
	})
	in, w, err := os.Pipe()
	require.NoError(t, err)
	go func() {
		_, _ = w.WriteString("to stdin")
		_ = w.Close()
	}()
	var out, errOut bytes.Buffer
	cmd := command()
	cmd.Argv, cmd.Env, cmd.Files = []string{"cat", "-"}, []string{"A=1"}, []wire.File{{Path: "a/b", Data: []byte("x")}}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, &out, &errOut

	facts, err := c.Run(t.Context(), cmd)
	require.NoError(t, err)
	assert.Equal(t, 3, facts.Status)
	assert.Empty(t, facts.Stop)
	assert.Positive(t, facts.Wall)
	assert.Zero(t, facts.PeakMemory, "it has used nothing of its own")
	assert.Equal(t, wire.Exec{Seq: 1, Argv: cmd.Argv, Env: cmd.Env, Files: cmd.Files}, <-execs)
	assert.Equal(t, "to stdin", <-stdins)
	assert.Equal(t, "to stdout", out.String())
	assert.Equal(t, "to stderr", errOut.String())
	assert.Equal(t, Idle, c.State())

	limits, err := os.ReadFile(h.cgroupFile("cpu.max"))
	require.NoError(t, err)
	assert.Equal(t, "50000 100000", string(limits), "the run's own limits are in force")

	cmd.Stdin = nil
	facts, err = c.Run(t.Context(), cmd)
	require.NoError(t, err)
	assert.Equal(t, uint64(2), (<-execs).Seq)
	assert.Empty(t, <-stdins, "no input is an empty one")
	assert.Equal(t, 3, facts.Status)
	assert.Equal(t, "to stdoutto stdout", out.String())
}

func TestRunTellsWhatTheAgentSays(t *testing.T) {
	says := []wire.Exit{{Seq: 1, Status: 255}, {Seq: 2, Signal: 11}, {Seq: 3, Failure: "start x: no such file"}}
	c, _ := cell(t, func(_ *host, a *fakeAgent, p program) { a.exit(says[p.Seq-1]) })
	for _, m := range says {
		facts, err := c.Run(t.Context(), command())
		require.NoError(t, err)
		assert.Equal(t, Facts{Status: m.Status, Signal: m.Signal, Failure: m.Failure, PeakMemory: facts.PeakMemory, Wall: facts.Wall}, facts)
	}
}

func TestRunCountsDifferences(t *testing.T) {
	c, h := cell(t, func(h *host, a *fakeAgent, p program) {
		h.counts("cpu.stat", "usage_usec 5000\n")
		h.counts("memory.peak", "5345678\n")
		h.counts("pids.events", "max 3\n")
		a.exit(wire.Exit{Seq: p.Seq})
	})
	h.counts("memory.events", "oom_kill 5\n")
	for _, want := range []Facts{{CPU: 3 * time.Millisecond, PeakMemory: 3000000, ForksDenied: 3}, {PeakMemory: 5000000}} {
		facts, err := c.Run(t.Context(), command())
		require.NoError(t, err)
		facts.Wall = 0
		assert.Equal(t, want, facts, "what was counted before is no part of it")
	}
}

// What a run used is at least what its largest process did, as the agent says, and never more than it may.
func TestThePeakIsAtLeastTheLargestProcess(t *testing.T) {
	sizes := []int64{12 << 20, 1 << 50}
	c, _ := cell(t, func(_ *host, a *fakeAgent, p program) { a.exit(wire.Exit{Seq: p.Seq, MaxRSS: sizes[p.Seq-1]}) })
	cmd := command()
	for _, want := range []int64{12 << 20, cmd.Limits.Memory} {
		facts, err := c.Run(t.Context(), cmd)
		require.NoError(t, err)
		assert.Equal(t, want, facts.PeakMemory)
	}
}

func TestAFrameTooLargeGoesBeside(t *testing.T) {
	big := bytes.Repeat([]byte("0123456789abcdef"), wire.MaxBody/8)
	got := make(chan []byte, 1)
	c, _ := cell(t, func(_ *host, a *fakeAgent, p program) {
		assert.True(t, a.spilled)
		got <- p.Files[0].Data
		a.exit(wire.Exit{Seq: p.Seq})
	})
	cmd := command()
	cmd.Files = []wire.File{{Path: "big", Data: big}}
	_, err := c.Run(t.Context(), cmd)
	require.NoError(t, err)
	assert.Equal(t, big, <-got)
}

// Programs must share no open file: by its flags those of two tenants could tell each other things.
func TestRunsShareNoOpenFile(t *testing.T) {
	c, _ := cell(t, func(_ *host, a *fakeAgent, p program) {
		flags, err := unix.FcntlInt(p.in.Fd(), unix.F_GETFL, 0)
		if err != nil || flags&unix.O_APPEND != 0 {
			a.exit(wire.Exit{Seq: p.Seq, Status: 1})
			return
		}
		_, _ = unix.FcntlInt(p.in.Fd(), unix.F_SETFL, flags|unix.O_APPEND)
		a.exit(wire.Exit{Seq: p.Seq})
	})
	for range 2 {
		facts, err := c.Run(t.Context(), command())
		require.NoError(t, err)
		assert.Zero(t, facts.Status)
	}
}

// The program's ends of its pipes are like any other: a reader or writer that knows nothing of O_NONBLOCK can use them, and
// they can be opened again by name, the outputs only to write.
func TestTheProgramsEnds(t *testing.T) {
	c, _ := cell(t, func(_ *host, a *fakeAgent, p program) {
		for i, f := range a.open {
			info, err := f.Stat()
			assert.NoError(t, err)
			assert.Equal(t, []os.FileMode{0o644, 0o622, 0o622}[i], info.Mode().Perm())
			flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
			assert.NoError(t, err)
			assert.Zero(t, flags&unix.O_NONBLOCK)
		}
		a.exit(wire.Exit{Seq: p.Seq})
	})
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer w.Close()
	cmd := command()
	cmd.Stdin = r
	_, err = c.Run(t.Context(), cmd)
	require.NoError(t, err)
}

// dies is a program that ends by the first signal.
func dies(_ *host, a *fakeAgent, p program) {
	if s := a.signal(); s != 0 {
		a.exit(wire.Exit{Seq: p.Seq, Signal: int(s)})
	}
}

// stubborn is a program that only SIGKILL ends.
func stubborn(_ *host, a *fakeAgent, p program) {
	for s := a.signal(); s != 0; s = a.signal() {
		if s == unix.SIGKILL {
			a.exit(wire.Exit{Seq: p.Seq, Signal: int(s)})
			return
		}
	}
}

// cleansUp is a program that takes its time over SIGTERM; another signal meanwhile ends it.
func cleansUp(_ *host, a *fakeAgent, p program) {
	a.signal()
	_ = a.conn.SetReadDeadline(time.Now().Add(2 * soon))
	second := a.signal()
	_ = a.conn.SetReadDeadline(time.Time{})
	a.exit(wire.Exit{Seq: p.Seq, Signal: int(second)})
}

// uses is a program that lets the kernel count something, and ends by the first signal.
func uses(name, text string) func(*host, *fakeAgent, program) {
	return func(h *host, a *fakeAgent, p program) {
		h.counts(name, text)
		dies(h, a, p)
	}
}

func TestLimits(t *testing.T) {
	const term, kill = int(unix.SIGTERM), int(unix.SIGKILL)
	for name, c := range map[string]struct {
		run    func(*host, *fakeAgent, program)
		wall   time.Duration
		cpu    time.Duration
		grace  time.Duration
		stop   Stop
		signal int
	}{
		"wall":                 {dies, soon, far, far, StopWall, term},
		"wall, and its grace":  {cleansUp, soon, far, far, StopWall, 0},
		"wall, stubborn":       {stubborn, soon, far, soon, StopWall, kill},
		"wall, no grace":       {stubborn, soon, far, 0, StopWall, kill},
		"cpu":                  {uses("cpu.stat", "usage_usec 12000\n"), far, 10 * time.Millisecond, far, StopCPU, term},
		"memory":               {uses("memory.events", "oom_kill 1\n"), far, far, far, StopMemory, kill},
		"processes":            {uses("pids.events", fmt.Sprintf("max %d\n", ForkBomb)), far, far, far, StopProcesses, kill},
		"memory weighs more":   {uses("memory.events", "oom_kill 1\n"), soon, far, far, StopMemory, kill},
		"memory in the grace":  {inTheGrace("memory.events", "oom_kill 1\n"), soon, far, far, StopWall, kill},
		"cpu during the grace": {inTheGrace("cpu.stat", "usage_usec 99000000\n"), soon, 90 * time.Second, 10 * soon, StopWall, kill},
	} {
		t.Run(name, func(t *testing.T) {
			cell, _ := cell(t, c.run)
			cell.patience.report = far
			cmd := command()
			cmd.Wall, cmd.CPU, cmd.Grace = c.wall, c.cpu, c.grace
			facts, err := cell.Run(t.Context(), cmd)
			require.NoError(t, err)
			assert.Equal(t, c.stop, facts.Stop)
			assert.Equal(t, c.signal, facts.Signal)
			if c.stop == StopWall {
				assert.GreaterOrEqual(t, facts.Wall, c.wall)
			}
			assert.Equal(t, Idle, cell.State(), "the agent has said that nothing is left of it")
		})
	}
}

// inTheGrace counts something after SIGTERM, which the program ignores.
func inTheGrace(name, text string) func(*host, *fakeAgent, program) {
	return func(h *host, a *fakeAgent, p program) {
		if a.signal() == unix.SIGTERM {
			h.counts(name, text)
		}
		stubborn(h, a, p)
	}
}

func TestAFewRefusedForksAreTheProgramsOwnBusiness(t *testing.T) {
	c, _ := cell(t, func(h *host, a *fakeAgent, p program) {
		h.counts("pids.events", fmt.Sprintf("max %d\n", ForkBomb-1))
		dies(h, a, p)
	})
	cmd := command()
	c.patience.look = soon / 2
	cmd.Wall = soon
	facts, err := c.Run(t.Context(), cmd)
	require.NoError(t, err)
	assert.Equal(t, StopWall, facts.Stop)
	assert.Equal(t, int64(ForkBomb-1), facts.ForksDenied)
}

func TestCancel(t *testing.T) {
	running := make(chan struct{}, 1)
	c, _ := cell(t, func(h *host, a *fakeAgent, p program) {
		running <- struct{}{}
		dies(h, a, p)
	})
	c.patience.look = far // it is seen at once all the same
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-running
		cancel()
	}()
	facts, err := c.Run(ctx, command())
	require.NoError(t, err)
	assert.Equal(t, StopCancelled, facts.Stop)
	assert.Equal(t, int(unix.SIGKILL), facts.Signal, "nobody waits for a grace")
	assert.Less(t, facts.Wall, far/2)

	facts, err = c.Run(ctx, command())
	require.NoError(t, err)
	assert.Equal(t, StopCancelled, facts.Stop, "cancelled before it began")
}

func TestTheFirstReasonIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, _ := cell(t, func(h *host, a *fakeAgent, p program) {
		if a.signal() == unix.SIGTERM {
			cancel()
		}
		stubborn(h, a, p)
	})
	cmd := command()
	cmd.Wall = soon
	facts, err := c.Run(ctx, cmd)
	require.NoError(t, err)
	assert.Equal(t, StopWall, facts.Stop)
	assert.Equal(t, int(unix.SIGKILL), facts.Signal, "and the cancellation ends its grace")
}

// limited takes so many bytes and refuses the rest.
type limited struct {
	bytes.Buffer
	most int
}

func (l *limited) Write(p []byte) (int, error) {
	n, _ := l.Buffer.Write(p[:min(len(p), l.most-l.Len())])
	if n < len(p) {
		return n, io.ErrShortWrite
	}
	return n, nil
}

func TestOutputLimit(t *testing.T) {
	c, _ := cell(t, func(_ *host, a *fakeAgent, p program) {
		ended := make(chan struct{})
		go func() { // as a program would: it writes on until it is killed
			defer close(ended)
			line := bytes.Repeat([]byte("y\n"), 4<<10)
			for range 256 {
				if _, err := p.out.Write(line); err != nil {
					return
				}
			}
		}()
		signal := a.signal()
		<-ended // nobody is kept from ending by a full pipe
		a.exit(wire.Exit{Seq: p.Seq, Signal: int(signal)})
	})
	c.patience.look = far // it is seen at once all the same
	out := &limited{most: 10000}
	cmd := command()
	cmd.Stdout = out
	facts, err := c.Run(t.Context(), cmd)
	require.NoError(t, err)
	assert.Equal(t, StopOutput, facts.Stop)
	assert.Equal(t, int(unix.SIGKILL), facts.Signal)
	assert.Equal(t, 10000, out.Len(), "what came before is kept")
	assert.Less(t, facts.Wall, far/2)
}

// All that a program wrote has been written on when Run returns, however fast the program was gone.
func TestOutputIsWhole(t *testing.T) {
	const size = 60 << 10 // a pipe holds it
	c, _ := cell(t, func(_ *host, a *fakeAgent, p program) {
		_, _ = p.out.Write(make([]byte, size))
		_, _ = p.err.Write(make([]byte, size))
		a.exit(wire.Exit{Seq: p.Seq})
	})
	for range 20 {
		var out, errOut bytes.Buffer
		cmd := command()
		cmd.Stdout, cmd.Stderr = &out, &errOut
		_, err := c.Run(t.Context(), cmd)
		require.NoError(t, err)
		require.Equal(t, []int{size, size}, []int{out.Len(), errOut.Len()})
	}
}

func TestAgentsThatGoAstray(t *testing.T) {
	for name, run := range map[string]func(*host, *fakeAgent, program){
		"dies": func(_ *host, a *fakeAgent, _ program) { a.closeFiles(); _ = a.conn.Close() },
		"reports another run": func(_ *host, a *fakeAgent, p program) {
			a.send(wire.KindExit, wire.Exit{Seq: p.Seq + 1}.Append(nil))
			a.hang()
		},
		"reports the run before": func(_ *host, a *fakeAgent, p program) {
			a.send(wire.KindExit, wire.Exit{Seq: p.Seq - 1}.Append(nil))
			a.hang()
		},
		"reports nonsense":      func(_ *host, a *fakeAgent, _ program) { a.send(wire.KindExit, []byte{0xff}); a.hang() },
		"says hello again":      func(_ *host, a *fakeAgent, _ program) { a.send(wire.KindHello, nil); a.hang() },
		"asks us to run":        func(_ *host, a *fakeAgent, p program) { a.send(wire.KindExec, p.Append(nil)); a.hang() },
		"speaks something else": func(_ *host, a *fakeAgent, _ program) { _, _ = a.conn.Write([]byte("hello")); a.hang() },
		"says a lot": func(_ *host, a *fakeAgent, p program) {
			a.send(wire.KindExit, wire.Exit{Seq: p.Seq, Failure: string(make([]byte, wire.MaxBody-16))}.Append(nil))
			a.hang()
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := cell(t, run)
			began := time.Now()
			facts, err := c.Run(t.Context(), command())
			require.ErrorIs(t, err, ErrCellLost)
			assert.ErrorContains(t, err, c.Name())
			assert.Equal(t, Removed, c.State(), "at once, and with all that runs in it")
			assert.Empty(t, facts.Stop)
			assert.Less(t, time.Since(began), far)
			_, err = c.Run(t.Context(), command())
			assert.ErrorContains(t, err, "is removed and can't become running")
		})
	}
}

// An agent that talks without end can't put off its program's time limit.
func TestAnAgentThatTalksWithoutEnd(t *testing.T) {
	c, _ := cell(t, func(_ *host, a *fakeAgent, _ program) {
		for {
			if _, err := a.conn.Write([]byte{wire.Version, byte(wire.KindHello), 0}); err != nil {
				a.closeFiles()
				return
			}
		}
	})
	cmd := command()
	cmd.Wall = soon
	_, err := c.Run(t.Context(), cmd)
	assert.ErrorIs(t, err, ErrCellLost)
}

// Where the host has stopped a program, or its memory was used up, that is what became of it, whatever its agent did then.
func TestALostAgentAfterALimit(t *testing.T) {
	for name, c := range map[string]struct {
		run  func(*host, *fakeAgent, program)
		stop Stop
	}{
		"never reports after SIGKILL": {func(_ *host, a *fakeAgent, _ program) { a.hang() }, StopWall},
		"dies by the limit": {func(_ *host, a *fakeAgent, _ program) {
			a.signal()
			a.closeFiles()
			_ = a.conn.Close()
		}, StopWall},
		"reports nonsense then": {func(_ *host, a *fakeAgent, _ program) {
			a.signal()
			a.send(wire.KindExit, nil)
			a.hang()
		}, StopWall},
		"killed for its memory": {func(h *host, a *fakeAgent, _ program) {
			h.counts("memory.events", "oom_kill 1\n")
			a.closeFiles()
			_ = a.conn.Close()
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cell, _ := cell(t, c.run)
			cmd := command()
			if c.stop == StopWall {
				cmd.Wall, cmd.Grace = soon, soon
			}
			facts, err := cell.Run(t.Context(), cmd)
			require.NoError(t, err)
			assert.Equal(t, c.stop, facts.Stop)
			assert.Equal(t, c.stop == "", facts.OOMKills == 1)
			assert.Equal(t, Removed, cell.State())
		})
	}
}

// A pipe that is still open after the report is held by something that should not be there.
func TestOutputThatGoesOnAfterTheEnd(t *testing.T) {
	c, _ := cell(t, func(_ *host, a *fakeAgent, p program) {
		left := a.open
		a.open = nil
		a.exit(wire.Exit{Seq: p.Seq})
		a.open = left
		a.hang()
	})
	c.patience.drain = soon
	facts, err := c.Run(t.Context(), command())
	require.NoError(t, err, "the program has ended, and what it wrote is here")
	assert.Zero(t, facts.Status)
	assert.Equal(t, Removed, c.State(), "but the cell is not to be trusted")
}

func TestRunInACellThatIsGone(t *testing.T) {
	for name, end := range map[string]func(h *host, c *Cell){
		"closed":      func(_ *host, c *Cell) { c.Close() },
		"died":        func(h *host, c *Cell) { h.engine.containers[c.Name()].kill() },
		"not limited": func(h *host, _ *Cell) { _ = os.Remove(h.cgroupFile("pids.max")) },
		"not counted": func(h *host, _ *Cell) { h.counts("cpu.stat", "no such thing") },
	} {
		t.Run(name, func(t *testing.T) {
			c, h := cell(t, func(*host, *fakeAgent, program) {})
			end(h, c)
			r, w, err := os.Pipe()
			require.NoError(t, err)
			defer w.Close()
			cmd := command()
			cmd.Stdin = r
			_, err = c.Run(t.Context(), cmd)
			require.Error(t, err)
			assert.Equal(t, Removed, c.State())
			assert.ErrorIs(t, r.Close(), os.ErrClosed, "Run closes stdin whatever happens")
		})
	}
}

// What an earlier phase left in memory may be more than this one may use: that is the program's doing, not ours.
func TestALimitBelowWhatIsInUse(t *testing.T) {
	c, h := cell(t, func(*host, *fakeAgent, program) { t.Error("it was started") })
	require.NoError(t, os.WriteFile(h.cgroupFile("memory.current"), []byte("99000000\n"), 0o600))
	facts, err := c.Run(t.Context(), command())
	require.NoError(t, err)
	assert.Equal(t, Facts{Stop: StopMemory}, facts)
	assert.Equal(t, Removed, c.State())
}

func TestACgroupThatCannotBeReadAtTheEnd(t *testing.T) {
	c, _ := cell(t, func(h *host, a *fakeAgent, p program) {
		h.counts("cpu.stat", "no such thing")
		a.exit(wire.Exit{Seq: p.Seq})
	})
	_, err := c.Run(t.Context(), command())
	assert.ErrorIs(t, err, ErrCellLost, "a run that can't be accounted is none")
}

func TestRunsOneAtATime(t *testing.T) {
	running, goOn := make(chan struct{}), make(chan struct{})
	c, _ := cell(t, func(_ *host, a *fakeAgent, p program) {
		close(running)
		<-goOn
		a.exit(wire.Exit{Seq: p.Seq})
	})
	var first sync.WaitGroup
	first.Go(func() {
		_, err := c.Run(t.Context(), command())
		assert.NoError(t, err)
	})
	<-running
	_, err := c.Run(t.Context(), command())
	assert.ErrorContains(t, err, "is running and can't become running")
	close(goOn)
	first.Wait()
}

func TestReason(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	cmd := Command{Wall: time.Second, CPU: time.Second}
	for name, c := range map[string]struct {
		ctx   context.Context
		facts Facts
		full  bool
		now   time.Duration
		want  Stop
	}{
		"none":                {t.Context(), Facts{CPU: time.Second - 1, ForksDenied: ForkBomb - 1}, false, time.Second - 1, ""},
		"wall":                {t.Context(), Facts{}, false, time.Second, StopWall},
		"cpu":                 {t.Context(), Facts{CPU: time.Second}, false, 0, StopCPU},
		"wall before cpu":     {t.Context(), Facts{CPU: time.Second}, false, time.Second, StopWall},
		"processes":           {t.Context(), Facts{ForksDenied: ForkBomb, CPU: time.Second}, false, time.Second, StopProcesses},
		"memory":              {t.Context(), Facts{OOMKills: 1, ForksDenied: ForkBomb}, false, time.Second, StopMemory},
		"output":              {t.Context(), Facts{OOMKills: 1}, true, time.Second, StopOutput},
		"cancelled above all": {cancelled, Facts{OOMKills: 1}, true, time.Second, StopCancelled},
	} {
		r := &run{cmd: cmd, facts: c.facts}
		r.full.Store(c.full)
		assert.Equal(t, c.want, r.reason(c.ctx, c.now), name)
	}
}

func TestNextLook(t *testing.T) {
	const ms = time.Millisecond
	for name, c := range map[string]struct {
		cmd  Command
		used time.Duration
		now  time.Duration
		want time.Duration
	}{
		"as usual":               {Command{Wall: far, CPU: far, Limits: Limits{CPUPercent: 100}}, 0, 0, usualPatience.look},
		"at the wall limit":      {Command{Wall: 30 * ms, CPU: far, Limits: Limits{CPUPercent: 100}}, 0, 10 * ms, 20 * ms},
		"by four cores at once":  {Command{Wall: far, CPU: 100 * ms, Limits: Limits{CPUPercent: 400}}, 20 * ms, 0, 20 * ms},
		"never at once":          {Command{Wall: far, CPU: 20 * ms, Limits: Limits{CPUPercent: 100}}, 20 * ms, 0, ms},
		"without a limit of CPU": {Command{Wall: far, CPU: far}, 0, 0, usualPatience.look},
	} {
		r := &run{cell: &Cell{patience: usualPatience}, cmd: c.cmd, facts: Facts{CPU: c.used}}
		assert.Equal(t, c.want, r.nextLook(c.now), name)
	}
}

func TestLimitsOfACell(t *testing.T) {
	l := Limits{Memory: 1 << 20, Processes: 10, CPUPercent: 150}
	assert.Equal(t, 150*time.Millisecond, l.CPUQuota())
	assert.Equal(t, int64(10+agentProcesses), l.cgroup().Processes, "the agent has some of its own")
	assert.Equal(t, l.Memory, l.cgroup().Memory)
}

// Writers are called by one goroutine each; their error ends the program, also when it comes with the last byte.
func TestAnErrorWithTheLastByte(t *testing.T) {
	c, _ := cell(t, func(_ *host, a *fakeAgent, p program) {
		_, _ = p.out.WriteString("last")
		a.exit(wire.Exit{Seq: p.Seq})
	})
	cmd := command()
	cmd.Stdout = failing{}
	_, err := c.Run(t.Context(), cmd)
	assert.NoError(t, err, "the program had ended")
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no") }
