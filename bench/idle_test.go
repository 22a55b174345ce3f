package main

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFootprintIsTheSumOfMedians(t *testing.T) {
	t.Parallel()
	// Per thing, in KB: somebody else took much of the kernel's memory in the second step.
	step := func(processes, monitors, kernel int64) usage {
		return usage{partProcesses: processes * idleAtATime * 1000, partMonitors: monitors * idleAtATime * 1000, partKernel: kernel * idleAtATime * 1000}
	}
	f := footprintOf(sidePaddock, 16, []usage{step(700, 300, 1000), step(800, 300, 90000), step(900, 500, 900)})
	assert.Equal(t, 16, f.Things)
	assert.InDelta(t, 0.8, f.Processes, 1e-9)
	assert.InDelta(t, 0.3, f.Monitors, 1e-9)
	assert.InDelta(t, 1.0, f.Kernel, 1e-9)
	assert.InDelta(t, 2.1, f.Total, 1e-9)
}

func TestRelatedFootprints(t *testing.T) {
	t.Parallel()
	all := related([]footprint{{Side: sidePaddock, Total: 3}, {Side: sideBare, Total: 0.5}, {Side: sidePodman, Total: 1.5}})
	assert.InDelta(t, 6, *all[0].ToBare, 1e-9)
	assert.InDelta(t, 2, *all[0].ToPodman, 1e-9)
	assert.Nil(t, all[1].ToBare)
	assert.InDelta(t, 3, *all[2].ToBare, 1e-9)
	assert.Nil(t, related([]footprint{{Side: sidePaddock, Total: 3}, {Side: sideBare, Total: -0.1}})[0].ToBare, "nothing can be told of that")
}

func TestKibibytes(t *testing.T) {
	t.Parallel()
	meminfo := "MemTotal:       24684096 kB\nSUnreclaim:         10 kB\nKernelStack:         2 kB\n"
	assert.EqualValues(t, 12<<10, kibibytes(meminfo, "SUnreclaim", "KernelStack", "Percpu"), "an old kernel tells less")
	rollup := "55d000000000-7ffe00000000 ---p 00000000 00:00 0    [rollup]\nRss:    2444 kB\nPss:     795 kB\nPss_Dirty:   724 kB\n"
	assert.EqualValues(t, 795<<10, kibibytes(rollup, "Pss"))
}

func TestParentIn(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 7, parentIn("12 (a) S (name) S 7 12 12 0\n"))
	assert.Zero(t, parentIn("nothing"))
	stat, err := os.ReadFile("/proc/self/stat")
	require.NoError(t, err)
	assert.Equal(t, os.Getppid(), parentIn(string(stat)))
}

func TestChildrenOf(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "cat")
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	children, err := childrenOf(os.Getpid())
	require.NoError(t, err)
	assert.Contains(t, children, cmd.Process.Pid)
	require.NoError(t, stdin.Close())
	require.NoError(t, cmd.Wait())
}
