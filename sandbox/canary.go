package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"
)

// Proof is what a canary cell showed about the limits and walls of cells on this host. Empty Failures mean that all hold.
type Proof struct {
	Memory    string // what was measured, for people
	Processes string
	CPU       string
	Walls     string
	Failures  []string
}

// Err is nil when everything holds, else an error that names what does not.
func (p Proof) Err() error {
	if len(p.Failures) == 0 {
		return nil
	}
	return fmt.Errorf("limits are not in force: %s", strings.Join(p.Failures, "; "))
}

// canaryLimits are small, so that the canary is quick, and differ from every default, so that it proves their change too.
var canaryLimits = Limits{Memory: 48 << 20, Processes: 20, CPUPercent: 25, Disk: 16 << 20}

// Canary makes a cell of kind k and lets programs in it run against each limit. k's image needs a shell and the usual small
// tools. An error means that no cell could be made; a cell that does not hold is in the Proof.
func (p *Pool) Canary(ctx context.Context, k Kind) (Proof, error) {
	var proof Proof
	for _, test := range []func(context.Context, *Cell, *Proof) error{provesWalls, provesProcesses, provesCPU, provesMemory} {
		// A cell of its own for each: after a limit has hit, a cell is not to be trusted.
		cell, err := p.Get(ctx, k)
		if err != nil {
			return proof, err
		}
		err = test(ctx, cell, &proof)
		cell.Close()
		if err != nil {
			return proof, fmt.Errorf("canary: %w", err)
		}
	}
	return proof, nil
}

func (proof *Proof) fail(format string, args ...any) {
	proof.Failures = append(proof.Failures, fmt.Sprintf(format, args...))
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

// rootWalls are the lines that must be there.
var walls = map[string]string{
	"Uid:1000100010001000":    "programs do not run as the unprivileged user",
	"CapInh:0000000000000000": "programs have inheritable capabilities",
	"CapPrm:0000000000000000": "programs have capabilities",
	"CapEff:0000000000000000": "programs have effective capabilities",
	"CapAmb:0000000000000000": "programs have ambient capabilities",
	"NoNewPrivs:1":            "no_new_privs is not set",
	"Seccomp:2":               "no seccomp filter is in force",
	"rootfs:ro":               "the root file system is writable",
	"interfaces:lo,":          "there are network interfaces besides lo",
	"userns:refused":          "programs can make user namespaces",
	"root-is-root:no":         "root in a cell is root of the host (no user namespace)",
}

func provesWalls(ctx context.Context, c *Cell, proof *Proof) error {
	_, out, err := canaryRun(ctx, c, 5*time.Second, wallsScript)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for line := range strings.Lines(out) {
		seen[strings.TrimSpace(line)] = true
	}
	for want, otherwise := range walls {
		if !seen[want] {
			proof.fail("%s", otherwise)
		}
	}
	proof.Walls = fmt.Sprintf("%d of %d hold", len(walls)-len(proof.Failures), len(walls))
	return nil
}

func provesProcesses(ctx context.Context, c *Cell, proof *Proof) error {
	facts, _, err := canaryRun(ctx, c, 5*time.Second, `i=0; while [ $i -lt 60 ]; do sleep 10 & i=$((i+1)); done`)
	if err != nil {
		return err
	}
	proof.Processes = fmt.Sprintf("of 60 processes at a limit of %d, forks refused: %d", canaryLimits.Processes, facts.ForksDenied)
	if facts.ForksDenied == 0 {
		proof.fail("the process limit is not in force (60 processes ran at a limit of %d)", canaryLimits.Processes)
	}
	return nil
}

// provesCPU burns for a while: at a quarter of a core the program can't have used half of one. The rest is slack for a
// host that is busy with other things, which can only make the share smaller.
func provesCPU(ctx context.Context, c *Cell, proof *Proof) error {
	facts, _, err := canaryRun(ctx, c, 600*time.Millisecond, `while :; do :; done`)
	if err != nil {
		return err
	}
	share := 100 * facts.CPU.Seconds() / max(facts.Wall.Seconds(), 0.001)
	proof.CPU = fmt.Sprintf("at a limit of %d %% of a core: %.0f %% used", canaryLimits.CPUPercent, share)
	if share > 50 {
		proof.fail("the CPU limit is not in force (%.0f %% used at a limit of %d %%)", share, canaryLimits.CPUPercent)
	}
	return nil
}

func provesMemory(ctx context.Context, c *Cell, proof *Proof) error {
	facts, _, err := canaryRun(ctx, c, 10*time.Second, `head -c 200000000 /dev/zero | tail -n 1 | wc -c`)
	if err != nil {
		return err
	}
	proof.Memory = fmt.Sprintf("at a limit of %d MiB: peak %d MiB, processes killed: %d", canaryLimits.Memory>>20, facts.PeakMemory>>20, facts.OOMKills)
	if facts.OOMKills == 0 || facts.PeakMemory > canaryLimits.Memory {
		proof.fail("the memory limit is not in force (200 MB were kept at a limit of %d MiB)", canaryLimits.Memory>>20)
	}
	return nil
}
