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

// Ends of lines beside "\n", in most languages and in those that know Unicode's.
var (
	carriageReturn = []string{"\r"}
	separators     = []string{"\r", "\u2028", "\u2029"}
)

var syntaxes = func() map[string]*syntax {
	all := map[string]*syntax{
		"awk":        awk(),
		"bash":       {read: (*reader).commands},
		"c":          cFamily(),
		"cpp":        cFamily(),
		"csharp":     csharp(),
		"go":         golang(),
		"java":       java(),
		"javascript": javascript(),
		"kotlin":     kotlin(),
		"lua":        lua(),
		"perl":       perl(),
		"php":        php(),
		"plain":      {},
		"powershell": powershell(),
		"python":     python(),
		"r":          rLanguage(),
		"ruby":       ruby(),
		"rust":       rust(),
		"scala":      scala(),
		"sql":        sql(),
		"swift":      swift(),
		"typescript": javascript(),
	}
	for _, s := range all {
		s.compile()
	}
	return all
}()

func python() *syntax {
	const all = hex | unicode4 | unicode8 | octal | continued
	s := &syntax{
		ends: carriageReturn,
		line: []string{"#"}, prefixes: "rRbBuUfFtT", adjacent: inLine, join: "+", docstrings: true,
		special: []opener{
			{text: "\\", read: backslash},
		},
		inner:    []opener{{text: ":", read: formatSpec}},
		brackets: "([{",
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
		ends: separators,
		line: []string{"//"}, blocks: [][2]string{{"/*", "*/"}}, join: "+",
		literals: literals(
			literal{escape: '\\', escapes: hex | unicode4 | braces | octal | continued, meaning: "bfnrtvxu", joins: true},
			literal{open: `"`, close: `"`}, literal{open: `'`, close: `'`},
			literal{open: "`", close: "`", lines: true, inside: []string{"${"}},
		),
		special: []opener{
			{text: "(", read: jsOpens}, {text: ")", read: jsCloses}, {text: "{", read: jsOpens}, {text: "}", read: jsCloses},
			{text: "/", read: regex}, {text: "<!--", read: jsHTML}, {text: "\\", read: backslash},
		},
		expression: jsExpression,
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

func ruby() *syntax {
	return &syntax{
		brackets: "{",
		line:     []string{"#"}, join: "+", adjacent: inLine, executes: true, expression: rubyExpression, here: rubyExpression,
		literals: append(literals(
			literal{escape: '\\', escapes: rubyEscapes, meaning: "abefnrstvxucCM", joins: true},
			literal{open: `"`, close: `"`, lines: true, inside: []string{"#{"}},
			literal{open: "`", close: "`", lines: true, inside: []string{"#{"}},
		), literal{open: `'`, close: `'`, escape: '\\', lines: true, joins: true, class: quoted}),
		special: []opener{
			{text: "\n", read: newline}, {text: "<<", read: hereDocument, lit: rubyHere}, {text: "%", read: rubyPercent},
			{text: "/", read: regex}, {text: "?", read: rubyCharacter}, {text: "$", read: rubyCharacter},
			{text: "=begin", close: "=end", read: lineBlock}, {text: "\\", read: backslash},
		},
		words: []opener{{text: "__END__", read: endOfProgram}},
	}
}

func perl() *syntax {
	s := &syntax{
		brackets: "{",
		line:     []string{"#"}, join: ".", executes: true, expression: perlExpression, here: perlBeforeHere,
		literals: append(literals(
			literal{escape: '\\', escapes: perlEscapes, meaning: "abceflnrtuxLUQEFNo", joins: true},
			literal{open: `"`, close: `"`, lines: true, inside: perlInside},
			literal{open: "`", close: "`", lines: true, inside: perlInside},
		), literal{open: `'`, close: `'`, escape: '\\', lines: true, joins: true, class: quoted}),
		special: []opener{
			{text: "\n", read: newline}, {text: "<<", read: hereDocument, lit: perlHere}, {text: "/", read: regex},
			{text: "$", read: perlVariable}, {text: "=", close: "=cut", read: pod},
		},
		words: []opener{{text: "__END__", read: endOfProgram}, {text: "__DATA__", read: endOfProgram}},
	}
	for _, word := range []string{"q", "qq", "qw", "qr", "qx", "m", "s", "tr", "y"} {
		s.words = append(s.words, opener{text: word, read: perlQuote})
	}
	return s
}

func php() *syntax {
	return &syntax{
		ends:     carriageReturn,
		brackets: "{",
		blocks:   [][2]string{{"/*", "*/"}}, join: ".", read: (*reader).php,
		literals: append(literals(
			literal{escape: '\\', escapes: phpEscapes, joins: true},
			literal{open: `"`, close: `"`, lines: true, inside: phpInside},
			literal{open: "`", close: "`", lines: true, inside: phpInside},
		), literal{open: `'`, close: `'`, escape: '\\', lines: true, joins: true, class: quoted}),
		special: []opener{
			{text: "//", read: phpComment}, {text: "#", read: phpComment}, {text: "?>", read: phpEnds},
			{text: "<<<", read: phpHereDocument, lit: phpHere},
		},
	}
}

func lua() *syntax {
	return &syntax{
		ends: carriageReturn,
		line: []string{"--"}, join: "..",
		literals: literals(
			literal{escape: '\\', escapes: hex | decimal | braces | continued, joins: true},
			literal{open: `"`, close: `"`}, literal{open: `'`, close: `'`},
		),
		special: []opener{{text: "--[", read: longBracket}, {text: "[", read: longBracket}},
	}
}

func rust() *syntax {
	return &syntax{
		line: []string{"//"}, blocks: [][2]string{{"/*", "*/"}}, nested: true,
		literals: append(literals(
			literal{escape: '\\', escapes: hex | braces | continued},
			literal{open: `"`, close: `"`, lines: true},
		), literal{open: `'`, close: `'`, escape: '\\', class: quoted, unless: lifetime}),
		special: []opener{{text: `"`, read: hashed}},
	}
}

func java() *syntax {
	return &syntax{
		ends: carriageReturn,
		line: []string{"//"}, blocks: [][2]string{{"/*", "*/"}}, join: "+", before: javaEscapes,
		literals: append(literals(
			literal{escape: '\\', escapes: octal | continued, joins: true},
			literal{open: `"""`, close: `"""`, lines: true}, literal{open: `"`, close: `"`},
		), literal{open: `'`, close: `'`, escape: '\\', class: quoted}),
	}
}

func csharp() *syntax {
	const all = hex | unicode4 | unicode8
	return &syntax{
		ends:     append([]string{"\u0085"}, separators...),
		brackets: "{",
		line:     []string{"//"}, blocks: [][2]string{{"/*", "*/"}}, join: "+", prefixes: "$@",
		literals: []literal{
			{open: `"`, close: `"`, with: "$@", double: true, lines: true, inside: []string{"{"}, braces: true, joins: true, class: quoted},
			{open: `"`, close: `"`, with: "@", double: true, lines: true, joins: true, class: quoted},
			{open: `"`, close: `"`, with: "$", escape: '\\', escapes: all, inside: []string{"{"}, braces: true, joins: true, class: quoted},
			{open: `"`, close: `"`, escape: '\\', escapes: all, joins: true, class: quoted},
			{open: `'`, close: `'`, escape: '\\', class: quoted},
		},
		special: []opener{{text: `"""`, read: csharpRaw}, {text: "\\", read: backslash}},
	}
}

func kotlin() *syntax {
	return &syntax{
		ends:     carriageReturn,
		brackets: "{",
		line:     []string{"//"}, blocks: [][2]string{{"/*", "*/"}}, nested: true, join: "+",
		literals: []literal{
			{open: `"""`, close: `"""`, lines: true, inside: []string{"${"}, joins: true, class: quoted},
			{open: `"`, close: `"`, escape: '\\', escapes: unicode4, inside: []string{"${"}, joins: true, class: quoted},
			{open: `'`, close: `'`, escape: '\\', class: quoted},
		},
	}
}

func swift() *syntax {
	return &syntax{
		ends:     carriageReturn,
		brackets: "(",
		line:     []string{"//"}, blocks: [][2]string{{"/*", "*/"}}, nested: true, join: "+",
		literals: literals(
			literal{escape: '\\', escapes: braces, joins: true},
			literal{open: `"""`, close: `"""`, lines: true, inside: []string{`\(`}}, literal{open: `"`, close: `"`, inside: []string{`\(`}},
		),
		special: []opener{{text: `"`, read: hashed}},
	}
}

func scala() *syntax {
	return &syntax{
		ends:     carriageReturn,
		brackets: "{",
		line:     []string{"//"}, blocks: [][2]string{{"/*", "*/"}}, nested: true, join: "+",
		literals: []literal{
			{open: `"""`, close: `"""`, lines: true, inside: []string{"${"}, joins: true, class: quoted},
			{open: `"`, close: `"`, escape: '\\', escapes: unicode4, inside: []string{"${"}, joins: true, class: quoted},
			{open: `'`, close: `'`, escape: '\\', class: quoted, unless: lifetime},
		},
	}
}

func sql() *syntax {
	return &syntax{
		line: []string{"--"}, blocks: [][2]string{{"/*", "*/"}}, join: "||",
		literals: []literal{
			{open: `'`, close: `'`, double: true, lines: true, joins: true, class: quoted},
			{open: `"`, close: `"`, double: true, lines: true, class: quoted},
			{open: "`", close: "`", lines: true, class: quoted},
		},
	}
}

func awk() *syntax {
	return &syntax{
		line: []string{"#"}, adjacent: inLine, expression: awkExpression,
		literals: literals(literal{escape: '\\', escapes: hex | octal | continued, joins: true}, literal{open: `"`, close: `"`}),
		special:  []opener{{text: "/", read: regex}, {text: "\\", read: backslash}},
	}
}

func rLanguage() *syntax {
	return &syntax{
		line: []string{"#"},
		literals: literals(
			literal{escape: '\\', escapes: hex | unicode4 | braces | unicode8 | octal},
			literal{open: `"`, close: `"`, lines: true}, literal{open: `'`, close: `'`, lines: true},
			literal{open: "`", close: "`", lines: true},
		),
		special: []opener{{text: `"`, read: rRaw}, {text: `'`, read: rRaw}},
	}
}

func powershell() *syntax {
	return &syntax{
		ends:     carriageReturn,
		brackets: "(",
		line:     []string{"#"}, blocks: [][2]string{{"<#", "#>"}}, join: "+",
		literals: []literal{
			{open: "@'", close: "\n'@", lines: true, class: quoted},
			{open: `@"`, close: "\n\"@", escape: '`', lines: true, inside: []string{"$("}, class: quoted},
			{open: `'`, close: `'`, double: true, lines: true, joins: true, class: quoted},
			{open: `"`, close: `"`, escape: '`', double: true, lines: true, inside: []string{"$("}, joins: true, class: quoted},
		},
		special: []opener{{text: "`", read: tick}},
	}
}
