package languages

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

const (
	manifestFile  = "language.yaml"
	containerFile = "Containerfile"
)

// What a manifest may ask for at most. A factor beyond this is a typing error, not a language.
const (
	maxFactor         = 16
	maxCompileMB      = 64 << 10
	maxCompileTimeout = 10 * time.Minute
)

// reserved are the names of images that are no language's.
var reserved = []string{"base", "build"}

var (
	nameSyntax      = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`) // it becomes part of an image's name
	aliasSyntax     = regexp.MustCompile(`^[a-z0-9][a-z0-9+#._-]{0,31}$`)
	extensionSyntax = regexp.MustCompile(`^\.[A-Za-z0-9+_-]+$`)
	fileSyntax      = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
)

// read reads and checks the folder called name of a source. Its errors name the manifest and the key.
func read(src Source, name string) (Language, error) {
	at := path.Join(src.Name, name)
	folder, err := fs.Sub(src.FS, name)
	if err != nil {
		return Language{}, fmt.Errorf("%s: %w", at, err)
	}
	text, err := fs.ReadFile(folder, manifestFile)
	if err != nil {
		return Language{}, fmt.Errorf("%s: a language's folder needs a %s: %w", at, manifestFile, err)
	}
	l, err := parse(text)
	if err != nil {
		return Language{}, prefix(path.Join(at, manifestFile), err)
	}
	l.folder, l.origin = folder, at
	l.Image = imagePrefix + l.Name
	return l, prefix(path.Join(at, manifestFile), errors.Join(l.check(), l.checkFolder(name)))
}

// parse decodes a manifest; a key it does not know is an error.
func parse(text []byte) (Language, error) {
	l := Language{Factors: Factors{Memory: 1, Time: 1}}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&l); err != nil {
		return Language{}, readable(err)
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return Language{}, errors.New("holds more than one document")
	}
	return l, nil
}

var (
	unknownKey = regexp.MustCompile(`field (\S+) not found in type \S+`)
	goTypes    = strings.NewReplacer("into []string", "into a list of words", "into map[string]string", "into names and values",
		"into string", "into a word", "into float64", "into a number", "into int", "into a whole number",
		"into time.Duration", "into a duration like 30s")
)

// readable takes Go's types out of the decoder's messages: they are for people who write manifests.
func readable(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("is empty")
	}
	var typed *yaml.TypeError
	if !errors.As(err, &typed) {
		return err
	}
	lines := make([]error, len(typed.Errors))
	for i, e := range typed.Errors {
		lines[i] = errors.New(goTypes.Replace(unknownKey.ReplaceAllString(e, "unknown key $1")))
	}
	return errors.Join(lines...)
}

// prefix puts at before each of the errors joined in err.
func prefix(at string, err error) error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return fmt.Errorf("%s: %w", at, err)
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, prefix(at, e))
	}
	return errors.Join(out...)
}

// check is everything that can be said of a manifest by itself. It tells all that is wrong, not just the first.
func (l Language) check() error {
	var c checker
	c.require(nameSyntax.MatchString(l.Name), "name", "%q is not lower-case letters, digits and dashes", l.Name)
	c.require(!slices.Contains(reserved, l.Name), "name", "%q is taken: images of ours are called so", l.Name)
	c.require(l.Title != "", "title", "is missing")
	c.each("aliases", l.Aliases, aliasSyntax, "lower-case letters, digits, and any of + # . _ -")
	c.require(!slices.Contains(l.Aliases, l.Name), "aliases", "%q is the name already", l.Name)
	c.require(len(l.Extensions) > 0, "extensions", "is missing")
	c.each("extensions", l.Extensions, extensionSyntax, "a dot and letters or digits, like .py")
	c.require(fileSyntax.MatchString(l.File), "file", "%q is not a plain file name, like main.py", l.File)
	c.require(slices.Contains(l.Extensions, path.Ext(l.File)), "file", "%q has none of the extensions", l.File)
	c.require(len(l.VersionCommand) > 0, "version_command", "is missing")
	c.each("patterns", l.Patterns, nameSyntax, "lower-case letters, digits and dashes")
	l.checkCommands(&c)
	l.checkNumbers(&c)
	for name, value := range l.Env {
		c.require(VariableName.MatchString(name), "env", "%q is not the name of a variable", name)
		c.require(!strings.ContainsRune(value, 0), "env", "%s holds a NUL", name)
	}
	return errors.Join(c.errs...)
}

func (l Language) checkCommands(c *checker) {
	c.require(len(l.Run) > 0, "run", "is missing")
	c.argv("compile", l.Compile, fileMark, filesMark)
	c.argv("run", l.Run, fileMark)
	c.argv("version_command", l.VersionCommand)
	takesFile := func(argv []string) bool {
		return slices.ContainsFunc(argv, func(a string) bool { return strings.Contains(a, fileMark) || a == filesMark })
	}
	if len(l.Compile) > 0 {
		c.require(takesFile(l.Compile), "compile", "mentions neither {file} nor {files}")
	} else if len(l.Run) > 0 {
		c.require(takesFile(l.Run), "run", "mentions no {file}, and nothing is compiled")
	}
}

func (l Language) checkNumbers(c *checker) {
	// Written so that NaN, which YAML can say, is refused too.
	inRange := func(f float64) bool { return f >= 1 && f <= maxFactor }
	c.require(inRange(l.Factors.Memory), "factors.memory", "%v is not between 1 and %d", l.Factors.Memory, maxFactor)
	c.require(inRange(l.Factors.Time), "factors.time", "%v is not between 1 and %d", l.Factors.Time, maxFactor)
	limits := l.CompileLimits
	c.require(limits.MemoryMB >= 0 && limits.MemoryMB <= maxCompileMB,
		"compile_limits.memory_mb", "%d is not between 1 and %d", limits.MemoryMB, maxCompileMB)
	c.require(limits.Timeout >= 0 && limits.Timeout <= maxCompileTimeout,
		"compile_limits.timeout", "%v is not between 1s and %v", limits.Timeout, maxCompileTimeout)
	c.require(limits == CompileLimits{} || len(l.Compile) > 0, "compile_limits", "is for languages with a compile command")
}

// checkFolder is about the rest of the folder.
func (l Language) checkFolder(name string) error {
	var c checker
	c.require(l.Name == name, "name", "%q is not what its folder is called: %q", l.Name, name)
	if l.File == "" {
		return errors.Join(c.errs...)
	}
	for _, file := range []string{containerFile, Hello + path.Ext(l.File)} {
		_, err := fs.Stat(l.folder, file)
		c.require(err == nil, "folder", "has no %s", file)
	}
	return errors.Join(c.errs...)
}

// checker collects what is wrong, each with its key.
type checker struct{ errs []error }

func (c *checker) require(ok bool, key, format string, args ...any) {
	if !ok {
		c.errs = append(c.errs, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, args...)))
	}
}

// each checks a list: the syntax of its members, and that none comes twice.
func (c *checker) each(key string, list []string, syntax *regexp.Regexp, what string) {
	for i, s := range list {
		c.require(syntax.MatchString(s), key, "%q is not %s", s, what)
		c.require(!slices.Contains(list[:i], s), key, "%q comes twice", s)
	}
}

// argv checks a command: a program that is named, and no placeholders but those allowed.
func (c *checker) argv(key string, argv []string, allowed ...string) {
	if len(argv) > 0 {
		c.require(argv[0] != "", key, "its program is empty")
	}
	for _, arg := range argv {
		c.require(!strings.ContainsRune(arg, 0), key, "%q holds a NUL", arg)
		for _, m := range mark.FindAllString(arg, -1) {
			c.require(slices.Contains(allowed, m), key, "%s is no placeholder here", m)
			c.require(m != filesMark || arg == filesMark, key, "{files} has to be an argument by itself, not part of %q", arg)
		}
	}
}
