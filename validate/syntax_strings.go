package validate

import "bytes"

// frame is a string around the code at hand, which is read on once that code's closing bracket is met.
type frame struct {
	open
	depth   int // brackets open around the string
	parens  int
	closer  byte // what ends the code
	quiet   bool // shell: a parameter or arithmetic, where no word begins a comment or a here document
	literal bool // shell: single quotes mean nothing
	shell   command
}

// open is a string that has begun.
type open struct {
	lit    *literal
	close  []byte // what ends it
	nested byte   // the opening delimiter, where such nest: q{ {} }
	depth  int    // how many of them are open
	line   bool   // what ends it is a line of its own
	indent bool   // which may be indented
}

// literalEnd is where the last literal that could be joined with a next one ended.
type literalEnd struct {
	from, to int // its closing delimiter; to is 0 when there is none
}

// quote reads a literal that begins here.
func quote(r *reader, o *opener) bool {
	l := o.lit
	if !r.prefixed(l.with) || l.unless != nil && l.unless(r) {
		return false
	}
	from := r.last.from
	joined := l.joins && r.joined(r.prefix)
	doc := r.syntax.docstrings && l.inside == nil && !joined && r.beginsStatement(r.prefix)
	r.at += len(l.open)
	if joined {
		r.undo(from, r.at, "")
	}
	spans := len(r.spans)
	r.contents(open{lit: l, close: l.closer})
	if doc && len(r.spans) > spans && r.endsStatement(r.at) {
		r.spans[spans].class = comment
	}
	return true
}

// prefixed tells whether the letters before the quote at hand are a prefix with these among them, and notes where they begin.
func (r *reader) prefixed(with string) bool {
	r.prefix = r.at
	if r.syntax.prefixes == "" {
		return true
	}
	i := r.at
	for i > 0 && r.at-i < 3 && r.syntax.prefix[r.bytes[i-1]] {
		i--
	}
	if i > 0 && i < r.at && wordByte[r.bytes[i-1]] && wordByte[r.bytes[i]] {
		i = r.at // the end of a name
	}
	r.prefix = i
	for n := range len(with) {
		if !containsFold(r.bytes[i:r.at], with[n]) {
			return false
		}
	}
	return true
}

func containsFold(b []byte, letter byte) bool {
	for _, c := range b {
		if c == letter || c|0x20 == letter && letter >= 'a' {
			return true
		}
	}
	return false
}

// contents reads a string from its opening delimiter up to the code in it, or its end.
func (r *reader) contents(o open) {
	for !r.stretch(&o) {
	}
}

// stretch reads a string up to its end, or to code in it. It returns false when there is more to read of o.
func (r *reader) stretch(o *open) (done bool) {
	b, l, from := r.bytes[:r.end], o.lit, r.at
	for i := from; ; {
		was := i
		for i < len(b) && !l.stop[b[i]] {
			i++
		}
		r.work += i - was + 1
		if i >= len(b) {
			r.mark(from, len(b), l.class)
			r.at = len(b)
			return true
		}
		c := b[i]
		switch {
		case c == '\n' && o.line:
			if n := r.tag(i+1, o); n >= 0 {
				r.mark(from, i+1, l.class)
				r.at = n
				r.bodies()
				return true
			}
		case (c == '\n' || c == '\r') && !l.lines && l.stop[c]:
			r.mark(from, i, l.class)
			r.at = i
			return true
		case !o.line && c == o.close[0] && r.closes(i, o):
			r.mark(from, i, l.class)
			done = r.ends(i, o)
			r.overLines(from, i)
			return done
		default:
			n, opens := r.within(i, o)
			if opens {
				r.mark(from, i, l.class)
				r.at = i
				return r.interpolate(o, n)
			}
			i += n - 1
		}
		i++
	}
}

// ends goes behind the delimiter at i that ends a string. It returns false when o is the string around it now.
func (r *reader) ends(i int, o *open) (done bool) {
	r.at = i + len(o.close)
	if o.lit.spec {
		*o = r.leave()
		return false
	}
	if o.lit.joins {
		r.last = literalEnd{i, r.at}
	}
	return true
}

// within is how many bytes belong together at a byte in a string that may mean something, and whether they begin code.
func (r *reader) within(i int, o *open) (n int, opens bool) {
	c, l := r.bytes[i], o.lit
	switch {
	case o.nested != 0 && c == o.nested:
		o.depth++
		return 1, false
	case o.nested != 0 && c == o.close[0]:
		o.depth--
		return 1, false
	case l.double && r.has(i, l.close):
		return 2 * len(l.close), false
	}
	for _, opens := range l.inside {
		switch {
		case !r.has(i, opens):
		case l.braces && r.byteAt(i+1) == c:
			return 2, false
		default:
			return bracketIn(opens), true
		}
	}
	if c == l.escape && c != 0 {
		return r.escape(i, l) - i, false
	}
	return 1, false
}

// interpolate goes from a string into the code in it, which n bytes open. It returns false when it has read all of the code, as
// there is nothing but a name.
func (r *reader) interpolate(o *open, n int) (done bool) {
	if after := r.name(r.at + n); after > 0 {
		r.at = after
		return false
	}
	if r.bytes[r.at] == '`' {
		r.backtick()
		return r.lost
	}
	r.enter(*o, n)
	return true
}

// overLines meets a string where the bodies of here documents should have begun in the middle.
func (r *reader) overLines(from, to int) {
	if len(r.waiting) > 0 && bytes.IndexByte(r.bytes[from:to], '\n') >= 0 {
		r.doubt()
	}
}

// closes tells whether a string ends with the delimiter at i.
func (r *reader) closes(i int, o *open) bool {
	if o.depth > 0 || i+len(o.close) > r.end || !bytes.Equal(r.bytes[i:i+len(o.close)], o.close) {
		return false
	}
	return !o.lit.double || !r.has(i+len(o.close), o.lit.close)
}

// name is where the code in a string ends that begins at i, when it is nothing but a name: 0 when it is more.
func (r *reader) name(i int) int {
	from := i
	for i < r.end && wordByte[r.bytes[i]] {
		i++
	}
	r.work += i - from
	if i == r.end || i == from || r.bytes[i] != '}' || r.bytes[from-1] != '{' {
		return 0
	}
	return i + 1
}

func closing(opening byte) byte {
	switch opening {
	case '(':
		return ')'
	case '[':
		return ']'
	case '<':
		return '>'
	case '{':
		return '}'
	}
	return opening
}

// enter goes from a string, or from other code, into code that n bytes open.
func (r *reader) enter(o open, n int) {
	if len(r.nest) == maxNesting {
		r.doubt()
		return
	}
	r.at += n
	opening := r.bytes[r.at-1]
	f := frame{open: o, closer: closing(opening), depth: r.depth, parens: len(r.parens), shell: r.shell}
	r.depth, r.shell = 0, freshCommand
	arithmetic := opening == '(' && r.has(r.at-2, "((")
	if arithmetic {
		r.depth = 1
	}
	f.quiet = arithmetic || opening == '{'
	f.literal = opening == '{' && o.lit != nil && !r.pattern(r.at)
	r.nest = append(r.nest, f)
}

// leave goes back to the string around the code.
func (r *reader) leave() open {
	f := &r.nest[len(r.nest)-1]
	r.nest = r.nest[:len(r.nest)-1]
	r.depth = f.depth
	r.parens = r.parens[:min(f.parens, len(r.parens))]
	r.shell = f.shell
	return f.open
}

// bracketCloses reads the bracket that closes the code in a string.
func bracketCloses(r *reader, _ *opener) bool {
	if r.nest[len(r.nest)-1].closer != r.bytes[r.at] {
		return false
	}
	r.at++
	r.contents(r.leave())
	return true
}
