package validate

import "bytes"

// Strings of Perl's that are not in its table.
var (
	perlInside  = []string{"@{", "${"}
	perlEscapes = hex | hexBraces | octal
	perlQuoted  = delimited(literal{escape: '\\', escapes: perlEscapes, inside: perlInside, class: quoted})
	perlPlain   = delimited(literal{escape: '\\', class: quoted})
	perlHere    = compiled(literal{escape: '\\', escapes: perlEscapes, inside: perlInside, class: quoted})
	perlTerms   = []string{"split", "if", "unless", "while", "until", "and", "or", "not", "grep", "map", "return", "x", "lt", "gt",
		"le", "ge", "eq", "ne", "cmp", "when", "push", "unshift", "join", "print", "xor", "else", "do", "die", "warn", "say", "eval"}
)

// perlExpression tells whether an expression may begin here.
func perlExpression(r *reader) certainty {
	p := r.before(r.at, false)
	if p == 0 {
		return yes
	}
	if p == r.value {
		return no
	}
	c := r.bytes[p-1]
	if bytes.IndexByte([]byte(")]}\"'`"), c) >= 0 {
		return no
	}
	if !wordByte[c] {
		return yes
	}
	w := r.word(p)
	sigil := r.byteAt(p - len(w) - 1)
	switch {
	case bytes.IndexByte([]byte("$@%&>:"), sigil) >= 0 && sigil != 0, w[0] <= '9':
		return no
	case isOneOf(w, perlTerms...):
		return yes
	}
	return maybe
}

// perlQuote reads q{}, qq(), m//, s///, tr[][], qw<> and their like.
func perlQuote(r *reader, o *opener) bool {
	i := r.at + len(o.text)
	if wordByte[r.byteAt(i)] || !r.perlOperator(o) {
		return false
	}
	from := i
	for i < r.end && (r.bytes[i] == ' ' || r.bytes[i] == '\t' || r.bytes[i] == '\n') {
		i++
	}
	r.work += i - from
	d := r.byteAt(i)
	if i >= r.end || d <= ' ' || wordByte[d] || bytes.IndexByte([]byte("=;)}]>"), d) >= 0 || d == '#' && i > from ||
		d == ',' && r.byteAt(r.before(r.at, true)-1) != '~' {
		return false
	}
	switch o.text {
	case "q", "qw":
		r.at = i + 1
		r.contents(chosen(perlPlain, r.bytes[i:i+1]))
	case "qq", "qx":
		r.at = i + 1
		r.contents(chosen(perlQuoted, r.bytes[i:i+1]))
	case "m", "qr":
		return r.asDelimited(i+1, r.endOfDelimited(i), yes)
	default:
		return r.perlReplace(i)
	}
	r.value = r.at
	return true
}

// perlOperator tells whether the word at hand is not a part of something else: a variable, a key, a method.
func (r *reader) perlOperator(o *opener) bool {
	i := r.at
	if i > 0 && bytes.IndexByte([]byte("$@%&*-"), r.bytes[i-1]) >= 0 || r.has(i-2, "->") || r.has(i-2, "::") {
		return false
	}
	if r.has(i+len(o.text), "=>") || r.byteAt(i-1) == '{' && r.byteAt(i+len(o.text)) == '}' {
		return false
	}
	return !isOneOf(r.word(r.before(i, false)), "sub")
}

// endOfDelimited is where what begins with the delimiter at i ends.
func (r *reader) endOfDelimited(i int) int {
	opening, end := r.bytes[i], closing(r.bytes[i])
	from, depth := i, 1
	for i++; i < r.end; i++ {
		switch c := r.bytes[i]; c {
		case '\\':
			i++
		case end:
			depth--
		case opening:
			depth++
		}
		if depth == 0 {
			break
		}
	}
	i = min(i, r.end)
	r.work += i - from
	return i
}

// perlReplace reads what follows s, tr and y: two parts. The second one is code when there is an e behind it.
func (r *reader) perlReplace(i int) bool {
	from, to := i+1, r.endOfDelimited(i)
	next := to
	if closing(r.bytes[i]) != r.bytes[i] {
		next = min(to+1, r.end)
		for next < r.end && (r.bytes[next] == ' ' || r.bytes[next] == '\t' || r.bytes[next] == '\n') {
			next++
		}
		r.work += next - to
	}
	if next >= r.end {
		r.doubt()
		return true
	}
	end := r.endOfDelimited(next)
	flags := end + 1
	for flags < r.end && letter(r.bytes[flags]) {
		flags++
	}
	evaluated := flags <= r.end && bytes.IndexByte(r.bytes[min(end, r.end):flags], 'e') >= 0
	r.asDelimited(from, to, yes)
	if !evaluated {
		r.at = next
		r.asDelimited(next+1, end, yes)
	}
	r.at = min(flags, r.end)
	r.value = r.at
	return true
}

// perlBeforeHere tells whether a here document may begin here: also behind a variable, as what print writes to.
func perlBeforeHere(r *reader) certainty {
	may := perlExpression(r)
	p := r.before(r.at, false)
	if may != no || p == r.at || r.bytes[p-1] < '0' {
		return max(may, may<<1) // a bare word is a function
	}
	w := r.word(p)
	i := p - len(w)
	if len(w) > 0 && r.byteAt(i-1) == '$' && isOneOf(r.word(r.before(i-1, true)), "print", "printf", "say") {
		return yes
	}
	return maybe
}

// perlVariable reads variables whose names look like the beginning of something else: $#, $', $".
func perlVariable(r *reader, _ *opener) bool {
	c := r.byteAt(r.at + 1)
	if c == 0 || bytes.IndexByte([]byte("#'\"`/$;,.|&\\<"), c) < 0 {
		return false
	}
	r.at += 2
	if c != '$' && c != '#' {
		r.value = r.at
	}
	return true
}

// pod reads documentation, which begins with a line and ends with another.
func pod(r *reader, o *opener) bool {
	i := r.at
	if i > 0 && r.bytes[i-1] != '\n' || !letter(r.byteAt(i+1)) {
		return false
	}
	if p := r.before(i, false); p > 0 && bytes.IndexByte([]byte(";{}"), r.bytes[p-1]) < 0 {
		return false
	}
	r.restOf(o)
	return true
}
