package monitor

// Reading is what one look at the host has found, in percent. What could not be read, is not there, or can only be told by the
// next look, is 0: it says nothing, and calls for nothing.
type Reading struct {
	// What is used.
	CPU    float64 `json:"cpu_percent"`    // of the cores' time since the last look, by others than our cells, a hypervisor too
	Memory float64 `json:"memory_percent"` // of the host's, by anybody: what can't be had without swapping
	Queue  float64 `json:"queue_percent"`  // of Options.MaxWait: how long a newcomer would wait; more than 100 is 100

	// What is missed: the share of the last ten seconds in which somebody stood still for lack of CPU, or everybody for lack of
	// memory, or for a disk.
	CPUStall    float64 `json:"cpu_stall_percent"` // where the kernel does not tell: tasks beyond one for each core, per core
	MemoryStall float64 `json:"memory_stall_percent"`
	IOStall     float64 `json:"io_stall_percent"`

	// Not for the level, but for who wants to see why.
	Ours     float64 `json:"ours_percent"` // of the cores' time since the last look, by our cells: what the machine is for
	RunQueue float64 `json:"run_queue"`    // tasks that run, or wait for a core or a disk, per core; the average of a minute
}

// Cause is what a load is that of.
type Cause string

// The causes.
const (
	CauseCPU    Cause = "cpu"
	CauseMemory Cause = "memory"
	CauseQueue  Cause = "queue"
)

// signals are what can make a level. What is used has a threshold; what is missed of the same has none, and only makes worse
// what is past its threshold: any cell can stand still, at its own limits or for a disk, and no other has to pay for that.
var signals = []struct {
	cause      Cause
	option     string
	use, stall func(*Reading) float64
	threshold  func(*Options) float64
}{
	{CauseCPU, "CPU", func(r *Reading) float64 { return r.CPU }, func(r *Reading) float64 { return r.CPUStall },
		func(o *Options) float64 { return o.CPU }},
	{CauseMemory, "Memory", func(r *Reading) float64 { return r.Memory }, func(r *Reading) float64 { return r.MemoryStall },
		func(o *Options) float64 { return o.Memory }},
	{CauseQueue, "Queue", func(r *Reading) float64 { return r.Queue }, func(r *Reading) float64 { return r.IOStall },
		func(o *Options) float64 { return o.Queue }},
}

// load is that of the worst signal, and which one that is.
func (o *Options) load(r Reading) (worst float64, cause Cause) {
	for _, s := range signals {
		if l := loadOf(s.use(&r), s.stall(&r), s.threshold(o)); l > worst {
			worst, cause = l, s.cause
		}
	}
	return worst, cause
}

// loadOf puts percent on one scale for all signals: 0 at nothing, 1 at the threshold, 3 at 100. Past the threshold what is missed
// counts too: a half more when somebody stands still all the time.
func loadOf(use, stall, threshold float64) float64 {
	if use < threshold {
		return use / threshold
	}
	return 1 + 2*(use-threshold)/(100-threshold) + stall/200
}
