package validate

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// FuzzRead reads any bytes in every syntax.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"", "\"${", "`${`${", "<<A <<B\n\nA\nB\n", "r#\"", "'", "\\", "f'{x:{y", "R\"x(", "$(case x in a) b;; esac)", "\"a\" + \"b\" 'c' . 'd'", "#!",
		"\\u0041\\\n\\\r\n", "/*/**/", "=begin\n=end", "{rm,-rf,/}", "sh -c \"$(x \"'\")\"", "\xff\x00", "$'\\x41\\101'", "${IFS%?}$IFS$9",
	} {
		f.Add([]byte(s))
	}
	var t text
	f.Fuzz(func(test *testing.T, src []byte) {
		for _, name := range syntaxNames() {
			s, _ := syntaxOf(name)
			was := bytes.Clone(src)
			t.read(src, s)
			assert.Equal(test, was, src)
			if what := wrong(&t, src); what != "" {
				test.Fatalf("%s: %s", name, what)
			}
			assert.LessOrEqual(test, t.reader.work, 64*len(src)+64, name)
		}
	})
}

// Whatever is repeated, in whatever language: twice as much of it is twice the work.
func TestReadingIsLinear(t *testing.T) {
	pumps := []string{
		"\"${", "`${", "'${", "\"#{", "<<A ", "<<A\n", "<<'A'\n", "<<~A, ", "<<<A\n", "r#", "r#\"", "r##\"#", "$(", "((((", "))))", "{", "}", "${ ", "\"$(", "`", "'", "\"", "\"\"\"", "''''",
		"/", "/ ", "/[", "x /y", "x %(", "x %w", "=/[", "/*", "/*/", "*/", "//", "--[", "--[[", "[=", "[==[", "]=", "R\"(", "R\"x(", "u8R", "\\", "\\\n", "\\ ", "\\u", "\\u0041",
		"\\x41", "f\"{", "f'{x:{", "rf'{", ":", "{rm,", "{a,{", "sh -c '", "sh -c \"", "sh -c \"$(", "eval \"$(", "bash <<A\n", "bash <<A <<B\n", "bash <<A\nbash <<B\nA\n", "case x in ", "$IFS", "${IFS", "$'\\x41",
		"\"a\" ", "\"a\" + ", "\"a\" /* */ ", "\"a\"\n\n", "s{", "s{}", "tr/", "q(", "q((", "y//", "m ", "s    ", "$#", "=begin\n", "=a\n", "\n=cut", "__END__", "<?", "?>", "<?//", "@\"", "$\"{", "\"\"\"\"", "$\"\"\"",
		"if (", "if(x)/", "a) /", "} /", "( ", "(\n", "#", " # ", "?\"", "$\"", "%q", "%w[", "\xc2", "ﬁ", "𝓮", "é'", "r\"-", "r\"-(", "@'\n", "<#", "`a", "x`", "\\(", "#\"", "\"#", "\"a\"     ", "x     ", "     /", "     (", "\n",
		" \"x\n", "\t\"\"\n", "$@a", "$@", "$$", "1'", "L'", "'a", "'a'", "''", "a''", "<!--", "--", "#[", "(?{", "#{", "@{", "{{", "}}", "{$", "'\n", "\"\n", "`\n",
	}
	const size = 1 << 13
	var read text
	for _, name := range syntaxNames() {
		s, _ := syntaxOf(name)
		work := func(pump, end string, n int) int {
			read.read([]byte(strings.Repeat(pump, n/len(pump))+end), s)
			return read.reader.work
		}
		for _, pump := range pumps {
			for _, end := range []string{"", "\nA\n", "\"'`/)}"} {
				once, twice := work(pump, end, size), work(pump, end, 2*size)
				assert.LessOrEqual(t, twice, 5*once/2+1000, "%s: %q %q", name, pump, end)
				assert.LessOrEqual(t, twice, 40*2*size, "%s: %q %q", name, pump, end)
			}
		}
	}
}
