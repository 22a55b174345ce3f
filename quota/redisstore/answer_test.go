package redisstore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An answer that is not what a script says is an error, whatever it is.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte("iiiiiis"), "reason")
	f.Add([]byte("iissi[n"), "")
	f.Add([]byte("iisii"), "x")
	f.Fuzz(func(t *testing.T, shape []byte, text string) {
		values := make([]any, 0, len(shape))
		for i, b := range shape {
			values = append(values, map[byte]any{'i': int64(i), 's': text, '[': []any{text}}[b])
		}
		for _, read := range []func(*answer){
			func(a *answer) { a.known(text) }, func(a *answer) { a.listed(text) },
			func(a *answer) { a.yes(); a.counts() }, func(a *answer) { next[[]any](a) },
		} {
			a := &answer{values: values}
			read(a)
			if a.err == nil && len(a.values) == len(values) && len(values) > 0 {
				t.Fatal("nothing was read, and nobody says why")
			}
		}
	})
}

func TestAnswersThatAreWrong(t *testing.T) {
	a := &answer{values: []any{int64(1), "two"}}
	assert.True(t, a.yes())
	assert.Zero(t, a.count())
	require.EqualError(t, a.err, "redis: an answer has a string where a int64 was expected")
	a = &answer{}
	assert.Zero(t, a.microseconds())
	require.EqualError(t, a.err, "redis: an answer ends where a int64 was expected")
}
