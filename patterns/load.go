package patterns

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed *.yaml
var builtin embed.FS

// Source is a place with rule files: every *.yaml in it is one.
type Source struct {
	Name string // for error messages: a directory's path
	FS   fs.FS
}

// file is a rule file. What is in it is explained in docs/patterns.md.
type file struct {
	Language `yaml:",inline"`
	Rules    []Rule                  `yaml:"rules"`
	Severity map[string]Severity     `yaml:"severity"` // rule id -> what it is here: block, warn or off
	Policies map[string]Policy       `yaml:"policies"`
	Packages map[string]registryFile `yaml:"packages"` // by registry

	name string
}

// Set is the rules that there are.
type Set struct {
	Rules      []Rule // by id
	Languages  []Language
	Registries []Registry // by name
	policies   map[string]Policy
}

// Load reads the built-in rules and then the directories, the operator's own. A later rule replaces an earlier one with the same
// id, a later language or policy one of the same name. The error tells everything that is wrong, with file and rule.
func Load(dirs ...string) (*Set, error) {
	sources := []Source{{Name: "patterns", FS: builtin}}
	for _, dir := range dirs {
		sources = append(sources, Source{Name: dir, FS: os.DirFS(dir)})
	}
	return LoadFrom(sources...)
}

// LoadFrom is Load without the built-in files.
func LoadFrom(sources ...Source) (*Set, error) {
	m := merger{
		rules: map[string]Rule{}, languages: map[string]Language{}, policies: map[string]Policy{}, registries: map[string]*registry{},
	}
	for _, r := range builtinRules {
		r.Languages, r.origin = []string{AnyLanguage}, "built in"
		m.rules[r.ID] = r
	}
	for _, src := range sources {
		m.add(src)
	}
	return m.set()
}

// merger puts sources over one another.
type merger struct {
	rules      map[string]Rule
	languages  map[string]Language
	policies   map[string]Policy
	registries map[string]*registry
	errs       []error
}

func (m *merger) fail(origin, format string, args ...any) {
	m.errs = append(m.errs, fmt.Errorf("%s: %w", origin, fmt.Errorf(format, args...)))
}

// add puts one source over those before it.
func (m *merger) add(src Source) {
	files, err := read(src)
	m.errs = append(m.errs, err)
	own := map[string]string{} // ids of this source -> their file
	for _, f := range files {
		m.addLanguage(f)
		for _, r := range f.Rules {
			r.origin = f.name
			r.complete(f.Language)
			if first, twice := own[r.ID]; twice {
				m.fail(f.name, "rule %s is in %s already", r.ID, first)
			}
			own[r.ID] = f.name
			if before, ok := m.rules[r.ID]; ok && before.BuiltIn() {
				m.fail(f.name, "rule %s is built in and has no pattern; only its severity can be another", r.ID)
			}
			m.errs = append(m.errs, r.check())
			m.rules[r.ID] = r
		}
		for name, p := range f.Policies {
			m.errs = append(m.errs, p.check(f.name, name))
			m.policies[name] = p
		}
		for name, r := range f.Packages {
			m.addPackages(f.name, name, r)
		}
	}
	// What a source says of severities it says of its own rules too, in whichever of its files they are.
	for _, f := range files {
		for id, severity := range f.Severity {
			r, ok := m.rules[id]
			switch {
			case !ok:
				m.fail(f.name, "severity: there is no rule %q", id)
			case !slices.Contains([]Severity{Block, Warn, Off}, severity):
				m.fail(f.name, "severity of %s: %q is neither block nor warn nor off", id, severity)
			case r.Fixed:
				m.fail(f.name, "severity of %s: what it is about can't be let through", id)
			}
			r.Severity = severity
			m.rules[id] = r
		}
	}
}

func (m *merger) addLanguage(f file) {
	l := f.Language
	switch {
	case l.Name == "" && (l.Syntax != "" || l.Aliases != nil || l.Extensions != nil || l.Interpreters != nil):
		m.fail(f.name, "language is missing")
	case l.Name == "":
	case !nameSyntax.MatchString(l.Name):
		m.fail(f.name, "language: %q is not lower-case letters, digits and dashes", l.Name)
	case l.Name == AnyLanguage:
		m.fail(f.name, "language: %q is no language; leave the key out", l.Name)
	case l.Syntax == "":
		m.fail(f.name, "syntax is missing: how strings and comments look in %s", l.Name)
	default:
		m.languages[l.Name] = l
	}
}

// set is what has come together, or all that is wrong with it.
func (m *merger) set() (*Set, error) {
	s := &Set{policies: m.policies}
	for _, l := range m.languages {
		s.Languages = append(s.Languages, l)
	}
	slices.SortFunc(s.Languages, func(a, b Language) int { return strings.Compare(a.Name, b.Name) })
	for _, r := range m.rules {
		for _, l := range r.Languages {
			if _, ok := m.languages[l]; !ok && l != AnyLanguage {
				m.fail(r.origin, "rule %s: languages: there is no language %q", r.ID, l)
			}
		}
		s.Rules = append(s.Rules, r)
	}
	slices.SortFunc(s.Rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	var err error
	s.Registries, err = m.allRegistries()
	m.errs = append(m.errs, err, s.claims())
	return s, errors.Join(m.errs...)
}

// claims is an error when a word could mean two languages.
func (s *Set) claims() error {
	var errs []error
	for _, of := range []struct {
		key   string
		words func(Language) []string
	}{
		{"aliases", func(l Language) []string { return append([]string{l.Name}, l.Aliases...) }},
		{"extensions", func(l Language) []string { return l.Extensions }},
		{"interpreters", func(l Language) []string { return l.Interpreters }},
	} {
		owner := map[string]string{}
		for _, l := range s.Languages {
			for _, word := range of.words(l) {
				if other, taken := owner[word]; taken && other != l.Name {
					errs = append(errs, fmt.Errorf("%s of %s: %q is one of %s", of.key, l.Name, word, other))
				}
				owner[word] = l.Name
			}
		}
	}
	return errors.Join(errs...)
}

// read reads a source's files, by name.
func read(src Source) ([]file, error) {
	entries, err := fs.ReadDir(src.FS, ".")
	if err != nil {
		return nil, fmt.Errorf("read rules from %s: %w", src.Name, err)
	}
	var files []file
	var errs []error
	for _, e := range entries {
		if e.IsDir() || path.Ext(e.Name()) != ".yaml" || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		name := path.Join(src.Name, e.Name())
		data, err := fs.ReadFile(src.FS, e.Name())
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
			continue
		}
		f, err := parse(data)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
			continue
		}
		f.name = name
		files = append(files, f)
	}
	return files, errors.Join(errs...)
}

func parse(data []byte) (f file, err error) {
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return f, err
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return f, errors.New("has more than one document")
	}
	return f, nil
}

// UnmarshalYAML takes a list or one string.
func (l *List) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		var one string
		err := n.Decode(&one)
		*l = List{one}
		return err
	}
	return n.Decode((*[]string)(l))
}

// UnmarshalYAML takes an example with its language, or its code alone.
func (e *Example) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&e.Code)
	}
	type plain Example
	if err := n.Decode((*plain)(e)); err != nil {
		return err
	}
	for i := 0; i < len(n.Content); i += 2 { // KnownFields does not reach through Node.Decode
		if key := n.Content[i].Value; key != "language" && key != "code" {
			return fmt.Errorf("line %d: field %s not found in an example", n.Content[i].Line, key)
		}
	}
	return nil
}

// complete fills in what a rule may leave out.
func (r *Rule) complete(file Language) {
	if len(r.Languages) == 0 {
		r.Languages = []string{AnyLanguage}
		if file.Name != "" {
			r.Languages = []string{file.Name}
		}
	}
	if r.Engine == "" {
		r.Engine = RE2
	}
	if r.Before == 0 {
		r.Before = DefaultBefore
	}
	if r.Reach == 0 {
		r.Reach = DefaultReach
	}
	for _, list := range [][]Example{r.Match, r.NoMatch} {
		for i := range list {
			if list[i].Language == "" {
				list[i].Language = r.Languages[0]
			}
		}
	}
}

var (
	nameSyntax = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	idSyntax   = regexp.MustCompile(`^[a-z0-9]+(\.[a-z0-9]+(-[a-z0-9]+)*){2}$`)
)

// How many examples a rule needs at least, each way. One is easily met by chance.
const (
	minMatch   = 2
	minNoMatch = 2
)

// check tells everything that is wrong with a rule as it is written.
func (r *Rule) check() error {
	var errs []error
	fail := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("%s: rule %s: %w", r.origin, r.ID, fmt.Errorf(format, args...)))
		}
	}
	fail(idSyntax.MatchString(r.ID), "id: %q is not language.topic.name in lower-case letters, digits and dashes", r.ID)
	fail(r.Severity == Block || r.Severity == Warn, "severity: %q is neither block nor warn", r.Severity)
	fail(slices.Contains(Categories, r.Category), "category: %q is none of %v", r.Category, Categories)
	fail(strings.TrimSpace(r.Message) != "", "message is missing: what to tell the person whose code it is")
	fail(r.CWE >= 0, "cwe: %d is no number of a weakness", r.CWE)
	fail(slices.Contains([]Engine{RE2, Regexp2}, r.Engine), "engine: %q is neither re2 nor regexp2", r.Engine)
	fail(slices.Contains(Scopes, r.Scope),
		"scope: %q is none of %v", r.Scope, Scopes)
	fail(r.Before > 0 && r.Before <= maxReach, "before: %d is not from 1 to %d bytes", r.Before, maxReach)
	fail(r.Reach > 0 && r.Reach <= maxReach, "reach: %d is not from 1 to %d bytes", r.Reach, maxReach)
	fail(len(r.Pattern) > 0 && !slices.Contains(r.Pattern, ""), "pattern is missing, or has an empty alternative")
	fail(!slices.Contains(r.Except, ""), "except has an empty alternative")
	fail(!slices.Contains(r.Unless, ""), "unless has an empty alternative")
	fail(len(r.Literals) > 0, "literals are missing: words of which one is in whatever the pattern matches")
	for _, literal := range r.Literals {
		fail(len(literal) >= 2, "literals: %q is too short to tell anything; give at least two bytes", literal)
	}
	fail(len(r.Match) >= minMatch, "match: has %d examples, at least %d are needed", len(r.Match), minMatch)
	fail(len(r.NoMatch) >= minNoMatch, "no_match: has %d examples, at least %d are needed", len(r.NoMatch), minNoMatch)
	return errors.Join(errs...)
}
