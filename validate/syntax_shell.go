package validate

import "bytes"

// maxRegions is how deep programs in shells' arguments and here documents are read as programs. What is deeper is code as well, but
// what is quoted there is not told apart.
const maxRegions = 8

// command is what is known of the command at hand in a shell's program.
type command struct {
	word   int      // where the word at hand begins; -1 between words
	first  bool     // no word of it has ended, but assignments and reserved words
	shell  bool     // one of its words is the name of a shell
	fed    bool     // so is a word of this line
	takes  argument // what the next word is
	pieces bool     // the word at hand has quotes in it
	cases  int      // case words without their esac: the patterns of these have closing brackets only
}

// argument is what a word of a command is.
type argument uint8

const (
	data    argument = iota
	script           // a program for a shell
	scripts          // so are all the others of the command
)

var freshCommand = command{word: -1, first: true}

// What the bytes of a shell's program are.
const (
	plainByte = iota
	blankByte
	endByte // of a command
	specialByte
)

var shellBytes, shellWord = func() (kinds [256]uint8, word [256]bool) {
	for c := range kinds {
		b := byte(c)
		word[c] = wordByte[b] || bytes.IndexByte([]byte("-./:=+@%,~*?[]{}^!"), b) >= 0
	}
	for _, c := range []byte(" \t\r") {
		kinds[c] = blankByte
	}
	for _, c := range []byte(";&|\n") {
		kinds[c] = endByte
	}
	for _, c := range []byte("()<>'\"`$\\#{}") {
		kinds[c] = specialByte
	}
	return kinds, word
}()

// Strings of a shell's programs.
var (
	shellQuoted = compiled(literal{class: quoted, close: `"`, escape: '\\', escapes: continued, lines: true,
		inside: []string{"$((", "$(", "${", "`"}})
	shellHere = compiled(literal{class: quoted, escape: '\\', escapes: continued, inside: []string{"$((", "$(", "${", "`"}})
	shellAnsi = compiled(literal{class: quoted, escape: '\\', escapes: hex | octal | unicode4 | unicode8})
)

// commands reads a shell's program.
func (r *reader) commands() {
	r.shell = freshCommand
	for r.at < r.end && !r.lost {
		b, i := r.bytes[:r.end], r.at
		for i < len(b) && shellBytes[b[i]] == plainByte {
			i++
		}
		r.work += i - r.at + 1
		if i > r.at && r.shell.word < 0 {
			r.shell.word = r.at
		}
		r.at = i
		if i == len(b) {
			break
		}
		switch shellBytes[b[i]] {
		case blankByte:
			if r.shell.word >= 0 {
				r.endWord()
			}
			for r.at++; r.at < r.end && b[r.at] == ' '; r.at++ {
				r.work++
			}
		case endByte:
			r.endCommand()
			if b[i] == '\n' {
				r.endLine()
			} else {
				r.at++
			}
		default:
			r.shellSpecial(b[i])
		}
	}
	r.endWord()
}

// shellSpecial reads what begins with a special byte.
func (r *reader) shellSpecial(c byte) {
	switch c {
	case '#':
		if r.shell.word < 0 && !r.quiet() {
			lineComment(r, nil)
			return
		}
		r.plain(1)
	case '\\':
		r.shellBackslash()
	case '\'':
		r.singleQuoted()
	case '"':
		r.doubleQuoted()
	case '`':
		r.plain(0)
		r.backtick()
	case '$':
		r.dollar()
	case '<':
		r.less()
	case '>':
		r.endWord()
		r.at++
	case '(':
		if r.shell.word < 0 && r.has(r.at, "((") {
			r.substitute(2)
			return
		}
		r.endCommand()
		r.depth++
		r.at++
	case ')':
		r.endCommand()
		r.bracket(c)
	case '}':
		if r.quiet() {
			r.bracket(c)
			return
		}
		r.plain(1)
	case '{':
		r.brace()
	}
}

// plain takes the next bytes for part of a word.
func (r *reader) plain(n int) {
	if r.shell.word < 0 {
		r.shell.word = r.at
	}
	r.at = min(r.at+n, r.end)
}

func (r *reader) frame() *frame {
	if len(r.nest) <= r.base {
		return nil
	}
	return &r.nest[len(r.nest)-1]
}

func (r *reader) quiet() bool {
	f := r.frame()
	return f != nil && f.quiet
}

// bracket closes one: a group's, or the one around the code at hand.
func (r *reader) bracket(c byte) {
	r.at++
	f := r.frame()
	switch {
	case c == ')' && r.depth > 0:
		r.depth--
	case f == nil || f.closer != c || r.shell.cases > 0 && c == ')':
	default:
		r.resume()
	}
}

// resume goes on with what is around the code at hand: a string, or a command.
func (r *reader) resume() {
	if o := r.leave(); o.lit != nil {
		r.contents(o)
	}
}

// substitute enters what is substituted in code: n bytes open it.
func (r *reader) substitute(n int) {
	r.plain(0)
	r.enter(open{}, n)
}

// backtick reads `...`. A shell finds its end before it reads what is in it: comments and quotes in there don't matter.
func (r *reader) backtick() {
	from := r.at + 1
	end := r.endOfBackticks(from)
	r.region(from, end, true)
	if !r.lost {
		r.at = min(end+1, r.end)
	}
}

func (r *reader) endOfBackticks(from int) int {
	i := from
	for i < r.end && r.bytes[i] != '`' {
		if r.bytes[i] == '\\' {
			i++
		}
		i++
	}
	i = min(i, r.end)
	r.work += i - from
	return i
}

func (r *reader) dollar() {
	i := r.at
	switch {
	case r.spaces():
	case r.has(i, "$(("):
		r.substitute(3)
	case r.has(i, "$("), r.has(i, "${"):
		r.substitute(2)
	case r.has(i, "$'"):
		r.ansiQuoted()
	case r.shell.word >= 0 && (r.has(i, "$@") || r.has(i, "$*")) && wordByte[r.byteAt(i+2)]:
		r.undo(i, i+2, "") // r$@m: a script that was started without arguments
		r.at += 2
	default:
		r.plain(1)
		if r.byteAt(r.at) == '#' || r.byteAt(r.at) == '$' {
			r.at++
		}
	}
}

// spaces reads what stands for a space: $IFS, $IFS$9, ${IFS}, ${IFS%?}.
func (r *reader) spaces() bool {
	i := r.at
	switch {
	case r.has(i, "${IFS") && !wordByte[r.byteAt(i+5)]:
		i += 5
		for i < r.at+24 && r.byteAt(i) > ' ' && r.bytes[i] != '}' {
			i++
		}
		if r.byteAt(i) != '}' {
			return false
		}
		i++
	case r.has(i, "$IFS") && !wordByte[r.byteAt(i+4)]:
		i += 4
	default:
		return false
	}
	if c := r.byteAt(i + 1); r.byteAt(i) == '$' && (c >= '1' && c <= '9' || c == '@' || c == '*') {
		i += 2
	}
	r.endWord()
	r.undo(r.at, i, " ")
	r.at = i
	return true
}

func (r *reader) shellBackslash() {
	r.shell.pieces = true
	i, c := r.at, r.byteAt(r.at+1)
	switch {
	case c == '\n':
		r.undo(i, i+2, "")
		r.at += 2
	case r.has(i+1, "\r\n"):
		r.undo(i, i+3, "")
		r.at += 3
	case r.escaped && c == '"':
		r.undo(i, i+2, "")
		r.at += 2
	case r.escaped && (c == '$' || c == '`' || c == '\\'):
		r.undo(i, i+1, "")
		r.at++
		if c == '\\' {
			r.shellBackslash()
		}
	case wordByte[c] || c == '/' || c == '-' || c == '.':
		r.plain(2)
		r.undo(i, i+1, "")
	default:
		r.plain(2)
	}
}

// singleQuoted reads '...'.
func (r *reader) singleQuoted() {
	r.shell.pieces = true
	if f := r.frame(); f != nil && f.literal {
		r.plain(1)
		return
	}
	from := r.at
	r.piece(from, r.until(from+1, '\''), false)
}

// doubleQuoted reads "...".
func (r *reader) doubleQuoted() {
	r.shell.pieces = true
	from := r.at
	if r.shell.takes != data {
		r.piece(from, r.endOfQuoted(from+1), true)
		return
	}
	i := from + 1
	for i < r.end && shellWord[r.bytes[i]] {
		i++
	}
	r.work += i - from
	if r.byteAt(i) == '"' {
		r.piece(from, i, true)
		return
	}
	r.plain(1)
	r.contents(open{lit: shellQuoted, close: shellQuoted.closer})
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

// ansiQuoted reads $'...', in which there are escapes.
func (r *reader) ansiQuoted() {
	r.plain(0)
	opening, edits := r.at, len(r.edits)
	r.undo(opening, opening+2, "")
	i, plain := opening+2, true
	for i < r.end && r.bytes[i] != '\'' {
		plain = plain && (shellWord[r.bytes[i]] || r.bytes[i] == '\\')
		if r.bytes[i] == '\\' {
			i = r.escape(i, shellAnsi)
			continue
		}
		i++
	}
	i = min(i, r.end)
	r.work += i - opening
	for _, e := range r.edits[edits+1:] {
		plain = plain && (e.n == 0 || shellWord[e.with[0]])
	}
	r.at = min(i+1, r.end)
	switch {
	case r.shell.takes != data:
	case plain:
		r.undo(i, r.at, "")
	default:
		r.edits[edits].to = r.edits[edits].from
		r.mark(opening+2, i, quoted)
	}
}

// piece reads a quoted piece of a word, in quotes at opening and end: a program for a shell is code, and so is what could as well
// stand there without its quotes, which are undone.
func (r *reader) piece(opening, end int, double bool) {
	from, after := opening+1, min(end+1, r.end)
	r.plain(0)
	switch {
	case r.shell.takes != data:
		r.undo(opening, from, "")
		r.region(from, end, double)
		if !r.lost {
			r.undo(end, after, "")
			r.at = after
		}
	case r.unquotable(opening, end):
		r.undo(opening, from, "")
		r.undo(end, after, "")
		r.at = after
	default:
		r.mark(from, end, quoted)
		r.at = after
		r.overLines(from, end)
	}
}

// unquotable tells whether a quoted piece could as well stand there without its quotes.
func (r *reader) unquotable(opening, end int) bool {
	if end == opening+1 { // nothing: it is something only when it stands alone
		return r.shell.word < opening || shellWord[r.byteAt(end+1)]
	}
	i := opening + 1
	for i < end && shellWord[r.bytes[i]] {
		i++
	}
	r.work += i - opening
	return i == end && end < r.end
}

// endOfQuoted is where the string in double quotes ends that begins at from; the substitutions in it have strings of
// their own.
func (r *reader) endOfQuoted(from int) int {
	var open [64]byte
	depth, i := 0, from
	inString := func() bool { return depth == 0 || open[depth-1] == '"' }
	for i < r.end && depth < len(open) {
		switch c := r.bytes[i]; {
		case c == '\\':
			i++
		case c == '"' && depth == 0:
			r.work += i - from
			return i
		case c == '"' && inString(), c == ')' && !inString():
			depth--
		case c == '"', c == '(' && (!inString() || r.bytes[i-1] == '$'):
			open[depth] = c
			depth++
		case c == '`':
			i = r.endOfBackticks(i + 1)
		case c == '\'' && !inString():
			i = r.until(i+1, c)
		}
		i++
	}
	r.work += r.end - from
	return r.end
}

// region reads a program that stands in a stretch of another one.
func (r *reader) region(from, to int, escaped bool) {
	switch {
	case r.regions == maxRegions:
		r.at = to
		return
	case len(r.waiting) > 0 && bytes.IndexByte(r.bytes[from:to], '\n') >= 0:
		r.doubt()
		return
	}
	outer := *r
	r.at, r.end, r.base, r.depth, r.escaped = from, to, len(r.nest), 0, escaped
	r.regions++
	r.commands()
	r.end, r.base, r.depth, r.escaped, r.shell = outer.end, outer.base, outer.depth, outer.escaped, outer.shell
	r.regions--
	r.at = to
	if r.lost {
		r.doubt()
		return
	}
	r.nest, r.waiting = r.nest[:len(outer.nest)], r.waiting[:len(outer.waiting)]
}

// less reads what begins with <: a redirection, a here string or a here document.
func (r *reader) less() {
	r.endWord()
	switch {
	case r.quiet():
		r.at++
	case r.has(r.at, "<<<"):
		r.at += 3
		if r.shell.shell && r.shell.takes == data {
			r.shell.takes = script
		}
	case r.has(r.at, "<<"):
		r.at += 2
		r.hereDocument()
	default:
		r.at++
	}
}

// hereDocument reads what announces a here document.
func (r *reader) hereDocument() {
	h := heredoc{lit: shellHere, level: len(r.nest)}
	if r.byteAt(r.at) == '-' {
		h.indent = true
		r.at++
	}
	i := r.at
	for i < r.end && (r.bytes[i] == ' ' || r.bytes[i] == '\t') {
		i++
	}
	from := i
	var to int
	switch c := r.byteAt(i); c {
	case '\'', '"':
		from, h.lit = i+1, hereRaw
		to = min(r.until(from, c), r.until(from, '\n'))
		i = min(to+1, r.end)
	case '\\':
		h.lit = hereRaw
		from++
		fallthrough
	default:
		to = from
		for to < r.end && (shellBytes[r.bytes[to]] == plainByte) {
			to++
		}
		i = to
	}
	r.work += i - r.at
	r.at = i
	h.tag = r.bytes[from:to]
	switch r.byteAt(i) {
	case '\'', '"', '\\', '$', '`':
		r.doubt() // a tag in pieces
		return
	}
	if from < i {
		r.await(h)
	}
}

// endLine goes to the next line, over the bodies of here documents. Those for a shell are programs.
func (r *reader) endLine() {
	fed := r.shell.fed
	r.shell.fed = false
	if !fed || len(r.waiting) == 0 {
		newline(r, nil)
		return
	}
	for len(r.waiting) > 0 && !r.lost {
		h := r.nextBody()
		if r.lost {
			return
		}
		o := open{close: h.tag, line: true, indent: h.indent, lit: h.lit}
		from := r.at
		end, after := r.findTag(from, &o)
		r.region(from, end, h.lit == shellHere)
		if !r.lost {
			r.at = after
		}
	}
}

// findTag is where a here document's body ends, and where its tag does.
func (r *reader) findTag(i int, o *open) (end, after int) {
	for {
		if n := r.tag(i, o); n >= 0 {
			return i, n
		}
		i = r.until(i, '\n')
		if i == r.end {
			return i, i
		}
		i++
	}
}

func (r *reader) endCommand() {
	r.endWord()
	r.shell.first, r.shell.shell, r.shell.takes = true, false, data
}

// endWord ends the word at hand, and learns from it what the command does.
func (r *reader) endWord() {
	from := r.shell.word
	if from < 0 {
		return
	}
	r.shell.word = -1
	w := r.bytes[from:r.at]
	if !r.shell.first && !r.shell.pieces && r.shell.takes == data && w[0] != '-' && w[0] != '+' && !keywordEnds[w[len(w)-1]] {
		return // as most words are
	}
	if r.shell.takes == script {
		r.shell.takes = data
	}
	first, pieces := r.shell.first, r.shell.pieces
	r.shell.first, r.shell.pieces = false, false
	if pieces && len(w) <= 64 {
		var room [64]byte
		w = bare(room[:0], w)
	}
	if len(w) == 0 {
		return
	}
	r.shell.first = first && bytes.IndexByte(w, '=') > 0
	if w[0] == '-' || w[0] == '+' {
		if r.shell.shell && len(w) > 1 && w[1] != '-' && bytes.IndexByte(w, 'c') > 0 {
			r.shell.takes = script
		}
		return
	}
	if keywordEnds[w[len(w)-1]] {
		r.keyword(w, first)
	}
}

// keywordEnds are the last bytes of the words that keyword looks for.
var keywordEnds = func() (ends [256]bool) {
	for _, c := range []byte("hxulpecnof!{") {
		ends[c] = true
	}
	return ends
}()

// keyword learns what a word means. The word is the first one of its command.
func (r *reader) keyword(w []byte, first bool) {
	w = w[bytes.LastIndexByte(w, '/')+1:]
	if len(w) > len("busybox") {
		return
	}
	switch string(w) {
	case "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "busybox", "su":
		r.shell.shell, r.shell.fed = true, true
	case "eval":
		r.shell.takes = scripts
	case "trap":
		r.shell.takes = script
	case "case":
		if first {
			r.shell.cases++
		}
	case "esac":
		if first && r.shell.cases > 0 {
			r.shell.cases--
		}
	case "then", "do", "else", "elif", "if", "while", "until", "!", "{", "time":
		r.shell.first = first
	}
}

// bare is a word without its quotes.
func bare(to, word []byte) []byte {
	for _, c := range word {
		if c != '\'' && c != '"' && c != '\\' {
			to = append(to, c)
		}
	}
	return to
}

// brace reads {: a group's, or a list's such as {rm,-rf,/}, which is three words.
func (r *reader) brace() {
	i := r.at + 1
	commas := 0
	if r.shell.word < 0 && r.shell.first {
		for i < r.end && shellWord[r.bytes[i]] && r.bytes[i] != '{' && r.bytes[i] != '}' {
			if r.bytes[i] == ',' {
				commas++
			}
			i++
		}
		r.work += i - r.at
	}
	if commas == 0 || r.byteAt(i) != '}' {
		r.plain(1)
		return
	}
	for ; r.at <= i; r.at++ {
		switch c := r.bytes[r.at]; {
		case c == '{' || c == '}' || c == ',':
			r.endWord()
			r.undo(r.at, r.at+1, " ")
		case r.shell.word < 0:
			r.shell.word = r.at
		}
	}
}
