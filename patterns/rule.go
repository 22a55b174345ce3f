// Package patterns is the danger rules as data: a YAML file for each language, one for all of them, and the loader.
// docs/patterns.md tells how to write a rule.
//
// The files beside this one are part of the binary; an operator's directory goes over them. What is loaded has been checked
// for itself: keys, names, that nothing is missing, no id twice. That patterns compile and that examples hold is seen to by
// validate.New, which is what reads code with them. A Set never changes: it is safe for concurrent use.
package patterns

import "slices"

// Severity is what a finding does.
type Severity string

// The severities. Off is what a policy or an operator can make of a rule; no rule is written so.
const (
	Block Severity = "block" // the code is refused
	Warn  Severity = "warn"  // the finding travels with the result
	Off   Severity = "off"
)

// Category is what kind of danger a rule is about.
type Category string

// Categories are all there are.
var Categories = []Category{
	"fork_bomb", "reverse_shell", "network_scan", "crypto_mining", "destructive", "process_exec", "dynamic_eval",
	"infinite_loop", "sql_injection", "obfuscation", "sandbox_probe", "resource_bomb", "dependency",
}

// Scope is which parts of a program a rule sees. What it does not see is blank to it; the quotes around a string are always seen.
type Scope string

// The scopes.
const (
	Code          Scope = "code"
	String        Scope = "string" // contents of strings and here documents
	CodeAndString Scope = "code_and_string"
	Call          Scope = "call" // code and strings, but a match begins in code: a call with its arguments, not text about one
	Raw           Scope = "raw"  // comments too
)

// Scopes are all there are.
var Scopes = []Scope{Code, String, CodeAndString, Call, Raw}

// Engine is what matches a rule's pattern.
type Engine string

// The engines. RE2 is Go's regexp, in time linear to the text. Regexp2 is for rules that need lookaround or backreferences,
// under a deadline.
const (
	RE2     Engine = "re2"
	Regexp2 Engine = "regexp2"
)

// AnyLanguage is the language of rules for all languages, and for text of no known language.
const AnyLanguage = "any"

// DefaultBefore and DefaultReach are how many bytes before and behind a literal a pattern sees, when a rule says nothing. Sight
// begins and ends with a line, where there is a line break within it. A match begins before the literal ends: so most of
// what is seen is no place where a match has to be looked for.
const (
	DefaultBefore = 64
	DefaultReach  = 256
)

// maxReach bounds how much has to be looked at for one literal.
const maxReach = 4096

// Rule is one danger pattern. The yaml keys are those of the files; docs/patterns.md explains each.
type Rule struct {
	ID         string    `yaml:"id"`
	Languages  []string  `yaml:"languages"` // the file's language when missing
	Severity   Severity  `yaml:"severity"`
	Category   Category  `yaml:"category"`
	Message    string    `yaml:"message"` // to the person whose code it is: what was found, and what to do instead
	CWE        int       `yaml:"cwe"`
	References []string  `yaml:"references"`
	Engine     Engine    `yaml:"engine"` // re2 when missing
	Scope      Scope     `yaml:"scope"`
	Literals   []string  `yaml:"literals"` // one of them has to be there, in any case, whole words, before the pattern is tried
	Before     int       `yaml:"before"`   // bytes; DefaultBefore when missing
	Reach      int       `yaml:"reach"`    // bytes; DefaultReach when missing
	Pattern    List      `yaml:"pattern"`  // alternatives
	Except     List      `yaml:"except"`   // alternatives; a match in which one of these matches too is none
	Unless     List      `yaml:"unless"`   // alternatives; in a file whose code has one of these, the rule means something else
	Match      []Example `yaml:"match"`
	NoMatch    []Example `yaml:"no_match"`

	Fixed  bool   `yaml:"-"` // built in, and no policy and no operator makes it another severity: it is a limit, not an opinion
	origin string // the file, for error messages
}

// Example is a program that a rule must or must not match.
type Example struct {
	Language string `yaml:"language"` // the rule's first language when missing
	Code     string `yaml:"code"`
}

// List is written as a list of strings, or as one string.
type List []string

// AppliesTo reports whether the rule is for programs that take the rules of these languages.
func (r *Rule) AppliesTo(languages []string) bool {
	return slices.ContainsFunc(r.Languages, func(l string) bool { return l == AnyLanguage || slices.Contains(languages, l) })
}

// Origin is the file the rule is from, for error messages.
func (r *Rule) Origin() string { return r.origin }

// Language is how files of one language are told and read.
type Language struct {
	Name         string   `yaml:"language"`
	Aliases      []string `yaml:"aliases"`
	Extensions   []string `yaml:"extensions"`   // with their dot
	Interpreters []string `yaml:"interpreters"` // names in a #! line
	Syntax       string   `yaml:"syntax"`       // how its strings and comments look: a name that validate knows
}
