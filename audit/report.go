// Package audit says how well a cell holds. A small program (cmd/paddock-audit) runs inside a real cell as any submitted program
// would, tries what a hostile one would try, and says what it saw; the host looks at that program from outside, and judges.
//
// What comes out of a cell is a claim. Where the host can see a fact by itself (capabilities, seccomp, namespaces, user ids) it
// judges by what it sees; the rest is what the program tried: a probe that got through, or one that nobody answered for, is a
// finding. Nothing the program tries does harm where it gets through.
//
// The parts: a Witness is what the host sets out to be reached, and must not be; Settings tell the program where to look; Parse
// reads what it says; Observe is the host's own look; Judge makes the Scorecard, by the table of checks.
package audit

import (
	"encoding/json"
	"errors"
	"fmt"
)

// MaxReport is the most bytes a report may have. A real one has some 20 KB.
const MaxReport = 1 << 20

// Got is how a probe ends that was not refused. Everything else is the name of an errno (EPERM), or one of those below.
const (
	Got    = "ok"
	Killed = "killed" // the filter ended the process
	Absent = "absent" // this kind of machine has no such system call
	Masked = "masked" // the file is the null device
)

// Settings tell the program inside where to look. They travel as its only argument, in JSON, which is also how the host finds the
// process: the mark is random.
type Settings struct {
	Mark  string    `json:"mark"`
	Reach []Address `json:"reach"` // what to try to connect to
	// Neighbour says to leave traces for another cell to find, instead of looking for them.
	Neighbour bool `json:"neighbour"`
}

// Address is of network unix, tcp or udp. A connect over UDP sends nothing: it asks the kernel whether there is a way.
type Address struct {
	Network string `json:"network"`
	Address string `json:"address"` // a path, @ and an abstract name, or IP:port
	What    string `json:"what"`
}

// Report is what the program saw. Probes are by what was probed, each with how it ended.
type Report struct {
	Status      map[string]string `json:"status"` // of /proc/self/status
	Namespaces  map[string]string `json:"namespaces"`
	Mountinfo   string            `json:"mountinfo"`
	Cgroups     []string          `json:"cgroups"` // lines of /proc/self/cgroup
	Names       map[string]string `json:"names"`   // of the machine, by where they stand
	Environ     []string          `json:"environ"`
	Descriptors map[string]string `json:"descriptors"`  // open at the start
	Processes   map[string]string `json:"processes"`    // names, by pid
	Read        map[string]string `json:"read"`         // Got where there was something to read
	Write       map[string]string `json:"write"`        // opened for writing
	KernelFiles []string          `json:"kernel_files"` // below /proc and /sys that could be written to
	Writable    []string          `json:"writable"`     // elsewhere; what is below one that is named is not
	Devices     []string          `json:"devices"`      // path, type, major:minor
	Privileged  []string          `json:"privileged"`   // files with set-id bits or capabilities
	Sockets     []string          `json:"sockets"`      // files that are sockets
	Complete    bool              `json:"complete"`     // the walk through all files came to its end
	Interfaces  []string          `json:"interfaces"`
	Routes      []string          `json:"routes"` // of other interfaces than lo
	Nameservers []string          `json:"nameservers"`
	Abstract    []string          `json:"abstract"` // abstract sockets in /proc/net/unix
	Reached     map[string]string `json:"reached"`  // by Address.What
	Traces      map[string]string `json:"traces"`   // of the neighbour
	Syscalls    map[string]string `json:"syscalls"`
	MemfdExec   string            `json:"memfd_exec"`
}

// ErrMalformed is wrapped by Parse's errors.
var ErrMalformed = errors.New("malformed audit report")

// Parse reads a report: bytes that nobody vouches for.
func Parse(data []byte) (Report, error) {
	var r Report
	if len(data) > MaxReport {
		return r, fmt.Errorf("%w: more than %d bytes", ErrMalformed, MaxReport)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return Report{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return r, nil
}
