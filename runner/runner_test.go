package runner

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/languages"
	"paddock/sandbox"
)

// noEngine makes no cell: it fails, or it takes until its caller gives up. What happens in a cell is tested with real ones.
type noEngine struct{ err error }

func (e noEngine) Create(ctx context.Context, _ sandbox.Container) error {
	if e.err != nil {
		return e.err
	}
	<-ctx.Done()
	return ctx.Err()
}

func (noEngine) Update(context.Context, string, sandbox.Limits) error { return nil }
func (noEngine) Remove(context.Context, string) error                 { return nil }
func (noEngine) Owned(context.Context, string) ([]string, error)      { return nil, nil }

// newRunner makes a runner with the languages there are, of which python and c are installed. Without an engine it has no
// pool, and nothing can be started.
func newRunner(t *testing.T, engine sandbox.Engine) *Runner {
	t.Helper()
	set, err := languages.Load()
	require.NoError(t, err)
	o := Options{
		Languages: set,
		Installed: func(l string) (string, bool) {
			return map[string]string{"python": "3.13.5", "c": "14.2"}[l], l == "python" || l == "c"
		},
		Images:  map[string]string{"alpine": "docker.io/library/alpine:3"},
		Default: usual, Max: most, Compile: Limits{Timeout: time.Minute, CPUTime: time.Minute, Memory: 1 << 30, Processes: 100},
		Cell:    sandbox.Limits{Memory: 1, Processes: 1, CPUPercent: 150, Disk: 64 << 20},
		MaxCode: maxCode, Grace: time.Second, Return: 10 * time.Second, Keep: time.Minute,
	}
	if engine != nil {
		dir := t.TempDir()
		o.Pool, err = sandbox.NewPool(t.Context(), sandbox.Options{
			Engine: engine, Instance: "test", Dir: dir, MaxCells: 1, Slots: 8, Queue: 8, Wait: time.Minute, Create: time.Hour, Log: zerolog.Nop(),
		})
		require.NoError(t, err)
		t.Cleanup(func() {
			assert.NoError(t, o.Pool.Close(context.Background()))
			left, err := os.ReadDir(dir)
			assert.NoError(t, err)
			assert.Empty(t, left)
		})
	}
	return New(o)
}

var hello = Job{Language: "python", Code: []byte("print(1)")}

func TestPlan(t *testing.T) {
	r := newRunner(t, nil)
	job := Job{
		Language: "PY", Version: "3.13", Files: files("main.py", "lib/x.py"), Args: []string{"-v", "{file}"},
		Env: map[string]string{"A": "1"}, Limits: Limits{Processes: 7},
	}
	p, err := r.plan(&job)
	require.NoError(t, err)
	assert.Equal(t, sandbox.Kind{Name: "python", Image: "localhost/paddock/python", Limits: r.o.Cell}, p.kind)
	assert.Equal(t, "3.13.5", p.version)
	assert.Equal(t, []string{"python3", "main.py", "-v", "{file}"}, p.run, "arguments are the program's, not ours")
	assert.Empty(t, p.compile)
	assert.Len(t, p.files, 2)
	assert.Contains(t, p.env, "A=1")
	want := usual
	want.Processes = 7
	assert.Equal(t, want, p.limits)

	job = Job{Language: "c", Files: files("-x.c", "y.c", "y.h"), Entrypoint: "-x.c"}
	p, err = r.plan(&job)
	require.NoError(t, err)
	assert.Contains(t, p.compile, "./-x.c", "no file name is an option")
	assert.Contains(t, p.compile, "y.c")
	assert.NotContains(t, p.compile, "y.h")
	assert.Equal(t, r.o.Compile, p.compiler, "the compiler's limits are not the job's")
}

// Cells are made of what an image's name stood for when it was looked at.
func TestPlanTakesTheImageThereIs(t *testing.T) {
	r := newRunner(t, nil)
	r.o.ImageOf = func(l languages.Language) string { return "id of " + l.Name }
	for _, job := range []Job{hello, {Image: "python", Argv: []string{"ls"}}} {
		p, err := r.plan(&job)
		require.NoError(t, err)
		assert.Equal(t, sandbox.Kind{Name: "python", Image: "id of python", Limits: r.o.Cell}, p.kind)
	}
}

func TestPlanOfPlainCode(t *testing.T) {
	r := newRunner(t, nil)
	job := hello
	p, err := r.plan(&job)
	require.NoError(t, err)
	require.Len(t, p.files, 1)
	assert.Equal(t, "main.py", p.files[0].Path)
	assert.Equal(t, "print(1)", string(p.files[0].Data))

	job = Job{Language: "python", Code: []byte{}}
	_, err = r.plan(&job)
	assert.NoError(t, err, "an empty program is one")
}

func TestPlanOfAnImage(t *testing.T) {
	r := newRunner(t, nil)
	for image, want := range map[string]string{"alpine": "docker.io/library/alpine:3", "python": "localhost/paddock/python", "py": "localhost/paddock/python"} {
		p, err := r.plan(&Job{Image: image, Argv: []string{"ls", "-l"}, Files: files("a")})
		require.NoError(t, err)
		assert.Equal(t, want, p.kind.Image)
		assert.Equal(t, []string{"ls", "-l"}, p.run)
		assert.Len(t, p.files, 1)
		assert.Equal(t, usual, p.limits)
	}
}

func TestPlanRefuses(t *testing.T) {
	r := newRunner(t, nil)
	for name, c := range map[string]struct {
		job   Job
		field string
		code  string
		why   string
	}{
		"unknown language": {Job{Language: "cobol", Code: []byte("x")}, "language", UnknownLanguage, "there is bash, c, cpp"},
		"no language":      {Job{Code: []byte("x")}, "language", UnknownLanguage, "there is bash"},
		"not installed":    {Job{Language: "rust", Code: []byte("x")}, "language", NotInstalled, "paddock images build rust"},
		"another version":  {Job{Language: "python", Version: "2", Code: []byte("x")}, "version", "", "3.13.5 is"},
		"no code":          {Job{Language: "python"}, "code", "", "is missing"},
		"no entrypoint":    {Job{Language: "python", Files: files("a", "b")}, "entrypoint", "", "none is called main.py"},
		"a limit":          {Job{Language: "python", Code: []byte("x"), Limits: Limits{Memory: -1}}, "limits.memory_mb", "", "from 16"},
		"unknown image":    {Job{Image: "docker.io/evil", Argv: []string{"x"}}, "image", "image_not_allowed", "there is alpine, c, python"},
		"image not there":  {Job{Image: "rust", Argv: []string{"x"}}, "image", "image_not_allowed", "there is alpine, c, python"},
		"image by its tag": {Job{Image: "localhost/paddock/python", Argv: []string{"x"}}, "image", "image_not_allowed", ""},
		"no argv":          {Job{Image: "alpine"}, "argv", "", "is empty"},
		"what is invalid":  {Job{Language: "python", Files: files("..")}, "files[0].path", "", `".."`},
	} {
		t.Run(name, func(t *testing.T) {
			run, err := r.Start(t.Context(), c.job)
			assert.Nil(t, run)
			refusal := refused(t, err, c.field)
			assert.Equal(t, c.code, refusal.Code)
			assert.Contains(t, refusal.Message, c.why)
			if c.code == UnknownLanguage || c.code == "image_not_allowed" {
				assert.NotEmpty(t, refusal.Options)
			}
		})
	}
}

func TestLimitsOfCells(t *testing.T) {
	r := newRunner(t, nil)
	assert.Equal(t, sandbox.Limits{Memory: usual.Memory, Processes: usual.Processes, CPUPercent: 150, Disk: 64 << 20}, r.cellLimits(usual))
	assert.Equal(t, int64(200), r.compileLimits(usual).CPUPercent)
	r.o.Cell.CPUPercent = 400
	assert.Equal(t, int64(400), r.compileLimits(usual).CPUPercent)
}

// Everything accepted gets an answer: this is the one when there is no cell for it.
func TestARunWithoutACell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunner(t, noEngine{sandbox.ErrNoImage})
		for _, job := range []Job{hello, {Language: "python", Code: []byte("x"), Stdin: []byte("in")}, {Language: "python", Code: []byte("x"), StdinOpen: true}} {
			run, err := r.Start(t.Context(), job)
			require.NoError(t, err)
			result, err := run.Result(t.Context())
			assert.Nil(t, result)
			assert.ErrorIs(t, err, ErrUnavailable)
			assert.ErrorIs(t, err, ErrNoImage)
			found, ok := r.Find(run.ID)
			assert.True(t, ok)
			assert.Same(t, run, found)
			name, version := run.Language()
			assert.Equal(t, []string{"python", "3.13.5"}, []string{name, version})
			_, err = run.WriteStdin(t.Context(), []byte("x"), false)
			assert.ErrorIs(t, err, ErrStdinClosed)
		}
		time.Sleep(time.Minute)
		assert.Empty(t, r.current)
	})
}

// lately is an engine whose images have been built again: their former ids are gone. It notes what it was asked for.
type lately struct {
	noEngine
	asked *[]string
}

func (e lately) Create(_ context.Context, c sandbox.Container) error {
	*e.asked = append(*e.asked, c.Image)
	return sandbox.ErrNoImage
}

func TestAnImageThatHasJustBeenReplaced(t *testing.T) {
	var asked []string
	r := newRunner(t, lately{asked: &asked})
	r.o.ImageOf = func(languages.Language) string { return "former id" }
	run, err := r.Start(t.Context(), hello)
	require.NoError(t, err)
	_, err = run.Result(t.Context())
	require.ErrorIs(t, err, ErrNoImage, "this engine has none by name either")
	assert.Equal(t, []string{"former id", "localhost/paddock/python"}, asked)
}

func TestAPanicEndsItsRunOnly(t *testing.T) {
	r := newRunner(t, nil) // whose pool is nil: whatever is wrong
	run, err := r.Start(t.Context(), Job{Language: "python", Code: []byte("x"), Stdin: []byte("in")})
	require.NoError(t, err)
	_, err = run.Result(t.Context())
	require.ErrorIs(t, err, errPanic)
	assert.Contains(t, err.Error(), "phases", "the stack is for the log")
	r.Close(t.Context())
	assert.Empty(t, r.current)
}

func TestARunThatFindsNoRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunner(t, noEngine{})
		first, err := r.Start(t.Context(), hello)
		require.NoError(t, err)
		synctest.Wait()
		second, err := r.Start(t.Context(), hello)
		require.NoError(t, err)
		_, err = second.Result(t.Context())
		assert.ErrorIs(t, err, ErrBusy)
		first.Cancel(ErrCancelled)
		<-first.Done()
	})
}

func TestARunThatIsCancelledBeforeItBegan(t *testing.T) {
	for name, c := range map[string]struct {
		cancel func(run *Run, hangUp context.CancelFunc)
		why    string
	}{
		"on request":         {func(run *Run, _ context.CancelFunc) { run.Cancel(ErrCancelled) }, "cancelled on request"},
		"by an admin":        {func(run *Run, _ context.CancelFunc) { run.Cancel(ErrByAdmin) }, "an admin ended it"},
		"for something else": {func(run *Run, _ context.CancelFunc) { run.Cancel(errPanic) }, "the client went away"},
		"the client hung up": {func(_ *Run, hangUp context.CancelFunc) { hangUp() }, "the client went away"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRunner(t, noEngine{})
				ctx, hangUp := context.WithCancel(t.Context())
				defer hangUp()
				run, err := r.Start(ctx, hello)
				require.NoError(t, err)
				synctest.Wait()
				assert.Equal(t, []*Run{run}, r.Runs())
				assert.False(t, run.Placed())
				c.cancel(run, hangUp)
				result, err := run.Result(t.Context())
				require.NoError(t, err)
				assert.Equal(t, c.why, result.Reason.Error())
				synctest.Wait()
				assert.Empty(t, r.Runs())
				assert.Equal(t, Cancelled, result.Verdict)
				assert.Equal(t, "The run was cancelled: "+c.why+".", result.Message)
				assert.Equal(t, "python", result.Language)
				assert.NotNil(t, result.Warnings)
				assert.NotNil(t, result.Log)
			})
		})
	}
}

// A detached run does not end with the request that started it, but when nobody has read its events for a while.
func TestADetachedRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunner(t, noEngine{})
		ctx, hangUp := context.WithCancel(t.Context())
		job := hello
		job.Detached = true
		run, err := r.Start(ctx, job)
		require.NoError(t, err)
		hangUp()
		assert.ErrorIs(t, run.Follow(ctx, 1, ignore), context.Canceled)
		began := time.Now()
		result, err := run.Result(t.Context())
		require.NoError(t, err)
		assert.Equal(t, r.o.Return, time.Since(began))
		assert.Equal(t, "The run was cancelled: nobody reads its events any more.", result.Message)
	})
}

func TestADetachedRunThatNobodyEverReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunner(t, noEngine{})
		job := hello
		job.Detached = true
		run, err := r.Start(t.Context(), job)
		require.NoError(t, err)
		began := time.Now()
		result, err := run.Result(t.Context())
		require.NoError(t, err)
		assert.Equal(t, r.o.Return, time.Since(began))
		assert.Equal(t, Cancelled, result.Verdict)
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunner(t, noEngine{})
		job := hello
		job.Detached = true
		var runs []*Run
		for range 3 {
			run, err := r.Start(t.Context(), job)
			require.NoError(t, err)
			runs = append(runs, run)
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			r.Close(ctx)
		}()
		synctest.Wait()
		_, err := r.Start(t.Context(), hello)
		assert.ErrorIs(t, err, ErrClosed)
		withInput := hello
		withInput.StdinOpen = true
		_, err = r.Start(t.Context(), withInput)
		assert.ErrorIs(t, err, ErrClosed)
		<-closed
		assert.Equal(t, 5*time.Second, time.Since(began), "it gave them the time there was")
		for _, run := range runs {
			result, err := run.Result(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "The run was cancelled: the server is shutting down.", result.Message)
		}
		r.Close(t.Context())
	})
}

func TestCloseDoesNotWaitForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunner(t, noEngine{errors.New("no")})
		run, err := r.Start(t.Context(), hello)
		require.NoError(t, err)
		<-run.Done()
		began := time.Now()
		r.Close(t.Context())
		assert.Zero(t, time.Since(began))
	})
}
