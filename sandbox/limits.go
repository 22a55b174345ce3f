package sandbox

import (
	"time"

	"paddock/sandbox/cgroup"
)

// Limits bound a whole cell: every process in it together.
type Limits struct {
	Memory     int64 // bytes, the tmpfs mounts included; there is no swap
	Processes  int64 // processes and threads of the program
	CPUPercent int64 // of one core: 150 is one and a half
	Disk       int64 // bytes, of each writable mount and of any one file
}

// CPUPeriod is over how much wall time the CPU limit is counted: the kernel's default.
const CPUPeriod = 100 * time.Millisecond

// OpenFiles is the limit of descriptors a process in a cell may hold.
const OpenFiles = 1024

// agentProcesses is what the cell itself needs of its process limit: the agent's threads (two of its own, the Go runtime's
// monitor and one or two of its collector) and the moment between a fork and its exec.
const agentProcesses = 8

// CgroupPids is the process limit of the cell's cgroup: the program's own and what the agent needs.
func (l Limits) CgroupPids() int64 { return l.Processes + agentProcesses }

// CPUQuota is the CPU time allowed in each CPUPeriod.
func (l Limits) CPUQuota() time.Duration { return CPUPeriod * time.Duration(l.CPUPercent) / 100 }

func (l Limits) cgroup() cgroup.Limits {
	return cgroup.Limits{Memory: l.Memory, Processes: l.CgroupPids(), CPUQuota: l.CPUQuota(), CPUPeriod: CPUPeriod}
}
