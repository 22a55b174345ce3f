package validate

import "slices"

// automaton finds many words in a text at once, in any case of ASCII letters (Aho and Corasick, 1975, as a table of all steps).
type automaton struct {
	class  [256]uint8 // byte -> column; 0 is every byte that no word has
	width  int        // columns
	next   []uint16   // state*width + column -> state
	output [][]int32  // state -> words that end there
	firing uint16     // states from here on have an output
}

// newAutomaton takes words that are not empty. It panics on more than fit in 65,536 states, which no set of rules comes near.
func newAutomaton(words []string) *automaton {
	a := &automaton{width: 1}
	for _, w := range words {
		for _, b := range []byte(w) {
			if f := lower(b); a.class[f] == 0 {
				a.class[f] = uint8(a.width) //nolint:gosec // at most 230 columns: 256 bytes less 26 capitals
				a.width++
			}
		}
	}
	for b := range a.class {
		a.class[b] = a.class[lower(byte(b))] //nolint:gosec // b is below 256
	}
	t := newTrie(a, words)
	t.link()
	t.fill()
	return a
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// trie is an automaton that is being made. States are numbered as they are added, and again by fill.
type trie struct {
	a      *automaton
	steps  []int // state*width + column -> state, -1 where no word goes
	output [][]int32
	order  []int // states, nearest to the root first
}

func newTrie(a *automaton, words []string) *trie {
	t := &trie{a: a}
	t.state()
	for i, w := range words {
		at := 0
		for _, b := range []byte(w) {
			step := at*a.width + int(a.class[b])
			if t.steps[step] < 0 {
				added := t.state()
				t.steps[step] = added
			}
			at = t.steps[step]
		}
		t.output[at] = append(t.output[at], int32(i)) //nolint:gosec // there are fewer words than states
	}
	return t
}

func (t *trie) state() int {
	n := len(t.output)
	if n > 1<<16-1 {
		panic("validate: the rules have more literals than an automaton of 65,536 states can hold")
	}
	t.output = append(t.output, nil)
	t.steps = append(t.steps, slices.Repeat([]int{-1}, t.a.width)...)
	return n
}

// link gives each state a step for each column: its own, or that of the longest other beginning of a word it ends with.
func (t *trie) link() {
	w := t.a.width
	suffix := make([]int, len(t.output))
	t.order = []int{0}
	for i := 0; i < len(t.order); i++ {
		at := t.order[i]
		for c := range w {
			to := t.steps[at*w+c]
			back := 0
			if at != 0 {
				back = t.steps[suffix[at]*w+c]
			}
			if to < 0 {
				t.steps[at*w+c] = max(back, 0)
				continue
			}
			suffix[to] = max(back, 0)
			t.output[to] = append(t.output[to], t.output[suffix[to]]...)
			t.order = append(t.order, to)
		}
	}
}

// fill writes the automaton's table. States near the root, where ordinary text stays, get neighbouring rows; those that have an
// output come last, so that one comparison tells them.
func (t *trie) fill() {
	var quiet, firing []int
	for _, at := range t.order {
		if t.output[at] == nil {
			quiet = append(quiet, at)
		} else {
			firing = append(firing, at)
		}
	}
	number := make([]uint16, len(t.output))
	order := append(quiet, firing...)
	for i, at := range order {
		number[at] = uint16(i) //nolint:gosec // state has seen to it
	}
	a := t.a
	a.firing = uint16(len(quiet)) //nolint:gosec // state has seen to it
	a.next = make([]uint16, len(order)*a.width)
	a.output = make([][]int32, len(order))
	for i, at := range order {
		a.output[i] = t.output[at]
		for c := range a.width {
			a.next[i*a.width+c] = number[t.steps[at*a.width+c]]
		}
	}
}

// scan calls found for each word in text, with the offset behind it, in the order of these. It stops when found says so.
func (a *automaton) scan(text []byte, found func(word, end int) bool) {
	at, width, next := uint16(0), a.width, a.next
	for i, b := range text {
		at = next[int(at)*width+int(a.class[b])]
		if at < a.firing {
			continue
		}
		for _, word := range a.output[at] {
			if !found(int(word), i+1) {
				return
			}
		}
	}
}
