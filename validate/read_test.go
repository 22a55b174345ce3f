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
