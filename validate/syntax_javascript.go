package validate

import "bytes"

// paren is an open bracket of JavaScript's, or a closed one.
type paren uint8

const (
	round     paren = iota // (
	condition              // ( of if, while, for, with: what follows it begins an expression
	curly                  // { of an object
	block                  // { of statements: what follows it begins one
)

func jsOpens(r *reader, o *opener) bool {
	kind := round
	if r.at > 0 && o.text == "(" && wordByte[r.bytes[r.at-1]] && bytes.IndexByte([]byte("efrh"), r.bytes[r.at-1]) < 0 {
		r.parens = append(r.parens, kind) // a call, most of all: it need not be looked at
		r.at++
		return true
	}
	p := r.before(r.at, false)
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

// jsOperators are the words behind which an expression begins.
var jsOperators = []string{"return", "typeof", "case", "in", "of", "instanceof", "new", "delete", "void", "throw", "yield", "await",
	"default", "extends", "else", "do"}

// jsKeyword tells whether the word before p is one behind which an expression begins.
func (r *reader) jsKeyword(p int) bool {
	w := r.word(p)
	return !r.has(p-len(w)-1, ".") && isOneOf(w, jsOperators...)
}

func isOneOf(w []byte, words ...string) bool {
	for _, s := range words {
		if string(w) == s {
			return true
		}
	}
	return false
}

// jsExpression tells whether an expression may begin here.
func jsExpression(r *reader) certainty {
	p := r.before(r.at, false)
	if p == 0 {
		return yes
	}
	if p == r.value || r.byteAt(r.at-1) == '<' { // </ is JSX's
		return no
	}
	switch c := r.bytes[p-1]; c {
	case ')', '}':
		return sure(p == r.closedAt && (r.closed == condition || r.closed == block))
	case ']', '"', '\'', '`', '.', '$':
		return no
	case '+', '-':
		return sure(r.byteAt(p-2) != c)
	default:
		return sure(!wordByte[c] || r.jsKeyword(p))
	}
}

// jsHTML meets what is a comment in some programs and operators in others.
func jsHTML(r *reader, _ *opener) bool {
	r.doubt()
	return true
}
