package runner

import (
	"fmt"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"paddock/languages"
	"paddock/sandbox"
)

// Job is what is asked: a program in a language, or an argv on an allow-listed image.
type Job struct {
	User       string // whose it is; empty for nobody in particular
	Client     string // the address it came from, which stands for a user where there is none
	Language   string // name or alias; empty when Image is set
	Version    string // wanted version, a prefix of the installed one ("3" or "3.13"); empty for whatever is there
	Image      string // allow-listed image, by language name or image name; then Argv is the program
	Argv       []string
	Code       []byte // the program as one file, called what its language calls it; nil when Files has the program
	Files      []File
	Entrypoint string // which file to run; may be empty where Files leaves no doubt
	Stdin      []byte
	StdinOpen  bool // keep stdin open behind Stdin: more comes by Run.WriteStdin
	Args       []string
	Env        map[string]string
	Limits     Limits
	Ended      func(*Result, error) // called once the run has ended, before anybody is told; nil for nobody
	Warnings   []string             // what is known of the program beforehand; told with its result
	Detached   bool                 // nobody waits in line: the run goes on for a grace when its last reader leaves
}

// File is one submitted file, relative to the working directory.
type File struct {
	Path string
	Data []byte
}

// Limits bound one run. In a Job, zero means the default.
type Limits struct {
	Timeout   time.Duration // wall clock
	CPUTime   time.Duration // all threads together
	Memory    int64         // bytes, tmpfs included
	Output    int64         // bytes of each of stdout and stderr
	Processes int64         // processes and threads

	CPUPercent int64 // of one core, of the program itself; zero, or more than Options.Cell's, means that
}

// tenant is whose cell the job may run in. An address may be many people's.
func (j *Job) tenant() sandbox.Tenant {
	if j.User == "" {
		return sandbox.Tenant{ID: j.Client, Anonymous: true}
	}
	return sandbox.Tenant{ID: j.User}
}

// InvalidJobError says which field of a job is wrong, and what would be right.
type InvalidJobError struct {
	Field   string // as in the API: limits.timeout_ms, files[2].path
	Message string
	Code    string // set for the refusals that have a code of their own: code_too_large, unknown_language, ...
	Options []string
}

func (e *InvalidJobError) Error() string { return e.Field + ": " + e.Message }

func invalid(field, format string, args ...any) *InvalidJobError {
	return &InvalidJobError{Field: field, Message: fmt.Sprintf(format, args...)}
}

// Bounds of a job that are not configurable. They keep what is written into a cell, and an exec's argv and environment,
// well inside what the kernel takes (ARG_MAX is 2 MiB with the default stack, one string at most 128 KiB).
const (
	MaxFiles    = 200
	MaxPath     = 512 // bytes
	MaxDepth    = 32  // directories above a file
	MaxArgs     = 256
	MaxArgBytes = 64 << 10 // all args together
	MaxEnv      = 128
	MaxEnvBytes = 64 << 10 // all names and values together
	MinMemory   = 16 << 20 // bytes; with less, a cell's agent can't start a program
	maxPathPart = 255      // NAME_MAX
	defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
)

// CodeTooLarge is the code of an InvalidJobError about more code than Options.MaxCode allows.
const CodeTooLarge = "code_too_large"

func (j *Job) validate(maxCode int64) error {
	if j.Code != nil && len(j.Files) > 0 {
		return invalid("code", "is there beside files; give one of them")
	}
	if int64(len(j.Code)) > maxCode {
		return tooLarge("code", int64(len(j.Code)), maxCode)
	}
	if err := checkFiles(j.Files, maxCode); err != nil {
		return err
	}
	if err := checkStrings("args", j.Args, MaxArgs, MaxArgBytes); err != nil {
		return err
	}
	if err := checkStrings("argv", j.Argv, MaxArgs, MaxArgBytes); err != nil {
		return err
	}
	if int64(len(j.Stdin)) > maxCode {
		return tooLarge("stdin", int64(len(j.Stdin)), maxCode)
	}
	return checkEnv(j.Env)
}

func tooLarge(field string, size, most int64) *InvalidJobError {
	return &InvalidJobError{Field: field, Code: CodeTooLarge, Message: fmt.Sprintf("has %d bytes, at most %d are allowed", size, most)}
}

func checkFiles(files []File, maxCode int64) error {
	if len(files) > MaxFiles {
		return invalid("files", "has %d files, at most %d are allowed", len(files), MaxFiles)
	}
	total := int64(0)
	kinds := map[string]bool{} // path -> is a directory
	for i, f := range files {
		field := fmt.Sprintf("files[%d].path", i)
		if why := badPath(f.Path); why != "" {
			return invalid(field, "%s", why)
		}
		if _, taken := kinds[f.Path]; taken {
			return invalid(field, "%q is there twice, or is a directory of another file", f.Path)
		}
		kinds[f.Path] = false
		for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
			if isDir, taken := kinds[dir]; taken && !isDir {
				return invalid(field, "%q lies below %q, which is a file", f.Path, dir)
			}
			kinds[dir] = true
		}
		total += int64(len(f.Data))
	}
	if total > maxCode {
		return tooLarge("files", total, maxCode)
	}
	return nil
}

// badPath says what is wrong with a submitted file's path, or nothing.
func badPath(p string) string {
	switch {
	case p == "":
		return "is empty"
	case len(p) > MaxPath:
		return fmt.Sprintf("is %d bytes long, at most %d are allowed", len(p), MaxPath)
	case strings.HasPrefix(p, "/"):
		return "is absolute; give it relative to the working directory"
	case strings.ContainsFunc(p, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }):
		return "has a control character, or is not UTF-8"
	}
	parts := strings.Split(p, "/")
	if len(parts) > MaxDepth+1 {
		return fmt.Sprintf("is %d directories deep, at most %d are allowed", len(parts)-1, MaxDepth)
	}
	for _, part := range parts {
		switch {
		case part == "" || part == "." || part == "..":
			return "has an empty part, \".\" or \"..\" in it"
		case len(part) > maxPathPart:
			return fmt.Sprintf("has a name of %d bytes, at most %d are allowed", len(part), maxPathPart)
		}
	}
	return ""
}

func checkStrings(field string, list []string, most, mostBytes int) error {
	if len(list) > most {
		return invalid(field, "has %d elements, at most %d are allowed", len(list), most)
	}
	total := 0
	for i, s := range list {
		if strings.ContainsRune(s, 0) {
			return invalid(fmt.Sprintf("%s[%d]", field, i), "has a NUL in it")
		}
		total += len(s)
	}
	if total > mostBytes {
		return invalid(field, "has %d bytes, at most %d are allowed", total, mostBytes)
	}
	return nil
}

func checkEnv(env map[string]string) error {
	if len(env) > MaxEnv {
		return invalid("env", "has %d variables, at most %d are allowed", len(env), MaxEnv)
	}
	total := 0
	for name, value := range env {
		if !languages.VariableName.MatchString(name) {
			return invalid("env", "%.40q is no variable name: letters, digits and _ only, and no digit first", name)
		}
		if strings.ContainsRune(value, 0) {
			return invalid("env."+name, "has a NUL in it")
		}
		total += len(name) + len(value)
	}
	if total > MaxEnvBytes {
		return invalid("env", "has %d bytes, at most %d are allowed", total, MaxEnvBytes)
	}
	return nil
}

// resolve fills a job's limits with the defaults and checks them against the maximum.
func (l Limits) resolve(defaults, most Limits) (Limits, error) {
	for _, f := range []struct {
		field              string
		unit, least        int64
		value, byDef, most *int64
	}{
		{"limits.timeout_ms", int64(time.Millisecond), 1, (*int64)(&l.Timeout), (*int64)(&defaults.Timeout), (*int64)(&most.Timeout)},
		{"limits.cpu_time_ms", int64(time.Millisecond), 1, (*int64)(&l.CPUTime), (*int64)(&defaults.CPUTime), (*int64)(&most.CPUTime)},
		{"limits.memory_mb", 1 << 20, MinMemory >> 20, &l.Memory, &defaults.Memory, &most.Memory},
		{"limits.output_bytes", 1, 1, &l.Output, &defaults.Output, &most.Output},
		{"limits.processes", 1, 1, &l.Processes, &defaults.Processes, &most.Processes},
	} {
		switch {
		case *f.value == 0:
			*f.value = min(*f.byDef, *f.most)
		case *f.value < f.least*f.unit || *f.value > *f.most:
			return l, invalid(f.field, "must be from %d to %d", f.least, *f.most/f.unit)
		}
	}
	return l, nil
}

// scale gives a language what it needs more than others. Zero factors, of a job on an image, change nothing.
func (l Limits) scale(f languages.Factors) Limits {
	if f.Time > 0 {
		l.Timeout = time.Duration(float64(l.Timeout) * f.Time)
		l.CPUTime = time.Duration(float64(l.CPUTime) * f.Time)
	}
	if f.Memory > 0 {
		l.Memory = int64(float64(l.Memory) * f.Memory)
	}
	return l
}

// forCompiler puts a language's own compile limits over the server's.
func (l Limits) forCompiler(own languages.CompileLimits) Limits {
	if own.Timeout > 0 {
		l.Timeout = own.Timeout
	}
	if own.MemoryMB > 0 {
		l.Memory = int64(own.MemoryMB) << 20
	}
	return l
}
