package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/rs/zerolog"

	"paddock/api"
	"paddock/languages"
	"paddock/runner"
	"paddock/validate"
)

// validation is the rules in force. They are read again at a hangup signal, as a whole or not at all.
type validation struct {
	config    Config
	languages *languages.Set
	log       zerolog.Logger
	current   atomic.Pointer[validate.Validator]
}

func newValidation(c Config, log zerolog.Logger) (*validation, error) {
	set, err := languages.Load(dirs(c.Languages.Dir)...)
	if err != nil {
		return nil, err
	}
	v := &validation{config: c, languages: set, log: log}
	if err := v.load(); err != nil {
		return nil, err
	}
	return v, nil
}

// load puts the rules that there are now in force. An error leaves those that were.
func (v *validation) load() error {
	loaded, err := loadRules(v.config)
	if err != nil {
		return err
	}
	var errs []error
	for _, l := range v.languages.List() {
		for _, name := range l.Patterns {
			if known, ok := loaded.Language(name); !ok || known != name {
				errs = append(errs, fmt.Errorf("language %s: patterns: there are no rules for %q", l.Name, name))
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	v.current.Store(loaded)
	return nil
}

// reload loads the rules again, and says so.
func (v *validation) reload() {
	if err := v.load(); err != nil {
		v.log.Error().Err(err).Msg("the rules were not loaded again; those from before stay in force")
		return
	}
	v.log.Info().Int("rules", v.current.Load().Rules()).Msg("the rules have been loaded again")
}

// check looks at a program before it is run.
func (v *validation) check(ctx context.Context, s api.Submission) (validate.Report, error) {
	return v.current.Load().Check(ctx, validate.Request{
		Files: v.files(s.Program), Dependencies: s.Dependencies, Languages: s.Program.Language.Patterns,
		Policy: v.config.Validate.policyOf(s.Tier),
	})
}

// files are what is looked at of a program, each with the languages whose rules apply: its files, as the program's own language,
// and as another one's too whose extension they have; variables that hold code; a command, and what it may read as code.
func (v *validation) files(p runner.Program) []validate.File {
	var files []validate.File
	look := func(name string, data []byte, languages []string) {
		files = append(files, validate.File{Name: name, Data: data, Languages: languages})
	}
	for _, f := range p.Files {
		l, other := v.languages.ByExtension(f.Path)
		other = other && f.Path != p.Entry && l.Name != p.Language.Name
		if other {
			look(f.Path, f.Data, l.Patterns)
		}
		// A program can include whatever lies beside it, under any name. What is no text it can't.
		switch {
		case len(p.Language.Patterns) > 0 && (f.Path == p.Entry || !validate.Binary(f.Data)):
			look(f.Path, f.Data, p.Language.Patterns)
		case !other:
			look(f.Path, f.Data, nil)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Env)) {
		if language, ok := codeIn[name]; ok {
			look("env."+name, []byte(p.Env[name]), []string{language})
		}
	}
	if len(p.Argv) == 0 {
		return files
	}
	look("argv", []byte(commandLine(p.Argv)), []string{"bash"})
	if language, ok := v.current.Load().Language(path.Base(p.Argv[0])); ok && len(p.Argv) == 1 {
		look("stdin", p.Stdin, []string{language}) // an interpreter without a script reads it from there
	}
	return files
}

// codeIn are variables that interpreters run, or load, and the languages they are in.
var codeIn = map[string]string{
	"BASH_ENV": "bash", "ENV": "bash", "PS4": "bash", "PROMPT_COMMAND": "bash", "NODE_OPTIONS": "javascript", "RUBYOPT": "ruby",
	"PERL5OPT": "perl", "PYTHONSTARTUP": "python",
}

// commandLine is an argv as a shell would be given it.
func commandLine(argv []string) string {
	words := make([]string, len(argv))
	for i, word := range argv {
		if word == "" || strings.ContainsFunc(word, func(r rune) bool { return !slices.Contains(plainRunes, r) }) {
			word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
		words[i] = word
	}
	return strings.Join(words, " ")
}

// plainRunes mean nothing to a shell.
var plainRunes = []rune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,@%=")
