package validate

import (
	resyntax "regexp/syntax"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/patterns"
)

func TestWithoutLooks(t *testing.T) {
	for pattern, want := range map[string]string{
		`a(?=b(c)[)])d`:     `a(?:)d`,
		`(?<!x)(a)\1b`:      `(?:)(a)(?s:.*)b`,
		`0(?!a){3,}`:        `0(?:){3,}`,
		`[(?=]a\(?=b\)`:     `[(?=]a\(?=b\)`,
		`[^](?!x)]a`:        `[^](?!x)]a`,
		`(?>a(?!b))+[\1]c`:  `(?:a(?:))+[\1]c`,
		`\\(?!x)1`:          `\\(?:)1`,
		`(?!`:               `(?:)`,
		`(?<f>a)\k<f>b\12c`: `(?<f>a)(?s:.*)b(?s:.*)c`,
		`(?=(a)\1)b[\1]`:    `(?:)b[\1]`,
	} {
		without, readable := withoutLooks(pattern)
		assert.Equal(t, want, without, pattern)
		assert.True(t, readable, pattern)
	}
}

// What the engines read differently is left to its own.
func TestWhatOnlyOneEngineReadsSo(t *testing.T) {
	for _, pattern := range []string{`[a-c-[b]]`, `[[:space:]]`, `[^x[:alpha:]]`, `(?-m:$)a`, `a(?i-ms)b`} {
		_, err := loose(patterns.Regexp2, pattern)
		require.Error(t, err, pattern)
	}
	for _, pattern := range []string{`[[:space:]]`, `(?-m:$)a`, `[[:alpha:](?=b)]{1,9}?`, `\Q(?=a)\E`, `-[ab]`} {
		_, err := loose(patterns.RE2, pattern)
		require.NoError(t, err, pattern)
	}
	_, err := loose(patterns.Regexp2, `rm -[rf]`)
	require.NoError(t, err)
	for pattern, text := range map[string]string{`0(?!a){3,}`: "0", `k(?=a){0,0}[^\w]`: "k ", `[a-c-[b]]`: "a", `(?-m:$)[^a]`: ")\n"} {
		s := &sieve{patterns: []string{pattern}, engine: patterns.Regexp2}
		assert.NotZero(t, s.which([]byte(text), len(text)), pattern)
	}
	s := &sieve{patterns: []string{`[[:alpha:](?=b)]{1,9}?`}, engine: patterns.RE2}
	assert.NotZero(t, s.which([]byte("="), 1))
}

func TestLoosePatternsCountNotFar(t *testing.T) {
	for pattern, want := range map[string]int{`a{1,40}`: 1, `a{3,8}`: 8, `a{9}`: 8, `(?:a{0,20}b){0,20}`: 2, `\d{64}`: 8} {
		prog, err := loose(patterns.RE2, pattern)
		require.NoError(t, err, pattern)
		takes := 0
		for _, inst := range prog.Inst {
			if inst.Op == resyntax.InstRune || inst.Op == resyntax.InstRune1 {
				takes++
			}
		}
		assert.Equal(t, want, takes, pattern)
	}
	_, err := loose(patterns.Regexp2, `a\Z`)
	require.Error(t, err, "only regexp2 knows this one")
}
