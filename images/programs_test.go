package images

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/languages"
)

// Each language's programs run in a plain container that is limited like a cell: an unprivileged user, a read-only
// root, no network, small writable mounts, and the image's own /etc/hosts.
var plain = []string{
	"run", "--rm", "--interactive", "--pull=never", "--log-driver=none",
	"--network=none", "--no-hosts", "--read-only", "--read-only-tmpfs=false", "--user=1000:1000", "--cap-drop=all", "--security-opt=no-new-privileges",
	"--pids-limit=128", "--ulimit=nofile=1024:1024", "--ulimit=nproc=4096:4096", "--ulimit=core=0:0",
	"--tmpfs=/box:rw,exec,nosuid,nodev,size=64m", "--tmpfs=/tmp:rw,exec,nosuid,nodev,size=64m,mode=1777",
	"--workdir=/box", "--env=HOME=/box", "--env=TMPDIR=/tmp",
}

// The server's limits for compiling and, where nothing is compiled, for running.
const compileMemory, runMemory = "768m", "256m"

// outcome is what a program left.
type outcome struct {
	stdout, stderr string
	status         int
}

// run puts the files into the container, compiles and runs the program, and ends with its status.
func run(t *testing.T, l languages.Language, entry string, files map[string]string, stdin string, args ...string) outcome {
	t.Helper()
	script, memory := "tar x", runMemory
	if compile := l.CompileArgv(entry, sorted(files)); compile != nil {
		script, memory = script+" && "+quote(compile)+" >&2", compileMemory
	}
	// tar reads all there is, so stdin travels as one more file.
	all := map[string]string{".stdin": stdin}
	for name, text := range files {
		all[name] = text
	}
	script += " && " + quote(append(l.RunArgv(entry), args...)) + " <.stdin"

	argv := append([]string{"--url=" + socket(t)}, plain...)
	for name, value := range l.Env {
		argv = append(argv, "--env="+name+"="+value)
	}
	argv = append(argv, "--memory="+memory, "--memory-swap="+memory, l.Image, "sh", "-c", script)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "podman", argv...)
	var out, err bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = archive(t, all), &out, &err
	failed := cmd.Run()
	var exit *exec.ExitError
	if failed != nil && !errors.As(failed, &exit) {
		t.Fatalf("podman: %v", failed)
	}
	return outcome{out.String(), err.String(), cmd.ProcessState.ExitCode()}
}

func sorted(files map[string]string) []string {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func quote(argv []string) string {
	var words []string
	for _, arg := range argv {
		words = append(words, "'"+strings.ReplaceAll(arg, "'", `'\''`)+"'")
	}
	return strings.Join(words, " ")
}

func archive(t *testing.T, files map[string]string) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range sorted(files) {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(files[name]))}))
		_, err := w.Write([]byte(files[name]))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return &b
}

// TestPrograms builds what is missing, which takes minutes once, and runs both programs of every language.
func TestPrograms(t *testing.T) {
	b := builtin(t)
	_, err := b.Build(t.Context())
	require.NoError(t, err)
	for _, l := range b.Languages.List() {
		t.Run(l.Name, func(t *testing.T) {
			name, source, err := l.Program(languages.Hello)
			require.NoError(t, err)
			hello := run(t, l, name, map[string]string{name: string(source)}, "")
			assert.Equal(t, outcome{stdout: "Hello from Paddock\n"}, hello)

			name, source, err = l.Program(languages.Echo)
			require.NoError(t, err)
			echo := run(t, l, name, map[string]string{name: string(source)}, "first\n\nlast, without an end", "one", "two words", "")
			assert.Equal(t, outcome{
				stdout: "arg: one\narg: two words\narg: \nstdin: first\nstdin: \nstdin: last, without an end\n", status: 3,
			}, echo)
		})
	}
}

func TestProgramsOfSeveralFiles(t *testing.T) {
	b := builtin(t)
	tests := []struct {
		name, language, entry string
		files                 map[string]string
	}{
		{"python module", "python", "main.py", map[string]string{
			"main.py": "import util.text\nprint(util.text.hello())\n", "util/text.py": "def hello(): return 'hello'\n"}},
		{"javascript module", "js", "main.mjs", map[string]string{
			"main.mjs": "import { hello } from './util.mjs';\nconsole.log(hello());\n", "util.mjs": "export const hello = () => 'hello';\n"}},
		{"ruby require", "rb", "main.rb", map[string]string{
			"main.rb": "require_relative 'util'\nputs hello\n", "util.rb": "def hello = 'hello'\n"}},
		{"bash source", "sh", "main.sh", map[string]string{"main.sh": ". ./util.sh\nhello\n", "util.sh": "hello() { echo hello; }\n"}},
		{"c with header, threads and libm", "c", "main.c", map[string]string{
			"main.c":       "#include \"lib/util.h\"\n#include <math.h>\nint main(int c, char **v) { return hello() + (int)sqrt(c - 1); }\n",
			"lib/util.h":   "int hello(void);\n",
			"lib/util.c":   "#include <stdio.h>\n#include <threads.h>\nint hello(void) { thrd_yield(); puts(\"hello\"); return 0; }\n",
			"lib/notes.md": "not C\n"}},
		{"c++ with the precompiled header", "c++", "main.cpp", map[string]string{
			"main.cpp": "#include <bits/stdc++.h>\n#include \"util.hpp\"\nint main() { std::cout << hello() << std::endl; }\n",
			"util.hpp": "#include <string>\nstd::string hello();\n",
			"util.cc":  "#include \"util.hpp\"\nstd::string hello() { return \"hello\"; }\n"}},
		{"go files beside each other", "go", "main.go", map[string]string{
			"main.go":      "package main\n\nfunc main() { println2(hello()) }\n",
			"util.go":      "package main\n\nimport \"fmt\"\n\nfunc println2(s string) { fmt.Println(s) }\n\nfunc hello() string { return \"hello\" }\n",
			"main_test.go": "package main\n\nthis is no Go\n"}},
		{"go module", "go", "cmd/app/main.go", map[string]string{
			"go.mod":          "module example.org/app\n\ngo 1.24\n",
			"cmd/app/main.go": "package main\n\nimport (\n\t\"fmt\"\n\n\t\"example.org/app/util\"\n)\n\nfunc main() { fmt.Println(util.Hello()) }\n",
			"util/util.go":    "package util\n\nfunc Hello() string { return \"hello\" }\n"}},
		{"go module with a dependency of its own", "go", "main.go", map[string]string{
			"go.mod":                      "module example.org/app\n\ngo 1.24\n\nrequire example.org/dep v1.0.0\n",
			"main.go":                     "package main\n\nimport \"example.org/dep\"\n\nfunc main() { dep.Hello() }\n",
			"vendor/example.org/dep/d.go": "package dep\n\nimport \"fmt\"\n\nfunc Hello() { fmt.Println(\"hello\") }\n",
			"vendor/modules.txt":          "# example.org/dep v1.0.0\n## explicit\nexample.org/dep\n"}},
		{"rust modules", "rust", "main.rs", map[string]string{
			"main.rs": "mod util;\n\nfn main() {\n    println!(\"{}\", util::hello());\n}\n", "util.rs": "pub fn hello() -> &'static str {\n    \"hello\"\n}\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, ok := b.Languages.Find(tt.language)
			require.True(t, ok)
			_, err := b.Build(t.Context(), l.Name)
			require.NoError(t, err)
			assert.Equal(t, outcome{stdout: "hello\n"}, run(t, l, tt.entry, tt.files, ""))
		})
	}
}

func TestCompilersSayWhatIsWrong(t *testing.T) {
	b := builtin(t)
	for language, want := range map[string]string{"c": "main.c:1:", "cpp": "main.cpp:1:", "go": "main.go:1:", "rust": "main.rs:1:"} {
		t.Run(language, func(t *testing.T) {
			l, _ := b.Languages.Find(language)
			_, err := b.Build(t.Context(), language)
			require.NoError(t, err)
			got := run(t, l, l.File, map[string]string{l.File: "this is no program\n"}, "")
			assert.NotZero(t, got.status)
			assert.Contains(t, got.stderr, want)
			assert.Empty(t, got.stdout)
		})
	}
}

// TestImagesHoldNothingElse looks into every image for what must not be there: rights to gain, lists and caches of
// packages, and traces of the machine that built it.
func TestImagesHoldNothingElse(t *testing.T) {
	b := builtin(t)
	_, err := b.Build(t.Context())
	require.NoError(t, err)
	const look = `find / -xdev -perm /6000 -type f 2>/dev/null
find /var/lib/apt/lists /var/cache/apt /var/log /home -mindepth 1 -type f
cat /etc/hosts /etc/machine-id 2>/dev/null
stat -c '%a %n' /box /tmp /run/paddock
id -un && id -u && id -g`
	for _, l := range b.Languages.List() {
		t.Run(l.Name, func(t *testing.T) {
			bare := languages.Language{Name: l.Name, Image: l.Image, Run: []string{"sh", "{file}"}}
			got := run(t, bare, "look", map[string]string{"look": look}, "")
			assert.Equal(t, outcome{stdout: "127.0.0.1 localhost cell\n::1 localhost cell\n" +
				"1777 /box\n1777 /tmp\n755 /run/paddock\nrunner\n1000\n1000\n"}, got)
		})
	}
}
