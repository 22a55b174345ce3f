package validate_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"paddock/patterns"
	"paddock/validate"
)

// FuzzCheck looks at any bytes whatever with all rules of any language: it comes to an end, and what it finds is where it says.
func FuzzCheck(f *testing.F) {
	set, err := patterns.Load()
	require.NoError(f, err)
	v, err := validate.New(set, validate.Options{})
	require.NoError(f, err)
	for i, l := range set.Languages {
		f.Add(uint8(i), []byte("#!/bin/sh\n:(){ :|:& };:\n\"\\x6f\\x73\".system('${IFS}')\n"))
		for _, r := range set.Rules {
			if !r.BuiltIn() && r.AppliesTo([]string{l.Name}) {
				f.Add(uint8(i), []byte(r.Match[0].Code))
			}
		}
	}
	f.Fuzz(func(t *testing.T, language uint8, code []byte) {
		l := set.Languages[int(language)%len(set.Languages)].Name
		r, err := v.Check(t.Context(), validate.Request{
			Files: []validate.File{{Name: "main", Data: code, Languages: []string{l}}, {Name: "other", Data: code}},
		})
		if errors.Is(err, validate.ErrTimeout) {
			return // refused
		}
		require.NoError(t, err)
		for _, finding := range r.Findings {
			lines := 1
			for _, b := range code {
				if b == '\n' {
					lines++
				}
			}
			require.LessOrEqual(t, finding.Line, lines)
			require.Positive(t, finding.Line)
			require.Positive(t, finding.Column)
		}
	})
}
