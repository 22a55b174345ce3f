package validate

import (
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goClasses are the classes of a Go file as Go's own scanner sees them, a letter for each byte.
func goClasses(src []byte) string {
	files := token.NewFileSet()
	file := files.AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, func(token.Position, string) {}, scanner.ScanComments)
	drawn := []byte(strings.Repeat("c", len(src)))
	fill := func(from, to int, with byte) {
		for i := from; i < to; i++ {
			drawn[i] = with
		}
	}
	for {
		pos, tok, lit := s.Scan()
		at := file.Offset(pos)
		switch tok {
		case token.EOF:
			return string(drawn)
		case token.COMMENT:
			fill(at, at+len(lit), '#')
		case token.STRING, token.CHAR:
			fill(at+1, at+len(lit)-1, '"')
		}
	}
}

// Go's own library is read as Go's own scanner reads it. Joined literals are the one difference: between them everything is
// quoted here.
func TestGoIsReadLikeGo(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(runtime.GOROOT(), "src", "*", "*.go")) //nolint:staticcheck // the one that runs this test
	require.NoError(t, err)
	require.NotEmpty(t, files)
	s, _ := syntaxOf("go")
	var read text
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		if strings.ContainsRune(string(src), '\r') {
			continue // which the scanner drops from raw strings
		}
		read.read(src, s)
		got := []byte(strings.Repeat("c", len(src)))
		for _, span := range read.spans {
			for i := read.source(int(span.start)); i < read.source(int(span.end)); i++ {
				got[i] = map[class]byte{comment: '#', quoted: '"'}[span.class]
			}
		}
		want := []byte(goClasses(src))
		for _, shift := range read.shifts {
			for i := int(shift.at+shift.by) - 1; i >= 0 && got[i] == '"' && want[i] != '"'; i-- {
				want[i] = '"'
			}
		}
		if i := different(got, want); i >= 0 && !assert.Fail(t, "read otherwise", "%s:%d", file, 1+strings.Count(string(src[:i]), "\n")) {
			return
		}
	}
}

// different is where two texts of one length differ first, -1 when they do not.
func different(a, b []byte) int {
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}
