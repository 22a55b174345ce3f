package patterns

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Registry is where the packages of some languages come from, and what is known of their names.
type Registry struct {
	Name       string
	Languages  []string
	Packages   map[string]Package // by what Canonical makes of their names
	Suspicious []string           // words that no honest package has in its name; lower case

	folds      bool
	dependency *regexp.Regexp
}

// Package is a name that something is known of.
type Package struct {
	Name     string
	Standing Standing
	Why      string // it is denied

	origin string // the file, for error messages
}

// Standing is what is known of a name. A name has one standing; a later source's counts.
type Standing string

// The standings. Popular packages are those that others' names are compared with.
const (
	Popular  Standing = "popular"
	Known    Standing = "known"    // an honest package, whatever its name looks like
	Standard Standing = "standard" // a part of the language itself, not of the registry
	Denied   Standing = "denied"
)

// registryFile is what a rule file says of a registry, under its name in `packages`. Under AnyLanguage it is said of all.
type registryFile struct {
	Languages  Words             `yaml:"languages"` // whose packages these are
	NameSyntax string            `yaml:"name"`      // expression; a group `owner` is what one publisher has for themselves
	Version    string            `yaml:"version"`   // expression for what may come behind a name
	Folds      *bool             `yaml:"folds"`     // the registry holds names for one that differ in case, or in - _ .
	Popular    Words             `yaml:"popular"`
	Known      Words             `yaml:"known"`
	Standard   Words             `yaml:"standard"`
	Denied     map[string]string `yaml:"denied"`     // name -> why
	Suspicious Words             `yaml:"suspicious"` // parts of names
}

// Words are written as a list, or as one text with white space between them.
type Words []string

// UnmarshalYAML takes a list or one text.
func (w *Words) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*w = strings.Fields(n.Value)
		return nil
	}
	return n.Decode((*[]string)(w))
}

// MaxName is how many bytes a dependency has at most, its version included: what npm allows a name.
const MaxName = 214

// Split is the name that a dependency asks for, with the beginning of it that is its owner's, if there is such a thing.
// ok is false when the dependency is not written as the registry's package manager would.
func (r *Registry) Split(dependency string) (name, owner string, ok bool) {
	m := r.dependency.FindStringSubmatch(dependency)
	if m == nil {
		return "", "", false
	}
	if i := r.dependency.SubexpIndex("owner"); i >= 0 {
		owner = m[i]
	}
	return m[1], owner, true
}

// Canonical is the same for all names that the registry holds for one: lower case, and one dash for separators (PEP 503).
func (r *Registry) Canonical(name string) string {
	if !r.folds {
		return name
	}
	b := make([]byte, 0, len(name))
	for _, c := range []byte(strings.ToLower(name)) {
		if c == '_' || c == '.' {
			c = '-'
		}
		if c != '-' || len(b) == 0 || b[len(b)-1] != '-' {
			b = append(b, c)
		}
	}
	return string(b)
}

// registry is what has come together of one.
type registry struct {
	registryFile
	origin   string
	packages []Package // in the order of the sources
}

// addPackages puts what a file says of a registry over what was said before.
func (m *merger) addPackages(origin, name string, from registryFile) {
	if !nameSyntax.MatchString(name) {
		m.fail(origin, "packages: %q is not lower-case letters, digits and dashes", name)
	}
	r, ok := m.registries[name]
	if !ok {
		r = &registry{}
		m.registries[name] = r
	}
	r.origin = origin
	r.Languages = append(r.Languages, from.Languages...)
	r.Suspicious = append(r.Suspicious, from.Suspicious...)
	for _, of := range []struct{ to, from *string }{{&r.NameSyntax, &from.NameSyntax}, {&r.Version, &from.Version}} {
		if *of.from != "" {
			*of.to = *of.from
		}
	}
	if from.Folds != nil {
		r.Folds = from.Folds
	}
	for _, list := range []struct {
		standing Standing
		names    []string
	}{{Popular, from.Popular}, {Known, from.Known}, {Standard, from.Standard}, {Denied, slices.Sorted(maps.Keys(from.Denied))}} {
		for _, n := range list.names {
			if list.standing == Denied && strings.TrimSpace(from.Denied[n]) == "" {
				m.fail(origin, "packages: %s: denied: %q: why is missing", name, n)
			}
			r.packages = append(r.packages, Package{Name: n, Standing: list.standing, Why: from.Denied[n], origin: origin})
		}
	}
}

// registry makes a registry of what has come together. What is said of all registries counts for names it knows nothing of.
func (m *merger) registry(name string, of, all *registry) (Registry, error) {
	r := Registry{
		Name: name, Languages: of.Languages, Packages: map[string]Package{},
		Suspicious: slices.Concat(of.Suspicious, all.Suspicious), folds: of.Folds != nil && *of.Folds,
	}
	fail := func(origin, format string, args ...any) error {
		return fmt.Errorf("%s: packages: %s: %w", origin, name, fmt.Errorf(format, args...))
	}
	if of.NameSyntax == "" || len(of.Languages) == 0 {
		return r, fail(of.origin, "name or languages are missing: how packages are named, and whose they are")
	}
	var err error
	if r.dependency, err = regexp.Compile(`^(` + of.NameSyntax + `)(?:` + of.Version + `)?$`); err != nil {
		return r, fail(of.origin, "name and version: %w", err)
	}
	var errs []error
	for _, p := range of.packages {
		if whole, _, ok := r.Split(p.Name); !ok || whole != p.Name {
			errs = append(errs, fail(p.origin, "%s: %q is no name of a package", p.Standing, p.Name))
		}
		key := r.Canonical(p.Name)
		if before, twice := r.Packages[key]; twice && before.origin == p.origin {
			errs = append(errs, fail(p.origin, "%q is %s and %s in one file", p.Name, before.Standing, p.Standing))
		}
		r.Packages[key] = p
	}
	for _, p := range all.packages {
		if _, known := r.Packages[r.Canonical(p.Name)]; !known {
			r.Packages[r.Canonical(p.Name)] = p
		}
	}
	return r, errors.Join(errs...)
}

// allRegistries are by name. No language has packages of two of them.
func (m *merger) allRegistries() (list []Registry, err error) {
	all := m.registries[AnyLanguage]
	if all == nil {
		all = &registry{}
	}
	var errs []error
	owner := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(m.registries)) {
		if name == AnyLanguage {
			continue
		}
		r, err := m.registry(name, m.registries[name], all)
		errs = append(errs, err)
		for _, l := range r.Languages {
			if other, taken := owner[l]; taken && other != name {
				errs = append(errs, fmt.Errorf("packages: languages of %s: %q is one of %s", name, l, other))
			}
			owner[l] = name
		}
		list = append(list, r)
	}
	return list, errors.Join(errs...)
}

// Registry is where the packages of programs in these languages come from.
func (s *Set) Registry(languages []string) (r *Registry, ok bool) {
	for i := range s.Registries {
		if slices.ContainsFunc(s.Registries[i].Languages, func(l string) bool { return slices.Contains(languages, l) }) {
			return &s.Registries[i], true
		}
	}
	return nil, false
}
