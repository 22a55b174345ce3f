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
	old   []shift
	work  int // bytes looked at; tests see by it that reading is linear
}

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

// pattern tells whether the parameter at i is one in which quotes are quotes also in double quotes (a shell's ${x%pattern}).
func (r *reader) pattern(i int) bool {
	from := i
	for i < r.end && (wordByte[r.bytes[i]] || i == from && bytes.IndexByte([]byte("!#@*"), r.bytes[i]) >= 0) {
		i++
	}
	r.work += i - from
	return bytes.IndexByte([]byte("#%/^,"), r.byteAt(i)) >= 0
}

// word is the word that ends before i, as far as twelve bytes: no keyword is longer.
func (r *reader) word(i int) []byte {
	from := i
	for from > 0 && i-from < 12 && wordByte[r.bytes[from-1]] {
		from--
	}
	return r.bytes[from:i]
}

// beginsStatement tells whether what begins at i is the first thing in a line that does not go on another one (Python).
func (r *reader) beginsStatement(i int) bool {
	if r.depth > 0 || len(r.nest) > 0 {
		return false
	}
	from := i
	for i > 0 && (r.bytes[i-1] == ' ' || r.bytes[i-1] == '\t' || r.bytes[i-1] == '\f') {
		i--
	}
	r.work += from - i
	if i > 0 && r.bytes[i-1] == '\n' {
		i--
		if i > 0 && r.bytes[i-1] == '\r' {
			i--
		}
		return i == 0 || r.bytes[i-1] != '\\'
	}
	return i == 0 || i == 3 && r.has(0, "\ufeff")
}

// endsStatement tells whether nothing stands between i and the end of the line (Python).
func (r *reader) endsStatement(i int) bool {
	from := i
	for i < r.end && (r.bytes[i] == ' ' || r.bytes[i] == '\t' || r.bytes[i] == '\r') {
		i++
	}
	r.work += i - from
	c := r.byteAt(i)
	return i == r.end || c == '\n' || c == '#' || c == ';'
}
