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
	if o.lit.loose && !wordByte[r.byteAt(i)] {
		return i
	}
	if i == r.end || r.bytes[i] == '\n' || r.has(i, "\r\n") {
		return i
	}
	return -1
}

// Here documents of all languages.
var (
	hereRaw    = compiled(literal{class: quoted})
	hereUnsure = compiled(literal{class: code}) // it may as well be operands of an operator and the code below
)

// hereDocument reads what announces a here document, such as <<~'EOF' (Ruby, Perl; Perl lets a tag in quotes stand apart).
func hereDocument(r *reader, o *opener) bool {
	may := r.syntax.here(r)
	h := heredoc{lit: o.lit, level: len(r.nest)}
	i := r.at + 2
	if c := r.byteAt(i); c == '~' || c == '-' {
		h.indent = true
		i++
	}
	if may == yes && (r.has(i, ` "`) || r.has(i, " '")) {
		i++
	}
	to, after := i, i
	switch c := r.byteAt(i); {
	case c == '"' || c == '\'' || c == '`':
		if c == '\'' {
			h.lit = hereRaw
		}
		i++
		to = min(r.until(i, c), r.until(i, '\n'))
		after = min(to+1, r.end)
	case letter(c) || c == '_' || c >= 0x80:
		for to < r.end && wordByte[r.bytes[to]] {
			to++
		}
		r.work += to - i
		after = to
	default:
		may = no
	}
	if may == no {
		r.at += 2
		return true
	}
	if may == maybe {
		h.lit = hereUnsure
	}
	h.tag = r.bytes[i:to]
	r.at = after
	r.await(h)
	return true
}

func (r *reader) await(h heredoc) {
	if len(r.waiting) == maxWaiting {
		r.doubt()
		return
	}
	r.waiting = append(r.waiting, h)
}
