package validate

import (
	resyntax "regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What is worth looking for before a pattern is tried: texts that are not too short, and not too many in place of one another.
const (
	minNeed  = 2 // bytes
	maxNeeds = 8 // texts that must all be there
	maxEach  = 24
)

// multiline is how patterns are read: ^ and $ are at the beginning and end of lines.
const multiline = resyntax.Perl &^ resyntax.OneLine

// needsOf is what any match of a pattern has in it, whatever else: one text of each list, in lower case. It is found in the
// pattern itself (Russ Cox's code search does it with trigrams). Of one that only regexp2 understands it is what the rest needs.
func needsOf(pattern string) [][]string {
	re, err := resyntax.Parse(withoutLooks(pattern), multiline)
	if err != nil {
		return nil
	}
	needs := needed(re.Simplify())
	slices.SortStableFunc(needs, func(a, b []string) int { return shortest(b) - shortest(a) })
	needs = slices.CompactFunc(needs, slices.Equal)
	return needs[:min(len(needs), maxNeeds)]
}

// withoutLooks is a pattern without what only backtracking understands: lookaround and backreferences. Atomic groups are groups.
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
			if !set && '1' <= rest[1] && rest[1] <= '9' {
				i++
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

func needed(re *resyntax.Regexp) [][]string {
	switch re.Op {
	case resyntax.OpLiteral:
		text := string(re.Rune)
		if isASCII(text) && len(text) >= minNeed {
			return [][]string{{strings.ToLower(text)}}
		}
	case resyntax.OpCapture, resyntax.OpPlus:
		return needed(re.Sub[0])
	case resyntax.OpRepeat:
		if re.Min > 0 {
			return needed(re.Sub[0])
		}
	case resyntax.OpConcat:
		var all [][]string
		for _, sub := range re.Sub {
			all = append(all, needed(sub)...)
		}
		return all
	case resyntax.OpAlternate:
		return oneOf(re.Sub)
	}
	return nil
}

// oneOf is what is needed where any of several may match: of each the one that says most.
func oneOf(alternatives []*resyntax.Regexp) [][]string {
	var union []string
	for _, sub := range alternatives {
		needs := needed(sub)
		if len(needs) == 0 {
			return nil
		}
		best := slices.MaxFunc(needs, func(a, b []string) int { return shortest(a) - shortest(b) })
		union = append(union, best...)
	}
	if len(union) > maxEach {
		return nil
	}
	return [][]string{union}
}

func shortest(list []string) int {
	n := len(list[0])
	for _, s := range list {
		n = min(n, len(s))
	}
	return n
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// beginsOf is which bytes a match of a pattern may begin with.
func beginsOf(re *resyntax.Regexp) (begins [256]bool) {
	prog, err := resyntax.Compile(re.Simplify())
	if err != nil { // regexp says so too
		return begins
	}
	seen := make([]bool, len(prog.Inst))
	var visit func(pc uint32)
	visit = func(pc uint32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		switch inst := &prog.Inst[pc]; inst.Op {
		case resyntax.InstAlt, resyntax.InstAltMatch:
			visit(inst.Out)
			visit(inst.Arg)
		case resyntax.InstCapture, resyntax.InstNop, resyntax.InstEmptyWidth:
			visit(inst.Out)
		case resyntax.InstFail:
		case resyntax.InstMatch: // nothing but its place is needed
			begins = [256]bool{}
			for b := range begins {
				begins[b] = true
			}
		default:
			for b := range begins {
				begins[b] = begins[b] || b >= utf8.RuneSelf || inst.MatchRune(rune(b))
			}
		}
	}
	visit(uint32(prog.Start)) //nolint:gosec // programs are short
	return begins
}
