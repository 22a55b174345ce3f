// Package languages knows the programming languages: one folder each, with a manifest (language.yaml), a Containerfile
// and two small programs. Adding a language adds a folder and touches no Go code; docs/languages.md tells how.
//
// The folders beside this file are part of the binary. A Set is made once, checked strictly, and never changes: it is
// safe for concurrent use.
package languages

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The two programs of a language's folder, without their extension. Hello prints "Hello from Paddock". Echo prints its
// arguments and its stdin, marked "arg: " and "stdin: " line by line, and exits with status 3.
const (
	Hello = "hello"
	Echo  = "echo"
)

// imagePrefix and a language's name make the name of its image.
const imagePrefix = "localhost/paddock/"

// Language is one folder, read. The yaml keys are the manifest's; docs/languages.md explains each.
type Language struct {
	Name           string            `yaml:"name"`
	Title          string            `yaml:"title"`
	Aliases        []string          `yaml:"aliases"`
	Extensions     []string          `yaml:"extensions"` // with their dot
	File           string            `yaml:"file"`       // the name that plain `code` gets
	Compile        []string          `yaml:"compile"`    // empty for a language that needs no compiling
	Run            []string          `yaml:"run"`
	Env            map[string]string `yaml:"env"`
	VersionCommand []string          `yaml:"version_command"`
	Factors        Factors           `yaml:"factors"`
	CompileLimits  CompileLimits     `yaml:"compile_limits"`
	Patterns       []string          `yaml:"patterns"` // sets of danger rules that apply

	Image string `yaml:"-"` // its container image: localhost/paddock/<name>

	folder fs.FS
	origin string // the folder, for error messages
}

// VariableName is what the name of an environment variable looks like, in a manifest and in a job.
var VariableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Factors say how much more than others a language needs: a limit is multiplied by them. 1 where nothing is said.
type Factors struct {
	Memory float64 `yaml:"memory"`
	Time   float64 `yaml:"time"`
}

// CompileLimits replace the server's limits for compiling. Zero leaves the server's.
type CompileLimits struct {
	MemoryMB int           `yaml:"memory_mb"`
	Timeout  time.Duration `yaml:"timeout"`
}

// Folder is the language's folder: language.yaml, Containerfile and all that the Containerfile copies.
func (l Language) Folder() fs.FS { return l.folder }

// Program reads one of the folder's programs by its stem, Hello or Echo: hello.py for Hello of Python.
func (l Language) Program(stem string) (name string, source []byte, err error) {
	name = stem + path.Ext(l.File)
	source, err = fs.ReadFile(l.folder, name)
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", l.origin, err)
	}
	return name, source, nil
}

// CompileArgv is the command that compiles the program whose entry file is entry and whose files are files, all paths
// relative to the working directory. Nil when the language needs no compiling.
func (l Language) CompileArgv(entry string, files []string) []string {
	return expand(l.Compile, entry, l.sources(entry, files))
}

// RunArgv is the command that runs the program; its arguments are to be appended.
func (l Language) RunArgv(entry string) []string { return expand(l.Run, entry, nil) }

// sources are what a compiler is given: the entry, then every other file with an extension of the language. A C header
// has none, so it is there for the compiler to find but is not compiled by itself.
func (l Language) sources(entry string, files []string) []string {
	sources := []string{entry}
	for _, f := range files {
		if f != entry && slices.Contains(l.Extensions, path.Ext(f)) {
			sources = append(sources, f)
		}
	}
	return sources
}

const (
	fileMark  = "{file}"  // the entry file; may be part of an argument
	filesMark = "{files}" // all sources, one argument each; an argument by itself
)

var mark = regexp.MustCompile(`\{[a-z_]+\}`)

func expand(argv []string, entry string, sources []string) []string {
	var out []string
	for _, arg := range argv {
		if arg == filesMark {
			for _, s := range sources {
				out = append(out, operand(s))
			}
			continue
		}
		out = append(out, strings.ReplaceAll(arg, fileMark, operand(entry)))
	}
	return out
}

// operand keeps a file name from being read as an option (-o.c) or, by gcc, as a list of options (@x.c).
func operand(file string) string {
	if file != "" && strings.ContainsRune("-@+", rune(file[0])) {
		return "./" + file
	}
	return file
}
