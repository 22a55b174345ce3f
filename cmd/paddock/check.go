package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"paddock/languages"
	"paddock/patterns"
	"paddock/validate"
)

// checkFlags are what `paddock check` can be told besides the settings.
type checkFlags struct {
	language     string
	policy       string
	dependencies []string
	json, sarif  bool
}

func (e *env) checkCommand() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check [flags] FILE...",
		Short: "Look for danger patterns in programs, without running them",
		Long: `Look for danger patterns in programs, as a server does before it runs them. Each FILE is a program of its own; - is stdin.

Exits 0 when nothing would be refused, 1 when something would be, and 2 when it could not be told: a wrong flag, a file that can't
be read, a language that nobody knows, rules that are wrong.`,
		Example: `  paddock check main.py
  paddock check --language python - < main.py
  paddock check --policy strict --dependency requests --sarif *.py > paddock.sarif`,
		Args: func(c *cobra.Command, args []string) error {
			return e.noVerdict(cobra.MinimumNArgs(1)(c, args))
		},
	}
	addFlags(c.Flags())
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return e.noVerdict(err) })
	c.Flags().StringVarP(&f.language, "language", "l", "", "language of all FILEs (default: by extension, or by the first line)")
	c.Flags().StringVar(&f.policy, "policy", "", "what is refused: strict, standard, permissive (default: validate.policy)")
	c.Flags().StringArrayVar(&f.dependencies, "dependency", nil, "a package that the programs ask for; may be given several times")
	c.Flags().BoolVar(&f.json, "json", false, "print the findings as JSON")
	c.Flags().BoolVar(&f.sarif, "sarif", false, "print the findings as SARIF 2.1.0, for tools that show them in code")
	c.RunE = func(c *cobra.Command, files []string) error {
		if f.json && f.sarif {
			return e.noVerdict(errors.New("--json or --sarif, not both"))
		}
		config, err := load(c.Flags(), e.environ)
		if err != nil {
			return e.noVerdict(err)
		}
		k, err := newChecker(config, f.policy)
		if err != nil {
			return e.noVerdict(err)
		}
		return e.check(c.Context(), k, f, files)
	}
	return c
}

// noVerdict says why a check could not be made. Exit status 1 is for what a check finds.
func (e *env) noVerdict(err error) error {
	if err == nil {
		return nil
	}
	_, _ = fmt.Fprintln(e.err, "paddock:", err)
	return exitError(exitUsage)
}

// check looks at files and prints what it finds. What can't be looked at does not keep the others from it.
func (e *env) check(ctx context.Context, k *checker, f checkFlags, files []string) error {
	r := checked{Policy: k.policy, Files: len(files), Findings: []validate.Finding{}}
	var errs []error
	for _, file := range files {
		found, err := e.checkFile(ctx, k, f, file)
		errs = append(errs, err)
		r.Findings = append(r.Findings, found...)
	}
	r.Blocked = r.count(patterns.Block) > 0
	write := func(w io.Writer) error { return r.writeText(w, paletteFor(w, e.environ)) }
	switch {
	case f.json:
		write = func(w io.Writer) error { return writeJSON(w, r) }
	case f.sarif:
		write = func(w io.Writer) error { return writeJSON(w, sarifOf(k.set, r.Findings)) }
	}
	if err := errors.Join(append(errs, write(e.out))...); err != nil {
		return e.noVerdict(err)
	}
	if r.Blocked {
		return exitError(exitFailed)
	}
	return nil
}

func (e *env) checkFile(ctx context.Context, k *checker, f checkFlags, file string) ([]validate.Finding, error) {
	name, data, err := e.readProgram(file)
	if err != nil {
		return nil, err
	}
	d, err := k.dialectFor(f.language, name, data)
	if err != nil {
		return nil, err
	}
	return k.check(ctx, codeFile{name, data, d, f.dependencies})
}

func (e *env) readProgram(file string) (name string, data []byte, err error) {
	if file == "-" {
		data, err = io.ReadAll(e.in)
		return "stdin", data, err
	}
	data, err = os.ReadFile(file) //nolint:gosec // the user's own choice
	if errors.Is(err, syscall.EISDIR) {
		err = fmt.Errorf("%s is a directory; name the files in it", file)
	}
	return file, data, err
}

// checker looks at programs that are files here, in the way a server looks at those it gets.
type checker struct {
	set       *patterns.Set
	validator *validate.Validator
	languages *languages.Set
	policy    string
}

// newChecker takes the configured policy when none is given.
func newChecker(c Config, policy string) (k *checker, err error) {
	c.Validate.Policy = cmp.Or(policy, c.Validate.Policy)
	k = &checker{policy: c.Validate.Policy}
	if k.set, err = loadSet(c.Validate); err != nil {
		return nil, err
	}
	if k.validator, err = newValidator(k.set, c); err != nil {
		return nil, err
	}
	k.languages, err = languages.Load(dirs(c.Languages.Dir)...)
	return k, err
}

// dialect is a language, and the languages whose rules its programs take: C++ takes C's too. Where its manifest names none, a
// file's name or first line tells, as everywhere.
type dialect struct {
	name  string
	rules []string
}

// named is the language that a name or an alias means: one that can be run, or one that there are only rules for.
func (k *checker) named(word string) (dialect, error) {
	if l, ok := k.languages.Find(word); ok {
		return dialect{l.Name, l.Patterns}, nil
	}
	if name, ok := k.validator.Language(word); ok {
		return dialect{name, []string{name}}, nil
	}
	return dialect{}, fmt.Errorf("there is no language %q; there are %s", word, k.names())
}

// told is the language that a file's name or first line tells.
func (k *checker) told(name string, data []byte) (dialect, bool) {
	if l, ok := k.languages.ByExtension(name); ok {
		return dialect{l.Name, l.Patterns}, true
	}
	l, ok := k.validator.Detect(name, data)
	if !ok {
		return dialect{}, false
	}
	d, err := k.named(l)
	return d, err == nil
}

// dialectFor is the language that was asked for, or else the one that the file tells.
func (k *checker) dialectFor(asked, name string, data []byte) (dialect, error) {
	if asked != "" {
		return k.named(asked)
	}
	d, ok := k.told(name, data)
	if !ok {
		return d, fmt.Errorf("%s: neither its name nor its first line tells the language; name one with --language: %s", name, k.names())
	}
	return d, nil
}

// names are all languages' that named takes.
func (k *checker) names() string {
	var list []string
	for _, l := range k.languages.List() {
		list = append(list, l.Name)
	}
	for _, l := range k.set.Languages {
		list = append(list, l.Name)
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ", ")
}

// codeFile is a file that is a program by itself.
type codeFile struct {
	name         string
	data         []byte
	dialect      dialect
	dependencies []string
}

// timedOut is the rule of programs that can't be read in time.
const timedOut = "validation_timeout"

// tries is how often a program is looked at that can't be read in time: it may be the machine that is busy, and nobody waits here.
const tries = 3

// check looks at a program. Findings that are in no line of it are the file's as a whole.
func (k *checker) check(ctx context.Context, p codeFile) ([]validate.Finding, error) {
	report, err := validate.Report{}, validate.ErrTimeout
	for try := 0; try < tries && errors.Is(err, validate.ErrTimeout); try++ {
		report, err = k.validator.Check(ctx, validate.Request{
			Files:        []validate.File{{Name: p.name, Data: p.data, Languages: p.dialect.rules}},
			Dependencies: p.dependencies,
			Policy:       k.policy,
		})
	}
	if errors.Is(err, validate.ErrTimeout) {
		report.Findings, err = []validate.Finding{{
			Rule: timedOut, Severity: patterns.Block, Category: "resource_bomb",
			Message: "The code could not be checked in time; make it shorter or simpler.",
		}}, nil
	}
	for i := range report.Findings {
		report.Findings[i].File = p.name
	}
	return report.Findings, err
}

// checked is what was found in some files.
type checked struct {
	Policy   string             `json:"policy"`
	Blocked  bool               `json:"blocked"`
	Files    int                `json:"files"`
	Findings []validate.Finding `json:"findings"`
}

func (r checked) count(s patterns.Severity) (n int) {
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// writeText writes each finding with its line, and the sums last.
func (r checked) writeText(w io.Writer, p palette) error {
	var b strings.Builder
	for _, f := range r.Findings {
		color := p.warn
		if f.Severity == patterns.Block {
			color = p.block
		}
		fmt.Fprintf(&b, "%s: %s%s%s %s: %s\n", place(f), color, f.Severity, p.plain, f.Rule, f.Message)
		if f.Excerpt != "" {
			fmt.Fprintf(&b, "    %s%s%s\n", p.faint, f.Excerpt, p.plain)
		}
	}
	if len(r.Findings) == 0 {
		b.WriteString("no findings\n")
	} else {
		fmt.Fprintf(&b, "%d block, %d warn\n", r.count(patterns.Block), r.count(patterns.Warn))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// place is where a finding is, in the form that editors understand.
func place(f validate.Finding) string {
	if f.Line == 0 {
		return printable(f.File)
	}
	return fmt.Sprintf("%s:%d:%d", printable(f.File), f.Line, f.Column)
}

// printable quotes a file's name that could do harm to a terminal.
func printable(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// palette is the escape sequences of colors; the zero one has none.
type palette struct{ block, warn, faint, plain string }

// paletteFor gives colors to terminals that want them (no-color.org).
func paletteFor(w io.Writer, environ []string) palette {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || !wantsColor(environ) {
		return palette{}
	}
	return palette{block: "\x1b[1;31m", warn: "\x1b[33m", faint: "\x1b[2m", plain: "\x1b[m"}
}

func wantsColor(environ []string) bool {
	return !slices.ContainsFunc(environ, func(v string) bool {
		name, value, _ := strings.Cut(v, "=")
		return name == "NO_COLOR" && value != "" || name == "TERM" && value == "dumb"
	})
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
