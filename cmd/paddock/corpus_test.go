package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// corpus is nine programs: six of Python, of which two are refused and two warned of, two of C, one of them refused, and one
// shell script that its first line tells. What else there is counts as no program.
func corpus(t *testing.T) (dir string) {
	t.Helper()
	dir = writeFiles(t, map[string]string{
		"one/clean.py":     "print(1)\n",
		"one/comment.py":   "# forbidden()\n",
		"one/refused.py":   "print(1)\n  forbidden()\nforbidden()\ndoubtful()\n",
		"one/two/also.py":  "forbidden()\n",
		"one/warned.py":    "doubtful()\n",
		"one/warned2.py":   "doubtful()\ndoubtful()\n",
		"clean.c":          "int main(void) { return 0; }\n",
		"refused.c":        "int main(void) { forbidden(); }\n",
		"script":           "#!/bin/sh\necho hello\n",
		"empty.py":         " \n",
		"large.py":         strings.Repeat("#", 5000),
		"text.unknown":     "forbidden()\n",
		"one/zz.py":        "print(1)\n", // clean.py again
		"one/no extension": "forbidden()\n",
	})
	elsewhere := writeFiles(t, map[string]string{"far.py": "forbidden()\n"})
	require.NoError(t, os.Symlink(filepath.Join(elsewhere, "far.py"), filepath.Join(dir, "link.py")))
	require.NoError(t, os.Symlink(elsewhere, filepath.Join(dir, "linked")))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "pipe.py"), 0o600))
	return dir
}

func measureCorpus(t *testing.T, dir string, args ...string) (out string) {
	t.Helper()
	args = append([]string{"patterns", "corpus", "--limits.code=4KiB", "--validate.deadline=1m", "--validate.rules", rulesFile(t, plainRules)}, args...)
	code, out, errText := paddock(t, "", append(args, dir)...)
	require.Equal(t, 0, code, errText)
	assert.Empty(t, errText)
	return out
}

func TestCorpus(t *testing.T) {
	dir := corpus(t)
	var m measurement
	require.NoError(t, json.Unmarshal([]byte(measureCorpus(t, dir, "--json")), &m))
	rounded := func(c count) count {
		low, high := wilson(c.Refused, c.Programs)
		assert.InDelta(t, low, c.Low, 1e-12)
		assert.InDelta(t, high, c.High, 1e-12)
		assert.InDelta(t, float64(c.Refused)/float64(c.Programs), c.Share, 1e-12)
		c.Share, c.Low, c.High = 0, 0, 0
		return c
	}
	assert.Equal(t, count{Programs: 9, Refused: 3, Warned: 2}, rounded(m.Total))
	require.Len(t, m.Languages, 3)
	assert.Equal(t, count{Language: "bash", Programs: 1}, rounded(m.Languages[0]))
	assert.Equal(t, count{Language: "c", Programs: 2, Refused: 1}, rounded(m.Languages[1]))
	assert.Equal(t, count{Language: "python", Programs: 6, Refused: 2, Warned: 2}, rounded(m.Languages[2]))
	assert.Equal(t, map[string]int{"no known language": 2, "empty": 1, "above limits.code": 1, "same as another": 1}, m.LeftOut)
	assert.Equal(t, []ruleCount{{Rule: "any.test.forbidden", Programs: 3, Share: 3.0 / 9, Places: []sighting{
		{filepath.Join(dir, "one/refused.py") + ":2:3", "forbidden()"},
		{filepath.Join(dir, "one/two/also.py") + ":1:1", "forbidden()"},
		{filepath.Join(dir, "refused.c") + ":1:18", "int main(void) { forbidden(); }"},
	}}}, m.Rules)
	assert.Nil(t, m.Files, "without --per-file")

	again := measureCorpus(t, dir, "--json")
	assert.Equal(t, again, measureCorpus(t, dir, "--json"), "several at a time, and always the same")
}

func TestCorpusNamesRefusedFiles(t *testing.T) {
	dir := corpus(t)
	var m measurement
	require.NoError(t, json.Unmarshal([]byte(measureCorpus(t, dir, "--json", "--per-file")), &m))
	rules := []string{"any.test.forbidden"}
	assert.Equal(t, []refusedFile{
		{filepath.Join(dir, "one/refused.py"), "python", rules},
		{filepath.Join(dir, "one/two/also.py"), "python", rules},
		{filepath.Join(dir, "refused.c"), "c", rules},
	}, m.Files)
	assert.Contains(t, measureCorpus(t, dir, "--per-file"), "\n"+filepath.Join(dir, "refused.c")+": any.test.forbidden\n")
}

func TestCorpusAsText(t *testing.T) {
	dir := corpus(t)
	out := measureCorpus(t, dir)
	assert.Regexp(t, `(?m)^LANGUAGE +PROGRAMS +REFUSED +SHARE +95 % CONFIDENCE +WARNED$`, out)
	assert.Regexp(t, `(?m)^python +6 +2 +33\.33 % +9\.68 % to 70\.00 % +2$`, out)
	assert.Regexp(t, `(?m)^all +9 +3 +33\.33 % +12\.06 % to 64\.58 % +2$`, out)
	assert.Contains(t, out, "\npolicy standard; left out, above limits.code: 1; left out, empty: 1; left out, no known language: 2; left out, same as another: 1\n")
	assert.Contains(t, out, "\nany.test.forbidden refuses 3 (33.33 %)\n    "+dir+"/one/refused.py:2:3  forbidden()\n")
	assert.NotContains(t, out, "any.test.doubtful", "a warning refuses nothing")

	out = measureCorpus(t, dir, "--policy", "permissive")
	assert.Regexp(t, `(?m)^all +9 +0 +0\.00 % +0\.00 % to 29\.91 % +5$`, out)
}

func TestCorpusOfSeveralDirectoriesAndOfNone(t *testing.T) {
	dir := corpus(t)
	out := measureCorpus(t, filepath.Join(dir, "one"), filepath.Join(dir, "one", "two"))
	assert.Regexp(t, `(?m)^all +6 +2 `, out)
	assert.Regexp(t, `(?m)^all +0 +0 +0\.00 % +0\.00 % to 100\.00 % +0$`, measureCorpus(t, t.TempDir()))

	for _, wrong := range []string{"/no/such/directory", filepath.Join(dir, "clean.c")} {
		code, _, errText := paddock(t, "", "patterns", "corpus", wrong)
		assert.Equal(t, exitFailed, code)
		assert.Contains(t, errText, wrong)
	}
}

// Newcombe (Statistics in Medicine 17, 1998), table I, method 3.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718},
		{20, 20, 1 - 0.1611, 1}, {0, 0, 0, 1},
	} {
		low, high := wilson(c.k, c.n)
		assert.InDelta(t, c.low, low, 5e-5, "%d of %d", c.k, c.n)
		assert.InDelta(t, c.high, high, 5e-5, "%d of %d", c.k, c.n)
	}
}
