package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"

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

// reloadAtHangup loads the rules again at each SIGHUP, until ctx ends.
func (v *validation) reloadAtHangup(ctx context.Context) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	for {
		select {
		case <-hangup:
			if err := v.load(); err != nil {
				v.log.Error().Err(err).Msg("the rules were not loaded again; those from before stay in force")
				continue
			}
			v.log.Info().Int("rules", v.current.Load().Rules()).Msg("the rules have been loaded again")
		case <-ctx.Done():
			return
		}
	}
}

// check looks at a program before it is run.
func (v *validation) check(ctx context.Context, s api.Submission) (validate.Report, error) {
	return v.current.Load().Check(ctx, validate.Request{
		Files: v.files(s.Program), Dependencies: s.Dependencies, Languages: s.Program.Language.Patterns,
		Policy: v.config.Validate.policyOf(s.Tier),
	})
}

// files are a program's files, each with the languages whose rules apply: the program's own for its entry file and for those
// with its extensions, another language's for its extensions. What is left tells by itself, or has none.
func (v *validation) files(p runner.Program) []validate.File {
	var files []validate.File
	for _, f := range p.Files {
		file := validate.File{Name: f.Path, Data: f.Data}
		if l, ok := v.languages.ByExtension(f.Path); ok {
			file.Languages = l.Patterns
		}
		if f.Path == p.Entry {
			file.Languages = p.Language.Patterns
		}
		files = append(files, file)
	}
	if len(p.Argv) > 0 {
		files = append(files, validate.File{Name: "argv", Data: []byte(commandLine(p.Argv)), Languages: []string{"bash"}})
	}
	return files
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
