package patterns

import (
	"fmt"
	"maps"
	"slices"
)

// DefaultPolicy is what the rules say, as they say it.
const DefaultPolicy = "standard"

// Policy says what becomes of a finding by its category. Categories that it does not name stay what their rules say. A finding is
// never raised from off.
type Policy map[Category]Severity

func (p Policy) check(origin, name string) error {
	for category, severity := range p {
		if !slices.Contains(Categories, category) {
			return fmt.Errorf("%s: policy %s: %q is no category", origin, name, category)
		}
		if !slices.Contains([]Severity{Block, Warn, Off}, severity) {
			return fmt.Errorf("%s: policy %s: %s: %q is neither block nor warn nor off", origin, name, category, severity)
		}
	}
	return nil
}

// Severity is what a rule is under a policy. Limits stay what they are.
func (p Policy) Severity(r *Rule) Severity {
	if s, ok := p[r.Category]; ok && r.Severity != Off && !r.Fixed {
		return s
	}
	return r.Severity
}

// Blind reports whether nothing is ever found under a policy.
func (p Policy) Blind() bool {
	return !slices.ContainsFunc(Categories, func(c Category) bool { return p[c] != Off })
}

// Policy looks a policy up by its name.
func (s *Set) Policy(name string) (Policy, bool) {
	p, ok := s.policies[name]
	return p, ok
}

// Policies are the names of all policies, sorted.
func (s *Set) Policies() []string { return slices.Sorted(maps.Keys(s.policies)) }
