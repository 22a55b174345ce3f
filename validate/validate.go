// Package validate looks for danger patterns in code that is about to be run, and gives quick, friendly refusals. It is a filter,
// not the boundary: what it lets through runs in a cell all the same, and anybody can write code that it does not see through.
//
// A file is read once into code, comments and strings (read.go), with what hides a word undone; literals that rules need are
// found in one pass (dictionary.go); where one is, its rules look at the lines around it (match.go): an automaton tells what may
// match there (sieve.go), and the expressions that may do (expression.go). Time is linear to the text but for rules that need
// lookaround, and all of a request is under one deadline: what can't be read in time is refused.
//
// It is pure: no files, no clock but the deadline's, nothing is logged. What a Validator finds never changes; it is safe for
// concurrent use.
package validate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
	"time"

	"paddock/patterns"
)

// DefaultDeadline is how long one request may take. Issue 4 allows 250 ms, whatever the input; what may go on after the deadline
// is one file's literals, some ms, and one match, see matchTimeout.
const DefaultDeadline = 150 * time.Millisecond

// DefaultMaxCode is how many bytes of code are read at most: 1 MiB (design: code_too_large).
const DefaultMaxCode = 1 << 20

// ErrTimeout is that code could not be read in time. It is to be refused: nobody knows what is in it.
var ErrTimeout = errors.New("the code could not be checked in time")

// Options configure a Validator. Zero values mean the defaults.
type Options struct {
	Deadline time.Duration // of one request, wall clock
	MaxCode  int64         // bytes of all files of a request
}

// Validator looks for the rules of a set.
type Validator struct {
	o         Options
	set       *patterns.Set
	rules     []*rule
	byID      map[string]*patterns.Rule    // those that there is code for
	names     map[string]*names            // by registry
	languages map[string]patterns.Language // by name
	byWord    map[string]string            // names, aliases and interpreters -> name
	byExt     map[string]string
	programs  sync.Map // languages -> *program
	finders   sync.Pool
}

// New makes a validator of a set of rules. The error tells every pattern that does not compile and every example that does not
// hold, with its file and rule.
func New(set *patterns.Set, o Options) (*Validator, error) {
	if o.Deadline == 0 {
		o.Deadline = DefaultDeadline
	}
	if o.MaxCode == 0 {
		o.MaxCode = DefaultMaxCode
	}
	v := &Validator{
		o: o, set: set, byID: map[string]*patterns.Rule{}, names: map[string]*names{},
		languages: map[string]patterns.Language{}, byWord: map[string]string{}, byExt: map[string]string{},
		finders: sync.Pool{New: func() any { return new(finder) }},
	}
	var errs []error
	for _, l := range set.Languages {
		if _, ok := syntaxOf(l.Syntax); !ok {
			errs = append(errs, fmt.Errorf("language %s: syntax: %q is none of %s", l.Name, l.Syntax, strings.Join(syntaxNames(), ", ")))
		}
		v.learn(l)
	}
	for i := range set.Registries {
		v.names[set.Registries[i].Name] = newNames(&set.Registries[i])
	}
	for i := range set.Rules {
		if set.Rules[i].BuiltIn() {
			v.byID[set.Rules[i].ID] = &set.Rules[i]
			continue
		}
		r, err := newRule(&set.Rules[i])
		errs = append(errs, err)
		v.rules = append(v.rules, r)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := v.proveExamples(); err != nil {
		return nil, err
	}
	for _, r := range v.rules {
		r.forget()
	}
	return v, nil
}

func (v *Validator) learn(l patterns.Language) {
	v.languages[l.Name] = l
	v.byWord[l.Name] = l.Name
	for _, words := range [][]string{l.Aliases, l.Interpreters} {
		for _, w := range words {
			v.byWord[w] = l.Name
		}
	}
	for _, ext := range l.Extensions {
		v.byExt[ext] = l.Name
	}
}

// syntaxOf is how programs that take the rules of these languages are read: like the first one.
func (v *Validator) syntaxOf(languages []string) *syntax {
	name := "plain"
	if len(languages) > 0 && languages[0] != patterns.AnyLanguage {
		name = v.languages[languages[0]].Syntax
	}
	s, ok := syntaxOf(name)
	if !ok {
		panic("validate: no syntax " + name) // New has looked each up
	}
	return s
}

// Request is a program to look at.
type Request struct {
	Files        []File
	Dependencies []string // as asked for: names, with a version or without
	Languages    []string // whose packages these are; the first file's when empty
	Policy       string   // patterns.DefaultPolicy when empty
}

// File is one file of a program.
type File struct {
	Name string
	Data []byte
	// Languages are those whose rules apply; the file is read like the first one. When there are none, the file's name or its first
	// line tells; and what they don't tell gets the rules for all languages, unless it is binary.
	Languages []string
}

// Check looks at a program. It returns ErrTimeout when that can't be done in time, ctx's error when ctx has ended, and an error
// when there is no such policy or language.
func (v *Validator) Check(ctx context.Context, q Request) (Report, error) {
	policy, err := v.policy(q.Policy)
	if err != nil {
		return Report{}, err
	}
	if policy.Blind() {
		return Report{}, nil
	}
	if size := sizeOf(q.Files); size > v.o.MaxCode {
		return Report{[]Finding{v.tooLarge(size, policy)}}, nil
	}
	f := v.finders.Get().(*finder) //nolint:forcetypeassert,errcheck // the pool makes nothing else
	defer func() {
		f.forget()
		v.finders.Put(f)
	}()
	f.deadline = time.Now().Add(v.o.Deadline)
	findings := v.dependencies(q, policy)
	for _, file := range q.Files {
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		found, err := v.file(f, file, policy)
		if err != nil {
			return Report{}, err
		}
		findings = append(findings, found...)
	}
	return report(findings), nil
}

func sizeOf(files []File) (size int64) {
	for _, f := range files {
		size += int64(len(f.Data))
	}
	return size
}

func (v *Validator) policy(name string) (patterns.Policy, error) {
	if name == "" {
		name = patterns.DefaultPolicy
	}
	p, ok := v.set.Policy(name)
	if !ok {
		return nil, fmt.Errorf("there is no policy %q; there are %s", name, strings.Join(v.set.Policies(), ", "))
	}
	return p, nil
}

// file looks at one file. Its findings are in the order of the text.
func (v *Validator) file(f *finder, file File, policy patterns.Policy) ([]Finding, error) {
	languages, known := v.languagesOf(file)
	if !known && Binary(file.Data) {
		return nil, nil
	}
	for _, l := range languages {
		if _, ok := v.languages[l]; !ok && l != patterns.AnyLanguage {
			return nil, fmt.Errorf("%s: there are no rules for the language %q", file.Name, l)
		}
	}
	f.program = v.program(languages)
	matches, err := f.file(file.Data)
	if err != nil {
		return nil, err
	}
	return findings(file, matches, policy), nil
}

// languagesOf are the languages whose rules apply to a file, and whether that is known or only what is left.
func (v *Validator) languagesOf(file File) (languages []string, known bool) {
	if len(file.Languages) > 0 {
		return file.Languages, true
	}
	name, known := v.Detect(file.Name, file.Data)
	return []string{name}, known
}

// namesFor is what is known of the packages of programs in these languages; nil when there are none.
func (v *Validator) namesFor(languages []string) *names {
	if r, ok := v.set.Registry(languages); ok {
		return v.names[r.Name]
	}
	return nil
}

// Detect tells a file's language by the extension of its name, or by its first line; patterns.AnyLanguage when neither does.
func (v *Validator) Detect(name string, data []byte) (language string, known bool) {
	if l, ok := v.byExt[path.Ext(name)]; ok {
		return l, true
	}
	if l, ok := v.byWord[interpreter(data)]; ok {
		return l, true
	}
	return patterns.AnyLanguage, false
}

// Language is the language that a name or an alias means.
func (v *Validator) Language(word string) (name string, ok bool) {
	name, ok = v.byWord[strings.ToLower(word)]
	return name, ok
}

// Rules is how many rules there are, those switched off included.
func (v *Validator) Rules() int { return len(v.set.Rules) }

// interpreter is the program that a #! line names, without its directory and version; env and its options are passed over.
func interpreter(data []byte) string {
	line, _, _ := bytes.Cut(data[:min(len(data), 256)], []byte("\n"))
	rest, ok := bytes.CutPrefix(line, []byte("#!"))
	if !ok {
		return ""
	}
	for _, word := range strings.Fields(string(rest)) {
		base := path.Base(word)
		if base == "env" || strings.HasPrefix(word, "-") || strings.Contains(word, "=") {
			continue
		}
		return strings.TrimRight(base, "0123456789.")
	}
	return ""
}

// Binary tells what is no text: more than one byte in ten near its beginning is a control character that text has no use for. One
// NUL is not enough: there are shells that read on.
func Binary(data []byte) bool {
	data = data[:min(len(data), 8000)]
	odd := 0
	for _, b := range data {
		if b < '\a' || '\r' < b && b < ' ' && b != '\x1b' {
			odd++
		}
	}
	return odd*10 > len(data)
}
