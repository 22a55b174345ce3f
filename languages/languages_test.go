package languages

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBuiltinLanguagesAreThere(t *testing.T) {
	set, err := Load()
	require.NoError(t, err)
	var names []string
	for _, l := range set.List() {
		names = append(names, l.Name)
	}
	assert.Equal(t, []string{"bash", "c", "cpp", "go", "javascript", "python", "ruby", "rust"}, names)
}

func TestEveryFolderHasBothPrograms(t *testing.T) {
	set, err := Load()
	require.NoError(t, err)
	for _, l := range set.List() {
		for _, stem := range []string{Hello, Echo} {
			name, source, err := l.Program(stem)
			require.NoError(t, err, l.Name)
			assert.NotEmpty(t, source, l.Name)
			found, ok := set.ByExtension(name)
			assert.True(t, ok, name)
			assert.Equal(t, l.Name, found.Name, name)
		}
	}
}

func TestFindKnowsNamesAliasesAndAnyCase(t *testing.T) {
	set, err := Load()
	require.NoError(t, err)
	for word, want := range map[string]string{
		"python": "python", "py": "python", "Python": "python", "node": "javascript", "C++": "cpp", "golang": "go", "c": "c",
	} {
		l, ok := set.Find(word)
		assert.True(t, ok, word)
		assert.Equal(t, want, l.Name, word)
		assert.Equal(t, "localhost/paddock/"+want, l.Image)
	}
	for _, word := range []string{"", "cobol", " python"} {
		_, ok := set.Find(word)
		assert.False(t, ok, word)
	}
}

func TestByExtension(t *testing.T) {
	set, err := Load()
	require.NoError(t, err)
	for file, want := range map[string]string{
		"main.py": "python", "a/b.cc": "cpp", ".rs": "rust", "x.tar.go": "go", "noext": "", "x.h": "", "x.": "",
	} {
		l, ok := set.ByExtension(file)
		assert.Equal(t, want != "", ok, file)
		assert.Equal(t, want, l.Name, file)
	}
}

func TestListIsACopy(t *testing.T) {
	set, err := Load()
	require.NoError(t, err)
	set.List()[0] = Language{}
	assert.Equal(t, "bash", set.List()[0].Name)
}

func TestArgv(t *testing.T) {
	c := Language{
		Extensions: []string{".c"},
		Compile:    []string{"gcc", "-o", ".main", "{files}", "-lm"},
		Run:        []string{"./.main"},
	}
	py := Language{Extensions: []string{".py"}, Run: []string{"python3", "--first={file}", "{file}"}}
	tests := []struct {
		name  string
		l     Language
		entry string
		files []string
		want  []string // of CompileArgv
		run   []string
	}{
		{"one file", c, "main.c", []string{"main.c"}, []string{"gcc", "-o", ".main", "main.c", "-lm"}, []string{"./.main"}},
		{"headers and data are not compiled", c, "main.c", []string{"a/util.c", "main.c", "a/util.h", "data.txt"},
			[]string{"gcc", "-o", ".main", "main.c", "a/util.c", "-lm"}, []string{"./.main"}},
		{"an entry without the extension is compiled all the same", c, "prog", []string{"prog"},
			[]string{"gcc", "-o", ".main", "prog", "-lm"}, []string{"./.main"}},
		{"names that look like options", c, "-o.c", []string{"-o.c", "@list.c", "+x.c"},
			[]string{"gcc", "-o", ".main", "./-o.c", "./@list.c", "./+x.c", "-lm"}, []string{"./.main"}},
		{"nothing to compile", py, "main.py", []string{"main.py"}, nil, []string{"python3", "--first=main.py", "main.py"}},
		{"a file called like a placeholder", c, "{files}", nil, []string{"gcc", "-o", ".main", "{files}", "-lm"}, []string{"./.main"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, tt.l.CompileArgv(tt.entry, tt.files))
			assert.Equal(t, tt.run, tt.l.RunArgv(tt.entry))
		})
	}
}

func TestArgvIsTheCallersToAppendTo(t *testing.T) {
	l := Language{Run: []string{"python3", "{file}"}}
	first := append(l.RunArgv("a.py"), "1")
	second := append(l.RunArgv("a.py"), "2")
	assert.Equal(t, []string{"python3", "a.py", "1"}, first)
	assert.Equal(t, []string{"python3", "a.py", "2"}, second)
}
