package validate

import (
	"errors"
	"fmt"
	"slices"

	"paddock/patterns"
)

// rule is a rule that is ready to be matched.
type rule struct {
	*patterns.Rule
	pattern expression
	except  expression
	unless  expression
}

func newRule(r *patterns.Rule) (*rule, error) {
	wrong := func(key string, err error) error {
		return fmt.Errorf("%s: rule %s: %s: %w", r.Origin(), r.ID, key, err)
	}
	made := &rule{Rule: r}
	for _, part := range []struct {
		key  string
		list patterns.List
		to   *expression
	}{
		{"pattern", r.Pattern, &made.pattern},
		{"except", r.Except, &made.except},
		{"unless", r.Unless, &made.unless},
	} {
		var err error
		if *part.to, err = compile(r.Engine, part.list); err != nil {
			return nil, wrong(part.key, err)
		}
	}
	return made, nil
}

// forget lets go of what texts have left behind.
func (r *rule) forget() {
	for _, e := range []expression{r.pattern, r.except, r.unless} {
		e.sieve.forget()
	}
}

// sees reports whether a rule of this scope sees bytes of a class.
func sees(s patterns.Scope, c class) bool {
	switch s {
	case patterns.Code:
		return c == code
	case patterns.String:
		return c == quoted
	case patterns.CodeAndString, patterns.Call:
		return c != comment
	}
	return true
}

// program is the rules that apply to one language, or to one set of languages whose rules a program takes.
type program struct {
	syntax   *syntax
	rules    []*rule
	literals *dictionary
	uses     [][]int // by word of literals: which rules need it, as indexes of rules
}

// newProgram is for programs that take the rules of these languages; the syntax is the first one's.
func newProgram(s *syntax, rules []*rule, languages []string) *program {
	p := &program{syntax: s}
	words := map[string]int{}
	var list []string
	for _, r := range rules {
		if !r.AppliesTo(languages) {
			continue
		}
		p.rules = append(p.rules, r)
		for _, literal := range r.Literals {
			folded := string(appendLower(nil, []byte(literal)))
			word, known := words[folded]
			if !known {
				word = len(list)
				words[folded], list = word, append(list, folded)
				p.uses = append(p.uses, nil)
			}
			p.uses[word] = append(p.uses[word], len(p.rules)-1)
		}
	}
	p.literals = newDictionary(list)
	return p
}

// program is the one for these languages, made when it is first asked for. All names come from rule files and manifests.
func (v *Validator) program(languages []string) *program {
	key := fmt.Sprint(languages)
	if p, ok := v.programs.Load(key); ok {
		return p.(*program) //nolint:forcetypeassert,errcheck // nothing else is stored
	}
	s := v.syntaxOf(languages)
	p, _ := v.programs.LoadOrStore(key, newProgram(s, v.rules, languages))
	return p.(*program) //nolint:forcetypeassert,errcheck // nothing else is stored
}

// proveExamples runs each rule's examples through all that a program goes through.
func (v *Validator) proveExamples() error {
	f := finder{deadline: never}
	var errs []error
	for _, r := range v.rules {
		for _, set := range []struct {
			key      string
			examples []patterns.Example
			found    bool
		}{
			{"match", r.Match, true},
			{"no_match", r.NoMatch, false},
		} {
			for i, e := range set.examples {
				if err := v.prove(&f, r, e, set.found); err != nil {
					errs = append(errs, fmt.Errorf("%s: rule %s: %s[%d]: %w\n%s", r.Origin(), r.ID, set.key, i, err, e.Code))
				}
			}
		}
	}
	return errors.Join(errs...)
}

func (v *Validator) prove(f *finder, r *rule, e patterns.Example, found bool) error {
	languages := []string{e.Language}
	if !r.AppliesTo(languages) && e.Language != patterns.AnyLanguage {
		return fmt.Errorf("the rule is not for %s", e.Language)
	}
	if _, ok := v.languages[e.Language]; !ok && e.Language != patterns.AnyLanguage {
		return fmt.Errorf("there is no language %q", e.Language)
	}
	f.program = v.program(languages)
	matches, err := f.file([]byte(e.Code))
	hit := slices.ContainsFunc(matches, func(m match) bool { return m.rule == r })
	switch {
	case err != nil:
		return err
	case found && !hit:
		return errors.New("is not found")
	case !found && hit:
		return errors.New("is found")
	}
	return nil
}
