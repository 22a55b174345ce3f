package images

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"paddock/languages"
	"paddock/sandbox/podman"
)

// The labels of our images.
const (
	LabelSource   = "io.paddock.source"   // what it is built from: a hash
	LabelLanguage = "io.paddock.language" // its language's name
	LabelVersion  = "io.paddock.version"  // the version of the language's compiler or interpreter
	LabelOrigin   = "io.paddock.origin"   // of the base: where its Debian came from
)

// State says how an image stands to its folder.
type State string

// An image is current when it was built from what the folder and the base are now, else stale.
const (
	Current State = "current"
	Stale   State = "stale"
	Missing State = "missing"
)

const containerFile = "Containerfile"

// files are the build context of an image: all that its build can see.
type files map[string][]byte

// read takes the files of a folder, those named in except left out.
func read(folder fs.FS, except ...string) (files, error) {
	all := files{}
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || slices.Contains(except, name) {
			return err
		}
		all[name], err = fs.ReadFile(folder, name)
		return err
	})
	return all, err
}

// readLanguage leaves out what cannot change the image: the manifest and the two programs. The build does not see them,
// so it cannot come to depend on them unnoticed. Of the manifest the version command counts, which the build does run.
func readLanguage(l languages.Language) (files, error) {
	ext := path.Ext(l.File)
	all, err := read(l.Folder(), "language.yaml", languages.Hello+ext, languages.Echo+ext)
	if err != nil {
		return nil, err
	}
	all[containerFile] = append(all[containerFile], askVersion(l.VersionCommand)...)
	return all, nil
}

// versionMark begins the line of a build's output that says the version.
const versionMark = LabelVersion + "="

// askVersion is the instruction that ends a language's Containerfile: it proves that the compiler or interpreter starts
// in the image, and asks for its version where it will run.
func askVersion(command []string) string {
	quoted := make([]string, len(command))
	for i, arg := range command {
		quoted[i] = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
	}
	return fmt.Sprintf("\nRUN said=$(%s 2>&1) && printf '%s%%s\\n' \"$said\"\n", strings.Join(quoted, " "), versionMark)
}

var versionNumber = regexp.MustCompile(`\d+(\.\d+)*`)

// findVersion is the number in the first line of what a version command said: 3.13.5 of "Python 3.13.5".
func findVersion(said string) (string, error) {
	line, _, _ := strings.Cut(said, "\n")
	var best string
	for _, v := range versionNumber.FindAllString(line, -1) {
		if strings.Contains(v, ".") {
			return v, nil
		}
		if best == "" {
			best = v
		}
	}
	if best == "" {
		return "", fmt.Errorf("its version_command prints no version number: %.80q", line)
	}
	return best, nil
}

// hash tells two sets of files, built on the same base, apart.
func (f files) hash(base string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", base)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		fmt.Fprintf(h, "%q %d\n", name, len(f[name]))
		h.Write(f[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// write puts the files into dir, which is there, readable for everybody: COPY keeps modes, of directories too. Whether a
// file may be executed is not kept: COPY --chmod says so.
func (f files) write(dir string) error {
	for name, data := range f {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := mkdirs(dir, path.Dir(name)); err != nil {
			return err
		}
		if err := os.WriteFile(at, data, 0o600); err != nil {
			return err
		}
		if err := os.Chmod(at, 0o644); err != nil { //nolint:gosec // see above; the umask must not matter
			return err
		}
	}
	return nil
}

// mkdirs makes rel and the directories above it, beneath dir.
func mkdirs(dir, rel string) error {
	if rel == "." {
		return nil
	}
	if err := mkdirs(dir, path.Dir(rel)); err != nil {
		return err
	}
	at := filepath.Join(dir, filepath.FromSlash(rel))
	if err := os.Mkdir(at, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Chmod(at, 0o755) //nolint:gosec // see write
}

// stateOf compares an image with the hash it would have if it were built now. Nil is no image.
func stateOf(image *podman.Image, want string) State {
	switch {
	case image == nil:
		return Missing
	case image.Labels[LabelSource] == want && want != "":
		return Current
	}
	return Stale
}

// unfinishedAge is when an image under a working name belongs to no build any more: none takes that long.
const unfinishedAge = time.Hour

// litter is what to remove of one of our images: by its id what was replaced and has no name any more, by their names
// what a build that was killed left behind.
func litter(image podman.Image, now time.Time) []string {
	if len(image.Names) == 0 {
		return []string{image.ID}
	}
	working := func(name string) bool { return strings.HasPrefix(name, workingPrefix) }
	if now.Sub(image.Created) < unfinishedAge {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(image.Names), func(name string) bool { return !working(name) })
}
