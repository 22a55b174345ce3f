package validate

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/dlclark/regexp2"

	"paddock/patterns"
)

// expression is a compiled pattern: whatever one of its alternatives matches.
type expression []alternative

type alternative struct {
	matcher
	needs [][]string // what has to be there, in lower case, for a match: one of each
}

// matcher finds where the first few matches in view start and end.
type matcher interface {
	find(view []byte, few int) ([][]int, error)
}

// compile compiles a pattern's alternatives.
func compile(engine patterns.Engine, list patterns.List) (e expression, err error) {
	for _, pattern := range list {
		a := alternative{needs: needsOf(pattern)}
		if engine == patterns.Regexp2 {
			a.matcher, err = newBacktracking(pattern)
		} else {
			a.matcher, err = newLinear(pattern)
		}
		if err != nil {
			return nil, err
		}
		e = append(e, a)
	}
	return e, nil
}

// find returns where the first few matches in view start and end. lowered is the view in lower case.
func (e expression) find(view, lowered []byte, few int) (found [][]int, err error) {
	for _, a := range e {
		if !has(lowered, a.needs) {
			continue
		}
		more, err := a.find(view, few)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	slices.SortFunc(found, func(a, b []int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	return found[:min(len(found), few)], nil
}

func has(lowered []byte, needs [][]string) bool {
	for _, one := range needs {
		if !slices.ContainsFunc(one, func(s string) bool { return bytes.Contains(lowered, []byte(s)) }) {
			return false
		}
	}
	return true
}

// linear is Go's regexp: its time is linear to the text.
type linear struct{ *regexp.Regexp }

func newLinear(pattern string) (matcher, error) {
	re, err := regexp.Compile("(?m)" + pattern)
	if err != nil {
		return nil, err
	}
	if re.MatchString("") {
		return nil, errors.New("matches nothing at all, and so everywhere")
	}
	return linear{re}, nil
}

func (l linear) find(view []byte, few int) ([][]int, error) { return l.FindAllIndex(view, few), nil }

// How long one match of a backtracking expression may take, and how fine its clock is. Both are parts of what is left between
// DefaultDeadline and the 250 ms that no request may take: the last match begins before the deadline.
const (
	matchTimeout = 30 * time.Millisecond
	clockStep    = 10 * time.Millisecond
)

// init makes regexp2's clock finer: it goes in steps of 100 ms otherwise. It is a variable of that package, for all its users.
func init() { regexp2.SetTimeoutCheckPeriod(clockStep) }

// backtracking is regexp2, for lookaround and backreferences. It gets each byte as a rune of its own, so that its offsets are ours;
// what rules look for is ASCII.
type backtracking struct{ *regexp2.Regexp }

func newBacktracking(pattern string) (matcher, error) {
	re, err := regexp2.Compile(pattern, regexp2.Multiline)
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = matchTimeout
	return backtracking{re}, nil
}

func (b backtracking) find(view []byte, few int) (found [][]int, err error) {
	runes := make([]rune, len(view))
	for i, c := range view {
		runes[i] = rune(c)
	}
	m, err := b.FindRunesMatch(runes)
	for ; err == nil && m != nil && len(found) < few; m, err = b.FindNextMatch(m) {
		found = append(found, []int{m.Index, m.Index + m.Length})
	}
	if err != nil { // its only error is that time is up
		return nil, fmt.Errorf("%w: %w", ErrTimeout, err)
	}
	return found, nil
}
