package validate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/patterns"
)

// shipped is what is known of packages, without any language's rules.
func shipped(tb testing.TB) *Validator {
	tb.Helper()
	set, err := patterns.Load()
	require.NoError(tb, err)
	set.Rules = slices.DeleteFunc(set.Rules, func(r patterns.Rule) bool { return !r.BuiltIn() })
	v, err := New(set, Options{})
	require.NoError(tb, err)
	return v
}

func asks(t *testing.T, v *Validator, language string, dependencies ...string) []Finding {
	t.Helper()
	r, err := v.Check(t.Context(), Request{Dependencies: dependencies, Languages: []string{language}})
	require.NoError(t, err)
	return r.Findings
}

func TestOrdinaryDependencies(t *testing.T) {
	v := shipped(t)
	for language, list := range map[string][]string{
		"python": {
			"requests", "requests==2.31", "requests>=2,<3", "requests >= 2, < 3", "requests[security]~=2.0", "Django", "PyYAML", "zope.interface",
			"ruamel.yaml", "scikit_learn===1.0", "black==24.*", "nose2", "requests-html", "pandas!=2.0.1", "torch==2.1.0+cpu",
		},
		"javascript": {
			"lodash", "lodash@^4.17", "lodash@~4.17.1", "lodash@latest", "lodash@*", "@scope/name@1.2.3", "@types/node", "preact", "colors",
			"JSONStream", "react@>=17 <19", "left-pad@1.3.0-beta.1",
		},
		"ruby":   {"rack", "rack:3.0", "rack ~> 3", "rack, ~> 3.0", "rack >= 2, < 4", "rack@3.0.1", "RedCloth", "http_parser.rb"},
		"rust":   {"serde", `serde = "1"`, "serde@1", "serde@^1.0.2", `tokio="1.35"`, "serde-json", "unicode_ident"},
		"go":     {"golang.org/x/text@v0.14.0", "golang.org/x/text", "github.com/BurntSushi/toml", "gopkg.in/yaml.v3", "github.com/jackc/pgx/v5@latest", "example.com/some.module/v2"},
		"java":   {"org.apache.commons:commons-lang3", "org.apache.commons:commons-lang3:3.14.0", "org.scala-lang:scala-library:2.13.1"},
		"perl":   {"Moose", "JSON::XS", "JSON::XS@4.0", "Text::CSV~1.2", "File::Which 1.2", "HTTP::Date"},
		"php":    {"monolog/monolog", "monolog/monolog:^3.0", "symfony/yaml ~6.4", "php:>=8.1", "ext-mbstring:*"},
		"lua":    {"luasocket", "luasocket 3.1.0-1", "penlight ~> 1.13", "lua-cjson@2.1"},
		"nobody": {},
	} {
		for _, d := range list {
			assert.Empty(t, asks(t, v, language, d), "%s: %s", language, d)
		}
	}
}

func TestDangerousDependencies(t *testing.T) {
	v := shipped(t)
	for _, c := range []struct{ language, dependency, rule, says string }{
		{"python", "", patterns.DependencySyntax, "is empty"},
		{"python", "--index-url=x", patterns.DependencySyntax, "is an option"},
		{"python", "-r", patterns.DependencySyntax, "is an option"},
		{"python", "https://example.com/x.whl", patterns.DependencySyntax, "is an address"},
		{"python", "git+ssh://git@example.com/x", patterns.DependencySyntax, "is an address"},
		{"python", "x @ https://example.com/x.whl", patterns.DependencySyntax, "is an address"},
		{"javascript", "file:../x", patterns.DependencySyntax, "is an address"},
		{"javascript", "git@example.com:x/y", patterns.DependencySyntax, "is an address"},
		{"javascript", "x@npm:lodash@1", patterns.DependencySyntax, "is not written as a package of npm is"},
		{"javascript", "someone/repository", patterns.DependencySyntax, "is not written"},
		{"javascript", "@scope", patterns.DependencySyntax, "is not written"},
		{"python", "./x", patterns.DependencySyntax, "is a path"},
		{"python", "../x", patterns.DependencySyntax, "is a path"},
		{"python", "/etc/passwd", patterns.DependencySyntax, "is a path"},
		{"python", "~/x", patterns.DependencySyntax, "is a path"},
		{"python", `C:\x`, patterns.DependencySyntax, "is a path"},
		{"go", "example.com/../x", patterns.DependencySyntax, "is a path"},
		{"go", "example.com/x/...", patterns.DependencySyntax, "is a path"},
		{"python", "requests; rm -rf /", patterns.DependencySyntax, "mean something to a shell"},
		{"python", "requests&&id", patterns.DependencySyntax, "mean something to a shell"},
		{"python", "$(id)", patterns.DependencySyntax, "mean something to a shell"},
		{"python", "requests`id`", patterns.DependencySyntax, "mean something to a shell"},
		{"python", "requests|sh", patterns.DependencySyntax, "mean something to a shell"},
		{"python", "requests>file", "", ""}, // a comparison, if a strange one: nothing reads it as a shell does
		{"python", " requests", patterns.DependencySyntax, "white space"},
		{"python", "requests ", patterns.DependencySyntax, "white space"},
		{"python", "requests  >=2", patterns.DependencySyntax, "white space"},
		{"python", "requests flask", patterns.DependencySyntax, "is not written"},
		{"python", "requests\n--pre", patterns.DependencySyntax, "printable ASCII"},
		{"python", "requests\t>=2", patterns.DependencySyntax, "printable ASCII"},
		{"python", "requests\x00", patterns.DependencySyntax, "printable ASCII"},
		{"python", "réquests", patterns.DependencySyntax, "printable ASCII"},
		{"python", "r\u0435quests", patterns.DependencySyntax, "printable ASCII"}, // a Cyrillic e
		{"python", "\xff", patterns.DependencySyntax, "printable ASCII"},
		{"python", strings.Repeat("a", patterns.MaxName+1), patterns.DependencySyntax, "more than 214 bytes"},
		{"perl", "Foo::", patterns.DependencySyntax, "is not written"},
		{"java", "junit", patterns.DependencySyntax, "is not written"},
		{"php", "monolog", patterns.DependencySyntax, "is not written"},

		{"python", "colourama", patterns.DependencyDenied, "colorama"},
		{"python", "Colourama==1.0", patterns.DependencyDenied, "colorama"},
		{"javascript", "crossenv", patterns.DependencyDenied, "cross-env"},
		{"javascript", "flatmap-stream@0.1.1", patterns.DependencyDenied, "event-stream"},
		{"lua", "xmrig", patterns.DependencyDenied, "mines"},
		{"rust", "rustdecimal", patterns.DependencyDenied, "rust_decimal"},

		{"python", "djang0", patterns.DependencyLookalike, "looks like django"},
		{"javascript", "1odash", patterns.DependencyLookalike, "looks like lodash"},
		{"javascript", "rnoment", patterns.DependencyLookalike, "looks like moment"},
		{"rust", "t0kio", patterns.DependencyLookalike, "looks like tokio"},
		{"go", "github.com/spf13/c0bra", "", ""}, // its owner's own
		{"go", "github.com/splf13/cobra", patterns.DependencyTyposquat, "cobra"},
		{"go", "github.com/gorl11a/mux", patterns.DependencyLookalike, "gorilla/mux"},

		{"python", "reqests", patterns.DependencyTyposquat, "almost as requests"},
		{"python", "reqeusts", patterns.DependencyTyposquat, "almost as requests"},
		{"python", "requestss", patterns.DependencyTyposquat, "almost as requests"},
		{"python", "beutifulsop4", patterns.DependencyTyposquat, "almost as beautifulsoup4"},
		{"python", "pythondateutil", patterns.DependencyTyposquat, "almost as python-dateutil"},
		{"javascript", "lodahs", patterns.DependencyTyposquat, "almost as lodash"},
		{"javascript", "Lodash", patterns.DependencyTyposquat, "almost as lodash"},
		{"javascript", "node-fetch-", patterns.DependencyTyposquat, "almost as node-fetch"},
		{"javascript", "@bable/core", patterns.DependencyTyposquat, "almost as @babel/core"},
		{"javascript", "fs_extra", patterns.DependencyTyposquat, "almost as fs-extra"},
		{"ruby", "nokogirl", patterns.DependencyLookalike, "looks like nokogiri"},
		{"ruby", "nokogri", patterns.DependencyTyposquat, "almost as nokogiri"},
		{"go", "github.com/Sirupsen/logrus", patterns.DependencyTyposquat, "sirupsen/logrus"},
		{"java", "com.google.guave:guava", patterns.DependencyTyposquat, "guava"},
		{"php", "symphony/console", patterns.DependencyTyposquat, "symfony/console"},

		{"python", "subprocess", patterns.DependencySuspicious, "comes with the language"},
		{"javascript", "child_process", patterns.DependencySuspicious, "comes with the language"},
		{"go", "net/http", patterns.DependencySuspicious, "comes with the language"},
		{"python", "py-reverse-shell", patterns.DependencySuspicious, "has reverse-shell in it"},
		{"javascript", "My-Backdoor", patterns.DependencySuspicious, "has backdoor in it"},

		{"bash", "requests", patterns.DependencyUnsupported, "no packages to be installed"},
		{"c", "zlib", patterns.DependencyUnsupported, "no packages"},
		{"cpp", "--help", patterns.DependencySyntax, "is an option"},
	} {
		found := asks(t, v, c.language, c.dependency)
		if c.rule == "" {
			assert.Empty(t, found, "%s: %q", c.language, c.dependency)
			continue
		}
		if assert.Len(t, found, 1, "%s: %q", c.language, c.dependency) {
			assert.Equal(t, c.rule, found[0].Rule, "%s: %q", c.language, c.dependency)
			assert.Contains(t, found[0].Message, c.says)
			assert.Equal(t, patterns.Category("dependency"), found[0].Category)
		}
	}
}

func TestDependenciesOfARequest(t *testing.T) {
	v := shipped(t)
	many := make([]string, 0, 100)
	for i := range 100 {
		many = append(many, fmt.Sprintf("honest-%d", i))
	}
	assert.Empty(t, asks(t, v, "python", many[:20]...))
	found := asks(t, v, "python", append(many[:21:21], "-x")...)
	require.Len(t, found, 1, "what is over the limit is not looked at")
	assert.Equal(t, patterns.DependencyCount, found[0].Rule)
	assert.Equal(t, patterns.Block, found[0].Severity)
	assert.Contains(t, found[0].Message, "There are 22 dependencies, at most 20 are allowed.")

	found = asks(t, v, "python", "reqests", "json", "--pre\x1b[31m")
	require.Len(t, found, 3)
	assert.Equal(t, []string{patterns.DependencySyntax, patterns.DependencyTyposquat, patterns.DependencySuspicious},
		[]string{found[0].Rule, found[1].Rule, found[2].Rule}, "blocking ones first")
	assert.Equal(t, "--pre\uFFFD[31m", found[0].Excerpt, "nothing that does harm to a terminal")
	assert.Equal(t, 88, found[0].CWE)

	r, err := v.Check(t.Context(), Request{Dependencies: []string{"lodahs"}, Files: []File{{Name: "main.js"}}})
	require.NoError(t, err)
	require.Len(t, r.Findings, 1)
	assert.Equal(t, patterns.DependencyTyposquat, r.Findings[0].Rule, "the first file's language, where none is told")
	assert.Empty(t, r.Findings[0].File)

	r, err = v.Check(t.Context(), Request{Dependencies: []string{"lodahs"}, Languages: []string{"javascript"}, Policy: "strict"})
	require.NoError(t, err)
	assert.True(t, r.Blocked(), "a policy applies as to any rule")
	r, err = v.Check(t.Context(), Request{Dependencies: []string{"-g"}, Languages: []string{"javascript"}, Policy: "permissive"})
	require.NoError(t, err)
	assert.True(t, r.Blocked(), "but none lets an option through")
}

// Of each popular package's name any single slip is told, unless what comes of it is a name that is known.
func TestSlips(t *testing.T) {
	v := shipped(t)
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range v.names {
		var tried, told int
		for key, p := range n.Packages {
			_, owner, _ := n.Split(p.Name)
			if p.Standing != patterns.Popular || len(p.Name)-len(owner) < minOneSlip+1 {
				continue
			}
			slip := slipIn(key, random)
			if id, _ := n.judge(slip); id == patterns.DependencySyntax || n.Canonical(slip) == key {
				continue
			}
			if _, of, _ := n.Split(slip); of != "" && n.owners[of] {
				continue
			}
			if _, known := n.Packages[n.Canonical(slip)]; known {
				continue
			}
			tried++
			if id, _ := n.judge(slip); id != "" {
				told++
			} else {
				t.Errorf("%s: %s for %s is not told", n.Name, slip, p.Name)
			}
		}
		t.Logf("%s: %d of %d slips are told", n.Name, told, tried)
	}
}

// slipIn makes one slip in a name.
func slipIn(name string, random *rand.Rand) string {
	b := []byte(name)
	i := random.IntN(len(b) - 1)
	letter := byte('a' + random.IntN(26))
	switch random.IntN(4) {
	case 0:
		b = slices.Delete(b, i, i+1)
	case 1:
		b = slices.Insert(b, i, letter)
	case 2:
		b[i] = letter
	case 3:
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

// within is right as far as all words of few letters tell.
func TestWithin(t *testing.T) {
	words := []string{""}
	for at := 0; at < len(words); at++ {
		if len(words[at]) < 4 {
			for _, c := range "abc" {
				words = append(words, words[at]+string(c))
			}
		}
	}
	for _, a := range words {
		for _, b := range words {
			d := slipsBetween(a, b)
			for slips := 1; slips <= 2; slips++ {
				if got := within(a, b, slips); got != (d <= slips) {
					t.Fatalf("within(%q, %q, %d) is %v; there are %d slips between them", a, b, slips, got, d)
				}
			}
		}
	}
}

// slipsBetween is the distance as it is defined.
func slipsBetween(a, b string) int {
	if a == "" || b == "" {
		return len(a) + len(b)
	}
	i, j := len(a)-1, len(b)-1
	cost := 1
	if a[i] == b[j] {
		cost = 0
	}
	d := min(slipsBetween(a[:i], b)+1, slipsBetween(a, b[:j])+1, slipsBetween(a[:i], b[:j])+cost)
	if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
		d = min(d, slipsBetween(a[:i-1], b[:j-1])+1)
	}
	return d
}

func TestDiffering(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"css-loader", "less-loader", 3}, {"Text::Table", "Term::Table", 4}, {"requests", "reqeusts", 8},
		{"python-dateutil", "python-datautil", 8}, {"same", "same", 4}, {"a-b", "a-c", 1}, {"ab", "ab-cd", 2}, {"", "a", 0},
	} {
		assert.Equal(t, c.want, differing(c.a, c.b), "%s %s", c.a, c.b)
	}
}

func FuzzDependency(f *testing.F) {
	v := shipped(f)
	for _, seed := range []string{"requests>=2,<3", "@scope/name@1.2.3", "golang.org/x/text@v0.14.0", "a:b:1", "A::B", "-e .", "\x00", "rnoment"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, d string) {
		for name, n := range v.names {
			id, what := n.judge(d)
			if (id == "") != (what == "") {
				t.Fatalf("%s: %q: %q and %q", name, d, id, what)
			}
			if id == patterns.DependencySyntax {
				continue
			}
			if d[0] == '-' || len(d) > patterns.MaxName || strings.ContainsAny(d, "\x00\n\t;&|$`'\\(){}#%") || strings.Contains(d, "..") ||
				strings.Contains(d, "://") {
				t.Fatalf("%s: %q is taken for a package", name, d)
			}
			whole, owner, _ := n.Split(d)
			if whole == "" || !strings.HasPrefix(d, whole) || !strings.HasPrefix(whole, owner) {
				t.Fatalf("%s: %q has the name %q of %q", name, d, whole, owner)
			}
		}
		if id, _ := (*names)(nil).judge(d); id == "" {
			t.Fatalf("%q could be installed for a language without packages", d)
		}
	})
}

// As many names as a request may have, half of them misspelt.
func BenchmarkDependencies(b *testing.B) {
	v := shipped(b)
	for language, list := range map[string][]string{
		"python": {
			"requests==2.31", "numpy>=1,<2", "pandas", "matplotlib", "scikit-learn", "some-honest-package", "flask[async]~=2.0", "nose2", "httpx", "rich",
			"reqests", "nunpy", "pandsa", "matplotlb", "scikitlearn", "djang0", "beutifulsop4", "colourama", "json", "tensroflow",
		},
		"javascript": {
			"lodash@^4.17", "react", "@babel/core", "express", "axios", "some-honest-package", "preact", "vue@3", "three", "zod",
			"lodahs", "raect", "@bable/core", "expres", "axois", "1odash", "crossenv", "webpackk", "eslint-plugin-recat", "body_parser",
		},
	} {
		b.Run(language, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := v.Check(b.Context(), Request{Dependencies: list, Languages: []string{language}})
				require.NoError(b, err)
			}
		})
	}
}
