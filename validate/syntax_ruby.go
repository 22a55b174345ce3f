package validate

import "bytes"

// Strings of Ruby's that are not in its table.
var (
	rubyEscapes  = hex | unicode4 | braces | octal | continued
	rubyQuoted   = delimited(literal{escape: '\\', escapes: rubyEscapes, inside: []string{"#{"}, class: quoted})
	rubyPlain    = delimited(literal{escape: '\\', class: quoted})
	rubyHere     = compiled(literal{escape: '\\', escapes: rubyEscapes, inside: []string{"#{"}, class: quoted})
	rubyKeywords = []string{"if", "unless", "while", "until", "and", "or", "not", "when", "in", "then", "else", "elsif", "return",
		"do", "case", "begin", "rescue", "ensure", "yield", "puts", "print", "raise", "warn", "abort"}
)

// delimited is a literal with delimiters that its writer chooses.
func delimited(l literal) *literal {
	l.lines = true
	l.compile()
	for c := range l.stop {
		l.stop[c] = l.stop[c] || !wordByte[c] && c > ' '
	}
	return &l
}

// rubyExpression tells whether an expression may begin here.
func rubyExpression(r *reader) certainty {
	p := r.before(r.at, true)
	if p == 0 {
		return yes
	}
	c := r.bytes[p-1]
	switch {
	case p == r.value, bytes.IndexByte([]byte(")]}\"'`."), c) >= 0:
		return no
	case c == ':': // the symbol :/
		return sure(p < r.at || r.byteAt(p-2) == ':')
	case c == '?' || c == '!': // an operator, or the end of a method's name
		if len(r.word(p-1)) > 0 {
			return r.rubyWord(p - 1)
		}
	case wordByte[c]:
		return r.rubyWord(p)
	}
	return yes
}

// rubyWord tells whether an expression may begin behind the word before p: it may be a method, or what an operator stands behind.
func (r *reader) rubyWord(p int) certainty {
	w := r.word(p)
	sigil := r.byteAt(p - len(w) - 1)
	argument := r.at > 0 && r.bytes[r.at-1] <= ' ' && r.byteAt(r.at+1) > ' ' && r.byteAt(r.at+1) != '='
	switch {
	case sigil == '.' && w[0] > '9':
		return sure(argument)
	case sigil == '@' || sigil == '$' || w[0] <= '9':
		return no
	case isOneOf(w, rubyKeywords...):
		return yes
	case !argument || isOneOf(w, "def", "self", "nil", "true", "false", "end"):
		return no
	}
	return maybe
}

// rubyPercent reads %w[a b], %q(a), %(a) and their like.
func rubyPercent(r *reader, _ *opener) bool {
	i, l := r.at+1, rubyQuoted
	if c := r.byteAt(i); letter(c) {
		switch c {
		case 'w', 'q', 'i', 's':
			l = rubyPlain
		case 'W', 'Q', 'I', 'r', 'x':
		default:
			return false
		}
		i++
	}
	d := r.byteAt(i)
	if d <= ' ' || wordByte[d] || d == '=' || bytes.IndexByte([]byte(")]}>"), d) >= 0 {
		return false
	}
	switch rubyExpression(r) {
	case no:
		return false
	case maybe:
		to := r.until(i+1, closing(d))
		if to == r.end {
			r.doubt()
			return true
		}
		return r.asDelimited(i+1, to, maybe)
	}
	r.at = i + 1
	r.contents(chosen(l, r.bytes[i:i+1]))
	return true
}

// chosen is a literal with the delimiter that it begins with.
func chosen(l *literal, opening []byte) open {
	c := closing(opening[0])
	o := open{lit: l, close: singleBytes[c][:]}
	if c != opening[0] {
		o.nested = opening[0]
	}
	return o
}

// singleBytes are all bytes, to be delimiters.
var singleBytes = func() (all [256][1]byte) {
	for c := range all {
		all[c][0] = byte(c)
	}
	return all
}()

// rubyCharacter reads ?" and its like, and the variables $" and $'.
func rubyCharacter(r *reader, o *opener) bool {
	c, after := r.byteAt(r.at+1), r.byteAt(r.at+2)
	if c == 0 || bytes.IndexByte([]byte("\"'`#/%<"), c) < 0 {
		return false
	}
	if o.text == "?" && (wordByte[after] || after == c || r.at > 0 && wordByte[r.bytes[r.at-1]]) {
		return false
	}
	r.at += 2
	return true
}

// lineBlock reads a comment that begins with a line and ends with another (Ruby: =begin, =end).
func lineBlock(r *reader, o *opener) bool {
	if r.at > 0 && r.bytes[r.at-1] != '\n' || wordByte[r.byteAt(r.at+len(o.text))] {
		return false
	}
	r.restOf(o)
	return true
}

// restOf takes all up to the line that begins with o.close for a comment, that line included.
func (r *reader) restOf(o *opener) {
	i := r.at
	for {
		i = r.until(i, '\n')
		if i == r.end || r.has(i+1, o.close) {
			break
		}
		i++
	}
	if i < r.end {
		i = r.until(i+1, '\n')
	}
	r.mark(r.at, i, comment)
	r.at = i
}

// endOfProgram reads a line behind which there is no program any more (Ruby, Perl: __END__).
func endOfProgram(r *reader, o *opener) bool {
	i := r.at + len(o.text)
	if r.at > 0 && r.bytes[r.at-1] != '\n' || i < r.end && r.bytes[i] != '\n' && r.bytes[i] != '\r' {
		return false
	}
	r.mark(r.at, r.end, comment)
	r.at = r.end
	return true
}
