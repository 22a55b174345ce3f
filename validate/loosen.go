package validate

import (
	"errors"
	"regexp"
	resyntax "regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"paddock/patterns"
)

// make puts the alternatives together.
func (s *sieve) make() {
	for i, pattern := range s.patterns {
		prog, err := loose(s.engine, pattern)
		if err != nil {
			s.blind = true
			break
		}
		first := uint32(len(s.insts)) //nolint:gosec // patterns are short
		for _, inst := range prog.Inst {
			inst.Out += first
			switch inst.Op {
			case resyntax.InstAlt, resyntax.InstAltMatch:
				inst.Arg += first
			case resyntax.InstMatch:
				inst.Arg = uint32(i)
			}
			s.insts = append(s.insts, inst)
		}
		s.starts = append(s.starts, first+uint32(prog.Start)) //nolint:gosec // patterns are short
	}
	s.classify()
	s.forget()
}

// classify puts bytes that no alternative tells apart into one column.
func (s *sieve) classify() {
	var edge [utf8.RuneSelf + 1]bool // a column begins here
	mark := func(from, to rune) {
		edge[min(from, utf8.RuneSelf)], edge[min(to+1, utf8.RuneSelf)] = true, true
	}
	for _, span := range []string{"\n\n", "09", "AZ", "__", "az"} {
		mark(rune(span[0]), rune(span[1]))
	}
	for i := range s.insts {
		runes := s.insts[i].Rune
		if len(runes) == 1 {
			mark(runes[0], runes[0])
			for f := unicode.SimpleFold(runes[0]); f != runes[0]; f = unicode.SimpleFold(f) {
				mark(f, f)
			}
			continue
		}
		for j := 0; j < len(runes); j += 2 {
			mark(runes[j], runes[j+1])
		}
	}
	edge[0], edge[highByte] = true, true
	for b := range s.class {
		if edge[min(b, utf8.RuneSelf)] && b <= utf8.RuneSelf {
			s.sample = append(s.sample, rune(b))
		}
		s.class[b] = uint8(len(s.sample) - 1) //nolint:gosec // at most 129
	}
	s.class['\v'], s.class['\f'] = s.class[highByte], s.class[highByte] // they are whitened
}

// mayBeForeign reports whether a place may take a character outside ASCII, or to some engine a byte of one, or what is whitened.
func mayBeForeign(inst *resyntax.Inst) bool {
	if len(inst.Rune) != 1 {
		return true
	}
	r := inst.Rune[0]
	if r == ' ' {
		return true
	}
	if resyntax.Flags(inst.Arg)&resyntax.FoldCase == 0 { //nolint:gosec // they are flags
		return r >= utf8.RuneSelf
	}
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		if f >= utf8.RuneSelf {
			return true
		}
	}
	return r >= utf8.RuneSelf
}

// multiline is how patterns are read: ^ and $ are at the beginning and end of lines.
const multiline = resyntax.Perl &^ resyntax.OneLine

// countedTo is how far what may be there many times is counted.
const countedTo = 8

// loose is a program for an engine's pattern that matches whatever the pattern matches, and more. What the other engine means by a
// pattern, and the standard one reads otherwise or not at all, is an error.
func loose(engine patterns.Engine, pattern string) (*resyntax.Prog, error) {
	if engine == patterns.Regexp2 {
		var readable bool
		if pattern, readable = withoutLooks(pattern); !readable {
			return nil, errors.New("only regexp2 reads it so")
		}
	}
	re, err := resyntax.Parse(pattern, multiline)
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

// oneLine turns off multiline, which means less to regexp2 than to us.
var oneLine = regexp.MustCompile(`^\(\?[a-z]*-[a-z]*m`)

// opening is how a set begins; a bracket that comes first is one of it.
var opening = regexp.MustCompile(`^\[\^?\]?`)

// disputed reports whether a pattern goes on, within a set or not, with something that the engines don't agree on: what is taken
// out of a set ([a-z-[b]]), named classes ([[:alpha:]]), and the ends of lines (oneLine).
func disputed(rest string, set bool) bool {
	if set {
		return strings.HasPrefix(rest, "-[") || strings.HasPrefix(rest, "[:")
	}
	return oneLine.MatchString(rest)
}

// withoutLooks is a pattern without what only backtracking understands: in place of lookaround is nothing, what a backreference
// matches may be anything, atomic groups are groups. readable is false where something in it is disputed.
func withoutLooks(pattern string) (without string, readable bool) {
	var out strings.Builder
	readable = true
	depth := 0   // open groups of a lookaround that is passed over
	set := false // within [...]
	for i := 0; i < len(pattern); i++ {
		rest, c := pattern[i:], pattern[i]
		readable = readable && !disputed(rest, set)
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
			set, take = true, len(opening.FindString(rest))
		case depth > 0 && c == '(':
			depth++
		case depth > 0 && c == ')':
			depth--
			continue
		case depth == 0 && slices.ContainsFunc(looks, func(l string) bool { return strings.HasPrefix(rest, l) }):
			depth = 1
			out.WriteString("(?:)") // for a count behind it
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
	return out.String(), readable
}

var looks = []string{"(?=", "(?!", "(?<=", "(?<!"}
