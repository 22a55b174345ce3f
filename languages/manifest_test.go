package languages

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const nim = `name: nim
title: Nim
aliases: [nimrod]
extensions: [.nim]
file: main.nim
compile: [nim, c, "-o:.main", "{file}"]
run: [./.main]
env: {NIM_COLOR: "off"}
version_command: [nim, --version]
factors: {memory: 1.5}
compile_limits: {memory_mb: 1024, timeout: 45s}
patterns: [nim]
`

// folder is a language's folder called name with this manifest.
func folder(name, manifest string) fstest.MapFS {
	return fstest.MapFS{
		name + "/language.yaml": {Data: []byte(manifest)},
		name + "/Containerfile": {Data: []byte("FROM localhost/paddock/base\n")},
		name + "/hello.nim":     {Data: []byte("echo \"Hello from Paddock\"\n")},
		name + "/hello.py":      {Data: []byte("print(1)\n")},
	}
}

func load(trees ...fstest.MapFS) (*Set, error) {
	var sources []Source
	for i, tree := range trees {
		sources = append(sources, Source{Name: "/etc/paddock/" + string(rune('a'+i)), FS: tree})
	}
	return LoadFrom(sources...)
}

func TestManifestIsRead(t *testing.T) {
	set, err := load(folder("nim", nim))
	require.NoError(t, err)
	l, ok := set.Find("nimrod")
	require.True(t, ok)
	assert.Equal(t, Factors{Memory: 1.5, Time: 1}, l.Factors)
	assert.Equal(t, CompileLimits{MemoryMB: 1024, Timeout: 45 * time.Second}, l.CompileLimits)
	assert.Equal(t, map[string]string{"NIM_COLOR": "off"}, l.Env)
	name, source, err := l.Program(Hello)
	require.NoError(t, err)
	assert.Equal(t, "hello.nim", name)
	assert.Contains(t, string(source), "Hello")
	_, _, err = l.Program(Echo)
	assert.ErrorContains(t, err, "/etc/paddock/a/nim: open echo.nim")
}

// change replaces the line of a key, or adds it.
func change(key, line string) string {
	var out []string
	for l := range strings.Lines(nim) {
		if !strings.HasPrefix(l, key+":") {
			out = append(out, l)
		}
	}
	return strings.Join(out, "") + line + "\n"
}

func TestBadManifests(t *testing.T) {
	const at = "/etc/paddock/a/nim/language.yaml: "
	tests := []struct {
		key, line string
		want      string
	}{
		{"name", `name: Nim`, `name: "Nim" is not lower-case letters, digits and dashes`},
		{"name", `name: nym`, `name: "nym" is not what its folder is called: "nim"`},
		{"name", `name: base`, `name: "base" is taken`},
		{"name", ``, `name: "" is not lower-case`},
		{"title", ``, `title: is missing`},
		{"aliases", `aliases: [nim]`, `aliases: "nim" is the name already`},
		{"aliases", `aliases: [n, n]`, `aliases: "n" comes twice`},
		{"aliases", `aliases: [NIM]`, `aliases: "NIM" is not lower-case`},
		{"aliases", `aliases: nimrod`, "line 12: cannot unmarshal !!str `nimrod` into a list of words"},
		{"extensions", ``, `extensions: is missing`},
		{"extensions", `extensions: [nim]`, `extensions: "nim" is not a dot and letters`},
		{"file", `file: src/main.nim`, `file: "src/main.nim" is not a plain file name`},
		{"file", `file: ../main.nim`, `file: "../main.nim" is not a plain file name`},
		{"file", `file: -main.nim`, `file: "-main.nim" is not a plain file name`},
		{"file", `file: main.py`, `file: "main.py" has none of the extensions`},
		{"run", ``, `run: is missing`},
		{"run", `run: []`, `run: is missing`},
		{"run", `run: [""]`, `run: its program is empty`},
		{"run", `run: [x, "{files}"]`, `run: {files} is no placeholder here`},
		{"run", `run: [x, "\0"]`, `holds a NUL`},
		{"compile", `compile: [nim, "{flie}"]`, `compile: {flie} is no placeholder here`},
		{"compile", `compile: [nim, c]`, `compile: mentions neither {file} nor {files}`},
		{"compile", `compile: [nim, "--all={files}"]`, `compile: {files} has to be an argument by itself`},
		{"compile", `compile: [nim, {file}]`, `cannot unmarshal !!map into a word`},
		{"version_command", ``, `version_command: is missing`},
		{"env", `env: {"A B": x}`, `env: "A B" is not the name of a variable`},
		{"factors", `factors: {memory: 0}`, `factors.memory: 0 is not between 1 and 16`},
		{"factors", `factors: {time: .nan}`, `factors.time: NaN is not between 1 and 16`},
		{"factors", `factors: {time: 1e308}`, `factors.time: 1e+308 is not between 1 and 16`},
		{"factors", `factors: {cpu: 2}`, `line 12: unknown key cpu`},
		{"compile_limits", `compile_limits: {memory_mb: -1}`, `compile_limits.memory_mb: -1 is not between`},
		{"compile_limits", `compile_limits: {timeout: 1h}`, `compile_limits.timeout: 1h0m0s is not between 1s and 10m0s`},
		{"patterns", `patterns: [../x]`, `patterns: "../x" is not lower-case`},
		{"colour", `colour: blue`, `line 13: unknown key colour`},
		{"x", "file: twice.nim", `mapping key "file" already defined at line 5`},
		{"x", "---\nname: second", `holds more than one document`},
		{"x", "\t- [", `yaml: line`},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			_, err := load(folder("nim", change(tt.key, tt.line)))
			require.ErrorContains(t, err, tt.want)
			for line := range strings.Lines(err.Error()) {
				assert.True(t, strings.HasPrefix(line, at), line)
			}
		})
	}
}

func TestEverythingWrongIsToldAtOnce(t *testing.T) {
	bad := strings.NewReplacer("name: nim", "name: NIM", "title: Nim\n", "", ".main,", "").Replace(nim)
	_, err := load(folder("nim", bad))
	require.Error(t, err)
	for _, want := range []string{"name:", "title:"} {
		assert.ErrorContains(t, err, want)
	}
}

func TestInterpretedLanguageTakesItsFile(t *testing.T) {
	manifest := "name: p\ntitle: P\nextensions: [.py]\nfile: m.py\nrun: [python3]\nversion_command: [p]\n"
	_, err := load(folder("p", manifest))
	require.ErrorContains(t, err, "run: mentions no {file}, and nothing is compiled")
	_, err = load(folder("p", strings.Replace(manifest, "run: [python3]", `run: [python3, "{file}"]`, 1)+"compile_limits: {memory_mb: 9}\n"))
	require.ErrorContains(t, err, "compile_limits: is for languages with a compile command")
}

func TestFolderNeedsItsFiles(t *testing.T) {
	for _, file := range []string{"language.yaml", "Containerfile", "hello.nim"} {
		tree := folder("nim", nim)
		delete(tree, "nim/"+file)
		_, err := load(tree)
		require.ErrorContains(t, err, file)
		require.ErrorContains(t, err, "/etc/paddock/a/nim")
	}
	_, err := load(folder("nim", ""))
	require.ErrorContains(t, err, "nim/language.yaml: is empty")
}

func TestLaterSourceReplaces(t *testing.T) {
	set, err := load(folder("nim", nim), folder("nim", strings.Replace(nim, "title: Nim", "title: Our own", 1)))
	require.NoError(t, err)
	require.Len(t, set.List(), 1)
	assert.Equal(t, "Our own", set.List()[0].Title)
}

func TestWordsBelongToOneLanguage(t *testing.T) {
	other := strings.NewReplacer("name: nim", "name: nimx", "aliases: [nimrod]", "aliases: [nim]").Replace(nim)
	_, err := load(folder("nim", nim), folder("nimx", other))
	require.ErrorContains(t, err, `/etc/paddock/b/nimx/language.yaml: aliases: "nim" belongs to nim (/etc/paddock/a/nim)`)
	require.ErrorContains(t, err, `/etc/paddock/b/nimx/language.yaml: extensions: ".nim" belongs to nim (/etc/paddock/a/nim)`)
}

func TestOtherThingsInASourceAreLeftAlone(t *testing.T) {
	tree := folder("nim", nim)
	maps.Copy(tree, fstest.MapFS{"README.md": {}, ".git/config": {}})
	set, err := load(tree)
	require.NoError(t, err)
	assert.Len(t, set.List(), 1)
}

func TestOperatorsDirectory(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, folder("nim", nim)))
	set, err := Load(dir)
	require.NoError(t, err)
	assert.Len(t, set.List(), 9)

	_, err = Load(filepath.Join(dir, "gone"))
	require.ErrorContains(t, err, "read languages from "+filepath.Join(dir, "gone"))
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(nim))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := parse(text)
		if err != nil || l.check() != nil {
			return
		}
		assert.NotEmpty(t, l.RunArgv(l.File))
	})
}
