package validate

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// classes draws what reading makes of a text: c for code, # for comments, " for what is quoted. Line ends stay.
func classes(t *text) string {
	drawn := bytes.Repeat([]byte{'c'}, len(t.bytes))
	for _, s := range t.spans {
		for i := s.start; i < s.end; i++ {
			drawn[i] = map[class]byte{comment: '#', quoted: '"'}[s.class]
		}
	}
	for i, c := range t.bytes {
		if c == '\n' {
			drawn[i] = '\n'
		}
	}
	return string(drawn)
}

// drawn is a text, and below each of its lines its classes.
func drawn(t *text) string {
	var b strings.Builder
	lines := strings.Split(classes(t), "\n")
	for i, line := range strings.Split(string(t.bytes), "\n") {
		b.WriteString(line + "\n" + lines[i] + "\n")
	}
	return b.String()
}

// Each file has cases of one language: a name, a source, and what is drawn of its text.
func TestReadings(t *testing.T) {
	files, err := filepath.Glob("testdata/read/*.txt")
	require.NoError(t, err)
	require.Len(t, files, len(syntaxNames())-1) // TypeScript is read like JavaScript
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		all, err := os.ReadFile(file)
		require.NoError(t, err)
		s, ok := syntaxOf(name)
		require.True(t, ok)
		for _, c := range strings.Split("\n"+string(all), "\n== ")[1:] {
			title, c, _ := strings.Cut(c, "\n")
			src, want, _ := strings.Cut(c, "\n--\n")
			t.Run(name+"/"+title, func(t *testing.T) {
				var read text
				read.read([]byte(src), s)
				assert.Equal(t, strings.TrimSuffix(want, "\n")+"\n", drawn(&read))
				assert.Empty(t, wrong(&read, []byte(src)))
			})
		}
	}
}

// wrong is what is wrong with a text whatever its source is.
func wrong(t *text, src []byte) string {
	last := int32(0)
	for _, s := range t.spans {
		if s.start < last || s.end <= s.start || int(s.end) > len(t.bytes) || s.class == code {
			return "spans out of order"
		}
		last = s.end
	}
	at := -1
	for i := range len(t.bytes) + 1 {
		was := at
		at = t.source(i)
		if at < was || at < i || at > len(src) {
			return "positions out of order"
		}
	}
	if t.source(len(t.bytes)) != len(src) {
		return "the ends are apart"
	}
	if len(t.shifts) == 0 && !bytes.Equal(t.bytes, src) && len(t.bytes) != len(src) {
		return "bytes have changed"
	}
	return ""
}

// A text that hides nothing is its source, not a copy; and one that does leaves the source as it was.
func TestATextIsItsSource(t *testing.T) {
	s, _ := syntaxOf("python")
	src := []byte("import os # a\nos.system('b')\n")
	var read text
	read.read(src, s)
	assert.Same(t, &src[0], &read.bytes[0])
	assert.Empty(t, read.shifts)

	src = []byte("os\\\n.system('\\x62' 'c')\n")
	was := bytes.Clone(src)
	read.read(src, s)
	assert.Equal(t, "os .system('bc')\n", string(read.bytes))
	assert.Equal(t, was, src)
	for word, at := range map[string]int{"os": 0, ".system": 4, "b": 13, "c": 20, ")": 22} {
		assert.Equal(t, at, read.source(bytes.Index(read.bytes, []byte(word))), word)
	}
}

// What ends a line for a language ends its comments, whatever an editor shows.
func TestEndsOfLines(t *testing.T) {
	for _, test := range []struct{ syntax, src, classes string }{
		{"python", "a # b\rc 'd\re", "cc###cccc\"cc"},
		{"python", "a # b\r\nc", "cc###c\nc"},
		{"javascript", "a // b\rc", "cc////cc"},
		{"javascript", "a // b\u2028c", "cc////cccc"},
		{"javascript", "a = /b\r/", "cccccccc"},
		{"java", "// b\rc", "////cc"},
		{"php", "<?// b\rc", "cc////cc"},
		{"ruby", "# b\rc", "#####"},
		{"go", "// b\rc", "//////"},
		{"bash", "# b\rc", "#####"},
	} {
		s, _ := syntaxOf(test.syntax)
		var read text
		read.read([]byte(test.src), s)
		assert.Equal(t, strings.ReplaceAll(test.classes, "/", "#"), classes(&read), "%s: %q", test.syntax, test.src)
	}
}

// What is undone before reading and what is undone after it add up.
func TestPositionsThroughBoth(t *testing.T) {
	s, _ := syntaxOf("c")
	src := []byte("a\\\nb(\"\\x63\" \\\n \"d\"); e\\\nf")
	var read text
	read.read(src, s)
	require.Equal(t, `ab("cd"); ef`, string(read.bytes))
	for word, at := range map[string]string{"a": "a", "b(": "b(", "c": `\x63`, "d": "d", "e": "e", "f": "f"} {
		assert.Equal(t, bytes.Index(src, []byte(at)), read.source(bytes.Index(read.bytes, []byte(word))), word)
	}
}

// Blanks instead of comments and strings leave every line as long as it was.
func TestBlankingKeepsLines(t *testing.T) {
	for _, name := range syntaxNames() {
		s, _ := syntaxOf(name)
		files, err := filepath.Glob(filepath.Join("testdata/ordinary", name, "*"))
		require.NoError(t, err)
		for _, file := range files {
			src, err := os.ReadFile(file)
			require.NoError(t, err)
			var read text
			read.read(src, s)
			require.Empty(t, wrong(&read, src), file)
			blanked := bytes.Clone(read.bytes)
			for _, span := range read.spans {
				for i := span.start; i < span.end; i++ {
					if blanked[i] != '\n' {
						blanked[i] = ' '
					}
				}
			}
			assert.Len(t, blanked, len(read.bytes))
			assert.Equal(t, bytes.Count(read.bytes, []byte("\n")), bytes.Count(blanked, []byte("\n")))
			if len(read.shifts) == 0 {
				assert.Equal(t, src, read.bytes, file)
			}
		}
	}
}
