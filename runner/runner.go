// Package runner is the straight line behind the API: it turns a job into a run in a cell, and a run into a result.
//
// Every run that is accepted ends with a result or an error, also when the server shuts down. Runs and their events are kept
// for a while after that. Nothing here knows HTTP, and nothing here knows Podman.
package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"paddock/languages"
	"paddock/sandbox"
	"paddock/sandbox/wire"
)

// Options configure a Runner. All are required, but for ImageOf and Images.
type Options struct {
	Pool      *sandbox.Pool
	Languages *languages.Set
	Installed func(language string) (version string, ok bool) // which languages have an image, of which version
	ImageOf   func(languages.Language) string                 // what its cells are made of; nil for its image's name
	Images    map[string]string                               // allow-listed images besides the languages': name -> image
	Default   Limits
	Max       Limits
	Compile   Limits         // of the compile phase; Output is the job's
	Cell      sandbox.Limits // what cells are made with, and the Disk and CPUPercent of every run
	MaxCode   int64          // bytes of all files together, and of stdin
	Grace     time.Duration  // from SIGTERM at a time limit to SIGKILL
	Return    time.Duration  // how long a detached run goes on without readers
	Keep      time.Duration  // how long results are kept
}

// Runner runs jobs.
type Runner struct {
	o        Options
	registry registry
	running  sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	current map[*Run]bool
}

// New returns a Runner.
func New(o Options) *Runner {
	if o.ImageOf == nil {
		o.ImageOf = func(l languages.Language) string { return l.Image }
	}
	return &Runner{o: o, registry: registry{keep: o.Keep, runs: map[string]*Run{}}, current: map[*Run]bool{}}
}

// What can keep us from running a job that is all right, for errors.Is. None is the program's doing.
var (
	ErrClosed      = ErrShutdown            // the runner takes no more jobs
	ErrBusy        = sandbox.ErrBusy        // no slot or no cell came free in time
	ErrUnavailable = sandbox.ErrUnavailable // no cell could be made
	ErrNoImage     = sandbox.ErrNoImage     // no cell could be made, because the image is not there any more
	ErrCellLost    = sandbox.ErrCellLost    // the cell ended under the program
)

// Start checks a job and starts to run it; its result comes by Run.Result or Run.Follow. The run ends with ctx, unless
// the job is detached. Start returns an *InvalidJobError for a job that can't be run, and ErrClosed.
func (r *Runner) Start(ctx context.Context, job Job) (*Run, error) {
	p, err := r.plan(&job)
	if err != nil {
		return nil, err
	}
	if job.Detached {
		ctx = context.WithoutCancel(ctx)
	}
	run := &Run{
		ID: uuid.Must(uuid.NewV7()).String(), language: p.language.Name, version: p.version, user: job.User, client: job.Client,
		detached: job.Detached, job: job, plan: p, born: time.Now(),
		t: &transcript{limit: int(p.limits.Output)}, done: make(chan struct{}), grace: r.o.Return,
	}
	var stdin *os.File
	if job.StdinOpen {
		if stdin, run.input, err = newInput(job.Stdin); err != nil {
			return nil, fmt.Errorf("open stdin: %w", err)
		}
	}
	ctx, run.cancel = context.WithCancelCause(ctx)
	if !r.admit(run) {
		run.cancel(ErrClosed)
		if stdin != nil {
			_ = stdin.Close()
			run.input.close()
		}
		return nil, ErrClosed
	}
	run.t.add(Event{Kind: EventAccepted})
	for _, w := range job.Warnings {
		run.t.add(Event{Kind: EventWarning, Warning: w})
	}
	run.mu.Lock()
	run.awaitReader() // its client may be gone before it reads at all
	run.mu.Unlock()
	go r.execute(ctx, run, stdin)
	return run, nil
}

// Program is the program of a job, with every name resolved.
type Program struct {
	Language languages.Language // zero for a command on an image
	Entry    string             // path of the file that is run; empty for a command
	Files    []File
	Argv     []string // the command; nil for a program
	Env      map[string]string
	Stdin    []byte
}

// Program tells what Start would run, and checks a job as it does.
func (r *Runner) Program(job Job) (Program, error) {
	p, err := r.plan(&job)
	if err != nil {
		return Program{}, err
	}
	return Program{Language: p.language, Entry: p.entry, Files: job.Files, Argv: job.Argv, Env: job.Env, Stdin: job.Stdin}, nil
}

// Runs are those that go on now, the first accepted first.
func (r *Runner) Runs() []*Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	byID := func(a, b *Run) int { return strings.Compare(a.ID, b.ID) } // which begins with the time
	return slices.SortedFunc(maps.Keys(r.current), byID)
}

// Find returns a run that goes on, or that ended not too long ago.
func (r *Runner) Find(id string) (*Run, bool) { return r.registry.find(id) }

func (r *Runner) admit(run *Run) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.running.Add(1)
	r.current[run] = true
	r.registry.add(run)
	return true
}

// Close takes no more jobs and waits for those that run. When ctx ends it cancels them, and waits for the answers they
// get all the same.
func (r *Runner) Close(ctx context.Context) {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	done := make(chan struct{})
	go func() {
		r.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return
	case <-ctx.Done():
	}
	r.mu.Lock()
	for run := range r.current {
		run.cancel(ErrShutdown)
	}
	r.mu.Unlock()
	<-done
}

// execute runs a job's phases and finishes the run, whatever happens.
func (r *Runner) execute(ctx context.Context, run *Run, stdin *os.File) {
	defer r.running.Done()
	result, err := r.attempt(ctx, run, stdin)
	if err != nil && ctx.Err() != nil && !errors.Is(err, ErrCellLost) && !errors.Is(err, errPanic) {
		result, err = r.cancelled(run), nil // it ended before it began
	}
	if result != nil && result.Verdict == Cancelled {
		result.Reason = reasonOf(context.Cause(ctx))
		result.Message = "The run was cancelled: " + result.Reason.Error() + "."
	}
	if run.job.Ended != nil {
		run.job.Ended(result, err)
	}
	run.finish(result, err)
	r.mu.Lock()
	delete(r.current, run)
	r.mu.Unlock()
	r.registry.retire(run)
}

// errPanic says that the fault is in this program.
var errPanic = errors.New("panic")

// attempt runs a job's phases. A panic there is this run's error, with the stack in its text, and not the end of all others;
// the cell, which is given back on the way, is removed.
func (r *Runner) attempt(ctx context.Context, run *Run, stdin *os.File) (result *Result, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			result, err = nil, fmt.Errorf("%w: %v\n%s", errPanic, cause, debug.Stack())
		}
	}()
	if stdin == nil {
		if stdin, err = stdinFile(run.job.Stdin); err != nil {
			return nil, err
		}
	}
	if stdin != nil {
		defer func() { _ = stdin.Close() }() // the cell has closed it already when the program came to run
	}
	return r.phases(ctx, run, stdin)
}

func (r *Runner) cancelled(run *Run) *Result {
	result := run.newResult()
	result.Verdict = Cancelled
	return result
}

// reasonOf is one of the reasons above, as the cause of a context's end.
func reasonOf(cause error) error {
	if slices.Contains([]error{ErrCancelled, ErrAbandoned, ErrShutdown, ErrByAdmin, ErrBlocked}, cause) {
		return cause
	}
	return ErrLeft
}

func (r *Run) newResult() *Result {
	return &Result{
		ID: r.ID, Language: r.language, Version: r.version, Warnings: append([]string{}, r.job.Warnings...), Log: []string{},
	}
}

func (r *Result) log(format string, args ...any) { r.Log = append(r.Log, fmt.Sprintf(format, args...)) }

// phases gets a cell, and gives it back when what is to run in it has run.
func (r *Runner) phases(ctx context.Context, run *Run, stdin *os.File) (*Result, error) {
	cell, err := r.cell(ctx, &run.plan, run.job.tenant())
	if err != nil {
		return nil, err
	}
	ended := false
	defer func() {
		if ended {
			cell.Release()
		} else {
			cell.Close() // a panic: nobody knows what it was in the middle of
		}
	}()
	result, err := r.inCell(ctx, run, cell, stdin)
	ended = true
	return result, err
}

// inCell compiles where there is something to compile, and runs the program.
func (r *Runner) inCell(ctx context.Context, run *Run, cell *sandbox.Cell, stdin *os.File) (*Result, error) {
	run.placed.Store(true)
	result := run.newResult()
	result.Setup, result.Wait = time.Since(run.born), cell.Waited()
	result.log("cell ready after %v", result.Setup.Round(time.Microsecond))
	if len(run.plan.compile) > 0 {
		var err error
		if result.Compile, err = r.compile(ctx, run, cell); err != nil {
			return nil, err
		}
		run.t.add(Event{Kind: EventCompile, Compile: result.Compile})
		result.log("compiled in %v: %s", result.Compile.Wall.Round(time.Millisecond), result.Compile.Verdict)
		if result.Compile.Verdict != OK {
			return compileFailed(result, run.plan.compiler), nil
		}
	}
	return r.program(ctx, run, cell, stdin, result)
}

// cell gets a cell. Where its image has just been replaced by a later build, the name that both have is good for one.
func (r *Runner) cell(ctx context.Context, p *plan, t sandbox.Tenant) (*sandbox.Cell, error) {
	request := sandbox.Request{Kind: p.kind, Tenant: t, Limits: r.cellLimits(p.limits)}
	if len(p.compile) > 0 {
		request.Limits = r.compileLimits(p.compiler)
	}
	cell, err := r.o.Pool.Get(ctx, request)
	if errors.Is(err, ErrNoImage) && p.kind.Image != p.image {
		request.Kind.Image = p.image
		cell, err = r.o.Pool.Get(ctx, request)
	}
	if errors.Is(err, sandbox.ErrClosed) {
		err = ErrClosed
	}
	return cell, err
}

// program runs the program itself, and completes its result.
func (r *Runner) program(ctx context.Context, run *Run, cell *sandbox.Cell, stdin *os.File, result *Result) (*Result, error) {
	p := &run.plan
	files := p.files
	if result.Compile != nil {
		files = nil // they are in the cell
	}
	facts, err := cell.Run(ctx, sandbox.Command{
		Argv: p.run, Env: p.env, Files: files, Stdin: stdin,
		Stdout: stream{run.t, EventStdout}, Stderr: stream{run.t, EventStderr},
		Limits: r.cellLimits(p.limits), Wall: p.limits.Timeout, CPU: p.limits.CPUTime, Grace: r.o.Grace,
	})
	if err != nil {
		return nil, err
	}
	result.take(facts, run.t, p.limits)
	result.log("ran for %v: %s", facts.Wall.Round(time.Microsecond), result.Verdict)
	return result, nil
}

// stdinFile is a file with the whole input in it: nothing has to be fed to the program while it runs.
func stdinFile(data []byte) (*os.File, error) {
	if len(data) == 0 {
		return nil, nil
	}
	fd, err := wire.Memfd("stdin", data)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "stdin"), nil
}

// compile runs the compiler, under limits of its own.
func (r *Runner) compile(ctx context.Context, run *Run, cell *sandbox.Cell) (*Compile, error) {
	p := run.plan
	out := &transcript{limit: int(p.limits.Output)}
	facts, err := cell.Run(ctx, sandbox.Command{
		Argv: p.compile, Env: p.env, Files: p.files,
		Stdout: stream{out, EventStdout}, Stderr: stream{out, EventStderr},
		Limits: r.compileLimits(p.compiler), Wall: p.compiler.Timeout, CPU: p.compiler.CPUTime, Grace: r.o.Grace,
	})
	if err != nil {
		return nil, err
	}
	return compileResult(facts, out), nil
}

func compileFailed(result *Result, l Limits) *Result {
	result.Verdict = CompileError
	if result.Compile.Verdict == Cancelled {
		result.Verdict = Cancelled
	}
	result.ExitStatus, result.Signal = result.Compile.ExitStatus, result.Compile.Signal
	result.Message = sentence(result.Verdict, result.ExitStatus, result.Signal, l)
	return result
}

func (r *Runner) cellLimits(l Limits) sandbox.Limits {
	cpu := r.o.Cell.CPUPercent
	if l.CPUPercent > 0 {
		cpu = min(cpu, l.CPUPercent)
	}
	return sandbox.Limits{Memory: l.Memory, Processes: l.Processes, CPUPercent: cpu, Disk: r.o.Cell.Disk}
}

// compilerCPUPercent lets a compiler use two cores: it is ours to make quick, and its limits end it soon enough.
const compilerCPUPercent = 200

func (r *Runner) compileLimits(l Limits) sandbox.Limits {
	limits := r.cellLimits(l)
	limits.CPUPercent = max(limits.CPUPercent, compilerCPUPercent)
	return limits
}

// plan is a job made ready: what to run, in which kind of cell, within which limits.
type plan struct {
	language languages.Language // zero for a job on an image
	version  string
	entry    string // path of the file to run; empty for a job on an image
	kind     sandbox.Kind
	image    string // name of the image, which kind may have the id of
	files    []wire.File
	compile  []string
	run      []string
	env      []string
	limits   Limits
	compiler Limits
}

// kind is the kind of cell that a job on an image, or in the language of that name, runs in.
func (r *Runner) kind(name, image string) sandbox.Kind {
	return sandbox.Kind{Name: name, Image: image, Limits: r.o.Cell}
}

func (r *Runner) plan(job *Job) (plan, error) {
	if err := job.validate(r.o.MaxCode); err != nil {
		return plan{}, err
	}
	var p plan
	var err error
	if job.Image != "" {
		p, err = r.planImage(job)
	} else {
		p, err = r.planLanguage(job)
	}
	if err != nil {
		return plan{}, err
	}
	if p.limits, err = job.Limits.resolve(r.o.Default, r.o.Max); err != nil {
		return plan{}, err
	}
	p.limits = p.limits.scale(p.language.Factors)
	for _, f := range job.Files {
		p.files = append(p.files, wire.File{Path: f.Path, Data: f.Data})
	}
	p.env = environment(p.language.Env, job.Env)
	return p, nil
}

// UnknownLanguage and NotInstalled are the codes of an InvalidJobError about a language.
const (
	UnknownLanguage = "unknown_language"
	NotInstalled    = "language_not_installed"
)

func (r *Runner) planLanguage(job *Job) (plan, error) {
	l, ok := r.o.Languages.Find(job.Language)
	if !ok {
		return plan{}, &InvalidJobError{Field: "language", Code: UnknownLanguage, Options: r.names(),
			Message: fmt.Sprintf("%.40q is not known; there is %s", job.Language, strings.Join(r.names(), ", "))}
	}
	version, ok := r.o.Installed(l.Name)
	if !ok {
		return plan{}, &InvalidJobError{Field: "language", Code: NotInstalled,
			Message: fmt.Sprintf("%s has no image on this server; its admin can build it with: paddock images build %s", l.Name, l.Name)}
	}
	if !versionMatches(version, job.Version) {
		return plan{}, invalid("version", "%.40q of %s is not there; %s is", job.Version, l.Name, version)
	}
	if job.Code != nil {
		job.Files = []File{{Path: l.File, Data: job.Code}}
	}
	entry, err := entrypoint(job, l)
	if err != nil {
		return plan{}, err
	}
	return plan{
		language: l, version: version, entry: entry, kind: r.kind(l.Name, r.o.ImageOf(l)), image: l.Image,
		compile: l.CompileArgv(entry, job.paths()), compiler: r.o.Compile.forCompiler(l.CompileLimits),
		run: append(l.RunArgv(entry), job.Args...),
	}, nil
}

func (r *Runner) planImage(job *Job) (plan, error) {
	if len(job.Argv) == 0 {
		return plan{}, invalid("argv", "is empty; give the program to run")
	}
	if image, ok := r.o.Images[job.Image]; ok {
		return plan{kind: r.kind(image, image), image: image, run: job.Argv}, nil
	}
	if l, ok := r.o.Languages.Find(job.Image); ok {
		if _, ok := r.o.Installed(l.Name); ok {
			return plan{kind: r.kind(l.Name, r.o.ImageOf(l)), image: l.Image, run: job.Argv}, nil // the language's own warm cells will do
		}
	}
	allowed := r.images()
	return plan{}, &InvalidJobError{Field: "image", Code: "image_not_allowed", Options: allowed,
		Message: fmt.Sprintf("%.100q is not allowed; there is %s", job.Image, strings.Join(allowed, ", "))}
}

func (r *Runner) names() []string {
	var names []string
	for _, l := range r.o.Languages.List() {
		names = append(names, l.Name)
	}
	return names
}

func (r *Runner) images() []string {
	var names []string
	for name := range r.o.Images {
		names = append(names, name)
	}
	for _, name := range r.names() {
		if _, ok := r.o.Installed(name); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// versionMatches says whether want is have, or a prefix of it that ends at a dot.
func versionMatches(have, want string) bool {
	return want == "" || have == want || strings.HasPrefix(have, want+".")
}

// entrypoint is the path of the file to run.
func entrypoint(job *Job, l languages.Language) (string, error) {
	paths := job.paths()
	switch {
	case len(paths) == 0:
		return "", invalid("code", "is missing; give code or files")
	case job.Entrypoint != "":
		if !slices.Contains(paths, job.Entrypoint) {
			return "", invalid("entrypoint", "%.100q is not among the files", job.Entrypoint)
		}
		return job.Entrypoint, nil
	case len(paths) == 1:
		return paths[0], nil
	case slices.Contains(paths, l.File):
		return l.File, nil
	}
	return "", invalid("entrypoint", "is missing: there are several files, and none is called %s", l.File)
}

func (j *Job) paths() []string {
	paths := make([]string, len(j.Files))
	for i, f := range j.Files {
		paths[i] = f.Path
	}
	return paths
}

// environment is the whole environment of a program: nothing of the host's is in it.
func environment(language, job map[string]string) []string {
	all := map[string]string{
		"PATH": defaultPath, "HOME": wire.BoxDir, "TMPDIR": "/tmp", "LANG": "C.UTF-8", "USER": "runner",
	}
	for _, more := range []map[string]string{language, job} {
		for k, v := range more {
			all[k] = v
		}
	}
	env := make([]string, 0, len(all))
	for k, v := range all {
		env = append(env, k+"="+v)
	}
	slices.Sort(env)
	return env
}
