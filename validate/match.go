package validate

import (
	"bytes"
	"errors"
	"slices"
	"sort"
	"time"
	"unicode"
	"unicode/utf8"

	"paddock/patterns"
)

// chunk is how many bytes an expression sees at most at one time, where literals are so close that what is to be seen around
// them overlaps. It bounds what goes on after a deadline.
const chunk = 4096

// allMatches are as many as there are: those that are excepted must not be all that is looked at.
const allMatches = chunk

// never is the deadline of those who wait as long as it takes.
var never = time.Time{}

// match is where a rule matches, in the source.
type match struct {
	rule  *rule
	start int
}

// finder finds a program's rules in files, one after the other.
type finder struct {
	program  *program
	deadline time.Time

	text    text
	pending []stretch // by rule
	view    []byte    // what a rule sees of it
	found   []match
	err     error
}

// stretch is what a rule has yet to look at. It is empty when end is 0.
type stretch struct {
	start, end int
	starts     int // matches start before this: behind it no literal has been found
	seen       int // up to here has been looked at
	count      int // matches so far
}

// file finds everything in one file, in the order of its rules. It returns ErrTimeout when it can't be done in time.
func (f *finder) file(src []byte) ([]match, error) {
	f.found, f.err = nil, nil
	f.text.read(src, f.program.syntax)
	f.pending = append(f.pending[:0], make([]stretch, len(f.program.rules))...)
	f.program.literals.scan(f.text.bytes, f.literal)
	for i := range f.pending {
		f.look(i)
		f.reconsider(i)
	}
	return f.found, f.err
}

// reconsider takes back what a rule has found in a file in which it means something else.
func (f *finder) reconsider(i int) {
	r := f.program.rules[i]
	if f.pending[i].count == 0 || len(r.Unless) == 0 || f.err != nil {
		return
	}
	f.blank(0, len(f.text.bytes), patterns.Code)
	otherwise, err := r.unless.anywhere(f.view, f.late)
	if err != nil {
		f.err = err
		return
	}
	if otherwise {
		f.found = slices.DeleteFunc(f.found, func(m match) bool { return m.rule == r })
	}
}

// forget lets go of the last file; what was made for it is kept for the next one.
func (f *finder) forget() { f.text.bytes, f.found = nil, nil }

// literal is called for each literal there is.
func (f *finder) literal(word, from, to int) bool {
	first, last := f.classAt(from), f.classAt(to-1)
	for _, i := range f.program.uses[word] {
		s := f.program.rules[i].Scope
		if sees(s, first) || sees(s, last) {
			f.await(i, from, to)
		}
	}
	return f.err == nil
}

func (f *finder) classAt(at int) class {
	spans := f.text.spans
	i := sort.Search(len(spans), func(i int) bool { return int(spans[i].end) > at })
	if i < len(spans) && int(spans[i].start) <= at {
		return spans[i].class
	}
	return code
}

// await notes that a rule has to look around a literal. What it has noted before is looked at once the two are apart, or long.
func (f *finder) await(i, start, end int) {
	p := &f.pending[i]
	if p.count >= maxPerRule {
		return
	}
	r := f.program.rules[i]
	from, to := f.sight(start, end, r.Before, r.Reach)
	switch {
	case p.end == 0:
	case from <= p.end && to-p.start <= chunk:
		p.end, p.starts = max(p.end, to), end
		return
	default:
		f.look(i)
	}
	p.start, p.end, p.starts = from, to, end
}

// sight is what a rule sees around a literal: whole lines within its reach, or all within reach where there is no line's end.
func (f *finder) sight(start, end, before, reach int) (from, to int) {
	b := f.text.bytes
	if from = max(0, start-before); from > 0 {
		if i := bytes.IndexByte(b[from:start], '\n'); i >= 0 {
			from += i + 1
		}
	}
	if to = min(len(b), end+reach); to < len(b) {
		if i := bytes.LastIndexByte(b[end:to], '\n'); i >= 0 {
			to = end + i + 1
		}
	}
	return from, to
}

// look matches a rule with what it has to look at, if there is anything.
func (f *finder) look(i int) {
	p, r := &f.pending[i], f.program.rules[i]
	if p.end == 0 || f.err != nil {
		return
	}
	from, to, before := p.start, p.end, p.starts-p.start
	p.start, p.end = 0, 0
	if f.late() {
		f.err = ErrTimeout
		return
	}
	f.blank(from, to, r.Scope)
	found, err := f.match(r.pattern, f.view, before, allMatches)
	if err != nil {
		f.err = err
		return
	}
	cut := from > 0 && f.text.bytes[from-1] != '\n'
	for _, at := range found {
		start := from + at[0]
		start += leadingSpace(f.view[at[0]:at[1]])
		switch {
		case cut && at[0] == 0, start < p.seen: // nobody knows what is before it; or it has been found already
			continue
		case r.Scope == patterns.Call && f.classAt(start) != code:
			continue
		}
		except, err := f.match(r.except, f.view[at[0]:at[1]], at[1]-at[0], 1)
		if err != nil {
			f.err = err
			return
		}
		p.seen = from + at[1]
		if len(except) == 0 && p.count < maxPerRule {
			p.count++
			f.found = append(f.found, match{r, f.text.source(start)})
		}
	}
}

// late reports whether the request's time is up.
func (f *finder) late() bool { return f.deadline != never && time.Now().After(f.deadline) }

// maxTries is how often an expression that ran out of its own time is tried again, while there is time: on a busy machine it may
// not have run at all.
const maxTries = 4

func (f *finder) match(e expression, view []byte, before, few int) (found [][]int, err error) {
	for range maxTries {
		if found, err = e.find(view, before, few); !errors.Is(err, ErrTimeout) || f.late() {
			break
		}
	}
	return found, err
}

func leadingSpace(b []byte) int { return len(b) - len(bytes.TrimLeft(b, " \t\r\n")) }

// blank makes the view of a stretch: what a scope does not see is spaces there, line breaks excepted.
func (f *finder) blank(from, to int, scope patterns.Scope) {
	f.view = append(f.view[:0], f.text.bytes[from:to]...)
	if scope != patterns.Raw {
		f.hide(from, to, scope)
	}
}

// whiten makes a space of each white space that patterns do not take for one, and languages do.
func whiten(view []byte) {
	for i, b := range view {
		switch {
		case b == '\v' || b == '\f':
			view[i] = ' '
		case b < 0xc2 || b > 0xef:
		default:
			if r, size := utf8.DecodeRune(view[i:]); r == '\ufeff' || r != utf8.RuneError && unicode.IsSpace(r) {
				copy(view[i:i+size], "   ")
			}
		}
	}
}

// hide puts spaces in the view where a scope does not see.
func (f *finder) hide(from, to int, scope patterns.Scope) {
	spans := f.text.spans
	i := sort.Search(len(spans), func(i int) bool { return int(spans[i].end) > from })
	at := from
	for ; i < len(spans) && int(spans[i].start) < to; i++ {
		s := spans[i]
		start, end := max(int(s.start), from), min(int(s.end), to)
		if scope == patterns.String && s.class == quoted { // the delimiters around it are seen
			start, end = max(start-1, at), end+1
		}
		if !sees(scope, code) && start > at {
			spaces(f.view[at-from : start-from])
		}
		if !sees(scope, s.class) {
			spaces(f.view[start-from : end-from])
		}
		at = min(end, to)
	}
	if !sees(scope, code) {
		spaces(f.view[at-from:])
	}
}

func spaces(b []byte) {
	for i, c := range b {
		if c != '\n' {
			b[i] = ' '
		}
	}
}
