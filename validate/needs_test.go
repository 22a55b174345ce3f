package validate

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNeedsOfAPattern(t *testing.T) {
	for pattern, want := range map[string][][]string{
		`\bos\s*\.\s*System\s*\(`:           {{"system"}, {"os"}},
		`(?i)EVAL\(`:                        {{"eval("}},
		`(?:exec|spawn)\s*\(\s*"(?:ba)?sh"`: {{"exec", "spawn"}, {`sh"`}},
		`(?:exec|\w+)\(x1`:                  {{"(x1"}},
		`(?:rm){2}|(?:dd)+`:                 {{"rm", "dd"}},
		`(?:rm)?\s*-rf`:                     {{"-rf"}},
		`[ab]c?`:                            nil,
		`(\w)\1`:                            nil,
		`run(?!x|y(z))\(`:                   {{"run("}},
		`(?<![)(]x)(\w+)\s*do(?>ab)+\1`:     {{"do"}, {"ab"}},
		`é.é`:                               nil,
	} {
		assert.Equal(t, want, needsOf(pattern), pattern)
	}
}

func TestWithoutLooks(t *testing.T) {
	for pattern, want := range map[string]string{
		`a(?=b(c)[)])d`:    `ad`,
		`(?<!x)(a)\1b`:     `(a)b`,
		`[(?=]a\(?=b\)`:    `[(?=]a\(?=b\)`,
		`[^](?!x)]a`:       `[^](?!x)]a`,
		`(?>a(?!b))+[\1]c`: `(?:a)+[\1]c`,
		`\\(?!x)1`:         `\\1`,
		`(?!`:              ``,
	} {
		assert.Equal(t, want, withoutLooks(pattern), pattern)
	}
}

func TestHas(t *testing.T) {
	assert.True(t, has([]byte("a b c"), [][]string{{"x", "a"}, {"c"}}))
	assert.False(t, has([]byte("a b c"), [][]string{{"x", "a"}, {"d"}}))
	assert.True(t, has(nil, nil))
}
