package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPatternsList(t *testing.T) {
	rules := rulesFile(t, plainRules)
	code, out, errText := paddock(t, "", "patterns", "list", "--validate.rules", rules)
	assert.Equal(t, 0, code, errText)
	assert.Regexp(t, `(?m)^RULE +SEVERITY +CATEGORY +LANGUAGES +MESSAGE$`, out)
	assert.Regexp(t, `(?m)^any\.test\.forbidden +block +process_exec +any +forbidden\(\) is for tests\. Leave it out\.$`, out)
	assert.Regexp(t, `(?m)^any\.test\.doubtful +warn `, out)

	code, out, errText = paddock(t, "", "patterns", "list", "--validate.rules", rules, "--validate.policy", "lenient")
	assert.Equal(t, 0, code, errText)
	assert.Regexp(t, `(?m)^any\.test\.forbidden +warn `, out, "what it does under the policy in force")
}

func TestPatternsListOfALanguageAndACategory(t *testing.T) {
	rules := rulesFile(t, plainRules)
	list := func(args ...string) (ids []string) {
		code, out, errText := paddock(t, "", append([]string{"patterns", "list", "--json", "--validate.rules", rules}, args...)...)
		require.Equal(t, 0, code, errText)
		var all []struct {
			ID, Severity, Category, Message string
			Languages                       []string
		}
		require.NoError(t, json.Unmarshal([]byte(out), &all), out)
		for _, r := range all {
			assert.NotEmpty(t, r.Severity, r.ID)
			assert.NotEmpty(t, r.Message, r.ID)
			assert.NotEmpty(t, r.Languages, r.ID)
			ids = append(ids, r.ID)
		}
		return ids
	}
	all, python, cpp := list(), list("--language", "py"), list("--language", "cpp")
	assert.Subset(t, all, python)
	assert.Contains(t, python, "any.test.forbidden", "rules for all languages are for each")
	for _, id := range python {
		assert.NotRegexp(t, `^(js|go|rb|rs|sh)\.`, id)
	}
	for _, id := range cpp {
		assert.Regexp(t, `^(any|c|cpp)\.`, id)
	}
	assert.Subset(t, cpp, list("--language", "c"), "C++ takes C's rules")
	assert.Equal(t, []string{"any.test.doubtful"}, filter(list("--category", "infinite_loop"), "any.test."))

	code, _, errText := paddock(t, "", "patterns", "list", "--category", "infinite")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, errText, "infinite_loop")
	code, _, errText = paddock(t, "", "patterns", "list", "--language", "cobol")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, errText, "python")
}

func filter(list []string, prefix string) (kept []string) {
	for _, s := range list {
		if strings.HasPrefix(s, prefix) {
			kept = append(kept, s)
		}
	}
	return kept
}

func TestPatternsExplain(t *testing.T) {
	rules := rulesFile(t, plainRules)
	code, out, errText := paddock(t, "", "patterns", "explain", "--validate.rules", rules, "any.test.forbidden")
	assert.Equal(t, 0, code, errText)
	for _, line := range []string{
		"rule        any.test.forbidden", "message     forbidden() is for tests. Leave it out.",
		"severity    block", "            warn when the policy is lenient", "            block when the policy is standard",
		"scope       code", "literals    forbidden", `pattern     \bforbidden\(`, "references  bandit:B605",
		"cwe         78", "reach       256", "engine      re2", "file        " + filepath.Join(rules, "our.yaml"),
		"match       any\n    x = forbidden(1)", "no_match    any\n    unforbidden()",
	} {
		assert.Contains(t, out, line+"\n")
	}

	code, out, errText = paddock(t, "", "patterns", "explain", "any.size.code")
	assert.Equal(t, 0, code, errText)
	assert.Contains(t, out, "\nfile        built in\n", "there is code for it, and neither pattern nor literals")
	assert.NotRegexp(t, `(?m)^(pattern|literals|scope|reach)`, out)

	code, _, errText = paddock(t, "", "patterns", "explain", "--validate.rules", rules, "any.test.forbiden")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, errText, `there is no rule "any.test.forbiden"; there is any.test.forbidden, `)
	code, _, errText = paddock(t, "", "patterns", "explain", "??")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, errText, "`paddock patterns list` lists them")
}

func TestPatternsTest(t *testing.T) {
	code, out, errText := paddock(t, "", "patterns", "test")
	assert.Equal(t, 0, code, errText)
	assert.Regexp(t, `^\d+ rules, \d+ examples: all hold\n$`, out)

	rules := rulesFile(t, plainRules)
	code, out, errText = paddock(t, "", "patterns", "test", rules)
	assert.Equal(t, 0, code, errText)
	assert.Regexp(t, `^\d+ rules, 2 of them in `+rules+`, \d+ examples: all hold\n$`, out)

	file := filepath.Join(rules, "our.yaml")
	busted := strings.NewReplacer("x = forbidden(1)", "x = allowed(1)", "undoubtful()", "doubtful()").Replace(plainRules)
	require.NoError(t, os.WriteFile(file, []byte(busted), 0o600))
	code, out, errText = paddock(t, "", "patterns", "test", rules)
	assert.Equal(t, exitFailed, code)
	assert.Empty(t, out)
	assert.Contains(t, errText, file+": rule any.test.forbidden: match[1]: is not found\nx = allowed(1)")
	assert.Contains(t, errText, file+": rule any.test.doubtful: no_match[1]: is found\ndoubtful()")
}
