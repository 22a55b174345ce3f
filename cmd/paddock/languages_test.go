package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/languages"
)

const helloLine = "Hello from Paddock\n"

// Every language folder has two programs: one says hello, one reads stdin and arguments and exits with 3.
func TestLanguagesOverHTTP(t *testing.T) {
	s := live(t)
	set, err := languages.Load()
	require.NoError(t, err)
	for _, l := range set.List() {
		t.Run(l.Name, func(t *testing.T) {
			_, hello, err := l.Program(languages.Hello)
			require.NoError(t, err)
			a := s.program(t, l.Name, string(hello), nil)
			wantVerdict(t, a, "ok")
			assert.Equal(t, http.StatusOK, a.Status)
			assert.Equal(t, helloLine, a.text("stdout"))
			assert.Equal(t, l.Name, a.text("language"))
			assert.Regexp(t, `^\d+(\.\d+)+`, a.text("version"))
			assert.Greater(t, a.Body["peak_memory_bytes"], 0.0)
			assert.Greater(t, a.Body["cpu_time_ms"], 0.0)
			_, compiled := a.Body["compile"]
			assert.Equal(t, len(l.Compile) > 0, compiled)

			name, echo, err := l.Program(languages.Echo)
			require.NoError(t, err)
			a = s.send(t, http.MethodPost, "/runner/run", object{
				"language": l.Name, "files": []object{{"path": name, "content": string(echo)}},
				"args": []string{"one", "two words", "-x"}, "stdin": "first\nsecond\n",
			})
			wantVerdict(t, a, "nonzero_exit")
			assert.EqualValues(t, 3, a.Body["exit_status"])
			assert.Equal(t, "arg: one\narg: two words\narg: -x\nstdin: first\nstdin: second\n", a.text("stdout"))
		})
	}
}

func TestCompileErrorsAreTheCompilersWords(t *testing.T) {
	s := live(t)
	for lang, code := range map[string]string{
		"c": "int main(void) { return nothing; }", "cpp": "int main() { return nothing; }",
		"go": "package main\n\nfunc main() { nothing() }\n", "rust": "fn main() { nothing(); }",
	} {
		t.Run(lang, func(t *testing.T) {
			a := s.program(t, lang, code, nil)
			wantVerdict(t, a, "compile_error")
			compile, _ := a.Body["compile"].(object)
			assert.Contains(t, fmt.Sprint(compile["stdout"], compile["stderr"]), "nothing")
			assert.Empty(t, a.text("stdout"))
		})
	}
}

func TestACompilerHasLimitsToo(t *testing.T) {
	s := start(t, func(c *Config) { c.Limits.Compile.Timeout = 1e9; c.Limits.Compile.Memory = 64 * mib })
	s.nothingLeft(t, func() {
		a := s.program(t, "c", "#include \"/dev/stdin\"\n#include __FILE__\n#include __FILE__\n", nil)
		wantVerdict(t, a, "compile_error")
		a = s.program(t, "cpp", "template<int N> struct S { S<N+1> s; S<N+2> t; }; S<0> s; int main() {}", nil)
		wantVerdict(t, a, "compile_error")
		a = s.program(t, "c", "char big[1u << 28] = {1}; int main(void) { return 0; }", nil)
		wantVerdict(t, a, "compile_error")
	})
}

// paddock runs its own command line in this process.
func paddock(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	env := []string{"PADDOCK_PODMAN_SOCKET=" + os.Getenv(varPodman), "PADDOCK_SANDBOX_AGENT=" + filepath.Join(os.Getenv(varBin), "paddock-agent")}
	code = execute(context.Background(), args, streams{bytes.NewBufferString(stdin), &out, &err}, env)
	return code, out.String(), err.String()
}

func TestRunCommand(t *testing.T) {
	needPodman(t)
	set, err := languages.Load()
	require.NoError(t, err)
	dir := t.TempDir()
	for _, l := range set.List() {
		for _, stem := range []string{languages.Hello, languages.Echo} {
			name, source, err := l.Program(stem)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), source, 0o600))
		}
	}
	ext := func(l languages.Language) string { return filepath.Ext(l.File) }
	for _, where := range []struct {
		name string
		args []string
	}{
		{"here", []string{"run"}},
		{"on a server", []string{"run", "--server", live(t).url}},
	} {
		for _, l := range set.List() {
			if where.name == "here" && l.Name != "python" && l.Name != "c" {
				continue // each of these starts the whole thing; the pipeline is the same
			}
			t.Run(where.name+"/"+l.Name, func(t *testing.T) {
				code, out, errText := paddock(t, "", append(where.args, filepath.Join(dir, "hello"+ext(l)))...)
				assert.Equal(t, 0, code, errText)
				assert.Equal(t, helloLine, out)
				args := append(append([]string{}, where.args...), "--stdin", "-", filepath.Join(dir, "echo"+ext(l)), "one", "--two")
				code, out, errText = paddock(t, "line\n", args...)
				assert.Equal(t, 3, code, errText)
				assert.Equal(t, "arg: one\narg: --two\nstdin: line\n", out)
			})
		}
		t.Run(where.name+"/limits", func(t *testing.T) {
			file := filepath.Join(dir, "sleep.py")
			require.NoError(t, os.WriteFile(file, []byte("import time; print('z', flush=True); time.sleep(1000)"), 0o600))
			code, out, errText := paddock(t, "", append(where.args, "--limits", "timeout=300ms,memory=64MiB", file)...)
			assert.Equal(t, 128+15, code)
			assert.Equal(t, "z\n", out)
			assert.Contains(t, errText, "time limit of 300ms")
		})
		t.Run(where.name+"/refused", func(t *testing.T) {
			code, _, errText := paddock(t, "", append(where.args, "--language", "cobol", filepath.Join(dir, "hello.py"))...)
			assert.Equal(t, exitOurs, code)
			assert.Contains(t, errText, "python")
		})
	}
}

// goesOn is a program that writes more than a pipe holds, and does not end by itself.
const goesOn = "import time\nprint('x' * 200000, flush=True)\ntime.sleep(1000)"

// temporary gives what `paddock run` makes a directory of its own, and checks in the end that nothing is left in it.
func temporary(t *testing.T) (dir, program string) {
	t.Helper()
	needPodman(t)
	dir, err := os.MkdirTemp("", "") //nolint:usetesting // a short path: sockets lie below it
	require.NoError(t, err)
	t.Cleanup(func() {
		left, err := os.ReadDir(dir)
		assert.NoError(t, err)
		assert.Empty(t, left, "left in the directory for temporary files")
		assert.NoError(t, os.RemoveAll(dir))
	})
	program = filepath.Join(t.TempDir(), "program.py")
	require.NoError(t, os.WriteFile(program, []byte(goesOn), 0o600))
	return dir, program
}

// brokenWriter is a full disk, or a pipe that nobody reads.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestRunEndsWhenItsOutputCannotBeWritten(t *testing.T) {
	dir, program := temporary(t)
	t.Setenv("TMPDIR", dir)
	var stderr bytes.Buffer
	env := []string{"PADDOCK_PODMAN_SOCKET=" + os.Getenv(varPodman), "PADDOCK_SANDBOX_AGENT=" + filepath.Join(os.Getenv(varBin), "paddock-agent")}
	began := time.Now()
	code := execute(context.Background(), []string{"run", program}, streams{&bytes.Buffer{}, brokenWriter{}, &stderr}, env)
	assert.Equal(t, exitOurs, code)
	assert.Contains(t, stderr.String(), io.ErrClosedPipe.Error())
	assert.Less(t, time.Since(began), defaults().Shutdown, "the program is not waited for")
}

func TestRunEndsWhenItsReaderHasGone(t *testing.T) {
	dir, program := temporary(t)
	r, w, err := os.Pipe()
	require.NoError(t, err)
	cmd := exec.Command(filepath.Join(os.Getenv(varBin), "paddock"), "run", "--podman.socket", os.Getenv(varPodman), program)
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	cmd.Stdout = w
	require.NoError(t, cmd.Start())
	require.NoError(t, w.Close())
	_, err = io.ReadFull(r, make([]byte, 1))
	require.NoError(t, err)
	require.NoError(t, r.Close())
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &exit)
	assert.Equal(t, exitOurs, exit.ExitCode(), exit.String())
}
