package validate

import (
	resyntax "regexp/syntax"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWithoutLooks(t *testing.T) {
	for pattern, want := range map[string]string{
		`a(?=b(c)[)])d`:     `ad`,
		`(?<!x)(a)\1b`:      `(a)(?s:.*)b`,
		`[(?=]a\(?=b\)`:     `[(?=]a\(?=b\)`,
		`[^](?!x)]a`:        `[^](?!x)]a`,
		`(?>a(?!b))+[\1]c`:  `(?:a)+[\1]c`,
		`\\(?!x)1`:          `\\1`,
		`(?!`:               ``,
		`(?<f>a)\k<f>b\12c`: `(?<f>a)(?s:.*)b(?s:.*)c`,
		`(?=(a)\1)b[\1]`:    `b[\1]`,
	} {
		assert.Equal(t, want, withoutLooks(pattern), pattern)
	}
}

func TestLoosePatternsCountNotFar(t *testing.T) {
	for pattern, want := range map[string]int{`a{1,40}`: 1, `a{3,8}`: 8, `a{9}`: 8, `(?:a{0,20}b){0,20}`: 2, `\d{64}`: 8} {
		prog, err := loose(pattern)
		require.NoError(t, err, pattern)
		takes := 0
		for _, inst := range prog.Inst {
			if inst.Op == resyntax.InstRune || inst.Op == resyntax.InstRune1 {
				takes++
			}
		}
		assert.Equal(t, want, takes, pattern)
	}
	_, err := loose(`a\Z`)
	require.Error(t, err, "only regexp2 knows this one")
}
