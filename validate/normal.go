package validate

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// edit says that bytes are undone: those from up to to stand for n others, never more than there were.
type edit struct {
	from, to int32
	with     [4]byte
	n        uint8
}

// undo notes that bytes stand for others. Edits come in order; those within a later, wider one are dropped.
func (r *reader) undo(from, to int, with string) {
	for n := len(r.edits); n > 0 && int(r.edits[n-1].from) >= from; n-- {
		r.edits = r.edits[:n-1]
	}
	e := edit{from: int32(from), to: int32(to)} //nolint:gosec // a file has less than 2 GiB
	e.n = uint8(copy(e.with[:], with))          //nolint:gosec // at most 4
	r.edits = append(r.edits, e)
}

// apply does the edits: bytes become what they stand for, spans move along, shifts tell from where.
func (r *reader) apply(keep int) {
	if len(r.edits) == 0 {
		return
	}
	old := r.bytes
	out := r.kept[keep][:0]
	r.old, r.shifts = append(r.old[:0], r.shifts...), r.shifts[:0]
	done := 0
	for i := range r.edits {
		e := &r.edits[i]
		out = append(out, old[done:e.from]...)
		out = append(out, e.with[:e.n]...)
		done = int(e.to)
	}
	out = append(out, old[done:]...)
	r.moveShifts()
	r.moveSpans()
	r.bytes, r.kept[keep] = out, out
	r.edits = r.edits[:0]
}

// moveShifts adds the edits to what shifts there were.
func (r *reader) moveShifts() {
	var by, removed int32
	was := 0
	add := func(at int32) {
		s := shift{at - removed, by + removed}
		switch n := len(r.shifts); {
		case n > 0 && r.shifts[n-1].at == s.at:
			r.shifts[n-1].by = s.by
		case n == 0 && s.by != 0, n > 0 && r.shifts[n-1].by != s.by:
			r.shifts = append(r.shifts, s)
		}
	}
	upTo := func(at int32) {
		for ; was < len(r.old) && r.old[was].at < at; was++ {
			by = r.old[was].by
			add(r.old[was].at)
		}
	}
	for i := range r.edits {
		e := &r.edits[i]
		upTo(e.from + 1)
		for ; was < len(r.old) && r.old[was].at <= e.to; was++ {
			by = r.old[was].by
		}
		removed += e.to - e.from - int32(e.n)
		add(e.to)
	}
	upTo(int32(len(r.bytes)) + 1) //nolint:gosec // a file has less than 2 GiB
}

// moveSpans moves the spans to where the edits take them.
func (r *reader) moveSpans() {
	spans := r.spans
	r.spans = r.spans[:0]
	n, removed := 0, int32(0)
	move := func(at int32) int32 {
		for n < len(r.edits) && r.edits[n].to <= at {
			removed += r.edits[n].to - r.edits[n].from - int32(r.edits[n].n)
			n++
		}
		if n < len(r.edits) && r.edits[n].from < at {
			return r.edits[n].from - removed
		}
		return at - removed
	}
	for _, s := range spans {
		from := move(s.start)
		r.mark(int(from), int(move(s.end)), s.class)
	}
}

// joined tells whether a literal that begins at from is one with the literal that ended last: between them is nothing, or nothing
// but the operator that joins them.
func (r *reader) joined(from int) bool {
	i, op, spans := r.last.to, r.syntax.join, len(r.spans)
	r.last.to = 0
	if i == 0 {
		return false
	}
	for spans > 0 && int(r.spans[spans-1].start) >= i {
		spans--
	}
	seen, newline := false, false
	for i < from {
		r.work++
		c := r.bytes[i]
		switch {
		case spans < len(r.spans) && int(r.spans[spans].start) == i: // a comment
			i = int(r.spans[spans].end)
			spans++
		case c <= ' ' || c == '\\' && r.byteAt(i+1) == '\n':
			newline = newline || c == '\n'
			i++
		case !seen && op != "" && r.has(i, op):
			seen = true
			i += len(op)
		default:
			return false
		}
	}
	return seen || r.syntax.adjacent == overLines || r.syntax.adjacent == inLine && (!newline || r.depth > 0)
}

// adjacency says which literals side by side are one.
type adjacency uint8

const (
	apart adjacency = iota
	inLine
	overLines
)

// escape reads an escape in a string at i, and undoes it when it stands for something printable. It returns where it ends.
func (r *reader) escape(i int, l *literal) int {
	b := r.bytes[:r.end]
	if i+1 >= len(b) {
		return i + 1
	}
	c := b[i+1]
	switch {
	case c == '\n':
		if l.escapes.has(continued) {
			r.undo(i, i+2, "")
		}
		return i + 2
	case c == '\r' && r.byteAt(i+2) == '\n':
		if l.escapes.has(continued) {
			r.undo(i, i+3, "")
		}
		return i + 3
	}
	if l.braces && c == '{' { // Python: "\{" is a backslash, and code
		return i + 1
	}
	if l.braces && c == 'N' && r.byteAt(i+2) == '{' && l.escapes != 0 { // the name of a letter
		return i + 3
	}
	n, v := l.escapes.decode(b[i+1:])
	if n == 0 {
		if l.meaning != "" && letter(c) && bytes.IndexByte([]byte(l.meaning), c) < 0 {
			r.undo(i, i+2, string(rune(c)))
		}
		return i + 2
	}
	if v >= ' ' && v < 0x7f {
		r.undo(i, i+1+n, string(v))
	}
	return i + 1 + n
}

func letter(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z'
}

// escapes are the kinds of escapes that a string has.
type escapes uint8

const (
	hex       escapes = 1 << iota // \x41, one or two digits
	hexBraces                     // \x{41}
	unicode4                      // \u0041
	braces                        // \u{41}
	unicode8                      // \U00000041
	octal                         // \101, one to three digits
	decimal                       // \065, one to three digits
	continued                     // a backslash at the end of a line
)

func (e escapes) has(kind escapes) bool { return e&kind != 0 }

// decode is how long the escape behind a backslash is, and what it stands for; 0 when it is none that gives a code.
func (e escapes) decode(b []byte) (n int, v rune) {
	second := byte(0)
	if len(b) > 1 {
		second = b[1]
	}
	switch c := b[0]; {
	case c == 'x' && second == '{' && e.has(hexBraces), c == 'u' && second == '{' && e.has(braces):
		return inBraces(b)
	case c == 'x' && e.has(hex):
		return digits(b, 1, 1, 2, 16)
	case c == 'u' && e.has(unicode4):
		return digits(b, 1, 4, 4, 16)
	case c == 'U' && e.has(unicode8):
		return digits(b, 1, 8, 8, 16)
	case e.has(octal) && c >= '0' && c <= '7':
		return digits(b, 0, 1, 3, 8)
	case e.has(decimal) && c >= '0' && c <= '9':
		return digits(b, 0, 1, 3, 10)
	}
	return 0, 0
}

func inBraces(b []byte) (n int, v rune) {
	n, v = digits(b, 2, 1, 8, 16)
	if n == 0 || n >= len(b) || b[n] != '}' {
		return 0, 0
	}
	return n + 1, v
}

// digits reads a number of least to most digits at b[from:]. It returns where it ends.
func digits(b []byte, from, least, most int, base rune) (n int, v rune) {
	n = from
	for n < len(b) && n < from+most {
		d := digit(b[n])
		if d >= base {
			break
		}
		v = v*base + d
		n++
	}
	if n < from+least {
		return 0, 0
	}
	return n, v
}

func digit(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return rune(c|0x20-'a') + 10
	}
	return 99
}

// fold undoes a letter outside ASCII in a name, where the language takes it for the ASCII letters it is compatible with (Python:
// PEP 3131, NFKC).
func fold(r *reader, _ *opener) bool {
	c, size := utf8.DecodeRune(r.bytes[r.at:r.end])
	at := r.at
	r.at += size
	if c == utf8.RuneError {
		return true
	}
	plain := norm.NFKC.Properties(r.bytes[at:r.at]).Decomposition()
	if len(plain) == 0 || len(plain) > size {
		return true
	}
	for _, c := range plain {
		if !wordByte[c] || c >= utf8.RuneSelf {
			return true
		}
	}
	r.undo(at, r.at, string(plain))
	return true
}

// backslash undoes what a backslash in code does: it joins lines, and spells letters of names.
func backslash(r *reader, _ *opener) bool {
	i := r.at
	switch {
	case r.byteAt(i+1) == '\n':
		r.at += 2
		r.undo(i, r.at, " ")
	case r.has(i+1, "\r\n"):
		r.at += 3
		r.undo(i, r.at, " ")
	case r.byteAt(i+1) == 'u':
		n, v := (unicode4 | braces).decode(r.bytes[i+1 : r.end])
		if n == 0 {
			return false
		}
		r.at += 1 + n
		if v < utf8.RuneSelf && wordByte[v] {
			r.undo(i, r.at, string(v))
		}
	default:
		return false
	}
	return true
}

// splice joins lines as C does before it reads anything else. Blanks behind the backslash don't count, as with GCC.
func splice(r *reader) {
	b := r.bytes
	for i := 0; i < len(b); {
		n := bytes.IndexByte(b[i:], '\\')
		if n < 0 {
			return
		}
		from := i + n
		i = from + 1
		for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r') {
			i++
		}
		if i < len(b) && b[i] == '\n' {
			i++
			r.undo(from, i, "")
		}
	}
}

// javaEscapes undoes \u0041, which Java does everywhere before it reads anything else (JLS 3.3).
func javaEscapes(r *reader) {
	b := r.bytes
	for i := 0; i < len(b); {
		n := bytes.IndexByte(b[i:], '\\')
		if n < 0 {
			return
		}
		i += n
		digitsAt := i + 1
		for digitsAt < len(b) && b[digitsAt] == 'u' {
			digitsAt++
		}
		if digitsAt == i+1 {
			i += 2
			continue
		}
		n, v := digits(b, digitsAt, 4, 4, 16)
		if n > 0 && v < utf8.RuneSelf {
			r.undo(i, n, string(v))
		}
		i = max(n, digitsAt)
	}
}
