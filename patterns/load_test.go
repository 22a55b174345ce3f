package patterns

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const header = `
language: toy
aliases: [ty]
extensions: [.toy]
interpreters: [toy]
syntax: plain
`

const workingRule = `
rules:
  - id: toy.exec.run
    severity: block
    category: process_exec
    message: run() starts a program. Do without it.
    cwe: 78
    references: [bandit:B605]
    scope: code
    literals: [run]
    pattern: '\brun\('
    match: ['run(x)', 'a = run( y )']
    no_match: ['running(x)', {code: run.x()}]
`

const policies = `
policies:
  standard: {}
  permissive: {process_exec: warn}
`

func source(name, content string) Source {
	return Source{Name: name, FS: fstest.MapFS{"toy.yaml": {Data: []byte(content)}}}
}

func TestWorkingFile(t *testing.T) {
	set, err := LoadFrom(source("builtin", header+workingRule+policies))
	require.NoError(t, err)
	assert.Equal(t, []Language{{Name: "toy", Aliases: []string{"ty"}, Extensions: []string{".toy"}, Interpreters: []string{"toy"}, Syntax: "plain"}}, set.Languages)
	r := set.Rules[slices.IndexFunc(set.Rules, func(r Rule) bool { return r.ID == "toy.exec.run" })]
	assert.Equal(t, []string{"toy"}, r.Languages, "the file's")
	assert.Equal(t, RE2, r.Engine)
	assert.Equal(t, DefaultReach, r.Reach)
	assert.Equal(t, List{`\brun\(`}, r.Pattern, "one string is a list of one")
	assert.Equal(t, Example{Language: "toy", Code: "run.x()"}, r.NoMatch[1])
	assert.Equal(t, "builtin/toy.yaml", r.Origin())
	assert.True(t, r.AppliesTo([]string{"other", "toy"}))
	assert.False(t, r.AppliesTo([]string{"other"}))
}

// Each of these files is one change away from the working one, and its error says so.
func TestBustedFiles(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown key":            {"cwe: 78", "cve: 78", "field cve not found"},
		"unknown key in file":    {"syntax: plain", "syntax: plain\nsyntacs: x", "field syntacs not found"},
		"unknown key in example": {"{code: run.x()}", "{code: run.x(), lang: x}", "field lang not found"},
		"id":                     {"toy.exec.run", "toy.run", `"toy.run" is not language.topic.name`},
		"severity":               {"severity: block", "severity: high", `"high" is neither block nor warn`},
		"no severity":            {"    severity: block\n", "", `severity: "" is neither`},
		"written off":            {"severity: block", "severity: off", "neither block nor warn"},
		"category":               {"category: process_exec", "category: bad", `"bad" is none of`},
		"message":                {"message: run() starts a program. Do without it.", "message: ' '", "message is missing"},
		"scope":                  {"scope: code", "scope: comment", `"comment" is none of`},
		"engine":                 {"scope: code", "scope: code\n    engine: pcre", `"pcre" is neither`},
		"reach":                  {"scope: code", "scope: code\n    reach: 100000", "reach: 100000 is not from 1 to 4096"},
		"no pattern":             {`    pattern: '\brun\('` + "\n", "", "pattern is missing"},
		"empty alternative":      {`'\brun\('`, `[a, '']`, "has an empty alternative"},
		"no literals":            {"    literals: [run]\n", "", "literals are missing"},
		"short literal":          {"[run]", "[r]", `"r" is too short`},
		"no match":               {"['run(x)', 'a = run( y )']", "['run(x)']", "match: has 1 examples, at least 2"},
		"no hard negatives":      {"['running(x)', {code: run.x()}]", "[]", "no_match: has 0 examples, at least 2"},
		"language nobody knows":  {"scope: code", "scope: code\n    languages: [pascal]", `there is no language "pascal"`},
		"no syntax":              {"syntax: plain\n", "", "syntax is missing"},
		"language with a name":   {"language: toy", "language: Toy!", `"Toy!" is not lower-case`},
		"no language":            {"language: toy\n", "", "language is missing"},
		"any":                    {"language: toy", "language: any", `"any" is no language`},
		"policy's category":      {"process_exec: warn}", "exec: warn}", `policy permissive: "exec" is no category`},
		"policy's severity":      {"process_exec: warn}", "process_exec: low}", `"low" is neither`},
		"two documents":          {"policies:", "---\npolicies:", "more than one document"},
		"severity of nobody":     {"policies:", "severity: {toy.exec.walk: off}\npolicies:", `there is no rule "toy.exec.walk"`},
		"severity of what":       {"policies:", "severity: {toy.exec.run: high}\npolicies:", `"high" is neither block nor warn nor off`},
	} {
		t.Run(name, func(t *testing.T) {
			working := header + workingRule + policies
			busted := strings.Replace(working, c.old, c.new, 1)
			require.NotEqual(t, working, busted, "the change changes nothing")
			_, err := LoadFrom(source("mine", busted))
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
			assert.Contains(t, err.Error(), "mine/toy.yaml", "it says where")
		})
	}
}

func TestAllThatIsWrongIsTold(t *testing.T) {
	_, err := LoadFrom(source("mine", strings.NewReplacer("block", "x", "process_exec", "y").Replace(header+workingRule)))
	require.Error(t, err)
	assert.Contains(t, err.Error(), "severity")
	assert.Contains(t, err.Error(), "category")
}

func TestDuplicateIDs(t *testing.T) {
	rule := strings.TrimPrefix(workingRule, "\nrules:\n")
	_, err := LoadFrom(source("mine", header+workingRule+rule))
	require.ErrorContains(t, err, "rule toy.exec.run is in mine/toy.yaml already")
	_, err = LoadFrom(Source{Name: "mine", FS: fstest.MapFS{
		"a.yaml": {Data: []byte(header + workingRule)}, "b.yaml": {Data: []byte("language: other\nsyntax: plain\n" + workingRule)},
	}})
	require.ErrorContains(t, err, "rule toy.exec.run is in mine/a.yaml already")
}

func TestOperatorsRulesGoOverTheOthers(t *testing.T) {
	own := strings.Replace(workingRule, "severity: block", "severity: warn", 1)
	set, err := LoadFrom(source("builtin", header+workingRule+policies), source("mine", header+own))
	require.NoError(t, err)
	r := find(t, set, "toy.exec.run")
	assert.Equal(t, Warn, r.Severity)
	assert.Equal(t, "mine/toy.yaml", r.Origin())
}

func TestOperatorSwitchesRulesOff(t *testing.T) {
	set, err := LoadFrom(source("builtin", header+workingRule+policies), source("mine", "severity: {toy.exec.run: off}\n"))
	require.NoError(t, err)
	r := find(t, set, "toy.exec.run")
	assert.Equal(t, Off, r.Severity)
	assert.Equal(t, Off, Policy{"process_exec": Block}.Severity(&r), "no policy brings it back")
}

func TestPolicies(t *testing.T) {
	set, err := LoadFrom(source("builtin", header+workingRule+policies))
	require.NoError(t, err)
	r := find(t, set, "toy.exec.run")
	for policy, want := range map[string]Severity{"standard": Block, "permissive": Warn} {
		p, ok := set.Policy(policy)
		require.True(t, ok)
		assert.Equal(t, want, p.Severity(&r), policy)
	}
	_, ok := set.Policy("lenient")
	assert.False(t, ok)
	assert.Equal(t, []string{"permissive", "standard"}, set.Policies())
}

func TestWordsOfTwoLanguages(t *testing.T) {
	_, err := LoadFrom(Source{Name: "mine", FS: fstest.MapFS{
		"a.yaml": {Data: []byte("language: a\nextensions: [.x]\nsyntax: plain\n")},
		"b.yaml": {Data: []byte("language: b\nextensions: [.x]\naliases: [a]\nsyntax: plain\n")},
	}})
	require.ErrorContains(t, err, `".x" is one of a`)
	require.ErrorContains(t, err, `"a" is one of a`)
}

func TestDirectoryThatIsNotThere(t *testing.T) {
	_, err := Load("/nowhere")
	require.ErrorContains(t, err, "/nowhere")
}

func find(t *testing.T, set *Set, id string) Rule {
	t.Helper()
	i := slices.IndexFunc(set.Rules, func(r Rule) bool { return r.ID == id })
	require.GreaterOrEqual(t, i, 0)
	return set.Rules[i]
}
