package patterns

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const registries = `
packages:
  any:
    denied: {miner: it mines, pony: it is a pony}
    suspicious: backdoor
  toys:
    languages: [toy]
    folds: true
    name: '(?:(?P<owner>@[a-z]+/))?[A-Za-z][A-Za-z._-]*'
    version: '==[0-9.]+'
    popular: >-
      teddy-bear
      @lego/brick
    known: [teddybeer, pony]
    standard: ball
    denied: {Tedy_Bear: it bites}
`

func TestPackages(t *testing.T) {
	set, err := LoadFrom(source("builtin", registries))
	require.NoError(t, err)
	r, ok := set.Registry([]string{"other", "toy"})
	require.True(t, ok)
	assert.Equal(t, "toys", r.Name)
	assert.Equal(t, []string{"backdoor"}, r.Suspicious, "what is said of all is said of each")
	standing := map[string]Standing{}
	for key, p := range r.Packages {
		standing[key] = p.Standing
	}
	assert.Equal(t, map[string]Standing{
		"teddy-bear": Popular, "@lego/brick": Popular, "teddybeer": Known, "ball": Standard, "tedy-bear": Denied, "miner": Denied,
		"pony": Known,
	}, standing, "what a registry says of a name weighs more than what is said of all")
	assert.Equal(t, "it bites", r.Packages["tedy-bear"].Why)
	_, ok = set.Registry([]string{"other"})
	assert.False(t, ok)

	name, owner, ok := r.Split("@lego/Brick==1.2")
	assert.Equal(t, []any{"@lego/Brick", "@lego/", true}, []any{name, owner, ok})
	_, _, ok = r.Split("brick==1.2; rm")
	assert.False(t, ok)
	assert.Equal(t, r.Canonical("Teddy.-_bear"), r.Canonical("teddy-bear"))
}

func TestPackagesOverPackages(t *testing.T) {
	set, err := LoadFrom(source("builtin", registries), source("mine", `
packages:
  toys:
    denied: {teddy-bear: we do not use it}
    known: [tedy-bear, miner]
    suspicious: [gun]
  games:
    languages: [toy2]
    name: '[a-z]+'
`))
	require.NoError(t, err)
	toys, _ := set.Registry([]string{"toy"})
	assert.Equal(t, Package{Name: "teddy-bear", Standing: Denied, Why: "we do not use it", origin: "mine/toy.yaml"}, toys.Packages["teddy-bear"])
	assert.Equal(t, Known, toys.Packages["tedy-bear"].Standing)
	assert.Equal(t, Known, toys.Packages["miner"].Standing)
	assert.Equal(t, Popular, toys.Packages["@lego/brick"].Standing, "of what nothing is said stays what it was")
	assert.ElementsMatch(t, []string{"gun", "backdoor"}, toys.Suspicious)
	games, ok := set.Registry([]string{"toy2"})
	require.True(t, ok)
	assert.Equal(t, Denied, games.Packages["miner"].Standing)
}

func TestBustedPackages(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown key":      {"folds: true", "fold: true", "field fold not found"},
		"registry's name":  {"  toys:", "  Toys:", `"Toys" is not lower-case`},
		"no languages":     {"    languages: [toy]\n", "", "name or languages are missing"},
		"expression":       {"[0-9.]+'", "[0-9.+'", "name and version: error parsing"},
		"name":             {"[teddybeer", "['teddy beer'", `known: "teddy beer" is no name of a package`},
		"with a version":   {"[teddybeer", "['teddybeer==1'", `"teddybeer==1" is no name`},
		"two standings":    {"[teddybeer", "[teddy_bear", `"teddy_bear" is popular and known in one file`},
		"no reason":        {"it bites", "''", `"Tedy_Bear": why is missing`},
		"no reason in any": {"it mines", "' '", `"miner": why is missing`},
	} {
		t.Run(name, func(t *testing.T) {
			busted := strings.Replace(registries, c.old, c.new, 1)
			require.NotEqual(t, registries, busted, "the change changes nothing")
			_, err := LoadFrom(source("mine", busted))
			require.ErrorContains(t, err, c.want)
			assert.Contains(t, err.Error(), "mine/toy.yaml", "it says where")
		})
	}
	_, err := LoadFrom(source("mine", registries+"  games: {languages: toy, name: '[a-z]+'}\n"))
	require.ErrorContains(t, err, `languages of toys: "toy" is one of games`)
}

func TestBuiltInRules(t *testing.T) {
	set, err := LoadFrom(source("mine", "severity: {any.dependency.typosquat: block, any.dependency.count: 'off'}\npolicies: {lax: {dependency: warn, resource_bomb: warn}}"))
	require.NoError(t, err)
	rule := map[string]*Rule{}
	for i := range set.Rules {
		r := &set.Rules[i]
		rule[r.ID] = r
		assert.True(t, r.BuiltIn())
		assert.Regexp(t, idSyntax, r.ID)
		assert.Contains(t, Categories, r.Category)
		assert.NotEmpty(t, r.Message)
		assert.Equal(t, []string{AnyLanguage}, r.Languages)
	}
	assert.Len(t, rule, len(builtinRules))
	lax, _ := set.Policy("lax")
	for id, want := range map[string]Severity{
		DependencyTyposquat: Warn, DependencyDenied: Warn, DependencyCount: Off,
		CodeSize: Block, DependencySyntax: Block, // what nobody has read, and what is no name, nobody lets through
	} {
		assert.Equal(t, want, lax.Severity(rule[id]), id)
	}
	assert.Equal(t, Block, rule[DependencyTyposquat].Severity)
	assert.Equal(t, Warn, builtinRules[5].Severity, "what an operator says is said of one set")

	_, err = LoadFrom(source("mine", "severity: {any.size.code: warn}"))
	require.ErrorContains(t, err, "severity of any.size.code: what it is about can't be let through")
	_, err = LoadFrom(source("mine", header+strings.Replace(workingRule, "toy.exec.run", "any.size.code", 1)))
	require.ErrorContains(t, err, "rule any.size.code is built in")
}
