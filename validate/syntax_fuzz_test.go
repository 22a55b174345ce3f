package validate

import (
	"bytes"
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
