package validate

// compiled is a literal made ready.
func compiled(l literal) *literal {
	l.compile()
	return &l
}

// literals is what all of them have in common, added to each.
func literals(common literal, each ...literal) []literal {
	for i := range each {
		l := &each[i]
		l.escape, l.escapes, l.meaning = common.escape, common.escapes, common.meaning
		l.joins, l.class = common.joins, quoted
	}
	return each
}

var syntaxes = func() map[string]*syntax {
	all := map[string]*syntax{
		"python":     python(),
		"javascript": javascript(),
		"bash":       {read: (*reader).commands},
		"c":          cFamily(),
		"cpp":        cFamily(),
		"go":         golang(),
		"plain":      {},
	}
	for _, s := range all {
		s.compile()
	}
	return all
}()

func python() *syntax {
	const all = hex | unicode4 | unicode8 | octal | continued
	s := &syntax{
		line: []string{"#"}, prefixes: "rRbBuUfFtT", adjacent: inLine, join: "+", docstrings: true,
		special: []opener{
			{text: "(", read: bracketOpens}, {text: ")", read: bracketCloses},
			{text: "[", read: bracketOpens}, {text: "]", read: bracketCloses},
			{text: "{", read: bracketOpens}, {text: "}", read: bracketCloses},
			{text: ":", read: formatSpec}, {text: "\\", read: backslash},
		},
	}
	for c := byte(0xc2); c <= 0xf4; c++ {
		s.special = append(s.special, opener{text: string([]byte{c}), read: fold})
	}
	for _, q := range []string{`"""`, `'''`, `"`, `'`} {
		l := literal{open: q, close: q, escape: '\\', lines: len(q) == 3, joins: true, class: quoted}
		for _, with := range []string{"rf", "rt", "f", "t", "r", ""} {
			v := l
			v.with = with
			if with == "" || with == "f" || with == "t" {
				v.escapes = all
			}
			if with != "" && with != "r" {
				v.inside, v.braces = []string{"{"}, true
			}
			s.literals = append(s.literals, v)
		}
	}
	return s
}

func javascript() *syntax {
	return &syntax{
		line: []string{"//"}, blocks: [][2]string{{"/*", "*/"}}, join: "+",
		literals: literals(
			literal{escape: '\\', escapes: hex | unicode4 | braces | octal | continued, meaning: "bfnrtvxu", joins: true},
			literal{open: `"`, close: `"`}, literal{open: `'`, close: `'`},
			literal{open: "`", close: "`", lines: true, inside: []string{"${"}},
		),
		special: []opener{
			{text: "(", read: jsOpens}, {text: ")", read: jsCloses}, {text: "{", read: jsOpens}, {text: "}", read: jsCloses},
			{text: "/", read: jsRegex}, {text: "<!--", read: jsHTML}, {text: "\\", read: backslash},
		},
	}
}

func cFamily() *syntax {
	return &syntax{
		line: []string{"//"}, blocks: [][2]string{{"/*", "*/"}}, prefixes: "LuU8R", adjacent: overLines, before: splice,
		literals: append(literals(
			literal{escape: '\\', escapes: hex | unicode4 | unicode8 | octal | continued, joins: true},
			literal{open: `"`, close: `"`},
		), literal{open: `'`, close: `'`, escape: '\\', class: quoted, unless: digitSeparator}),
		special: []opener{{text: `"`, read: rawString}, {text: "\\", read: backslash}},
	}
}

func golang() *syntax {
	return &syntax{
		line: []string{"//"}, blocks: [][2]string{{"/*", "*/"}}, join: "+",
		literals: append(literals(
			literal{escape: '\\', escapes: hex | unicode4 | unicode8 | octal, joins: true},
			literal{open: `"`, close: `"`},
		),
			literal{open: "`", close: "`", lines: true, joins: true, class: quoted},
			literal{open: `'`, close: `'`, escape: '\\', class: quoted},
		),
	}
}
