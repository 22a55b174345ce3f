package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Proof is what a canary cell showed about one limit, or about a cell's walls.
type Proof struct {
	Limit    string `json:"limit"` // walls, pids, cpu or memory
	Holds    bool   `json:"holds"`
	Evidence string `json:"evidence"` // what was seen, for people
}

// Proven is nil when every proof holds, else an error that names those that do not.
func Proven(proofs []Proof) error {
	var broken []error
	for _, p := range proofs {
		if !p.Holds {
			broken = append(broken, fmt.Errorf("%s not in force: %s", p.Limit, p.Evidence))
		}
	}
	return errors.Join(broken...)
}

// ourselves are who looks whether cells work.
var ourselves = Tenant{ID: "paddock", Anonymous: true}

// canaryLimits are small, so that the canary is quick, and differ from every default, so that it proves their change too.
var canaryLimits = Limits{Memory: 48 << 20, Processes: 20, CPUPercent: 25, Disk: 16 << 20}

// Canary makes cells of kind k and lets programs in them run against each limit. k's image needs a shell and the usual small
// tools. An error means that a cell could not be made; what does not hold in one that could is in the proofs.
func (p *Pool) Canary(ctx context.Context, k Kind) ([]Proof, error) {
	var proofs []Proof
	for _, prove := range []func(context.Context, *Cell) (Proof, error){proveWalls, provePids, proveCPU, proveMemory} {
		// A cell of its own for each: after a limit has hit, a cell is not to be trusted.
		cell, err := p.Get(ctx, Request{Kind: k, Tenant: ourselves})
		if err != nil {
			return nil, err
		}
		proof, err := prove(ctx, cell)
		cell.Close()
		if err != nil {
			return nil, fmt.Errorf("canary: %w", err)
		}
		proofs = append(proofs, proof)
	}
	return proofs, nil
}

func canaryRun(ctx context.Context, c *Cell, wall time.Duration, script string) (Facts, string, error) {
	var out bytes.Buffer
	facts, err := c.Run(ctx, Command{
		Argv: []string{"/bin/sh", "-c", script}, Env: []string{"PATH=/usr/bin:/bin"}, Stdout: &out, Stderr: &bytes.Buffer{},
		Limits: canaryLimits, Wall: wall, CPU: wall, Grace: 0,
	})
	return facts, out.String(), err
}

// wallsScript prints one line for each wall: what a program sees of its own confinement.
const wallsScript = `grep -E '^(Uid|CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\t'
(: > /etc/paddock-canary) 2>/dev/null && echo rootfs:writable || echo rootfs:ro
echo interfaces:$(tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' ' | sort | tr '\n' ',')
unshare -U true 2>/dev/null && echo userns:allowed || echo userns:refused
read -r inside outside length < /proc/self/uid_map; echo root-is-root:$([ "$outside" = 0 ] && echo yes || echo no)`

// walls are the lines of wallsScript that must be there, and what it means when one is not.
var walls = []struct{ shows, otherwise string }{
	{"Uid:1000100010001000", "programs do not run as the unprivileged user"},
	{"CapInh:0000000000000000", "programs have inheritable capabilities"},
	{"CapPrm:0000000000000000", "programs have capabilities"},
	{"CapEff:0000000000000000", "programs have effective capabilities"},
	{"CapAmb:0000000000000000", "programs have ambient capabilities"},
	{"NoNewPrivs:1", "no_new_privs is not set"},
	{"Seccomp:2", "no seccomp filter is in force"},
	{"rootfs:ro", "the root file system is writable"},
	{"interfaces:lo,", "there are network interfaces besides lo"},
	{"userns:refused", "programs can make user namespaces"},
	{"root-is-root:no", "root in a cell is root of the host (no user namespace)"},
}

func proveWalls(ctx context.Context, c *Cell) (Proof, error) {
	_, out, err := canaryRun(ctx, c, 5*time.Second, wallsScript)
	seen := map[string]bool{}
	for line := range strings.Lines(out) {
		seen[strings.TrimSpace(line)] = true
	}
	var broken []string
	for _, wall := range walls {
		if !seen[wall.shows] {
			broken = append(broken, wall.otherwise)
		}
	}
	evidence := fmt.Sprintf("all %d hold", len(walls))
	if len(broken) > 0 {
		evidence = strings.Join(broken, "; ")
	}
	return Proof{Limit: "walls", Holds: len(broken) == 0, Evidence: evidence}, err
}

func provePids(ctx context.Context, c *Cell) (Proof, error) {
	facts, _, err := canaryRun(ctx, c, 5*time.Second, `i=0; while [ $i -lt 60 ]; do sleep 10 & i=$((i+1)); done`)
	return Proof{Limit: "pids", Holds: facts.ForksDenied > 0,
		Evidence: fmt.Sprintf("60 processes at a limit of %d: %d forks refused", canaryLimits.Processes, facts.ForksDenied)}, err
}

// proveCPU burns for a while: at a quarter of a core the program can't have used half of one. The rest is slack for a
// host that is busy with other things, which can only make the share smaller.
func proveCPU(ctx context.Context, c *Cell) (Proof, error) {
	facts, _, err := canaryRun(ctx, c, 600*time.Millisecond, `while :; do :; done`)
	share := 100 * facts.CPU.Seconds() / max(facts.Wall.Seconds(), 0.001)
	return Proof{Limit: "cpu", Holds: share <= 50,
		Evidence: fmt.Sprintf("%.0f %% of a core used at a limit of %d %%", share, canaryLimits.CPUPercent)}, err
}

// peakSlack is how far a peak may seem to be above the limit: kernels charge memory in batches of up to 64 pages per CPU.
const peakSlack = 4 << 20

func proveMemory(ctx context.Context, c *Cell) (Proof, error) {
	facts, _, err := canaryRun(ctx, c, 10*time.Second, `head -c 200000000 /dev/zero | tail -n 1 | wc -c`)
	return Proof{Limit: "memory", Holds: facts.OOMKills > 0 && facts.PeakMemory <= canaryLimits.Memory+peakSlack,
		Evidence: fmt.Sprintf("200 MB kept at a limit of %d MiB: peak %d MiB, %d processes killed",
			canaryLimits.Memory>>20, facts.PeakMemory>>20, facts.OOMKills)}, err
}

// Probe shows that cells work: it takes one of kind k, warm or new, and runs a program in it.
func (p *Pool) Probe(ctx context.Context, k Kind) error {
	cell, err := p.Get(ctx, Request{Kind: k, Tenant: ourselves})
	if err != nil {
		return err
	}
	defer cell.Close()
	facts, _, err := canaryRun(ctx, cell, probeLimit, "exit 0")
	if err == nil && (facts.Status != 0 || facts.Stop != "" || facts.Failure != "") {
		err = fmt.Errorf("a program in a cell ended with status %d %s%s", facts.Status, facts.Stop, facts.Failure)
	}
	return err
}

// probeLimit is far longer than a shell takes to say nothing, on the busiest host.
const probeLimit = 5 * time.Second
