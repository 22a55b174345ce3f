package validate

import (
	"cmp"
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/patterns"
)

// rules is a rule file of a language that is read like C, with the rules given and policies.
func rules(t *testing.T, list string) *patterns.Set {
	t.Helper()
	set, err := patterns.LoadFrom(patterns.Source{Name: "test", FS: fstest.MapFS{
		"toy.yaml":      {Data: []byte("language: toy\nextensions: [.toy]\ninterpreters: [toy]\nsyntax: c\nrules:\n" + list)},
		"policies.yaml": {Data: []byte("policies: {standard: {}, strict: {infinite_loop: block}, blind: {process_exec: off}}\n")},
	}})
	require.NoError(t, err)
	return set
}

// ruleOf is one rule, with what keys says over the usual.
func ruleOf(id string, keys ...string) string {
	r := map[string]string{
		"severity": "block", "category": "process_exec", "message": "Do without it.", "scope": "code",
		"literals": "[run]", "pattern": `'\brun\s*\('`, "match": "['run(1)', 'run (2)']", "no_match": "['walk(1)', 'run_(2)']",
	}
	for i := 0; i < len(keys); i += 2 {
		r[keys[i]] = keys[i+1]
	}
	var b strings.Builder
	b.WriteString("  - id: " + id + "\n")
	for k, v := range r {
		b.WriteString("    " + k + ": " + v + "\n")
	}
	return b.String()
}

func newValidator(t *testing.T, o Options, list ...string) *Validator {
	t.Helper()
	o.Deadline = cmp.Or(o.Deadline, time.Minute) // what is found is not to depend on what else the machine does
	v, err := New(rules(t, strings.Join(list, "")), o)
	require.NoError(t, err)
	return v
}

func check(t *testing.T, v *Validator, code string) []Finding {
	t.Helper()
	r, err := v.Check(t.Context(), Request{Files: []File{{Name: "main.toy", Data: []byte(code)}}})
	require.NoError(t, err)
	return r.Findings
}

func TestFindingSaysWhere(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run", "cwe", "78", "references", "[bandit:B605]"))
	assert.Equal(t, []Finding{{
		Rule: "toy.exec.run", Severity: "block", Category: "process_exec", Message: "Do without it.", File: "main.toy",
		Line: 3, Column: 8, Excerpt: "é = \uFFFD run(x); // now", CWE: 78, References: []string{"bandit:B605"},
	}}, check(t, v, "one\n\n\té = \x1b run(x); // now\nfour\n"))
}

func TestScopes(t *testing.T) {
	const program = "run(1);\ns = \"run(2)\";\n// run(3)\n"
	for scope, want := range map[string][]int{"code": {1}, "string": {2}, "code_and_string": {1, 2}, "call": {1}, "raw": {1, 2, 3}} {
		examples := map[string]string{"string": `['"run(1)"', '"a run(2)"']`}[scope]
		if examples == "" {
			examples = "['run(1)', 'run (2)']"
		}
		v := newValidator(t, Options{}, ruleOf("toy.exec.run", "scope", scope, "match", examples))
		var lines []int
		for _, f := range check(t, v, program) {
			lines = append(lines, f.Line)
		}
		assert.Equal(t, want, lines, scope)
	}
}

func TestLiteralsAreWholeWordsInAnyCase(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run", "pattern", `'(?i)run'`, "match", "[run, RUN]", "no_match", "[running, prune]"))
	assert.Len(t, check(t, v, "Run"), 1)
	assert.Empty(t, check(t, v, "rerun runs _run run9"), "the pattern is not even tried")
}

func TestWhatIsExcepted(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run", "pattern", `'(?:\.\s*)?\brun\s*\(\w*'`, "except", `['^\.', 'self']`,
		"no_match", "[x.run(1), run(self)]"))
	assert.Len(t, check(t, v, "a.run(1); run(2); x.run(3); run(self)"), 1, "one of several in a line")
	assert.Len(t, check(t, v, strings.Repeat("a.run(1);\n", 3*maxPerRule)+"run(2)"), 1, "nobody hides behind what is excepted")
}

func TestWhatMeansSomethingElseInAFile(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run", "unless", `['\bvoid\s+run\s*\(']`, "no_match", "['run(1); void run(int)', 'walk(1)']"))
	assert.Len(t, check(t, v, "run(1);\n"+strings.Repeat("x\n", 1000)), 1)
	assert.Empty(t, check(t, v, "run(1);\n"+strings.Repeat("x\n", 1000)+"void run(int i) {}"))
	assert.Len(t, check(t, v, "run(1); // void run(int i)\nputs(\"void run(int i)\");"), 1, "only code counts")
}

func TestWhiteSpaceIsWhiteSpace(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run"))
	for _, space := range []string{" ", "\t", "\v", "\f", "\u00a0", "\u2003", "\u3000", "\ufeff"} {
		assert.Len(t, check(t, v, "run"+space+"(1)"), 1, "%q", space)
	}
	assert.Empty(t, check(t, v, "runé(1)"))
}

func TestAMatchBeginsWithACharacter(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run", "pattern", `'\brun\(\w*'`, "except", `'^run\(self'`, "match", "['run(1)', '日run(1)']",
		"no_match", "['run(self)', 'walk(1)']"))
	for _, before := range []string{"é", "日", "日本", "\xa9", "é\xa9", "\xc3"} {
		assert.Len(t, check(t, v, before+"run(1)"), 1, "%q", before)
		assert.Empty(t, check(t, v, before+"run(self)"), "%q", before)
	}
}

func TestAFileOfTwoLanguagesIsToldOnce(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run"))
	r, err := v.Check(t.Context(), Request{Files: []File{
		{Name: "a", Data: []byte("run(1)"), Languages: []string{"toy"}}, {Name: "a", Data: []byte("run(1)"), Languages: []string{"toy"}},
		{Name: "b", Data: []byte("run(1)"), Languages: []string{"toy"}},
	}})
	require.NoError(t, err)
	assert.Len(t, r.Findings, 2)
}

func TestSightEndsWithinReach(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run", "pattern", `'run[^z]*z'`, "reach", "64", "match", "['run z', 'run\n z']", "no_match", "[run, walk z]"))
	assert.Len(t, check(t, v, "run"+strings.Repeat(" ", 60)+"z"), 1)
	assert.Empty(t, check(t, v, "run"+strings.Repeat(" ", 70)+"z"))
}

func TestALineThatIsCutHasNoBeginningThere(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run", "pattern", `'^\s*run'`, "reach", "8"))
	assert.Empty(t, check(t, v, strings.Repeat("a ", 100)+"        run(1)"))
	assert.Len(t, check(t, v, strings.Repeat("a ", 100)+"\n      run(1)"), 1)
}

func TestMatchesFarApartAndClose(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run", "reach", "16"))
	assert.Len(t, check(t, v, strings.Repeat("run(1);\n", 5)), 5)
	assert.Len(t, check(t, v, strings.Repeat("run(1);\n"+strings.Repeat("x\n", 500), 5)), 5)
	assert.Len(t, check(t, v, strings.Repeat("run(1);\n", 100_000)), maxPerRule)
}

func TestPoliciesDecide(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run"), ruleOf("toy.loop.run", "category", "infinite_loop", "severity", "warn"))
	for policy, want := range map[string]string{
		"": "toy.exec.run=block toy.loop.run=warn", "standard": "toy.exec.run=block toy.loop.run=warn",
		"strict": "toy.exec.run=block toy.loop.run=block", "blind": "toy.loop.run=warn",
	} {
		r, err := v.Check(t.Context(), Request{Files: []File{{Name: "a.toy", Data: []byte("run(1)")}}, Policy: policy})
		require.NoError(t, err)
		var got []string
		for _, f := range r.Findings {
			got = append(got, f.Rule+"="+string(f.Severity))
		}
		assert.Equal(t, want, strings.Join(got, " "), policy)
		assert.Equal(t, strings.Contains(want, "block"), r.Blocked(), policy)
	}
	_, err := v.Check(t.Context(), Request{Policy: "lenient"})
	require.ErrorContains(t, err, `there is no policy "lenient"; there are blind, standard, strict`)
}

func TestBlockingFindingsComeFirst(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run"),
		ruleOf("toy.loop.walk", "severity", "warn", "literals", "[walk]", "pattern", "walk", "match", "[walk, 'a walk']", "no_match", "[walks, talk]"))
	list := check(t, v, "walk\nrun(1)\nwalk\n")
	require.Len(t, list, 3)
	assert.Equal(t, []int{2, 1, 3}, []int{list[0].Line, list[1].Line, list[2].Line})
	blocking, warnings := Report{list}.Split()
	assert.Len(t, blocking, 1)
	assert.Len(t, warnings, 2)
}

func TestEveryFileIsLookedAt(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run"), ruleOf("any.exec.run", "languages", "[any]", "literals", "[fly]",
		"pattern", `'fly\('`, "match", "['fly(1)', 'a fly(2)']", "no_match", "['flys(1)', 'walk(1)']"))
	r, err := v.Check(t.Context(), Request{Files: []File{
		{Name: "a.toy", Data: []byte("run(1)")},
		{Name: "b", Data: []byte("#!/usr/bin/env -S toy3.1 -x\nrun(1)")},
		{Name: "c.txt", Data: []byte("run(1) fly(2)")},
		{Name: "d.bin", Data: []byte("\x00 fly(2)")},
		{Name: "e.toy", Data: []byte("\x00 run(2)")},
		{Name: "f.txt", Data: []byte("run(3)"), Languages: []string{"toy"}},
	}})
	require.NoError(t, err)
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.File+" "+f.Rule)
	}
	assert.Equal(t, []string{"a.toy toy.exec.run", "b toy.exec.run", "c.txt any.exec.run", "e.toy toy.exec.run", "f.txt toy.exec.run"}, got,
		"what is no text is passed over only where nothing tells a language")
	_, err = v.Check(t.Context(), Request{Files: []File{{Name: "x", Languages: []string{"cobol"}}}})
	require.ErrorContains(t, err, `there are no rules for the language "cobol"`)
}

func TestMoreCodeThanIsRead(t *testing.T) {
	v := newValidator(t, Options{MaxCode: 10}, ruleOf("toy.exec.run"))
	assert.Empty(t, check(t, v, "0123456789"))
	list := check(t, v, "0123456789a")
	require.Len(t, list, 1)
	assert.Equal(t, "any.size.code", list[0].Rule)
	assert.Equal(t, patterns.Block, list[0].Severity)
	assert.Contains(t, list[0].Message, "11 bytes, at most 10")
}

func TestWhatCannotBeReadInTimeIsRefused(t *testing.T) {
	v := newValidator(t, Options{Deadline: 1}, ruleOf("toy.exec.run"))
	_, err := v.Check(t.Context(), Request{Files: []File{{Name: "a.toy", Data: []byte("run(1)")}}})
	require.ErrorIs(t, err, ErrTimeout)
}

// A backtracking pattern that would take for ever ends within its own time, and the code is refused.
func TestAnExpressionThatRunsAwayIsStopped(t *testing.T) {
	v := newValidator(t, Options{Deadline: time.Hour}, ruleOf("toy.exec.run", "engine", "regexp2", "pattern", `'run (\w+\s?)+(?=!)'`,
		"match", "['run aa!', 'run b!']", "no_match", "['run aab', 'run']"))
	_, err := v.Check(t.Context(), Request{Files: []File{{Name: "a.toy", Data: []byte("run " + strings.Repeat("a", 200))}}})
	require.ErrorIs(t, err, ErrTimeout)
}

func TestWhoIsGoneNeedsNoAnswer(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := v.Check(ctx, Request{Files: []File{{Name: "a.toy"}}})
	require.ErrorIs(t, err, context.Canceled)
}

func TestBustedRules(t *testing.T) {
	for name, c := range map[string]struct {
		rule string
		want string
	}{
		"does not compile":          {ruleOf("toy.exec.run", "pattern", `'run('`), "test/toy.yaml: rule toy.exec.run: pattern: "},
		"lookahead in re2":          {ruleOf("toy.exec.run", "pattern", `'run(?=x)'`), "pattern: "},
		"except does not compile":   {ruleOf("toy.exec.run", "except", `'['`), "except: "},
		"matches everywhere":        {ruleOf("toy.exec.run", "pattern", `'x*'`), "matches nothing at all"},
		"example is not found":      {ruleOf("toy.exec.run", "match", "['run(1)', 'walk(1)']"), "match[1]: is not found\nwalk(1)"},
		"literal is missing":        {ruleOf("toy.exec.run", "literals", "[walk]"), "match[0]: is not found"},
		"hard negative is found":    {ruleOf("toy.exec.run", "no_match", "['walk(1)', 'a.run(1)']"), "no_match[1]: is found"},
		"example of no language":    {ruleOf("toy.exec.run", "languages", "[any]", "match", "[{language: cobol, code: run(1)}, 'run(2)']"), `no language "cobol"`},
		"example of other language": {ruleOf("toy.exec.run", "match", "[{language: other, code: run(1)}, 'run(2)']"), "the rule is not for other"},
	} {
		_, err := New(rules(t, c.rule), Options{})
		require.Error(t, err, name)
		assert.Contains(t, err.Error(), c.want, name)
	}
}

func TestSyntaxNobodyKnows(t *testing.T) {
	set, err := patterns.LoadFrom(patterns.Source{Name: "test", FS: fstest.MapFS{"a.yaml": {Data: []byte("language: a\nsyntax: hieroglyphs\n")}}})
	require.NoError(t, err)
	_, err = New(set, Options{})
	require.ErrorContains(t, err, `"hieroglyphs" is none of`)
	assert.NotErrorIs(t, err, ErrTimeout)
}

func TestExcerptOfALongLine(t *testing.T) {
	v := newValidator(t, Options{}, ruleOf("toy.exec.run"))
	list := check(t, v, strings.Repeat("a ", 5000)+"run(1)"+strings.Repeat(" b", 5000))
	require.Len(t, list, 1)
	assert.LessOrEqual(t, len(list[0].Excerpt), maxExcerpt)
	assert.Contains(t, list[0].Excerpt, "run(1)")
	assert.Equal(t, 10001, list[0].Column)
}
