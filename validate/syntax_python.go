package validate

// formatSpec reads the format behind an expression in a string (Python: f"{x:>10}").
func formatSpec(r *reader, _ *opener) bool {
	if r.depth > 0 {
		return false
	}
	r.at++
	r.contents(open{lit: pythonFormat, close: pythonFormat.closer})
	return true
}

var pythonFormat = compiled(literal{close: "}", inside: []string{"{"}, spec: true, lines: true, class: quoted})

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
