package validate

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	resyntax "regexp/syntax"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"

	"paddock/patterns"
)

// expression is a compiled pattern: whatever one of its alternatives matches.
type expression struct {
	alternatives []matcher
	sieve        *sieve
}

// matcher finds where the first few matches in view start and end, of those that start before an offset.
type matcher interface {
	find(view []byte, before, few int) ([][]int, error)
}

// compile compiles a pattern's alternatives.
func compile(engine patterns.Engine, list patterns.List) (e expression, err error) {
	e.sieve = &sieve{patterns: list, engine: engine}
	for i, pattern := range list {
		var m matcher
		if engine == patterns.Regexp2 {
			m, err = newBacktracking(pattern)
		} else {
			m, err = newLinear(pattern, e.sieve, i)
		}
		if err != nil {
			return expression{}, err
		}
		e.alternatives = append(e.alternatives, m)
	}
	return e, nil
}

// find returns where the first few matches in view start and end, of those that start before an offset. It whitens the view when it
// has to look at it.
func (e expression) find(view []byte, before, few int) (found [][]int, err error) {
	if len(e.alternatives) == 0 {
		return nil, nil
	}
	which := e.sieve.which(view, before)
	if which == 0 {
		return nil, nil
	}
	whiten(view)
	for i, a := range e.alternatives {
		if which&bit(i) == 0 {
			continue
		}
		more, err := a.find(view, before, few)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	slices.SortFunc(found, func(a, b []int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	return found[:min(len(found), few)], nil
}

// anywhere reports whether there is a match in a view that may be long: it looks at one stretch after the other, each with as much
// around it as is seen behind a literal. It gives up when it is late.
func (e expression) anywhere(view []byte, late func() bool) (bool, error) {
	const reach = patterns.DefaultReach
	for at := 0; at < len(view); at += chunk - 2*reach {
		if late() {
			return false, ErrTimeout
		}
		around := view[max(0, at-reach):min(len(view), at+chunk-reach)]
		if found, err := e.find(around, len(around), 1); err != nil || len(found) > 0 {
			return true, err
		}
	}
	return false, nil
}

// linear is Go's regexp: its time is linear to the text. Most of it would go into looking for a match that starts where none can
// be of use, so that where matches may start is tried place by place.
type linear struct {
	all    func() *regexp.Regexp
	first  func() *regexp.Regexp // matches at the view's beginning only
	behind func() *regexp.Regexp // matches behind the view's first rune only: what is before a match counts (\b, ^)
	sieve  *sieve
	which  int // of the sieve's alternatives
}

func newLinear(pattern string, sieve *sieve, which int) (matcher, error) {
	form := func(before string) string { return before + "(?m:" + pattern + ")" }
	later := func(before string) func() *regexp.Regexp { // few of all patterns ever find anything
		return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(form(before)) })
	}
	l := linear{all: later(""), first: later(`\A`), behind: later(`\A(?s:.)`), sieve: sieve, which: which}
	if _, err := resyntax.Parse(form(`\A(?s:.)`), resyntax.Perl); err != nil { // the longest of them
		return nil, err
	}
	if sieve.begins(nil, 0, which) && l.all().MatchString("") {
		return nil, errors.New("matches nothing at all, and so everywhere")
	}
	return l, nil
}

// manyStarts is from how many places on it is quicker to look for all matches in one go.
const manyStarts = 512

func (l linear) find(view []byte, before, few int) (found [][]int, err error) {
	if before > manyStarts {
		found = l.all().FindAllIndex(view, few)
		return slices.DeleteFunc(found, func(at []int) bool { return at[0] >= before }), nil
	}
	for at := 0; at < min(before, len(view)) && len(found) < few; at++ {
		if !l.sieve.begins(view, at, l.which) {
			continue
		}
		if end := l.matches(view, at); end > at {
			found = append(found, []int{at, end})
			at = end - 1
		}
	}
	return found, nil
}

// matches is where a match ends that starts at an offset; -1 when there is none.
func (l linear) matches(view []byte, at int) (end int) {
	if at == 0 {
		if loc := l.first().FindIndex(view); loc != nil {
			return loc[1]
		}
		return -1
	}
	from := at - 1
	for from > 0 && at-from < utf8.UTFMax && !utf8.RuneStart(view[from]) {
		from--
	}
	switch _, size := utf8.DecodeRune(view[from:]); {
	case from+size > at: // within a character
		return -1
	case from+size < at: // behind what is none, where every byte stands for itself
		from = at - 1
	}
	if loc := l.behind().FindIndex(view[from:]); loc != nil {
		return from + loc[1]
	}
	return -1
}

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

func (b backtracking) find(view []byte, before, few int) (found [][]int, err error) {
	runes := make([]rune, len(view))
	for i, c := range view {
		runes[i] = rune(c)
	}
	m, err := b.FindRunesMatch(runes)
	for ; err == nil && m != nil && m.Index < before && len(found) < few; m, err = b.FindNextMatch(m) {
		found = append(found, []int{m.Index, m.Index + m.Length})
	}
	if err != nil { // its only error is that time is up
		return nil, fmt.Errorf("%w: %w", ErrTimeout, err)
	}
	return found, nil
}
