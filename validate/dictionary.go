package validate

// dictionary finds words in a text, in any case of ASCII letters, in one pass. A word that begins with a character of words is only
// found where a word begins, and one that ends with such only where a word ends. So most of a text is passed over by a look at two
// bytes, and the rest of a word is compared only where those two are.
type dictionary struct {
	starts [2 << 16]bool // whether a word begins with two bytes: outside of a word of the text, and within one
	class  [256]uint8    // byte -> column; 0 is every byte that no word has
	width  int           // columns
	next   []uint16      // state*width + column -> state; 0 where no word goes
	ends   []int32       // state -> the word that ends there, and 1; 0 for none
}

// maxStates is how many states there may be: they are counted in 16 bits.
const maxStates = 1 << 16

// newDictionary takes words of two bytes at least, none twice. It panics on more than fit in 65,536 states, which no set of rules
// comes near.
func newDictionary(words []string) *dictionary {
	d := &dictionary{width: 1}
	for _, w := range words {
		for _, b := range []byte(w) {
			if l := lower(b); d.class[l] == 0 {
				d.class[l] = uint8(d.width) //nolint:gosec // at most 230 columns: 256 bytes less 26 capitals
				d.width++
			}
		}
	}
	for b := range d.class {
		d.class[b] = d.class[lower(byte(b))]
	}
	d.state()
	for i, w := range words {
		d.add(w, i)
	}
	return d
}

func (d *dictionary) add(word string, index int) {
	if len(word) < 2 {
		panic("validate: a literal of less than two bytes")
	}
	for _, first := range cases(word[0]) {
		for _, second := range cases(word[1]) {
			pair := int(first)<<8 | int(second)
			d.starts[pair] = true
			d.starts[1<<16|pair] = !isWord(first)
		}
	}
	state := 0
	for _, b := range []byte(word) {
		step := state*d.width + int(d.class[b])
		if d.next[step] == 0 {
			added := d.state() // it moves next
			d.next[step] = added
		}
		state = int(d.next[step])
	}
	d.ends[state] = int32(index) + 1 //nolint:gosec // there are fewer words than states
}

func (d *dictionary) state() uint16 {
	n := len(d.ends)
	if n == maxStates {
		panic("validate: the rules have more literals than a dictionary of 65,536 states can hold")
	}
	d.ends = append(d.ends, 0)
	d.next = append(d.next, make([]uint16, d.width)...)
	return uint16(n) //nolint:gosec // it has just been compared
}

// scan calls found for each word in a text, in the order of their beginnings. It stops when found says so.
func (d *dictionary) scan(text []byte, found func(word, from, to int) bool) {
	if len(text) < 2 {
		return
	}
	within, last := 0, text[0]
	for i, b := range text[1:] {
		if d.starts[within|int(last)<<8|int(b)] && !d.walk(text, i, found) {
			return
		}
		within, last = withinWord[last], b
	}
}

// withinWord is what a byte says of the place behind it.
var withinWord = func() (is [256]int) {
	for c := range is {
		if asciiWord[c] {
			is[c] = 1 << 16
		}
	}
	return is
}()

// walk tells the words that begin at from.
func (d *dictionary) walk(text []byte, from int, found func(word, from, to int) bool) bool {
	state := 0
	for to := from; to < len(text); to++ {
		state = int(d.next[state*d.width+int(d.class[text[to]])])
		if state == 0 {
			return true
		}
		end := d.ends[state]
		if end == 0 || isWord(text[to]) && to+1 < len(text) && isWord(text[to+1]) {
			continue
		}
		if !found(int(end)-1, from, to+1) {
			return false
		}
	}
	return true
}

// lower is an ASCII letter in lower case, and any other byte as it is.
func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// appendLower appends text to dst, each byte in lower case.
func appendLower(dst, text []byte) []byte {
	from := len(dst)
	dst = append(dst, text...)
	for i := from; i < len(dst); i++ {
		dst[i] = lower(dst[i])
	}
	return dst
}

func cases(b byte) []byte {
	if l := lower(b); 'a' <= l && l <= 'z' {
		return []byte{l, l - 'a' + 'A'}
	}
	return []byte{b}
}

// isWord is what \w is to a pattern.
func isWord(b byte) bool { return asciiWord[b] }

var asciiWord = func() (is [256]bool) {
	for c := range is {
		l := lower(byte(c))
		is[c] = l == '_' || '0' <= l && l <= '9' || 'a' <= l && l <= 'z'
	}
	return is
}()
