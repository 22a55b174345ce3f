package validate_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"paddock/patterns"
	"paddock/validate"
)

func builtIn(tb testing.TB) *validate.Validator {
	tb.Helper()
	set, err := patterns.Load()
	require.NoError(tb, err)
	v, err := validate.New(set, validate.Options{})
	require.NoError(tb, err)
	return v
}

// ordinary is a program of some size made of the ordinary ones in testdata, by language: those that speak of danger no more than such
// programs do.
func ordinary(tb testing.TB, language string, size int) []byte {
	tb.Helper()
	var all []byte
	dir := filepath.Join("testdata", "unseen", "ordinary", language)
	require.NoError(tb, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all = append(append(all, data...), '\n')
		return err
	}))
	for len(all) < size {
		all = append(all, all...)
	}
	return all[:size]
}

// budgets are those of the design for ordinary code on one core.
var budgets = []struct {
	size  int
	limit time.Duration
}{
	{4 << 10, 100 * time.Microsecond},
	{64 << 10, time.Millisecond},
	{1 << 20, 5 * time.Millisecond},
}

// BenchmarkOrdinary looks at ordinary programs. of-budget is the share of the design's budget that one takes.
func BenchmarkOrdinary(b *testing.B) {
	v := builtIn(b)
	languages, err := os.ReadDir(filepath.Join("testdata", "unseen", "ordinary"))
	require.NoError(b, err)
	for _, l := range languages {
		for _, budget := range budgets {
			b.Run(fmt.Sprintf("%s/%dKiB", l.Name(), budget.size>>10), func(b *testing.B) {
				file := validate.File{Name: "main", Data: ordinary(b, l.Name(), budget.size), Languages: []string{l.Name()}}
				b.SetBytes(int64(budget.size))
				b.ReportAllocs()
				for b.Loop() {
					_, err := v.Check(b.Context(), validate.Request{Files: []validate.File{file}})
					require.NoError(b, err)
				}
				b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(budget.limit), "of-budget")
			})
		}
	}
}

// worst is the time that no input may take (issue 4).
const worst = 250 * time.Millisecond

// BenchmarkHostile looks at programs that are made to take long: 1 MiB of whatever makes the reader or a rule work most.
func BenchmarkHostile(b *testing.B) {
	v := builtIn(b)
	for name, language := range hostile() {
		b.Run(name, func(b *testing.B) {
			file := validate.File{Name: "main", Data: []byte(language.code), Languages: []string{language.name}}
			var most time.Duration
			for b.Loop() {
				began := time.Now()
				_, _ = v.Check(b.Context(), validate.Request{Files: []validate.File{file}}) // a timeout is one way to end
				most = max(most, time.Since(began))
			}
			b.ReportMetric(float64(most)/float64(worst), "of-worst")
		})
	}
}

type program struct{ name, code string }

// hostile are programs of 1 MiB: each literal of the rules again and again, their examples' words in no order, and what nests or never
// ends.
func hostile() map[string]program {
	set, err := patterns.Load()
	if err != nil {
		panic(err)
	}
	fill := func(piece string) string { return strings.Repeat(piece, 1+(1<<20)/len(piece))[:1<<20] }
	programs := map[string]program{}
	literals, words := map[string][]string{}, map[string][]string{}
	for _, r := range set.Rules {
		for _, l := range r.Languages {
			literals[l] = append(literals[l], r.Literals...)
		}
		for _, e := range r.Match {
			words[e.Language] = append(words[e.Language], strings.SplitAfter(e.Code, " ")...)
		}
	}
	for _, l := range set.Languages {
		all := slices.Concat(literals[l.Name], literals[patterns.AnyLanguage])
		programs[l.Name+"/literals-in-lines"] = program{l.Name, fill(strings.Join(all, "\n") + "\n")}
		programs[l.Name+"/literals-in-one-line"] = program{l.Name, fill(strings.Join(all, " ") + " ")}
		programs[l.Name+"/literals-in-strings"] = program{l.Name, fill(`"` + strings.Join(all, "\" \"") + `" `)}
		var scrambled strings.Builder
		for random := rand.New(rand.NewPCG(1, 1)); scrambled.Len() < 1<<20; {
			scrambled.WriteString(words[l.Name][random.IntN(len(words[l.Name]))])
		}
		programs[l.Name+"/examples-scrambled"] = program{l.Name, scrambled.String()[:1<<20]}
		for _, r := range set.Rules {
			if r.Engine == patterns.Regexp2 && r.AppliesTo([]string{l.Name}) {
				programs[l.Name+"/"+r.ID] = program{l.Name, fill(r.Match[0].Code + " ")}
			}
		}
		for i, piece := range []string{"(", "{", `"`, "'", "`", "${", "$(", "<<A\n", "/*", `"\x41`, "\\\n", "ａ", "r#\"", "f'{", "=pod\n", "\x00", "\xff"} {
			programs[fmt.Sprintf("%s/pump-%d", l.Name, i)] = program{l.Name, fill(piece)}
		}
	}
	return programs
}
