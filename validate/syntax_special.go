package validate

import (
	"bytes"
	"unicode/utf8"
)

// digitSeparator tells whether the quote at hand stands in a number (C: 1'000'000).
func digitSeparator(r *reader) bool {
	return r.prefix == r.at && r.at > 0 && wordByte[r.bytes[r.at-1]]
}

// rawString reads R"tag(...)tag" (C++).
func rawString(r *reader, _ *opener) bool {
	if r.byteAt(r.at-1) != 'R' || !r.prefixed("") || r.prefix == r.at {
		return false
	}
	var closer [18]byte
	end := append(closer[:0], ')')
	i := r.at + 1
	for i < r.end && len(end) < 17 && r.bytes[i] != '(' {
		end = append(end, r.bytes[i])
		i++
	}
	if r.byteAt(i) != '(' {
		return false
	}
	end = append(end, '"')
	from := i + 1
	to := r.end
	if n := bytes.Index(r.bytes[from:r.end], end); n >= 0 {
		to = from + n
	}
	r.work += to - from
	r.mark(from, to, quoted)
	r.at = min(to+len(end), r.end)
	return true
}

// hashed reads r#"..."#: as many # behind it as before it. Without r they are Swift's.
func hashed(r *reader, _ *opener) bool {
	i := r.at
	for i > 0 && r.bytes[i-1] == '#' {
		i--
	}
	r.work += r.at - i
	hashes := r.at - i
	raw := i > 0 && r.bytes[i-1] == 'r'
	if hashes == 0 && !raw {
		return false
	}
	from, to := r.at+1, r.at+1
	for {
		to = r.until(to, '"')
		n := 0
		for n < hashes && r.byteAt(to+1+n) == '#' {
			n++
		}
		r.work += n
		if n == hashes || to == r.end {
			break
		}
		to++
	}
	if raw || !bytes.Contains(r.bytes[from:to], []byte("#(")) { // Swift: \#(code)
		r.mark(from, to, quoted)
	}
	r.at = min(to+1+hashes, r.end)
	return true
}

// lifetime tells whether the quote at hand begins a name and not a character (Rust: 'a, Scala: 'a).
func lifetime(r *reader) bool {
	rest := r.bytes[r.at+1 : r.end]
	if len(rest) == 0 || rest[0] == '\\' {
		return false
	}
	_, size := utf8.DecodeRune(rest)
	return size >= len(rest) || rest[size] != '\''
}

// longBracket reads [[...]] and [=[...]=], and comments of that kind (Lua).
func longBracket(r *reader, o *opener) bool {
	i := r.at + len(o.text)
	for i < r.end && r.bytes[i] == '=' {
		i++
	}
	r.work += i - r.at
	level := i - r.at - len(o.text)
	if r.byteAt(i) != '[' {
		return false
	}
	from, to := i+1, i+1
	for {
		to = r.until(to, ']')
		n := 0
		for n < level && r.byteAt(to+1+n) == '=' {
			n++
		}
		r.work += n
		if to == r.end || n == level && r.byteAt(to+1+n) == ']' {
			break
		}
		to++
	}
	after := min(to+level+2, r.end)
	if o.text == "[" {
		r.mark(from, to, quoted)
	} else {
		r.mark(r.at, after, comment)
	}
	r.at = after
	return true
}

// php reads a file whose code stands between <? and ?>.
func (r *reader) php() {
	if bytes.Contains(r.bytes, []byte("<?")) {
		r.outside()
	}
	r.code()
}

// outside reads what is no code, up to <?.
func (r *reader) outside() {
	to := r.end
	if n := bytes.Index(r.bytes[r.at:r.end], []byte("<?")); n >= 0 {
		to = r.at + n
	}
	r.work += to - r.at
	r.mark(r.at, to, comment)
	r.at = min(to+2, r.end)
}

func phpEnds(r *reader, _ *opener) bool {
	r.at += 2
	r.outside()
	return true
}

// phpComment reads a comment up to the end of the line, or of the code.
func phpComment(r *reader, _ *opener) bool {
	if r.has(r.at, "#[") { // an attribute
		return false
	}
	to := r.endOfLine(r.at)
	if n := bytes.Index(r.bytes[r.at:to], []byte("?>")); n >= 0 {
		to = r.at + n
	}
	r.mark(r.at, to, comment)
	r.at = to
	return true
}

// phpHereDocument reads <<<EOF, <<<'EOF'.
func phpHereDocument(r *reader, o *opener) bool {
	i := r.at + 3
	for r.byteAt(i) == ' ' || r.byteAt(i) == '\t' {
		i++
	}
	r.work += i - r.at
	h := open{lit: o.lit, line: true, indent: true}
	if c := r.byteAt(i); c == '\'' || c == '"' {
		if c == '\'' {
			h.lit = phpNowdoc
		}
		i++
	}
	to := i
	for to < r.end && wordByte[r.bytes[to]] {
		to++
	}
	r.work += to - i
	body := r.until(to, '\n')
	if to == i || body-to > 2 {
		return false
	}
	h.close = r.bytes[i:to]
	r.at = min(body+1, r.end)
	if n := r.tag(r.at, &h); n >= 0 {
		r.at = n
		return true
	}
	r.contents(h)
	return true
}

var (
	phpEscapes = hex | octal | braces
	phpInside  = []string{"{$", "${"}
	phpHere    = compiled(literal{escape: '\\', escapes: phpEscapes, inside: phpInside, loose: true, class: quoted})
	phpNowdoc  = compiled(literal{loose: true, class: quoted})
)

// csharpRaw reads """...""", with three quotes or more.
func csharpRaw(r *reader, _ *opener) bool {
	i := r.at
	for i < r.end && r.bytes[i] == '"' {
		i++
	}
	quotes := r.bytes[r.at:i]
	r.work += len(quotes)
	to := r.end
	if n := bytes.Index(r.bytes[i:r.end], quotes); n >= 0 {
		to = i + n
	}
	r.work += to - i
	if r.byteAt(r.at-1) != '$' { // there is code in it
		r.mark(i, to, quoted)
	}
	r.at = min(to+len(quotes), r.end)
	return true
}

// rRaw reads r"(...)" and r"--[...]--" (R).
func rRaw(r *reader, _ *opener) bool {
	if c := r.byteAt(r.at - 1); c|0x20 != 'r' || r.at > 1 && wordByte[r.bytes[r.at-2]] {
		return false
	}
	i := r.at + 1
	for r.byteAt(i) == '-' {
		i++
	}
	r.work += i - r.at
	if i >= r.end || bytes.IndexByte([]byte("([{"), r.bytes[i]) < 0 {
		return false
	}
	dashes := r.bytes[r.at+1 : i]
	end, from, to := closing(r.bytes[i]), i+1, i+1
	for {
		to = r.until(to, end)
		if to == r.end || bytes.HasPrefix(r.bytes[to+1:r.end], dashes) && r.byteAt(to+1+len(dashes)) == r.bytes[r.at] {
			break
		}
		to++
	}
	r.mark(from, to, quoted)
	r.at = min(to+len(dashes)+2, r.end)
	return true
}

// awkExpression tells whether an expression may begin here.
func awkExpression(r *reader) certainty {
	p := r.before(r.at, true)
	if p == 0 {
		return yes
	}
	c := r.bytes[p-1]
	switch {
	case p == r.value, c == ')' || c == ']' || c == '"' || c == '$':
		return no
	}
	return sure(!wordByte[c] || isOneOf(r.word(p), "return", "print", "printf", "case", "in"))
}

// tick undoes a backtick in a word (PowerShell: i`ex), and joins lines.
func tick(r *reader, _ *opener) bool {
	i := r.at
	r.at = min(i+2, r.end)
	switch c := r.byteAt(i + 1); {
	case c == '\n':
		r.undo(i, i+2, " ")
	case r.has(i+1, "\r\n"):
		r.at++
		r.undo(i, i+3, " ")
	case letter(c):
		r.undo(i, i+1, "")
	}
	return true
}
