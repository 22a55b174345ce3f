package runner

import (
	"fmt"
	"maps"
	"math"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/languages"
)

const maxCode = 1 << 20

// refused expects a refusal of this field, and returns it.
func refused(t *testing.T, err error, field string) *InvalidJobError {
	t.Helper()
	var refusal *InvalidJobError
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, field, refusal.Field)
	assert.Equal(t, refusal.Field+": "+refusal.Message, refusal.Error())
	return refusal
}

var (
	working = []string{
		"main.py", "a/b/c", ".hidden", "..a", "a..", "...", "-rf", "with space", "ünï/cödé", "a:b", "a\\b", "*", "~", "%2e%2e",
		strings.Repeat("d/", MaxDepth) + "f", strings.Repeat("x", 255), strings.Repeat(strings.Repeat("x", 99)+"/", 5) + "12 bytes now",
	}
	busted = map[string]string{
		"":                                       "is empty",
		"/etc/passwd":                            "is absolute",
		"/":                                      "is absolute",
		"..":                                     `"..`,
		".":                                      `"."`,
		"../up":                                  `".."`,
		"a/../b":                                 `".."`,
		"a/..":                                   `".."`,
		"./a":                                    `"."`,
		"a/./b":                                  `"."`,
		"a//b":                                   "an empty part",
		"a/":                                     "an empty part",
		"a\x00b":                                 "control character",
		"a\nb":                                   "control character",
		"a\x7f":                                  "control character",
		"a\u0085":                                "control character",
		"a\xff":                                  "not UTF-8",
		"a\ufffd":                                "not UTF-8",
		strings.Repeat("d/", MaxDepth+1) + "f":   "33 directories deep, at most 32",
		strings.Repeat("d/", 250) + "f":          "250 directories deep",
		strings.Repeat("x", 256):                 "a name of 256 bytes",
		strings.Repeat("ö", 128):                 "a name of 256 bytes",
		strings.Repeat("d/", MaxPath/2) + "over": fmt.Sprintf("is %d bytes long, at most %d", MaxPath+4, MaxPath),
	}
)

func TestPaths(t *testing.T) {
	for _, p := range working {
		assert.Empty(t, badPath(p), "%q", p)
	}
	for p, why := range busted {
		assert.Contains(t, badPath(p), why, "%q", p)
	}
}

func FuzzBadPath(f *testing.F) {
	for _, p := range working {
		f.Add(p)
	}
	for p := range busted {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		if badPath(p) != "" {
			return
		}
		require.True(t, filepath.IsLocal(p))
		require.Equal(t, p, path.Clean(p), "one file has one path")
		require.True(t, strings.HasPrefix(path.Join("/box", p), "/box/"))
		require.True(t, utf8.ValidString(p))
		require.LessOrEqual(t, len(p), MaxPath)
		require.NotContains(t, p, "\x00")
	})
}

func files(paths ...string) []File {
	var list []File
	for _, p := range paths {
		list = append(list, File{Path: p})
	}
	return list
}

func TestValidate(t *testing.T) {
	many := make([]string, MaxArgs+1)
	variables := map[string]string{}
	for i := range MaxEnv + 1 {
		variables[fmt.Sprintf("V%d", i)] = ""
	}
	big := make([]byte, maxCode+1)
	for name, c := range map[string]struct {
		job   Job
		field string
		why   string
	}{
		"code and files":       {Job{Code: []byte{}, Files: files("a")}, "code", "beside files"},
		"code":                 {Job{Code: big}, "code", "has 1048577 bytes, at most 1048576"},
		"files":                {Job{Files: []File{{"a", big[:maxCode]}, {"b", big[:1]}}}, "files", "has 1048577 bytes"},
		"stdin":                {Job{Stdin: big}, "stdin", "has 1048577 bytes"},
		"number of files":      {Job{Files: make([]File, MaxFiles+1)}, "files", "has 201 files, at most 200"},
		"a bad path":           {Job{Files: files("a", "../b")}, "files[1].path", `".."`},
		"twice":                {Job{Files: files("a", "b", "a")}, "files[2].path", `"a" is there twice`},
		"a directory's name":   {Job{Files: files("a/b", "a")}, "files[1].path", "a directory of another file"},
		"below a file":         {Job{Files: files("a", "a/b")}, "files[1].path", `"a/b" lies below "a"`},
		"far below a file":     {Job{Files: files("a/b", "a/b/c/d/e")}, "files[1].path", `lies below "a/b"`},
		"number of args":       {Job{Args: many}, "args", "has 257 elements, at most 256"},
		"size of args":         {Job{Args: []string{strings.Repeat("x", MaxArgBytes), "x"}}, "args", "has 65537 bytes"},
		"a NUL in an arg":      {Job{Args: []string{"a", "b\x00"}}, "args[1]", "has a NUL"},
		"a NUL in argv":        {Job{Argv: []string{"\x00"}}, "argv[0]", "has a NUL"},
		"size of argv":         {Job{Argv: []string{strings.Repeat("x", MaxArgBytes+1)}}, "argv", "has 65537 bytes"},
		"number of variables":  {Job{Env: variables}, "env", "has 129 variables, at most 128"},
		"size of variables":    {Job{Env: map[string]string{"A": strings.Repeat("x", MaxEnvBytes)}}, "env", "has 65537 bytes"},
		"a NUL in a variable":  {Job{Env: map[string]string{"A": "\x00"}}, "env.A", "has a NUL"},
		"no variable's name":   {Job{Env: map[string]string{"": "x"}}, "env", "no variable name"},
		"a digit first":        {Job{Env: map[string]string{"1A": "x"}}, "env", "no variable name"},
		"an equals sign":       {Job{Env: map[string]string{"A=B": "x"}}, "env", "no variable name"},
		"a line break's trick": {Job{Env: map[string]string{"A\n": "x"}}, "env", "no variable name"},
		"letters not of ASCII": {Job{Env: map[string]string{"Ä": "x"}}, "env", "no variable name"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.job.validate(maxCode)
			refusal := refused(t, err, c.field)
			assert.Contains(t, refusal.Message, c.why)
			assert.Less(t, len(refusal.Message), 3*MaxPath, "a refusal is short, whatever it refuses")
			large := c.field == "code" && c.job.Files == nil || c.field == "stdin" || name == "files"
			assert.Equal(t, large, refusal.Code == CodeTooLarge)
		})
	}
}

func TestValidateAllows(t *testing.T) {
	full := make([]byte, maxCode)
	args := make([]string, MaxArgs)
	args[0] = strings.Repeat("x", MaxArgBytes)
	for name, j := range map[string]Job{
		"nothing":        {},
		"as much as can": {Files: []File{{"a/b/c", full}, {"a/b/d", nil}, {"a/e", nil}, {"e", nil}}, Stdin: full, Args: args, Argv: args},
		"code":           {Code: full},
		"variables":      {Env: map[string]string{"PATH": "/bin", "_a1": "", "LD_PRELOAD": "it is their own cell", "A": "a=b\nc"}},
		"binary args":    {Args: []string{"\xff\n"}},
	} {
		assert.NoError(t, j.validate(maxCode), name)
	}
}

var (
	usual = Limits{Timeout: 30 * time.Second, CPUTime: 20 * time.Second, Memory: 256 << 20, Output: 1 << 20, Processes: 64}
	most  = Limits{Timeout: 60 * time.Second, CPUTime: 60 * time.Second, Memory: 512 << 20, Output: 4 << 20, Processes: 128}
)

func TestResolve(t *testing.T) {
	got, err := Limits{}.resolve(usual, most)
	require.NoError(t, err)
	assert.Equal(t, usual, got, "zero is the default")

	got, err = most.resolve(usual, most)
	require.NoError(t, err)
	assert.Equal(t, most, got, "the bound itself is allowed")

	least := Limits{Timeout: time.Millisecond, CPUTime: time.Millisecond, Memory: MinMemory, Output: 1, Processes: 1}
	got, err = least.resolve(usual, most)
	require.NoError(t, err)
	assert.Equal(t, least, got)

	got, err = Limits{Timeout: time.Second}.resolve(usual, Limits{Timeout: time.Minute, CPUTime: time.Second, Memory: 1 << 20, Output: 10, Processes: 2})
	require.NoError(t, err)
	assert.Equal(t, Limits{Timeout: time.Second, CPUTime: time.Second, Memory: 1 << 20, Output: 10, Processes: 2}, got, "no default is above the maximum")
}

func TestResolveRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		limits Limits
		field  string
		bound  string
	}{
		"timeout above":         {Limits{Timeout: most.Timeout + 1}, "limits.timeout_ms", "from 1 to 60000"},
		"timeout below its ms":  {Limits{Timeout: 1}, "limits.timeout_ms", "from 1 to 60000"},
		"timeout negative":      {Limits{Timeout: -time.Second}, "limits.timeout_ms", "from 1 to 60000"},
		"cpu above":             {Limits{CPUTime: math.MaxInt64}, "limits.cpu_time_ms", "from 1 to 60000"},
		"memory above":          {Limits{Memory: most.Memory + 1}, "limits.memory_mb", "from 16 to 512"},
		"memory too little":     {Limits{Memory: MinMemory - 1}, "limits.memory_mb", "from 16 to 512"},
		"memory very negative":  {Limits{Memory: math.MinInt64}, "limits.memory_mb", "from 16 to 512"},
		"output above":          {Limits{Output: most.Output + 1}, "limits.output_bytes", "from 1 to 4194304"},
		"output negative":       {Limits{Output: -1}, "limits.output_bytes", "from 1 to 4194304"},
		"processes above":       {Limits{Processes: 129}, "limits.processes", "from 1 to 128"},
		"processes negative":    {Limits{Processes: -1}, "limits.processes", "from 1 to 128"},
		"the first one is told": {Limits{Timeout: -1, Memory: -1}, "limits.timeout_ms", "from 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.limits.resolve(usual, most)
			assert.Contains(t, refused(t, err, c.field).Message, c.bound)
		})
	}
}

func TestScale(t *testing.T) {
	assert.Equal(t, usual, usual.scale(languages.Factors{}), "a job on an image")
	got := usual.scale(languages.Factors{Time: 2, Memory: 1.5})
	assert.Equal(t, Limits{Timeout: time.Minute, CPUTime: 40 * time.Second, Memory: 384 << 20, Output: usual.Output, Processes: 64}, got)
}

func TestForCompiler(t *testing.T) {
	assert.Equal(t, usual, usual.forCompiler(languages.CompileLimits{}))
	got := usual.forCompiler(languages.CompileLimits{MemoryMB: 1024, Timeout: time.Minute})
	want := usual
	want.Memory, want.Timeout = 1<<30, time.Minute
	assert.Equal(t, want, got)
}

func TestEnvironment(t *testing.T) {
	t.Setenv("PADDOCK_SECRET", "of the host")
	language := map[string]string{"LANG": "C", "OF_LANGUAGE": "1", "BOTH": "language"}
	job := map[string]string{"OF_JOB": "2", "BOTH": "job", "HOME": "/tmp"}
	before := maps.Clone(language)
	assert.Equal(t, []string{
		"BOTH=job", "HOME=/tmp", "LANG=C", "OF_JOB=2", "OF_LANGUAGE=1", "PATH=" + defaultPath, "TMPDIR=/tmp", "USER=runner",
	}, environment(language, job))
	assert.Equal(t, before, language)
}

func TestVersionMatches(t *testing.T) {
	for _, c := range []struct {
		have, want string
		ok         bool
	}{
		{"3.13.5", "", true},
		{"3.13.5", "3", true},
		{"3.13.5", "3.13", true},
		{"3.13.5", "3.13.5", true},
		{"3.13.5", "3.1", false},
		{"3.13.5", "3.", false},
		{"3.13.5", "3.13.5.1", false},
		{"3.13.5", "2", false},
		{"3.13.5", "*", false},
		{"", "", true},
		{"", "3", false},
	} {
		assert.Equal(t, c.ok, versionMatches(c.have, c.want), "%q of %q", c.want, c.have)
	}
}

func TestEntrypoint(t *testing.T) {
	python := languages.Language{File: "main.py"}
	for name, c := range map[string]struct {
		job   Job
		want  string
		field string
	}{
		"the only file":             {Job{Files: files("x.py")}, "x.py", ""},
		"the usual file":            {Job{Files: files("x.py", "main.py")}, "main.py", ""},
		"the one that is named":     {Job{Files: files("x.py", "main.py"), Entrypoint: "x.py"}, "x.py", ""},
		"not among the files":       {Job{Files: files("x.py"), Entrypoint: "y.py"}, "", "entrypoint"},
		"another way to write it":   {Job{Files: files("x.py"), Entrypoint: "./x.py"}, "", "entrypoint"},
		"a program of the cell":     {Job{Files: files("x.py"), Entrypoint: "/usr/bin/python3"}, "", "entrypoint"},
		"no doubt is not left":      {Job{Files: files("x.py", "y.py")}, "", "entrypoint"},
		"the usual name, but below": {Job{Files: files("x.py", "src/main.py")}, "", "entrypoint"},
		"nothing":                   {Job{}, "", "code"},
		"nothing, by name":          {Job{Entrypoint: "main.py"}, "", "code"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := entrypoint(&c.job, python)
			assert.Equal(t, c.want, got)
			if c.field == "" {
				assert.NoError(t, err)
			} else {
				refused(t, err, c.field)
			}
		})
	}
}
