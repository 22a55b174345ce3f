package validate

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/dlclark/regexp2"

	"paddock/patterns"
)

// expression is a compiled pattern.
type expression interface {
	// find returns where the first few matches in view start and end.
	find(view []byte, few int) ([][]int, error)
}

// compile compiles alternatives into one expression.
func compile(engine patterns.Engine, alternatives patterns.List) (expression, error) {
	all := "(?:" + strings.Join(alternatives, ")|(?:") + ")"
	if engine == patterns.Regexp2 {
		re, err := regexp2.Compile(all, regexp2.Multiline)
		if err != nil {
			return nil, err
		}
		re.MatchTimeout = matchTimeout
		return backtracking{re}, nil
	}
	re, err := regexp.Compile("(?m)" + all)
	if err != nil {
		return nil, err
	}
	if re.MatchString("") {
		return nil, errors.New("matches nothing at all, and so everywhere")
	}
	return linear{re}, nil
}

// linear is Go's regexp: its time is linear to the text.
type linear struct{ *regexp.Regexp }

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
