package validate

import (
	"regexp"
	resyntax "regexp/syntax"
	"slices"
	"strings"
)

// multiline is how patterns are read: ^ and $ are at the beginning and end of lines.
const multiline = resyntax.Perl &^ resyntax.OneLine

// countedTo is how far what may be there many times is counted.
const countedTo = 8

// loose is a program for a pattern, of either engine, that matches whatever the pattern matches, and more.
func loose(pattern string) (*resyntax.Prog, error) {
	re, err := resyntax.Parse(withoutLooks(pattern), multiline)
	if err != nil {
		return nil, err
	}
	loosen(re)
	return resyntax.Compile(re.Simplify())
}

// loosen takes the end from counts: each step of one would be a place of its own.
func loosen(re *resyntax.Regexp) {
	if re.Op == resyntax.OpRepeat && (re.Max > countedTo || re.Min > countedTo) {
		re.Min, re.Max = min(re.Min, countedTo), -1
	}
	for _, sub := range re.Sub {
		loosen(sub)
	}
}

// whatever stands for what a backreference matches.
const whatever = "(?s:.*)"

var backreference = regexp.MustCompile(`^\\(?:[1-9]\d*|k<\w+>)`)

// withoutLooks is a pattern without what only backtracking understands: lookaround is left out, what a backreference matches may be
// anything, atomic groups are groups.
func withoutLooks(pattern string) string {
	var out strings.Builder
	depth := 0   // open groups of a lookaround that is passed over
	set := false // within [...]
	for i := 0; i < len(pattern); i++ {
		rest, c := pattern[i:], pattern[i]
		take := 1
		switch {
		case c == '\\' && len(rest) > 1:
			take = 2
			if n := len(backreference.FindString(rest)); n > 0 && !set {
				if depth == 0 {
					out.WriteString(whatever)
				}
				i += n - 1
				continue
			}
		case set:
			set = c != ']'
		case c == '[':
			set = true
			for _, first := range []string{"[^]", "[]", "[^"} { // a bracket that comes first is one of the set
				if strings.HasPrefix(rest, first) {
					take = len(first)
					break
				}
			}
		case depth > 0 && c == '(':
			depth++
		case depth > 0 && c == ')':
			depth--
			continue
		case depth == 0 && slices.ContainsFunc(looks, func(l string) bool { return strings.HasPrefix(rest, l) }):
			depth = 1
			continue
		case strings.HasPrefix(rest, "(?>"):
			out.WriteString("(?:")
			i += 2
			continue
		}
		if depth == 0 {
			out.WriteString(rest[:take])
		}
		i += take - 1
	}
	return out.String()
}

var looks = []string{"(?=", "(?!", "(?<=", "(?<!"}
