package validate

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

type hit struct{ word, from, to int }

func scanAll(words []string, text string) (hits []hit) {
	newDictionary(words).scan([]byte(text), func(word, from, to int) bool {
		hits = append(hits, hit{word, from, to})
		return true
	})
	return hits
}

func TestDictionaryFindsWords(t *testing.T) {
	words := []string{"he", "he is", "is", "$he", "e(", "((", "x."}
	assert.Equal(t, []hit{{0, 0, 2}, {1, 0, 5}, {2, 3, 5}}, scanAll(words, "He IS"), "in any case, one within another")
	assert.Empty(t, scanAll(words, "her the hex his i s"), "whole words only")
	assert.Equal(t, []hit{{0, 1, 3}}, scanAll(words, "-he-"))
	assert.Equal(t, []hit{{3, 1, 4}, {0, 2, 4}}, scanAll(words, "a$he"), "what begins with none may stand behind one")
	assert.Equal(t, []hit{{4, 0, 2}, {5, 1, 3}, {5, 2, 4}}, scanAll(words, "e((("), "overlapping")
	assert.Equal(t, []hit{{4, 0, 2}}, scanAll(words, "e("), "at the end")
	assert.Equal(t, []hit{{6, 0, 2}}, scanAll(words, "x.x"))
	assert.Empty(t, scanAll(words, "h"))
	assert.Empty(t, scanAll(words, "\x00\xff\xff"))
	assert.Empty(t, scanAll(nil, "anything"))
}

func TestDictionaryStopsWhenTold(t *testing.T) {
	calls := 0
	newDictionary([]string{"aa"}).scan([]byte("aa aa"), func(int, int, int) bool { calls++; return false })
	assert.Equal(t, 1, calls)
}

// The dictionary finds what a search for each word finds, over random words and texts of few letters.
func TestDictionaryAgainstPlainSearch(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	letters := func(least, most int) string {
		b := make([]byte, least+random.IntN(most))
		for i := range b {
			b[i] = "abAB-("[random.IntN(6)]
		}
		return string(b)
	}
	for range 500 {
		var words []string
		for range 1 + random.IntN(8) {
			if w := strings.ToLower(letters(2, 4)); !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
		text := letters(0, 60)
		var want []hit
		for from := range text {
			for w, word := range words {
				to := from + len(word)
				if strings.HasPrefix(strings.ToLower(text[from:]), word) &&
					(!isWord(word[0]) || from == 0 || !isWord(text[from-1])) &&
					(!isWord(word[len(word)-1]) || to == len(text) || !isWord(text[to])) {
					want = append(want, hit{w, from, to})
				}
			}
		}
		assert.ElementsMatch(t, want, scanAll(words, text), "%q in %q", words, text)
	}
}
