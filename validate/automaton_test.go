package validate

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

type hit struct{ word, end int }

func scanAll(words []string, text string) (hits []hit) {
	newAutomaton(words).scan([]byte(text), func(word, end int) bool {
		hits = append(hits, hit{word, end})
		return true
	})
	return hits
}

func TestAutomatonFindsWordsWithinWords(t *testing.T) {
	words := []string{"he", "she", "hers", "his"}
	assert.ElementsMatch(t, []hit{{1, 4}, {0, 4}, {2, 6}}, scanAll(words, "ushers"))
	assert.Equal(t, []hit{{3, 3}}, scanAll(words, "HiS"), "in any case")
	assert.Empty(t, scanAll(words, "hxs \x00\xff"))
	assert.Empty(t, scanAll(nil, "anything"))
}

func TestAutomatonStopsWhenTold(t *testing.T) {
	calls := 0
	newAutomaton([]string{"a"}).scan([]byte("aaa"), func(int, int) bool { calls++; return false })
	assert.Equal(t, 1, calls)
}

// The automaton finds what a search for each word finds, over random words and texts of few letters.
func TestAutomatonAgainstPlainSearch(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	letters := func(most int) string {
		b := make([]byte, 1+random.IntN(most))
		for i := range b {
			b[i] = "abAB-\xff"[random.IntN(6)]
		}
		return string(b)
	}
	for range 300 {
		var words []string
		for range 1 + random.IntN(8) {
			if w := strings.ToLower(letters(4)); !slices.Contains(words, w) && !strings.Contains(w, "\ufffd") {
				words = append(words, w)
			}
		}
		text := letters(60)
		var want []hit
		for i := range len(text) + 1 {
			for w, word := range words {
				if strings.HasSuffix(string(lowerAll(text[:i])), word) {
					want = append(want, hit{w, i})
				}
			}
		}
		assert.ElementsMatch(t, want, scanAll(words, text), "%q in %q", words, text)
	}
}
