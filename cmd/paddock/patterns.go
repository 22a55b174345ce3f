package main

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"paddock/patterns"
)

func (e *env) patternsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "patterns",
		Short: "List, explain, test and measure the danger rules",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(e.patternsListCommand(), e.patternsExplainCommand(), e.patternsTestCommand(), e.patternsCorpusCommand())
	for _, sub := range c.Commands() {
		addFlags(sub.Flags())
	}
	return c
}

// listedRule is a rule in the list.
type listedRule struct {
	ID         string            `json:"id"`
	Severity   patterns.Severity `json:"severity"`
	Category   patterns.Category `json:"category"`
	Languages  []string          `json:"languages"`
	Message    string            `json:"message"`
	CWE        int               `json:"cwe,omitempty"`
	References []string          `json:"references,omitempty"`
}

func (e *env) patternsListCommand() *cobra.Command {
	var language, category string
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the rules, with what each does under the policy validate.policy",
		Args:  cobra.NoArgs,
	}
	c.Flags().StringVarP(&language, "language", "l", "", "those that programs in this language meet")
	c.Flags().StringVar(&category, "category", "", "those of this category")
	c.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := load(c.Flags(), e.environ)
		if err != nil {
			return err
		}
		k, err := newChecker(config, "")
		if err != nil {
			return err
		}
		list, err := k.list(language, patterns.Category(category))
		if err != nil {
			return err
		}
		if asJSON {
			return writeJSON(e.out, list)
		}
		return e.table("RULE\tSEVERITY\tCATEGORY\tLANGUAGES\tMESSAGE", func(w io.Writer) {
			for _, r := range list {
				_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Severity, r.Category, strings.Join(r.Languages, " "), oneLine(r.Message))
			}
		})
	}
	return c
}

// list is the rules for a language, or for all, and of a category, or of all.
func (k *checker) list(language string, category patterns.Category) ([]listedRule, error) {
	var rules []string
	if language != "" {
		d, err := k.named(language)
		if err != nil {
			return nil, err
		}
		rules = d.rules
	}
	if category != "" && !slices.Contains(patterns.Categories, category) {
		return nil, fmt.Errorf("--category: %q is none of %v", category, patterns.Categories)
	}
	policy, _ := k.set.Policy(k.policy) // loadSet has looked it up
	list := []listedRule{}
	for i := range k.set.Rules {
		r := &k.set.Rules[i]
		if language != "" && !r.AppliesTo(rules) || category != "" && r.Category != category {
			continue
		}
		list = append(list, listedRule{r.ID, policy.Severity(r), r.Category, r.Languages, r.Message, r.CWE, r.References})
	}
	return list, nil
}

// oneLine is for messages, which files may break.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (e *env) patternsExplainCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "explain RULE",
		Short: "Tell all there is to a rule: what it looks for, and what each policy makes of it",
		Args:  cobra.ExactArgs(1),
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		config, err := load(c.Flags(), e.environ)
		if err != nil {
			return err
		}
		set, err := loadSet(config.Validate)
		if err != nil {
			return err
		}
		r, ok := findRule(set, args[0])
		if !ok {
			return fmt.Errorf("there is no rule %q; %s", args[0], suggestion(set, args[0]))
		}
		_, err = io.WriteString(e.out, explanation(set, r))
		return err
	}
	return c
}

func findRule(set *patterns.Set, id string) (*patterns.Rule, bool) {
	i, ok := slices.BinarySearchFunc(set.Rules, id, func(r patterns.Rule, id string) int { return strings.Compare(r.ID, id) })
	if !ok {
		return nil, false
	}
	return &set.Rules[i], true
}

// suggestion names the few rules whose ids have most in common with what was asked for.
func suggestion(set *patterns.Set, asked string) string {
	const few = 3
	wanted := trigrams(asked)
	common := func(id string) (n int) {
		for t := range trigrams(id) {
			if wanted[t] {
				n++
			}
		}
		return n
	}
	var ids []string
	for i := range set.Rules {
		if common(set.Rules[i].ID) > 0 {
			ids = append(ids, set.Rules[i].ID)
		}
	}
	slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(common(b), common(a)) })
	if len(ids) == 0 {
		return "`paddock patterns list` lists them"
	}
	return "there is " + strings.Join(ids[:min(few, len(ids))], ", ")
}

func trigrams(s string) map[string]bool {
	all := map[string]bool{}
	for i := range len(s) - 2 {
		all[strings.ToLower(s[i:i+3])] = true
	}
	return all
}

// explanation is a rule as text: its keys in the order of docs/patterns.md, those that it has, and its examples last.
func explanation(set *patterns.Set, r *patterns.Rule) string {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-12s%s\n", key, value)
		}
	}
	lines := func(key string, list []string) {
		for _, value := range list {
			line(key, value)
			key = ""
		}
	}
	line("rule", r.ID)
	line("languages", strings.Join(r.Languages, ", "))
	line("severity", string(r.Severity))
	for _, name := range set.Policies() {
		policy, _ := set.Policy(name)
		line("", fmt.Sprintf("%s when the policy is %s", policy.Severity(r), name))
	}
	line("category", string(r.Category))
	line("message", oneLine(r.Message))
	line("cwe", number(r.CWE))
	line("references", strings.Join(r.References, ", "))
	line("scope", string(r.Scope))
	line("literals", strings.Join(r.Literals, ", "))
	line("before", number(r.Before))
	line("reach", number(r.Reach))
	lines("pattern", r.Pattern)
	lines("except", r.Except)
	lines("unless", r.Unless)
	line("engine", string(r.Engine))
	line("file", r.Origin())
	for _, set := range []struct {
		key      string
		examples []patterns.Example
	}{{"match", r.Match}, {"no_match", r.NoMatch}} {
		for _, e := range set.examples {
			line(set.key, e.Language)
			b.WriteString(indent(e.Code))
		}
	}
	return b.String()
}

// number is empty for 0: the key is missing.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func indent(code string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(code, "\n"), "\n", "\n    ") + "\n"
}

func (e *env) patternsTestCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "test [DIR]",
		Short: "Check the rules and run all their examples, those of DIR's files included",
		Long: `Load the built-in rules and, over them, the rule files in DIR (without, those of validate.rules), as a server does at its
start, and run every rule's examples. Exits 1 with everything that is wrong.`,
		Args: cobra.MaximumNArgs(1),
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		config, err := load(c.Flags(), e.environ)
		if err != nil {
			return err
		}
		if len(args) > 0 {
			config.Validate.Rules = args[0]
		}
		set, err := loadSet(config.Validate)
		if err != nil {
			return err
		}
		if _, err := newValidator(set, config); err != nil {
			return err
		}
		_, err = fmt.Fprintln(e.out, sums(set, config.Validate.Rules))
		return err
	}
	return c
}

// sums counts the rules, those in dir among them, and their examples, all of which hold.
func sums(set *patterns.Set, dir string) string {
	rules, own, examples := len(set.Rules), 0, 0
	for i := range set.Rules {
		r := &set.Rules[i]
		examples += len(r.Match) + len(r.NoMatch)
		if dir != "" && path.Dir(r.Origin()) == path.Clean(dir) {
			own++
		}
	}
	if dir == "" {
		return fmt.Sprintf("%d rules, %d examples: all hold", rules, examples)
	}
	return fmt.Sprintf("%d rules, %d of them in %s, %d examples: all hold", rules, own, dir, examples)
}
