package validate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/patterns"
)

func TestWhichAlternativesMayMatch(t *testing.T) {
	s := &sieve{patterns: []string{`\brun\(`, `^go$`, `\Aat`, `end\z`, `(?i)sim\B`, `x(?=y)`}, engine: patterns.Regexp2}
	for text, want := range map[string][]int{
		"":                   nil,
		"run(":               {0},
		"a run(\ngo\n":       {0, 1},
		"rerun( gone ago at": nil,
		"go":                 {1},
		"at\nthe end":        {2, 3},
		"ending":             nil,
		"SIMe sime sim":      {4},
		"asim sim":           nil,
		"xz":                 {5}, // what is ahead is not looked at
		"\u017fiMe":          {4}, // a long s
		"日run(":              {0},
		"\xffrun(\xff":       {0},
		"go\xff":             nil,
	} {
		var mask uint64
		for _, i := range want {
			mask |= bit(i)
		}
		assert.Equal(t, mask, s.which([]byte(text), len(text)), "%q", text)
	}
	assert.Zero(t, s.which([]byte("a run("), 2), "the match begins later")
	assert.Equal(t, bit(0), s.which([]byte("a run("), 3))
}

func TestWhereAMatchMayBegin(t *testing.T) {
	s := &sieve{patterns: []string{`\brun\b`, `^a+b`}, engine: patterns.Regexp2}
	view := []byte("run rerun\naab")
	for alternative, want := range [][]int{{0}, {10}} {
		var got []int
		for at := range view {
			if s.begins(view, at, alternative) {
				got = append(got, at)
			}
		}
		assert.Equal(t, want, got)
	}
}

// What can't be read may match anywhere, and so may all of more alternatives than are told apart.
func TestASieveThatKnowsNothing(t *testing.T) {
	blind := &sieve{patterns: []string{`a`, `b\Z`}, engine: patterns.Regexp2}
	assert.Equal(t, anything, blind.which([]byte("x"), 1))
	assert.True(t, blind.begins([]byte("x"), 0, 0))
	many := &sieve{engine: patterns.RE2}
	for i := range 70 {
		many.patterns = append(many.patterns, fmt.Sprintf("<%d>", i))
	}
	assert.Equal(t, bit(7), many.which([]byte("<7>"), 3))
	assert.Equal(t, bit(69), many.which([]byte("<66>"), 4))
}

// A sieve that is full forgets, and goes on to answer: meanwhile it passes over nothing. Many may ask it.
func TestAFullSieveBeginsAgain(t *testing.T) {
	s := &sieve{patterns: []string{`a[ab]{7}c[ab]{7}d`}, engine: patterns.Regexp2}
	s.which(nil, 0)
	first := s.graph.Load()
	var all sync.WaitGroup
	for seed := range uint64(4) {
		all.Go(func() {
			random := rand.New(rand.NewPCG(seed, 0))
			for range 500 {
				var text []byte
				for range 200 {
					text = append(text, "aabbc"[random.IntN(5)])
				}
				text = append(text, "abbbbbbbcaaaaaaad"...)
				assert.NotZero(t, s.which(text, len(text)))
			}
		})
	}
	all.Wait()
	g := s.graph.Load()
	assert.NotSame(t, first, g)
	g.Lock()
	defer g.Unlock()
	assert.LessOrEqual(t, len(g.states), maxGraph)
}

// No pattern is written so that a sieve can't read it, and none matches where its sieve says that it can't: over random texts made of
// the rules' examples, and what is not ASCII.
func TestSievesPassOverNothing(t *testing.T) {
	set, err := patterns.Load()
	require.NoError(t, err)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for i := range set.Rules {
		r := &set.Rules[i]
		if r.BuiltIn() {
			continue
		}
		made, err := newRule(r)
		require.NoError(t, err)
		parts := append(pieces(r.Match), "é", "\xff", "\u017f", "\u212a", "日本", "\n", " ", "\v", "\f", "\u00a0", "\u3000")
		for key, e := range map[string]expression{"pattern": made.pattern, "except": made.except, "unless": made.unless} {
			e.sieve.which(nil, 0)
			assert.False(t, e.sieve.blind, "%s: %s", r.ID, key)
			for range 20 {
				passesOver(t, e, []byte(mixed(random, parts)), fmt.Sprint(r.ID, " ", key))
			}
		}
	}
}

func mixed(random *rand.Rand, parts []string) string {
	var b strings.Builder
	for range 1 + random.IntN(12) {
		b.WriteString(parts[random.IntN(len(parts))])
		if random.IntN(2) == 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()[:min(b.Len(), chunk)]
}

func passesOver(t *testing.T, e expression, text []byte, name string) {
	t.Helper()
	which := e.sieve.which(text, len(text))
	seen := slices.Clone(text)
	whiten(seen)
	for i, m := range e.alternatives {
		var found [][]int
		switch m := m.(type) {
		case linear:
			found = m.all().FindAllIndex(seen, -1)
		case backtracking:
			m.MatchTimeout = time.Minute
			var err error
			found, err = m.find(seen, len(seen), allMatches)
			require.NoError(t, err)
		}
		for _, at := range found {
			require.NotZero(t, which&bit(i), "%s[%d]: %q", name, i, text)
			require.True(t, e.sieve.begins(text, at[0], i), "%s[%d] at %d: %q", name, i, at[0], text)
			require.NotZero(t, e.sieve.which(text, at[0]+1)&bit(i), "%s[%d] at %d: %q", name, i, at[0], text)
		}
	}
}
