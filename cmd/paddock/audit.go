package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"paddock/audit"
	"paddock/sandbox"
	"paddock/sandbox/wire"
)

// auditCommand is `paddock doctor --audit`: it prints the scorecard and exits 1 when something was found.
func (e *env) auditCommand(c *cobra.Command, config Config, language string, asJSON bool) error {
	var card audit.Scorecard
	err := withBase(c.Context(), config, func(a *app) (err error) {
		card, err = a.audit(c.Context(), language)
		return err
	})
	if err != nil {
		return err
	}
	write := card.WriteText
	if asJSON {
		write = card.WriteJSON
	}
	if err := write(e.out); err != nil {
		return err
	}
	if card.Findings() > 0 {
		return exitError(exitFailed)
	}
	return nil
}

// audit audits a cell of a language's image, on the OCI runtime that a server would use.
func (a *app) audit(ctx context.Context, language string) (card audit.Scorecard, err error) {
	kind, err := a.auditKind(language)
	if err != nil {
		return audit.Scorecard{}, err
	}
	program, err := auditProgram(a.config)
	if err != nil {
		return audit.Scorecard{}, err
	}
	if _, err := a.tryRuntimes(ctx); err != nil {
		return audit.Scorecard{}, err
	}
	err = a.withOwnPool(ctx, auditCells, func(p *sandbox.Pool) (err error) {
		s := &auditing{pool: p, kind: kind, program: program, rootless: a.engine.Rootless}
		card, err = s.run(ctx)
		return err
	})
	return card, err
}

func (a *app) auditKind(language string) (sandbox.Kind, error) {
	l, ok := a.languages.Find(language)
	if !ok {
		return sandbox.Kind{}, fmt.Errorf("--audit %s: no such language; `paddock languages` lists them", language)
	}
	if _, ok := a.installed.version(l.Name); !ok {
		return sandbox.Kind{}, fmt.Errorf("--audit %s: it has no image yet; build it with: paddock images build %s", language, l.Name)
	}
	return sandbox.Kind{Name: l.Name, Image: a.installed.imageOf(l), Limits: a.cellLimits()}, nil
}

// auditProgram reads the program that runs in the cell. It lies beside the agent.
func auditProgram(c Config) ([]byte, error) {
	beside := c.Sandbox.Agent
	if beside == "" {
		var err error
		if beside, err = os.Executable(); err != nil {
			return nil, err
		}
	}
	data, err := os.ReadFile(filepath.Join(filepath.Dir(beside), audit.Program))
	if err != nil {
		return nil, fmt.Errorf("the audit's program: %w; build it with ./scripts/build", err)
	}
	return data, nil
}

// auditCells are the one that is audited and its neighbour.
const auditCells = 2

// auditTime is far longer than an audit takes: some seconds, most of them for looking through an image of a gigabyte.
const auditTime = 2 * time.Minute

// auditing is one audit.
type auditing struct {
	pool     *sandbox.Pool
	kind     sandbox.Kind
	program  []byte
	rootless bool
}

// run audits a cell while a neighbour and the host have left something for it to find.
func (s *auditing) run(ctx context.Context) (card audit.Scorecard, err error) {
	ctx, cancel := context.WithTimeout(ctx, auditTime)
	defer cancel()
	witness, err := audit.NewWitness()
	if err != nil {
		return card, err
	}
	defer func() { err = errors.Join(err, witness.Close()) }()
	audited, neighbour := witness.Settings(), witness.Neighbour()
	n, err := s.visit(ctx, neighbour)
	if err != nil {
		return card, fmt.Errorf("the neighbour: %w", err)
	}
	defer n.leave()
	v, err := s.visit(ctx, audited)
	if err != nil {
		return card, err
	}
	defer v.leave()
	report, err := audit.Parse(v.said.text())
	if err != nil {
		return card, err
	}
	host, err := audit.Observe(audited, &neighbour, auditEnviron)
	host.Rootless = s.rootless
	return audit.Judge(report, host), err
}

// auditEnviron is what the program is given.
var auditEnviron = []string{"PATH=/usr/bin:/bin", "HOME=" + wire.BoxDir, "TMPDIR=/tmp"}

// visit starts the audit's program in a cell and returns when it has said what it has to say. It stays until leave.
func (s *auditing) visit(ctx context.Context, settings audit.Settings) (*visitor, error) {
	cell, err := s.pool.Get(ctx, sandbox.Request{Kind: s.kind, Tenant: sandbox.Tenant{ID: "audit", Anonymous: true}})
	if err != nil {
		return nil, err
	}
	stdin, hold, err := os.Pipe()
	if err != nil {
		cell.Close()
		return nil, err
	}
	v := &visitor{said: newLine(), hold: hold, ended: make(chan struct{})}
	var stderr bytes.Buffer
	go func() {
		defer close(v.ended)
		defer cell.Close()
		facts, err := cell.Run(ctx, sandbox.Command{
			Argv: []string{wire.BoxDir + "/" + audit.Program, settings.Argument()}, Env: auditEnviron,
			Files: []wire.File{{Path: audit.Program, Data: s.program}},
			Stdin: stdin, Stdout: v.said, Stderr: &stderr, Limits: s.kind.Limits, Wall: auditTime, CPU: auditTime,
		})
		v.failure = fmt.Errorf("the audit's program ended early, with status %d %s%s: %.500q",
			facts.Status, facts.Stop, facts.Failure, &stderr)
		if err != nil {
			v.failure = err
		}
	}()
	select {
	case <-v.said.done:
		return v, nil
	case <-v.ended:
		_ = hold.Close()
		return nil, v.failure
	}
}

// visitor is the audit's program in a cell.
type visitor struct {
	said    *line
	hold    *os.File // the program stays until its stdin ends
	ended   chan struct{}
	failure error // set once ended
}

func (v *visitor) leave() {
	_ = v.hold.Close()
	<-v.ended
}

// line takes the first line of an output. What comes from a cell is bounded: more than an audit's report ends the program.
type line struct {
	mu   sync.Mutex
	buf  []byte
	full bool
	done chan struct{} // closed when the line is whole
}

func newLine() *line { return &line{done: make(chan struct{})} }

func (l *line) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full {
		return len(p), nil
	}
	if len(l.buf)+len(p) > audit.MaxReport {
		return 0, fmt.Errorf("%w: more than %d bytes", audit.ErrMalformed, audit.MaxReport)
	}
	l.buf = append(l.buf, p...)
	if i := bytes.IndexByte(l.buf, '\n'); i >= 0 {
		l.buf, l.full = l.buf[:i], true
		close(l.done)
	}
	return len(p), nil
}

func (l *line) text() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf
}
