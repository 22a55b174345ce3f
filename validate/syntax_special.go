package validate

import "bytes"

// heredoc is a here document that has been announced.
type heredoc struct {
	tag    []byte
	lit    *literal
	indent bool // the line that ends it may be indented
	level  int  // how many frames are around it
}

// newline goes to the next line, over the bodies of the here documents that were announced in this one.
func newline(r *reader, _ *opener) bool {
	if len(r.waiting) == 0 {
		r.at++
		return true
	}
	r.bodies()
	return true
}

// bodies reads the bodies of here documents from the end of the line on that announces them.
func (r *reader) bodies() {
	for len(r.waiting) > 0 && r.at < r.end {
		h := r.nextBody()
		o := open{lit: h.lit, close: h.tag, line: true, indent: h.indent}
		n := r.tag(r.at, &o)
		if r.lost || n < 0 {
			r.contents(o)
			return
		}
		r.at = n
	}
}

// nextBody goes to the next here document's body.
func (r *reader) nextBody() heredoc {
	h := r.waiting[0]
	r.waiting = r.waiting[:copy(r.waiting, r.waiting[1:])]
	r.at++
	if h.level != len(r.nest) { // it was announced outside of the code that the line ends in
		r.doubt()
	}
	return h
}

// tag is where the tag of a here document ends when the line at i is nothing else, and -1 when it is something else.
func (r *reader) tag(i int, o *open) int {
	from := i
	for o.indent && i < r.end && (r.bytes[i] == ' ' || r.bytes[i] == '\t') {
		i++
	}
	r.work += i - from + 1
	if i+len(o.close) > r.end || !bytes.Equal(r.bytes[i:i+len(o.close)], o.close) {
		return -1
	}
	i += len(o.close)
	if i == r.end || r.bytes[i] == '\n' || r.has(i, "\r\n") {
		return i
	}
	return -1
}

// paren is an open bracket of JavaScript's, or a closed one.
type paren uint8

const (
	round     paren = iota // (
	condition              // ( of if, while, for, with: what follows it begins an expression
	curly                  // { of an object
	block                  // { of statements: what follows it begins one
)

func jsOpens(r *reader, o *opener) bool {
	p := r.before(r.at, false)
	kind := round
	switch {
	case o.text == "{" && r.jsBlock(p):
		kind = block
	case o.text == "{":
		kind = curly
	case isOneOf(r.word(p), "if", "while", "for", "with") && !r.has(p-len(r.word(p))-1, "."):
		kind = condition
	}
	r.parens = append(r.parens, kind)
	r.at++
	return true
}

// jsBlock tells whether a { behind p begins statements.
func (r *reader) jsBlock(p int) bool {
	switch c := r.byteAt(p - 1); {
	case p == 0, c == ';', c == '{', c == '}', c == ')':
		return true
	case c == '>':
		return r.byteAt(p-2) == '='
	case c == ':':
		return len(r.parens) == 0 || r.parens[len(r.parens)-1] == block
	case wordByte[c]:
		return isOneOf(r.word(p), "else", "do", "try", "finally") || !r.jsKeyword(p)
	}
	return false
}

func jsCloses(r *reader, o *opener) bool {
	base, f := 0, (*frame)(nil)
	if n := len(r.nest); n > 0 {
		f = &r.nest[n-1]
		base = f.parens
	}
	n := len(r.parens)
	for o.text == "}" && n > base && r.parens[n-1] <= condition {
		n--
	}
	r.parens = r.parens[:n]
	r.at++
	switch {
	case n > base && (o.text == "}" || r.parens[n-1] <= condition):
		r.closed, r.closedAt = r.parens[n-1], r.at
		r.parens = r.parens[:n-1]
	case o.text == "}" && f != nil:
		r.contents(r.leave())
	}
	return true
}

// jsKeyword tells whether the word before p is one behind which an expression begins.
func (r *reader) jsKeyword(p int) bool {
	w := r.word(p)
	return !r.has(p-len(w)-1, ".") && isOneOf(w, "return", "typeof", "case", "in", "of", "instanceof", "new", "delete", "void", "throw",
		"yield", "await", "default", "extends", "else", "do")
}

func isOneOf(w []byte, words ...string) bool {
	for _, s := range words {
		if string(w) == s {
			return true
		}
	}
	return false
}

// jsRegex reads a regular expression, where one may stand.
func jsRegex(r *reader, _ *opener) bool {
	if !r.jsExpression() {
		return false
	}
	from := r.at + 1
	i, set := from, false
	for i < r.end && r.bytes[i] != '\n' && (set || r.bytes[i] != '/') {
		switch r.bytes[i] {
		case '\\':
			i++
		case '[':
			set = true
		case ']':
			set = false
		}
		i++
	}
	r.work += i - from
	if i >= r.end || r.bytes[i] != '/' {
		r.doubt()
		return true
	}
	r.mark(from, i, quoted)
	r.at = i + 1
	for r.at < r.end && letter(r.bytes[r.at]) {
		r.at++
	}
	r.value = r.at
	return true
}

// jsExpression tells whether an expression may begin here, so that a slash begins a regular expression.
func (r *reader) jsExpression() bool {
	p := r.before(r.at, false)
	if p == 0 {
		return true
	}
	if p == r.value || r.byteAt(r.at-1) == '<' { // </ is JSX's
		return false
	}
	switch c := r.bytes[p-1]; c {
	case ')', '}':
		return p == r.closedAt && (r.closed == condition || r.closed == block)
	case ']', '"', '\'', '`', '.', '$':
		return false
	case '+', '-':
		return r.byteAt(p-2) != c
	default:
		return !wordByte[c] || r.jsKeyword(p)
	}
}

// jsHTML meets what is a comment in some programs and operators in others.
func jsHTML(r *reader, _ *opener) bool {
	r.doubt()
	return true
}

// formatSpec reads the format behind an expression in a string (Python: f"{x:>10}").
func formatSpec(r *reader, _ *opener) bool {
	n := len(r.nest)
	if n == 0 || r.depth > 0 {
		return false
	}
	r.at++
	r.contents(open{lit: pythonFormat, close: pythonFormat.closer})
	return true
}

var pythonFormat = compiled(literal{close: "}", inside: []string{"{"}, spec: true, lines: true, class: quoted})

// digitSeparator tells whether the quote at hand stands in a number (C: 1'000'000).
func digitSeparator(r *reader) bool {
	return r.prefix == r.at && r.at > 0 && wordByte[r.bytes[r.at-1]]
}

// rawString reads R"tag(...)tag" (C++).
func rawString(r *reader, o *opener) bool {
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
