package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/validate"
)

// plainRules are two rules that no built-in one has anything to do with.
const plainRules = `
rules:
  - id: any.test.forbidden
    severity: block
    category: process_exec
    message: forbidden() is for tests. Leave it out.
    cwe: 78
    references: [bandit:B605]
    scope: code
    literals: [forbidden]
    pattern: '\bforbidden\('
    match: [forbidden(), x = forbidden(1)]
    no_match: [forbidden, unforbidden()]
  - id: any.test.doubtful
    severity: warn
    category: infinite_loop
    message: doubtful() is for tests.
    scope: code
    literals: [doubtful]
    pattern: '\bdoubtful\('
    match: [doubtful(), x = doubtful(1)]
    no_match: [doubtful, undoubtful()]
policies:
  lenient: {process_exec: warn}
`

// writeFiles writes files by their path below a new directory.
func writeFiles(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return dir
}

// checkIn runs `paddock check` with the plain rules in a directory that has these files.
func checkIn(t *testing.T, files map[string]string, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	rules := rulesFile(t, plainRules)
	t.Chdir(writeFiles(t, files))
	return paddock(t, stdin, append([]string{"check", "--validate.rules", rules, "--validate.deadline=1m"}, args...)...)
}

func TestCheckTellsWhatWouldBeRefused(t *testing.T) {
	files := map[string]string{
		"clean.py":  "# forbidden()\nprint('forbidden()')\n",
		"doubt.py":  "doubtful()\n",
		"busted.py": "print(1)\nif 'äöü': forbidden()\ndoubtful()\n",
	}
	code, out, errText := checkIn(t, files, "", "clean.py")
	assert.Equal(t, 0, code, errText)
	assert.Equal(t, "no findings\n", out)

	code, out, errText = checkIn(t, files, "", "doubt.py", "clean.py")
	assert.Equal(t, 0, code, "warnings refuse nothing: %s", errText)
	assert.Equal(t, "doubt.py:1:1: warn any.test.doubtful: doubtful() is for tests.\n    doubtful()\n0 block, 1 warn\n", out)

	code, out, errText = checkIn(t, files, "", "clean.py", "busted.py")
	assert.Equal(t, exitFailed, code, errText)
	assert.Empty(t, errText)
	assert.Equal(t, `busted.py:2:11: block any.test.forbidden: forbidden() is for tests. Leave it out.
    if 'äöü': forbidden()
busted.py:3:1: warn any.test.doubtful: doubtful() is for tests.
    doubtful()
1 block, 1 warn
`, out)
}

func TestCheckByPolicy(t *testing.T) {
	files := map[string]string{"a.py": "forbidden()\n"}
	for policy, want := range map[string]int{"strict": exitFailed, "lenient": 0, "none": 0} {
		code, out, errText := checkIn(t, files, "", "--policy", policy, "a.py")
		assert.Equal(t, want, code, "%s: %s%s", policy, out, errText)
	}
}

func TestCheckKnowsTheLanguage(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		args       []string
	}{
		"by extension":                {"a.js", "// forbidden()\nforbidden()", nil},
		"by an interpreter":           {"a", "#!/usr/bin/env python3\nforbidden()", nil},
		"by a header's extension":     {"a.hpp", "forbidden()", nil},
		"by alias of a manifest":      {"a", "forbidden()", []string{"--language", "py"}},
		"by name, over the extension": {"a.sh", "forbidden() # x", []string{"-l", "Python"}},
		"by name, with rules only":    {"a", "forbidden()", []string{"--language", "perl"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errText := checkIn(t, map[string]string{c.file: c.text}, "", append(c.args, c.file)...)
			assert.Equal(t, exitFailed, code, errText)
			assert.Equal(t, 1, strings.Count(out, "any.test.forbidden"), out)
		})
	}
}

func TestCheckReadsStdin(t *testing.T) {
	code, out, errText := checkIn(t, nil, "#!/usr/bin/python3\nforbidden()\n", "-")
	assert.Equal(t, exitFailed, code, errText)
	assert.Contains(t, out, "stdin:2:1: block any.test.forbidden")

	code, out, errText = checkIn(t, nil, "forbidden()\n", "--language", "c", "-")
	assert.Equal(t, exitFailed, code, errText)
	assert.Contains(t, out, "stdin:1:1: block")

	code, _, errText = checkIn(t, nil, "forbidden()\n", "-")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errText, "name one with --language: ")
}

func TestCheckThatCannotBeMadeExitsWithTwo(t *testing.T) {
	files := map[string]string{"a.py": "print(1)\n", "dir/b.py": "", "c.unknown": "print(1)"}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no file":          {nil, "requires at least 1 arg"},
		"no such flag":     {[]string{"--colour", "a.py"}, "--colour"},
		"missing file":     {[]string{"nowhere.py"}, "nowhere.py"},
		"directory":        {[]string{"dir"}, "dir is a directory; name the files in it"},
		"unknown file":     {[]string{"c.unknown"}, "c.unknown: neither its name nor its first line"},
		"unknown language": {[]string{"-l", "cobol", "a.py"}, `there is no language "cobol"; there are bash, c, `},
		"unknown policy":   {[]string{"--policy", "harsh", "a.py"}, `there is no policy "harsh"`},
		"two forms":        {[]string{"--json", "--sarif", "a.py"}, "not both"},
		"wrong setting":    {[]string{"--validate.deadline", "0s", "a.py"}, "validate.deadline"},
		"wrong rules":      {[]string{"--validate.rules", "/no/such/rules", "a.py"}, "/no/such/rules"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errText := checkIn(t, files, "", c.args...)
			assert.Equal(t, exitUsage, code)
			assert.Contains(t, errText, c.says)
		})
	}
}

func TestAFileThatCannotBeReadDoesNotHideTheOthers(t *testing.T) {
	code, out, errText := checkIn(t, map[string]string{"a.py": "forbidden()\n"}, "", "nowhere.py", "a.py")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errText, "nowhere.py")
	assert.Contains(t, out, "a.py:1:1: block")
}

func TestCheckOfTooMuchCode(t *testing.T) {
	code, out, errText := checkIn(t, map[string]string{"a.py": strings.Repeat("#", 2000)}, "", "--limits.code", "1KiB", "a.py")
	assert.Equal(t, exitFailed, code, errText)
	assert.Regexp(t, `^a\.py: block any\.size\.code: .*2000 bytes`, out)
}

func TestCodeThatCannotBeReadInTimeIsRefused(t *testing.T) {
	code, out, errText := checkIn(t, map[string]string{"a.py": "forbidden()\n"}, "", "--validate.deadline", "1ns", "a.py")
	assert.Equal(t, exitFailed, code, errText)
	assert.Equal(t, "a.py: block validation_timeout: The code could not be checked in time; make it shorter or simpler.\n1 block, 0 warn\n", out)
}

func TestCheckInJSON(t *testing.T) {
	files := map[string]string{"a.py": "forbidden()\n", "b.py": "doubtful()\n", "c.py": ""}
	code, out, errText := checkIn(t, files, "", "--json", "a.py", "b.py", "c.py")
	assert.Equal(t, exitFailed, code, errText)
	var r struct {
		Policy   string
		Blocked  bool
		Files    int
		Findings []validate.Finding
	}
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&r), out)
	assert.Equal(t, "standard", r.Policy)
	assert.True(t, r.Blocked)
	assert.Equal(t, 3, r.Files)
	assert.Equal(t, []validate.Finding{
		{
			Rule: "any.test.forbidden", Severity: "block", Category: "process_exec", Message: "forbidden() is for tests. Leave it out.",
			File: "a.py", Line: 1, Column: 1, Excerpt: "forbidden()", CWE: 78, References: []string{"bandit:B605"},
		},
		{
			Rule: "any.test.doubtful", Severity: "warn", Category: "infinite_loop", Message: "doubtful() is for tests.",
			File: "b.py", Line: 1, Column: 1, Excerpt: "doubtful()",
		},
	}, r.Findings)

	code, out, _ = checkIn(t, files, "", "--json", "c.py")
	assert.Equal(t, 0, code)
	assert.JSONEq(t, `{"policy": "standard", "blocked": false, "files": 1, "findings": []}`, out)
}

func TestNamesAndLinesCannotWriteToATerminal(t *testing.T) {
	name := "a\x1b[2J\nb.py"
	code, out, errText := checkIn(t, map[string]string{name: "forbidden() # \x1b[2J\n"}, "", name)
	assert.Equal(t, exitFailed, code, errText)
	assert.NotContains(t, out, "\x1b")
	assert.Contains(t, out, `"a\x1b[2J\nb.py":1:1: block`)
}

func TestColorsAreForTerminalsThatWantThem(t *testing.T) {
	assert.Equal(t, palette{}, paletteFor(&bytes.Buffer{}, nil))
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	assert.Equal(t, palette{}, paletteFor(file, nil))
	assert.True(t, wantsColor([]string{"TERM=xterm", "NO_COLOR="}))
	assert.False(t, wantsColor([]string{"TERM=xterm", "NO_COLOR=1"}))
	assert.False(t, wantsColor([]string{"TERM=dumb"}))
}

// The example programs beside the documentation show what passes and what does not.
func TestExamplePrograms(t *testing.T) {
	for dir, want := range map[string]int{"passes": 0, "refused": exitFailed} {
		files, err := filepath.Glob("../../examples/" + dir + "/*")
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			code, out, errText := paddock(t, "", "check", file)
			assert.Equal(t, want, code, "%s%s", out, errText)
		}
	}
}
