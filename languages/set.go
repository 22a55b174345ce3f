package languages

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

//go:embed */*
var builtin embed.FS

// Source is a place with language folders: every folder in it that does not begin with a dot is a language.
type Source struct {
	Name string // for error messages: a directory's path
	FS   fs.FS
}

// Set is the languages that there are.
type Set struct {
	list        []Language     // by name
	byName      map[string]int // names and aliases -> index in list
	byExtension map[string]int
}

// Load reads the built-in languages and then the folders in dirs, the operator's own. A later language replaces an
// earlier one of the same name. The error tells everything that is wrong, with file and key.
func Load(dirs ...string) (*Set, error) {
	sources := []Source{{Name: "languages", FS: builtin}}
	for _, dir := range dirs {
		sources = append(sources, Source{Name: dir, FS: os.DirFS(dir)})
	}
	return LoadFrom(sources...)
}

// LoadFrom is Load with nothing built in.
func LoadFrom(sources ...Source) (*Set, error) {
	found := map[string]Language{}
	var errs []error
	for _, src := range sources {
		entries, err := fs.ReadDir(src.FS, ".")
		if err != nil {
			errs = append(errs, fmt.Errorf("read languages from %s: %w", src.Name, err))
		}
		for _, e := range entries {
			if !isFolder(src.FS, e) {
				continue
			}
			l, err := read(src, e.Name())
			errs = append(errs, err)
			found[e.Name()] = l
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return newSet(found)
}

// isFolder follows links: an operator may link to a folder kept elsewhere.
func isFolder(fsys fs.FS, e fs.DirEntry) bool {
	info, err := fs.Stat(fsys, e.Name())
	return err == nil && info.IsDir() && !strings.HasPrefix(e.Name(), ".")
}

func newSet(found map[string]Language) (*Set, error) {
	s := &Set{byName: map[string]int{}, byExtension: map[string]int{}}
	for _, l := range found {
		s.list = append(s.list, l)
	}
	slices.SortFunc(s.list, func(a, b Language) int { return strings.Compare(a.Name, b.Name) })
	for i, l := range s.list {
		s.byName[l.Name] = i
	}
	var errs []error
	for i, l := range s.list {
		errs = append(errs,
			s.claim(s.byName, "aliases", l.Aliases, i),
			s.claim(s.byExtension, "extensions", l.Extensions, i))
	}
	return s, errors.Join(errs...)
}

// claim gives words to the language at index i. A word that is another's is an error: which one is meant?
func (s *Set) claim(words map[string]int, key string, list []string, i int) error {
	var errs []error
	for _, word := range list {
		if other, taken := words[word]; taken && other != i {
			errs = append(errs, fmt.Errorf("%s: %s: %q belongs to %s (%s)",
				path.Join(s.list[i].origin, manifestFile), key, word, s.list[other].Name, s.list[other].origin))
			continue
		}
		words[word] = i
	}
	return errors.Join(errs...)
}

// Find looks a language up by its name or one of its aliases, in any case.
func (s *Set) Find(name string) (Language, bool) { return s.at(s.byName, strings.ToLower(name)) }

// ByExtension looks a language up by the extension of a file's name or path.
func (s *Set) ByExtension(file string) (Language, bool) { return s.at(s.byExtension, path.Ext(file)) }

func (s *Set) at(words map[string]int, word string) (Language, bool) {
	i, ok := words[word]
	if !ok {
		return Language{}, false
	}
	return s.list[i], true
}

// List is all languages, sorted by name.
func (s *Set) List() []Language { return slices.Clone(s.list) }
