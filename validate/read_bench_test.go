package validate

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// ordinary is a MiB of the ordinary programs of a language.
func ordinary(tb testing.TB, language string) []byte {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata/ordinary", language, "*"))
	require.NoError(tb, err)
	var one []byte
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(tb, err)
		b, _, _ = bytes.Cut(b, []byte("\n__END__")) // or nothing of what follows would be read
		b, _, _ = bytes.Cut(b, []byte("\n__DATA__"))
		one = append(append(one, b...), '\n')
	}
	require.NotEmpty(tb, one, language)
	return bytes.Repeat(one, 1<<20/len(one)+1)[:1<<20]
}

func BenchmarkRead(b *testing.B) {
	languages, err := filepath.Glob("testdata/ordinary/*")
	require.NoError(b, err)
	for _, dir := range languages {
		name := filepath.Base(dir)
		s, ok := syntaxOf(name)
		require.True(b, ok, name)
		b.Run(name, func(b *testing.B) {
			src := ordinary(b, name)
			b.SetBytes(int64(len(src)))
			var t text
			t.read(src, s)
			for b.Loop() {
				t.read(src, s)
			}
			b.ReportMetric(float64(len(t.spans)), "spans")
		})
	}
}
