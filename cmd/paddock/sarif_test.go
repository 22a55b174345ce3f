package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What SARIF 2.1.0 asks for, as far as there is a part for it here: section numbers are those of the standard.
func TestSARIF(t *testing.T) {
	code, out, errText := checkIn(t, map[string]string{
		"a b%.py":    "print(1)\nprint('ä'); forbidden()\nforbidden()\ndoubtful()\n",
		"dir/c#:?.c": "forbidden()",
		"large.py":   string(make([]byte, 3000)),
	}, "", "--sarif", "--limits.code=2KiB", "a b%.py", "dir/../dir/c#:?.c", "large.py")
	assert.Equal(t, exitFailed, code, errText)
	var log sarifLog
	require.NoError(t, json.Unmarshal([]byte(out), &log), out)
	assert.Equal(t, "2.1.0", log.Version)
	require.Len(t, log.Runs, 1)
	run := log.Runs[0]
	assert.Equal(t, "paddock", run.Tool.Driver.Name)
	assert.Contains(t, []string{"utf16CodeUnits", "unicodeCodePoints"}, run.ColumnKind, "3.14.17")

	ids := map[string]bool{}
	for _, r := range run.Tool.Driver.Rules {
		assert.False(t, ids[r.ID], "%s is there twice (3.19.23)", r.ID)
		ids[r.ID] = true
		assert.NotEmpty(t, r.Short.Text, "3.49.9, 3.11.8")
		assert.NotEmpty(t, r.Help.Text, "3.49.13")
		assert.Contains(t, []string{"none", "note", "warning", "error"}, r.Configuration.Level, "3.50.3")
	}
	assert.Equal(t, sarifRule{
		ID: "any.test.forbidden", Short: sarifMessage{"forbidden() is for tests. Leave it out."},
		Help: sarifMessage{"forbidden() is for tests. Leave it out.\n" +
			"CWE-78: https://cwe.mitre.org/data/definitions/78.html\nElsewhere: bandit:B605"},
		Configuration: sarifLevel{"error"}, Properties: sarifProperties{[]string{"security", "process_exec", "external/cwe/cwe-78"}},
	}, run.Tool.Driver.Rules[0])

	type row struct {
		rule, level, uri string
		line, column     int
	}
	var rows []row
	for _, r := range run.Results {
		assert.NotEmpty(t, r.Message.Text, "3.27.11, 3.11.8")
		assert.Equal(t, r.RuleID, run.Tool.Driver.Rules[r.RuleIndex].ID, "3.27.6")
		require.Len(t, r.Locations, 1)
		place := r.Locations[0].Physical
		assert.Regexp(t, uriReference, place.Artifact.URI, "3.4.3")
		assert.Positive(t, place.Region.StartLine, "3.30.5")
		rows = append(rows, row{r.RuleID, r.Level, place.Artifact.URI, place.Region.StartLine, place.Region.StartColumn})
	}
	assert.Equal(t, []row{
		{"any.test.forbidden", "error", "a%20b%25.py", 2, 13},
		{"any.test.forbidden", "error", "a%20b%25.py", 3, 1},
		{"any.test.doubtful", "warning", "a%20b%25.py", 4, 1},
		{"any.test.forbidden", "error", "dir/c%23:%3F.c", 1, 1},
		{"any.size.code", "error", "large.py", 1, 0},
	}, rows)
}

// uriReference is the characters of RFC 3986.
var uriReference = regexp.MustCompile(`^([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-F]{2})+$`)

// A report without results has an empty list of them: none at all would mean that nothing was looked at (3.14.23).
func TestSARIFOfNothing(t *testing.T) {
	code, out, errText := checkIn(t, map[string]string{"a.py": "print(1)\n"}, "", "--sarif", "a.py")
	assert.Equal(t, 0, code, errText)
	var log struct{ Runs []map[string]json.RawMessage }
	require.NoError(t, json.Unmarshal([]byte(out), &log), out)
	assert.JSONEq(t, `[]`, string(log.Runs[0]["results"]))
}

func TestURIs(t *testing.T) {
	t.Chdir(t.TempDir())
	dir, err := os.Getwd()
	require.NoError(t, err)
	for file, want := range map[string]string{
		"a.py": "a.py", "./a.py": "a.py", "../a.py": "../a.py", "a:b.py": "./a:b.py", "ä.py": "%C3%A4.py", "\xff.py": "%FF.py",
		filepath.Join(dir, "sub", "a.py"): "sub/a.py", "/other/a b.py": "file:///other/a%20b.py",
	} {
		assert.Equal(t, want, uriOf(file))
	}
}
