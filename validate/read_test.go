package validate

import (
	"bytes"
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

// reading is a source, what its text is when that is not the source itself, and its classes.
type reading struct {
	name, src, text, classes string
}

func testReadings(t *testing.T, syntax string, tests []reading) {
	t.Helper()
	s, ok := syntaxOf(syntax)
	require.True(t, ok)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var read text
			read.read([]byte(test.src), s)
			want := test.text
			if want == "" {
				want = test.src
			}
			assert.Equal(t, want, string(read.bytes))
			assert.Equal(t, test.classes, classes(&read), "%s", read.bytes)
			assert.Empty(t, wrong(&read, []byte(test.src)))
		})
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

// scan draws a source's classes below it, for tests that need to be written.
func scan(syntax, src string) string {
	s, _ := syntaxOf(syntax)
	var t text
	t.read([]byte(src), s)
	a, b := strings.Split(string(t.bytes), "\n"), strings.Split(classes(&t), "\n")
	out := ""
	for i := range a {
		out += a[i] + "\n" + b[i] + "\n"
	}
	return out
}

func TestScan(t *testing.T) {
	for _, x := range [][2]string{
		{"python", "import os # hi\nx = \"a'b\" 'c'\ndef f():\n    '''doc\n    x'''\n    return f'{os.system(\"ls -l\"):>{w}} {{x}}' # e\nos\\\n.system(\"\\x72\\x6d\")\n\u24d4val('o' + \n\"s\")\n"},
		{"javascript", "var a = /x'[/]y/g.test(b) / 2 / c; // d\nlet s = `a ${ `b ${c} d` } e`; if (x) /'/.exec(y)\nconst {a} = {} / 1\nfunction f() { }\n/'/.test(x); eva\\u006c('ch' + \"ild\")"},
		{"bash", "#!/bin/sh\necho \"a b $(rm -rf \"x y\" # c\n) d\" # e\nr\"m\" -rf '/' \\rm a#b\nbash -lc 'echo \"x y\"; rm -rf /'\ncat <<EOF | sh\nrm -rf /\nEOF\ncat <<-'A' <<B\nfoo $(x)\n\tA\nbar $(rm x) y\nB\nrm$IFS-rf${IFS}/\n{rm,-rf,/}\n$'\\x72\\x6d' x\necho ${x#a} $((1<<2)) done\neval \"rm -rf $x\"\n"},
		{"c", "int x = 1'000; /* a\n b */ char *s = \"a\\\"b\" /*x*/\n \"c\"; // d \\\n e\nchar c = '\"'; ev\\\nil();"},
		{"cpp", "auto s = R\"x(a)\" b)x\"; u8\"abc\"; // d\n"},
		{"go", "x := `a\nb` + \"c\\\"\" // d\nr := '\"' /* x */"},
	} {
		t.Log("\n" + scan(x[0], x[1]))
	}
}
