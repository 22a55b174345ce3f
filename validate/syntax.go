package validate

import (
	"slices"
	"sort"
	"strings"
)

// syntax says how a language writes what is not code, as data.
type syntax struct {
	line     []string // what begins a comment up to the end of the line
	ends     []string // what ends a line beside "\n"
	blocks   [][2]string
	nested   bool // block comments nest
	literals []literal
	prefixes string   // letters that may stand before a quote and change what it begins
	special  []opener // what the rest of a syntax can't say
	words    []opener // what begins at the beginning of words only
	inner    []opener // what begins in code in strings only
	brackets string   // what is counted to find the end of such code

	join       string // the operator that makes one literal of two
	adjacent   adjacency
	docstrings bool                    // a literal that is a whole statement is a comment
	expression func(*reader) certainty // whether an expression may begin here, so that a slash begins a regular expression
	here       func(*reader) certainty // whether a here document may
	executes   bool                    // regular expressions may go over lines and have code in them (Perl, Ruby)

	before func(*reader) // undoes what a language undoes before it reads anything else
	read   func(*reader) // reads a file; (*reader).code when nil

	lead       [256]uint8 // what begins with this byte: one more than the index in starts; 0 for nothing
	firstWord  uint8      // from here on lead is about beginnings of words
	firstInner uint8      // and from here on about what matters in code in strings only
	closes     uint8      // what a bracket begins that closes such code
	starts     [][]opener
	prefix     [256]bool
}

// Leads of brackets, which are counted.
const (
	leadCloses = 254 + iota
	leadOpens
)

// opener is something that may begin something.
type opener struct {
	text string // what it begins with

	// read reads it. It returns false when it has not moved, as this was something else.
	read func(*reader, *opener) bool

	close string   // of a comment
	lit   *literal // of a string
	with  bool     // which has a prefix
}

// literal is a kind of string, or of what is written like one.
type literal struct {
	open, close string
	with        string   // prefix letters that there must be, in lower case
	escape      byte     // takes the meaning from the next byte; 0 for none
	escapes     escapes  // those that stand for a byte
	meaning     string   // letters that mean something behind escape, others being themselves; none are undone when it is empty
	double      bool     // the closing delimiter twice stands for itself
	lines       bool     // it may go over lines; else it ends with its line
	inside      []string // what begins code in it
	braces      bool     // the first byte of inside, twice, stands for itself
	spec        bool     // it is the end of code in a string: the format
	joins       bool     // it can be one with the literal next to it
	loose       bool     // a here document: something may stand behind its tag
	class       class
	unless      func(*reader) bool // it is none when this is so

	closer []byte
	stop   [256]bool // where reading it has to look
}

// compile makes the tables that reading goes by.
func (s *syntax) compile() {
	if s.read == nil {
		s.read = (*reader).code
	}
	all := slices.Clone(s.special)
	for _, text := range s.line {
		all = append(all, opener{text: text, read: lineComment})
	}
	block := blockComment
	if s.nested {
		block = nestedComment
	}
	for _, b := range s.blocks {
		all = append(all, opener{text: b[0], close: b[1], read: block})
	}
	for i := range s.literals {
		l := &s.literals[i]
		l.compile()
		l.stop['\r'] = l.stop['\r'] || !l.lines && len(s.ends) > 0
		all = append(all, opener{text: l.open, lit: l, read: quote, with: l.with != ""})
	}
	for _, c := range []byte(s.prefixes) {
		s.prefix[c] = true
	}
	s.enter(all)
	s.firstWord = uint8(len(s.starts)) + 1 //nolint:gosec // some dozens
	s.enter(s.words)
	s.firstInner = uint8(len(s.starts)) + 1 //nolint:gosec // some dozens
	s.enter(s.inner)
	s.starts = append(s.starts, []opener{{text: ")", read: bracketCloses}})
	s.closes = uint8(len(s.starts)) //nolint:gosec // some dozens
	for _, c := range []byte(s.brackets) {
		s.lead[c], s.lead[closing(c)] = leadOpens, leadCloses
	}
}

// enter puts openers into the tables. Of those that begin alike the longest comes first, else they keep their order.
func (s *syntax) enter(all []opener) {
	sort.SliceStable(all, func(i, j int) bool { return len(all[i].text) > len(all[j].text) })
	for _, o := range all {
		first := o.text[0]
		if s.lead[first] == 0 {
			s.starts = append(s.starts, nil)
			s.lead[first] = uint8(len(s.starts)) //nolint:gosec // some dozens
		}
		at := &s.starts[s.lead[first]-1]
		*at = append(*at, o)
	}
}

func (l *literal) compile() {
	l.closer = []byte(l.close)
	if l.close != "" {
		l.stop[l.close[0]] = true
	}
	if l.escape != 0 {
		l.stop[l.escape] = true
	}
	for _, opens := range l.inside {
		l.stop[opens[0]] = true
	}
	l.stop['\n'] = l.stop['\n'] || !l.lines
}

// bracketIn is where the bracket ends in what begins code in a string.
func bracketIn(opens string) int {
	i := len(opens)
	for strings.IndexByte("([{`", opens[i-1]) < 0 {
		i--
	}
	return i
}

// syntaxOf is the syntax of a name.
func syntaxOf(name string) (*syntax, bool) {
	s, ok := syntaxes[name]
	return s, ok
}

// syntaxNames are the names of all syntaxes, in order.
func syntaxNames() []string {
	names := make([]string, 0, len(syntaxes))
	for name := range syntaxes {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// wordByte tells whether a byte may stand in a name: all outside ASCII do.
var wordByte = func() (is [256]bool) {
	for c := range is {
		b := byte(c)
		is[c] = letter(b) || b >= '0' && b <= '9' || b == '_' || b >= 0x80
	}
	return is
}()
