package validate

import "bytes"

// maxNesting is how deep code in strings in code ... is followed. Python allows 150 (f-strings), nobody writes ten.
const maxNesting = 256

// maxWaiting is how many here documents may be announced on one line.
const maxWaiting = 256

// reader is what reading a file takes beside its text; it is kept for the next file.
//
// It goes over the bytes once, from one that may begin something to the next (syntax.lead), with the strings that are open around
// the code in a stack. What is undone is noted on the way as edits, and done at the end.
//
// Where a file can be read in two ways and it matters, all the rest of it is taken for code (doubt): whoever writes code
// to be misread gains nothing, as words in code always count.
type reader struct {
	*text
	syntax *syntax
	at     int // the next byte
	end    int // where the reading ends: the file's end, or that of code in a here document or a shell's argument

	nest     []frame
	depth    int       // open brackets in the innermost frame
	waiting  []heredoc // here documents whose bodies begin with the next line
	parens   []paren   // JavaScript: open brackets
	closed   paren     // JavaScript: the one closed last
	closedAt int       // JavaScript: where it was
	blank    [2]int    // what before went over last
	value    int       // where the last regular expression ended
	last     literalEnd
	prefix   int // where the letters before the quote at hand begin

	shell   command // shell: the command at hand
	base    int     // shell: how many frames are around the program at hand
	regions int     // shell: how many programs are around it
	escaped bool    // shell: it stands in double quotes
	lost    bool    // the rest is code

	edits []edit
	kept  [2][]byte // what bytes are when they are not the source's
	old   []shift   // what the shifts were while they are moved
	work  int       // bytes looked at; tests see by it that reading is linear
}

// read makes t the text of a file. Nothing of the file that t held before may be in use any longer; the file itself is not
// changed, and must not be while t is in use.
func (t *text) read(src []byte, s *syntax) {
	if t.reader == nil {
		t.reader = &reader{}
	}
	t.reader.read(t, src, s)
}

func (r *reader) read(t *text, src []byte, s *syntax) {
	t.bytes, t.spans, t.shifts = src, t.spans[:0], t.shifts[:0]
	*r = reader{
		text: t, syntax: s, nest: r.nest[:0], waiting: r.waiting[:0], parens: r.parens[:0],
		edits: r.edits[:0], kept: r.kept, old: r.old,
	}
	if s.before != nil {
		s.before(r)
		r.apply(0)
	}
	r.end = len(t.bytes)
	if bytes.HasPrefix(t.bytes, []byte("#!")) {
		lineComment(r, nil)
	}
	s.read(r)
	r.apply(1)
}

// code reads code up to the end, and all that is in it.
func (r *reader) code() {
	for r.at < r.end && !r.lost {
		from := r.at
		k := r.next()
		r.work += r.at - from + 1
		if k > 0 {
			r.begin(r.syntax.starts[k-1])
		}
	}
}

// next goes to the next byte that may begin something, and counts brackets on the way. It returns what begins there, one more than
// the index in starts, and 0 at the end.
func (r *reader) next() uint8 {
	s, b, i := r.syntax, r.bytes[:r.end], r.at
	for ; i < len(b); i++ {
		k := s.lead[b[i]]
		switch {
		case k == 0:
			continue
		case k < s.firstWord:
		case k < s.firstInner:
			if i > 0 && wordByte[b[i-1]] {
				continue
			}
		case k == leadOpens:
			r.depth++
			continue
		case k == leadCloses:
			if r.depth > 0 || len(r.nest) == 0 {
				r.depth = max(r.depth-1, 0)
				continue
			}
			k = s.closes
		case len(r.nest) == 0:
			continue
		}
		r.at = i
		return k
	}
	r.at = i
	return 0
}

// begin reads what begins at a byte that may begin something.
func (r *reader) begin(starts []opener) {
	rest := r.bytes[r.at:r.end]
	prefixed := r.at > 0 && r.syntax.prefix[r.bytes[r.at-1]]
	for n := range starts {
		o := &starts[n]
		switch {
		case o.with && !prefixed:
		case len(o.text) > 1 && (len(rest) < len(o.text) || rest[1] != o.text[1] || string(rest[:len(o.text)]) != o.text):
		case o.read(r, o):
			return
		}
	}
	r.at++
}

// mark gives a stretch its class. Stretches come in order.
func (r *reader) mark(from, to int, c class) {
	if from >= to || c == code {
		return
	}
	if n := len(r.spans); n > 0 && int(r.spans[n-1].end) == from && r.spans[n-1].class == c {
		r.spans[n-1].end = int32(to) //nolint:gosec // a file has less than 2 GiB
		return
	}
	r.spans = append(r.spans, span{int32(from), int32(to), c}) //nolint:gosec // as above
}

// doubt gives up: all the rest is code.
func (r *reader) doubt() {
	r.at, r.lost = r.end, true
	r.nest, r.waiting = r.nest[:0], r.waiting[:0]
}

// until is the offset of sep at or after from, and the end when there is none.
func (r *reader) until(from int, sep byte) int {
	b := r.bytes[:r.end]
	if from >= len(b) {
		return len(b)
	}
	to := len(b)
	if n := bytes.IndexByte(b[from:], sep); n >= 0 {
		to = from + n
	}
	r.work += to - from
	return to
}

// byteAt is the byte at i, 0 where there is none.
func (r *reader) byteAt(i int) byte {
	if i < 0 || i >= r.end {
		return 0
	}
	return r.bytes[i]
}

func (r *reader) has(i int, s string) bool {
	return i >= 0 && i+len(s) <= r.end && string(r.bytes[i:i+len(s)]) == s
}

func lineComment(r *reader, _ *opener) bool {
	to := r.endOfLine(r.at)
	r.mark(r.at, to, comment)
	r.at = to
	return true
}

// endOfLine is where the line ends that i is in.
func (r *reader) endOfLine(i int) int {
	to := r.until(i, '\n')
	for _, ends := range r.syntax.ends {
		if n := bytes.Index(r.bytes[i:to], []byte(ends)); n >= 0 {
			to = i + n
		}
	}
	return to
}

func blockComment(r *reader, o *opener) bool {
	b, from := r.bytes[:r.end], r.at
	i, depth := from+len(o.text), 1
	for depth > 0 {
		i = r.until(i, o.close[0])
		switch {
		case i == len(b):
			depth = 0
		case r.has(i, o.close):
			depth--
			i += len(o.close)
		default:
			i++
		}
	}
	r.mark(from, i, comment)
	r.at = i
	return true
}

// nestedComment reads a block comment in which such comments nest.
func nestedComment(r *reader, o *opener) bool {
	from := r.at
	i, depth := from+len(o.text), 1
	for depth > 0 && i < r.end {
		switch {
		case r.has(i, o.close):
			depth--
			i += len(o.close)
		case r.has(i, o.text):
			depth++
			i += len(o.text)
		default:
			i++
		}
	}
	r.work += i - from
	r.mark(from, i, comment)
	r.at = i
	return true
}

// before is the offset behind the last thing before i that is neither blank nor a comment, on the same line when line is set.
func (r *reader) before(i int, line bool) int {
	spans, from := len(r.spans), i
	for ; i > 0; r.work++ {
		c := r.bytes[i-1]
		switch {
		case !line && i >= r.blank[0] && i <= r.blank[1]: // what was gone over last time need not be again
			r.blank[1] = from
			return r.blank[0]
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == '\n' && !line:
			i--
			continue
		case spans > 0 && int(r.spans[spans-1].end) == i && r.spans[spans-1].class == comment:
			spans--
			i = int(r.spans[spans].start)
			continue
		default:
		}
		break
	}
	if !line {
		r.blank = [2]int{i, from}
	}
	return i
}

// word is the word that ends before i, as far as twelve bytes: no keyword is longer.
func (r *reader) word(i int) []byte {
	from := i
	for from > 0 && i-from < 12 && wordByte[r.bytes[from-1]] {
		from--
	}
	return r.bytes[from:i]
}
