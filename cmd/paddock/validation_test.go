package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/api"
	"paddock/languages"
	"paddock/runner"
)

// looking is a server that looks at code as an operator's does by default.
func looking(t *testing.T, change func(*Config)) *server {
	t.Helper()
	return start(t, func(c *Config) {
		c.Validate.Policy = "standard"
		if change != nil {
			change(c)
		}
	})
}

const shellOut = "import os\n\nos.system('id > /tmp/who')\n"

func TestDangerIsRefusedOverHTTP(t *testing.T) {
	s := looking(t, func(c *Config) { c.Validate.Tiers = map[string]string{"PRO": "permissive"} })

	a := s.python(t, shellOut, nil)
	assert.Equal(t, http.StatusForbidden, a.Status)
	assert.Equal(t, "code_blocked", a.text("code"))
	violation := a.Body["violations"].([]any)[0].(object) //nolint:forcetypeassert // a panic is a failure too
	assert.Equal(t, "main.py", violation["file"])
	assert.InDelta(t, 3, violation["line"], 0)
	assert.Equal(t, "block", violation["severity"])
	assert.Contains(t, s.log.String(), violation["rule"], "the log says which rule")
	assert.NotContains(t, s.log.String(), "/tmp/who", "and never the code")

	wantVerdict(t, s.python(t, "# os.system('id')\nprint('os.system is a word here')", nil), "ok")
	a = s.python(t, shellOut, object{"user_profile": object{"tier": "PRO"}})
	wantVerdict(t, a, "ok")
	assert.Contains(t, a.Body["warnings"].([]any)[0], "main.py:3:1: ") //nolint:forcetypeassert // a panic is a failure too

	for name, files := range map[string][]object{
		"beside the program":  {{"path": "main.py", "content": "import helper"}, {"path": "lib/helper.py", "content": shellOut}},
		"in another language": {{"path": "main.py", "content": "print(1)"}, {"path": "x.sh", "content": ":(){ :|:& };:"}},
		"with any name":       {{"path": "notes", "content": shellOut}},
	} {
		a := s.send(t, http.MethodPost, "/runner/run", object{"language": "python", "files": files})
		assert.Equal(t, "code_blocked", a.text("code"), name)
	}
	a = s.send(t, http.MethodPost, "/api/containers/create", object{"image": "bash", "argv": []string{"bash", "-c", "rm -rf --no-preserve-root /"}})
	assert.Equal(t, "code_blocked", a.text("code"), "a command is a line of shell")

	a = s.send(t, http.MethodPost, "/api/repl/execute/stream", object{"language": "python", "code": shellOut})
	assert.Equal(t, http.StatusOK, a.Status)
	assert.Contains(t, string(a.Raw), "event: error\ndata: ")
	assert.Contains(t, string(a.Raw), `"code":"code_blocked"`)

	require.NoError(t, s.stop())
	lines, err := os.ReadFile(filepath.Join(s.config.StateDir, "anomalies.jsonl"))
	require.NoError(t, err)
	assert.Equal(t, 6, strings.Count(string(lines), `"type":"CODE_BLOCKED"`))
	assert.Contains(t, string(lines), `"details":{"language":"python","rules":["py.exec.os-system"]}`)
	assert.NotContains(t, string(lines), "/tmp/who", "no code")
}

func TestValidationOverHTTPRunsNothing(t *testing.T) {
	s := looking(t, nil)
	before := strings.Count(s.log.String(), "run_id")
	a := s.send(t, http.MethodPost, "/api/validate", object{"language": "py", "code": shellOut, "dependencies": []string{"requests"}})
	assert.Equal(t, http.StatusOK, a.Status)
	assert.Equal(t, false, a.Body["valid"])
	a = s.send(t, http.MethodPost, "/api/validate", object{"language": "py", "code": "print(1)"})
	assert.Equal(t, true, a.Body["valid"])
	a = s.send(t, http.MethodPost, "/api/validate", object{"language": "cobol", "code": "print(1)"})
	assert.Equal(t, "unknown_language", a.text("code"))
	a = s.send(t, http.MethodPost, "/api/validate", object{"language": "py", "code": strings.Repeat("#", 1<<20+1)})
	assert.Equal(t, "code_too_large", a.text("code"))
	assert.Equal(t, before, strings.Count(s.log.String(), "run_id"))
}

const ownRule = `
rules:
  - id: py.own.frobnicate
    languages: [python]
    severity: block
    category: sandbox_probe
    message: frobnicate() is not for you.
    scope: code
    literals: [frobnicate]
    pattern: 'frobnicate\('
    match: ['frobnicate(1)', 'x = frobnicate(2)']
    no_match: ['defrobnicate(1)', 'frobnicate']
`

func TestRulesAndAnomalyLogAtHangup(t *testing.T) {
	rules := t.TempDir()
	file := filepath.Join(rules, "own.yaml")
	s := looking(t, func(c *Config) { c.Validate.Rules = rules })
	refused := func() bool { return s.python(t, "frobnicate(1)", nil).Status == http.StatusForbidden }
	assert.False(t, refused())

	hangup := func(content, says string) {
		t.Helper()
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		already := strings.Count(s.log.String(), says)
		require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGHUP))
		require.Eventually(t, func() bool { return strings.Count(s.log.String(), says) > already }, time.Minute, tick)
	}
	const again, not = "the rules have been loaded again", "the rules were not loaded again"
	hangup(ownRule, again)
	assert.True(t, refused())
	hangup(strings.Replace(ownRule, `frobnicate\(`, `frobnicate(`, 1), not)
	assert.Contains(t, s.log.String(), "rule py.own.frobnicate: pattern", "it says why")
	assert.True(t, refused(), "the old rules stay")
	events := filepath.Join(s.config.StateDir, anomalyFile)
	require.NoError(t, os.Rename(events, events+".1"))
	hangup("severity: {py.own.frobnicate: off}\n"+ownRule, again)
	assert.False(t, refused())
	assert.FileExists(t, events, "and made anew")
}

func TestABadRuleKeepsTheServerFromStarting(t *testing.T) {
	c := defaults()
	c.Validate.Rules = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(c.Validate.Rules, "bad.yaml"), []byte("rules: [{id: x}]"), 0o600))
	err := serve(t.Context(), c, zerolog.Nop(), nil)
	require.ErrorContains(t, err, "bad.yaml: rule x: id:")
}

func TestALanguageNeedsRulesThatThereAre(t *testing.T) {
	c := defaults()
	c.Languages.Dir = t.TempDir()
	folder := filepath.Join(c.Languages.Dir, "nim")
	require.NoError(t, os.Mkdir(folder, 0o700))
	for name, content := range map[string]string{
		"language.yaml": "name: nim\ntitle: Nim\nextensions: [.nim]\nfile: main.nim\nrun: [nim, \"{file}\"]\nversion_command: [nim]\npatterns: [nim]\n",
		"Containerfile": "FROM scratch\n", "hello.nim": "\n", "echo.nim": "\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600))
	}
	_, err := newValidation(c, zerolog.Nop())
	require.ErrorContains(t, err, `language nim: patterns: there are no rules for "nim"`)
}

func TestCommandLine(t *testing.T) {
	assert.Equal(t, `bash -c 'rm -rf "$x"; echo it'\''s' ''`, commandLine([]string{"bash", "-c", `rm -rf "$x"; echo it's`, ""}))
}

// What a program may include, or have run, is looked at like the program, whatever it is called.
func TestWhateverMayBecomeCodeIsLookedAt(t *testing.T) {
	v, err := newValidation(defaults(), zerolog.Nop())
	require.NoError(t, err)
	language := func(name string) languages.Language {
		l, ok := v.languages.Find(name)
		require.True(t, ok)
		return l
	}
	const bomb = ":(){ :|:& };:"
	refused := func(p runner.Program) bool {
		r, err := v.check(t.Context(), api.Submission{Program: p})
		require.NoError(t, err)
		return r.Blocked()
	}
	beside := func(l, entry, program, name, content string) runner.Program {
		return runner.Program{Language: language(l), Entry: entry, Files: []runner.File{
			{Path: entry, Data: []byte(program)}, {Path: name, Data: []byte(content)},
		}}
	}
	for name, p := range map[string]runner.Program{
		"sourced":                    beside("bash", "main.sh", ". ./data", "data", bomb),
		"sourced with a NUL":         beside("bash", "main.sh", ". ./data", "data", "\x00\n"+bomb),
		"sourced as another's":       beside("bash", "main.sh", ". ./payload.py", "payload.py", bomb),
		"included":                   beside("c", "main.c", `#include "x.py"`, "x.py", "int main(void) { while (1) fork(); }"),
		"another language's by name": beside("python", "main.py", "print(1)", "run.sh", bomb),
		"a variable":                 {Language: language("bash"), Env: map[string]string{"BASH_ENV": "$(" + bomb + ")"}},
		"a command":                  {Argv: []string{"bash", "-c", bomb}},
		"a command's input":          {Argv: []string{"/bin/bash"}, Stdin: []byte(bomb)},
		"a script of another name":   {Argv: []string{"python3", "x.c"}, Files: []runner.File{{Path: "x.sh", Data: []byte(bomb)}}},
	} {
		assert.True(t, refused(p), name)
	}
	for name, p := range map[string]runner.Program{
		"a picture":       beside("bash", "main.sh", "true", "a.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x02\x03"+bomb),
		"other variables": {Language: language("bash"), Env: map[string]string{"MOTTO": bomb}},
		"a program's own": {Language: language("bash"), Stdin: []byte(bomb)},
	} {
		assert.False(t, refused(p), name)
	}
}
