package validate

import "sort"

// class is what a byte of a program is to those who read it.
type class uint8

const (
	code    class = iota // quotes and other delimiters of strings are code
	comment              // docstrings are comments too
	quoted               // the contents of strings, here documents and the like
)

// span is a stretch of one class, from start up to end, in offsets of text.bytes.
type span struct {
	start, end int32
	class      class
}

// text is a file the way rules see it: its bytes with what hides a word undone, and which of them are comments and strings.
type text struct {
	bytes  []byte  // the source itself, where nothing was undone
	spans  []span  // comments and strings, in order, none empty, none overlapping; everything between them is code
	shifts []shift // where bytes and source part, in order; empty when bytes is the source

	reader *reader // what reading takes beside, kept for the next file
}

// shift says that from offset at of text.bytes on, the source is by bytes ahead.
type shift struct {
	at int32
	by int32
}

// source is the offset in the source of what is at an offset of t.bytes.
func (t *text) source(at int) int {
	i := sort.Search(len(t.shifts), func(i int) bool { return int(t.shifts[i].at) > at })
	if i == 0 {
		return at
	}
	return at + int(t.shifts[i-1].by)
}
