package validate

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"paddock/patterns"
)

// maxDependencies is how many dependencies a request may have (issue 4).
const maxDependencies = 20

// dependencies looks at what a request asks to be installed. More than maxDependencies are one finding, and what is behind them is
// not looked at.
func (v *Validator) dependencies(q Request, policy patterns.Policy) []Finding {
	if len(q.Dependencies) == 0 {
		return nil
	}
	var list []Finding
	say := func(id, dependency, what string) {
		if f, on := v.builtin(id, what, policy); on {
			f.Excerpt = excerpt([]byte(dependency), 0)
			list = append(list, f)
		}
	}
	if n := len(q.Dependencies); n > maxDependencies {
		say(patterns.DependencyCount, "", fmt.Sprintf("There are %d dependencies, at most %d are allowed.", n, maxDependencies))
	}
	names := v.namesFor(v.asking(q))
	for _, d := range q.Dependencies[:min(len(q.Dependencies), maxDependencies)] {
		if id, what := names.judge(d); id != "" {
			say(id, d, what)
		}
	}
	return list
}

// asking are the languages whose packages a request asks for.
func (v *Validator) asking(q Request) []string {
	if len(q.Languages) > 0 || len(q.Files) == 0 {
		return q.Languages
	}
	languages, _ := v.languagesOf(q.Files[0])
	return languages
}

// builtin is the finding of a rule that there is code for, unless it is switched off.
func (v *Validator) builtin(id, what string, policy patterns.Policy) (f Finding, on bool) {
	r := v.byID[id]
	severity := policy.Severity(r)
	return Finding{
		Rule: id, Severity: severity, Category: r.Category, Message: what + " " + r.Message, CWE: r.CWE, References: r.References,
	}, severity != patterns.Off
}

// names is what is known of a registry's packages, ready to be compared with. A nil one is that there is no registry.
type names struct {
	*patterns.Registry
	owners  map[string]bool     // of popular packages
	plain   map[string]string   // popular packages by plain name
	looks   map[string]string   // popular packages by what they look like
	popular map[int][]candidate // by length
}

// candidate is a popular package's name.
type candidate struct {
	name    string // canonical
	letters uint64
}

func newNames(r *patterns.Registry) *names {
	n := &names{
		Registry: r, owners: map[string]bool{}, plain: map[string]string{}, looks: map[string]string{}, popular: map[int][]candidate{},
	}
	for key, p := range r.Packages {
		if p.Standing != patterns.Popular {
			continue
		}
		if _, owner, _ := r.Split(p.Name); owner != "" {
			n.owners[owner] = true
		}
		n.plain[plainName(key)] = first(n.plain[plainName(key)], p.Name)
		n.looks[looksLike(key)] = first(n.looks[looksLike(key)], p.Name)
		n.popular[len(key)] = append(n.popular[len(key)], candidate{key, lettersOf(key)})
	}
	for _, list := range n.popular {
		slices.SortFunc(list, func(a, b candidate) int { return strings.Compare(a.name, b.name) })
	}
	return n
}

// first is the one that comes first in the alphabet, so that findings do not depend on the order of a map.
func first(a, b string) string {
	if a == "" || b < a {
		return b
	}
	return a
}

// judge says which rule a dependency breaks, and how; the worst one, if there are several. No id is that there is nothing to say.
func (n *names) judge(dependency string) (id, what string) {
	if why := refuse(dependency); why != "" {
		return patterns.DependencySyntax, "A dependency " + why + "."
	}
	if n == nil {
		return patterns.DependencyUnsupported, "There are no packages to be installed for this language."
	}
	name, owner, ok := n.Split(dependency)
	if !ok {
		return patterns.DependencySyntax, "A dependency is not written as a package of " + n.Name + " is."
	}
	key := n.Canonical(name)
	switch p := n.Packages[key]; p.Standing {
	case patterns.Denied:
		return patterns.DependencyDenied, name + " is not to be used: " + p.Why + "."
	case patterns.Standard:
		return patterns.DependencySuspicious,
			name + " comes with the language; a package of that name is an old copy of it, or something else."
	case patterns.Popular, patterns.Known:
		return "", ""
	}
	if word := n.suspicious(key); word != "" {
		return patterns.DependencySuspicious, fmt.Sprintf("The name %s has %s in it.", name, word)
	}
	if n.owners[owner] { // whose popular package it would be taken for publishes this one too
		return "", ""
	}
	if meant := n.lookalike(key); meant != "" {
		return patterns.DependencyLookalike, fmt.Sprintf("%s looks like %s, and is another package.", name, meant)
	}
	if meant := n.near(key); meant != "" {
		return patterns.DependencyTyposquat, fmt.Sprintf("%s is written almost as %s, a popular package.", name, meant)
	}
	return "", ""
}

func (n *names) suspicious(key string) string {
	lower := strings.ToLower(key)
	for _, word := range n.Suspicious {
		if strings.Contains(lower, word) {
			return word
		}
	}
	return ""
}

// refuse says what no package manager may be given, whatever the registry. What a registry allows is for its expressions to say.
func refuse(d string) string {
	for _, r := range refusals {
		if r.applies(d) {
			return r.why
		}
	}
	return ""
}

var refusals = []struct {
	applies func(string) bool
	why     string
}{
	{func(d string) bool { return d == "" }, "is empty"},
	{func(d string) bool { return len(d) > patterns.MaxName }, fmt.Sprintf("has more than %d bytes", patterns.MaxName)},
	{func(d string) bool { return strings.ContainsFunc(d, func(r rune) bool { return r < ' ' || r > '~' }) },
		"has characters other than printable ASCII"},
	{func(d string) bool { return d != strings.TrimSpace(d) || strings.Contains(d, "  ") }, "has white space where none belongs"},
	{func(d string) bool { return d[0] == '-' }, "is an option, not a name"},
	{func(d string) bool {
		return strings.Contains(d, "://") || hasPrefix(d, "git+", "git@", "file:/", "file:.", "http:/", "https:/")
	},
		"is an address; only packages of the registry are installed"},
	{func(d string) bool {
		return hasPrefix(d, ".", "/", "~", `\`) || strings.Contains(d, "..") || strings.Contains(d, `\`)
	},
		"is a path; only packages of the registry are installed"},
	{func(d string) bool { return strings.ContainsAny(d, ";&|$`'(){}#%") }, "has characters that mean something to a shell"},
}

func hasPrefix(s string, prefixes ...string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// Names shorter than these are too close to one another to say that one is another misspelt, in bytes. For two slips the parts of
// the names that differ must have some length too: css-loader and less-loader are two words.
const (
	minLookalike = 4
	minOneSlip   = 5
	minTwoSlips  = 10
	minTwoInPart = 7
)

// lookalike is the popular package that a name looks like, character for character: 0 and o; 1, l and i; rn and m; vv and w.
func (n *names) lookalike(key string) string {
	if len(key) < minLookalike || n.plain[plainName(key)] != "" {
		return ""
	}
	return n.looks[looksLike(key)]
}

// near is the popular package that a name is, misspelt: with other or without separators or capitals, or some slips away.
func (n *names) near(key string) string {
	if len(key) < minOneSlip {
		return ""
	}
	if meant := n.plain[plainName(key)]; meant != "" {
		return meant
	}
	letters := lettersOf(key)
	for slips := 1; slips <= slipsIn(len(key)); slips++ {
		for length := len(key) - slips; length <= len(key)+slips; length++ {
			if slips > slipsIn(length) {
				continue
			}
			for _, c := range n.popular[length] {
				// A slip takes a letter in and another out, at most.
				if bits.OnesCount64(letters^c.letters) > 2*slips || !within(key, c.name, slips) {
					continue
				}
				if slips == 1 || differing(key, c.name) >= minTwoInPart {
					return n.Packages[c.name].Name
				}
			}
		}
	}
	return ""
}

// slipsIn is how many slips make one name another, in names so long.
func slipsIn(length int) int {
	switch {
	case length >= minTwoSlips:
		return 2
	case length >= minOneSlip:
		return 1
	}
	return 0
}

// differing is how long the shorter of two names is without the parts that both begin with, and those that both end with.
func differing(a, b string) int {
	begin := 0
	for i := 0; i < min(len(a), len(b)) && a[i] == b[i]; i++ {
		if isSeparator(a[i]) {
			begin = i + 1
		}
	}
	end := 0
	for i := 1; i <= min(len(a), len(b))-begin && a[len(a)-i] == b[len(b)-i]; i++ {
		if isSeparator(a[len(a)-i]) {
			end = i
		}
	}
	return min(len(a), len(b)) - begin - end
}

func isSeparator(b byte) bool { return strings.IndexByte("-_./:", b) >= 0 }

var (
	withoutSeparators = strings.NewReplacer("-", "", "_", "", ".", "")
	lookingAlike      = strings.NewReplacer("0", "o", "1", "l", "i", "l", "rn", "m", "vv", "w")
)

// plainName is a name without what people forget.
func plainName(name string) string { return withoutSeparators.Replace(strings.ToLower(name)) }

// looksLike is the same for names that look alike.
func looksLike(name string) string { return lookingAlike.Replace(plainName(name)) }

// lettersOf is which characters are in a name, a bit for each; some share one.
func lettersOf(name string) (set uint64) {
	for i := range len(name) {
		set |= 1 << (name[i] & 63)
	}
	return set
}

// within reports whether b is at most so many slips from a: a character left out, put in, taken for another, or two exchanged
// (the "optimal string alignment" of Damerau and Levenshtein). Both have at most patterns.MaxName bytes.
func within(a, b string, slips int) bool {
	var rows [3][patterns.MaxName + 1]uint8
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = uint8(j)
	}
	for i := range len(a) {
		row[0] = uint8(i + 1)
		least := row[0]
		for j := range len(b) {
			cost := uint8(1)
			if a[i] == b[j] {
				cost = 0
			}
			d := min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				d = min(d, before[j-1]+1)
			}
			row[j+1] = d
			least = min(least, d)
		}
		if int(least) > slips {
			return false
		}
		before, last, row = last, row, before
	}
	return int(last[len(b)]) <= slips
}
