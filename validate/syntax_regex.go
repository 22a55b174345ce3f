package validate

import "bytes"

// certainty is how sure it is that an expression may begin somewhere: some languages can't be read without knowing what is
// a variable.
type certainty uint8

const (
	no certainty = iota
	maybe
	yes
)

func sure(is bool) certainty {
	if is {
		return yes
	}
	return no
}

// regex reads a regular expression, where one may stand.
func regex(r *reader, _ *opener) bool {
	may := r.syntax.expression(r)
	from := r.at + 1
	if may == no {
		if r.byteAt(from) == '/' { // Perl's defined-or
			r.at++
		}
		return false
	}
	to := r.endOfRegex(from, may == yes && r.syntax.executes)
	if r.byteAt(to) != '/' {
		if may == yes {
			r.doubt()
		}
		return may == yes
	}
	return r.asDelimited(from, to, may)
}

// endOfRegex is where the regular expression from from on ends: at a slash, or where its line or the file does. In some languages a
// slash in a set ends none.
func (r *reader) endOfRegex(from int, lines bool) int {
	i, set := from, false
	for i < r.end && (lines || r.bytes[i] != '\n' && r.bytes[i] != '\r') && (set || r.bytes[i] != '/') {
		switch r.bytes[i] {
		case '\\':
			i++
		case '[':
			set = !r.syntax.executes
		case ']':
			set = false
		}
		i++
	}
	i = min(i, r.end)
	r.work += i - from
	return i
}

// asDelimited takes what stands between delimiters for quoted, letters behind the closing one included. Where it may as well be
// operands of operators, it is code; and so is the rest, if there are quotes in it.
func (r *reader) asDelimited(from, to int, may certainty) bool {
	if may == maybe && bytes.ContainsAny(r.bytes[from:to], "\"'`#<") {
		r.doubt()
		return true
	}
	if may == yes && !r.executes(from, to) {
		r.mark(from, to, quoted)
	}
	r.at = min(to+1, r.end)
	for r.at < r.end && letter(r.bytes[r.at]) {
		r.at++
	}
	r.value = r.at
	return true
}

// executes tells whether there is code in what stands between delimiters (Perl, Ruby).
func (r *reader) executes(from, to int) bool {
	if !r.syntax.executes {
		return false
	}
	b := r.bytes[from:to]
	for _, opens := range []string{"@{", "${", "(?{", "(??{", "#{"} {
		if bytes.Contains(b, []byte(opens)) {
			return true
		}
	}
	return false
}
