package validate

import (
	"fmt"
	"math"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"paddock/patterns"
)

// Issue 4 bounds how an expression that backtracks may grow with its text. What takes less than noticeable does not count.
const (
	maxGrowth  = 2.5 // per doubling of the text
	noticeable = time.Millisecond
)

// pumpSizes are up to what an expression sees at one time.
var pumpSizes = []int{chunk / 8, chunk / 4, chunk / 2, chunk}

// An expression that backtracks must not become slow on a text made to make it so: pieces of what it matches, again and again.
func TestBacktrackingGrowsWithItsTextOnly(t *testing.T) {
	set, err := patterns.Load()
	require.NoError(t, err)
	for i := range set.Rules {
		r := &set.Rules[i]
		if r.Engine != patterns.Regexp2 {
			continue
		}
		t.Run(r.ID, func(t *testing.T) {
			made, err := newRule(r)
			require.NoError(t, err)
			for key, e := range map[string]expression{"pattern": made.pattern, "except": made.except, "unless": made.unless} {
				for at, a := range e.alternatives {
					if b, ok := a.(backtracking); ok {
						b.MatchTimeout = time.Minute // what is measured is not to be cut short
					}
					for _, piece := range pieces(r.Match) {
						assert.Empty(t, grows(a, piece), "%s[%d] with %q repeated", key, at, piece)
					}
				}
			}
		})
	}
}

var pieceOf = regexp.MustCompile(`\w+|\s+|[^\w\s]`)

// pieces are what texts are made of: examples, examples that stop short, and the words in them. Each is there once.
func pieces(examples []patterns.Example) (all []string) {
	for _, e := range examples {
		all = append(all, e.Code, e.Code[:len(e.Code)-1])
		all = append(all, pieceOf.FindAllString(e.Code, -1)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// grows tells how a matcher's time grows too fast with a piece repeated, and is empty when it does not. It measures again before it
// says so: a machine that does other things as well is slow now and then.
func grows(m matcher, piece string) (how string) {
	pump := []byte(strings.Repeat(piece, 1+chunk/len(piece)))
	for range 5 {
		if how = growth(m, pump); how == "" {
			break
		}
	}
	return how
}

func growth(m matcher, pump []byte) string {
	after := math.Inf(1)
	for _, size := range slices.Backward(pumpSizes) {
		took, err := quickest(m, pump[:size])
		switch {
		case err != nil:
			return err.Error()
		case after > float64(noticeable) && after > maxGrowth*float64(took) && size < chunk:
			return fmt.Sprintf("%v at %d bytes, %v at %d", took, size, time.Duration(after), 2*size)
		case took < noticeable: // and so are smaller ones
			return ""
		}
		after = float64(took)
	}
	return ""
}

// quickest is the least CPU time that a matcher takes: what others do meanwhile does not count.
func quickest(m matcher, text []byte) (least time.Duration, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	least = math.MaxInt64
	for range 5 {
		began := threadTime()
		if _, e := m.find(text, len(text), allMatches); e != nil {
			err = e
			continue
		}
		least = min(least, threadTime()-began)
	}
	if least < math.MaxInt64 {
		return least, nil
	}
	return 0, err
}

// threadTime is the CPU time that this thread has used.
func threadTime() time.Duration {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now); err != nil {
		panic(err) // every Linux has it
	}
	return time.Duration(now.Nano())
}
