package validate

import (
	"encoding/binary"
	resyntax "regexp/syntax"
	"slices"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"paddock/patterns"
)

// sieve tells which alternatives of an expression may match in a text, at some nanoseconds a byte. It never passes over a match and
// seldom takes for one what is none, so that the engines, which are dear, are asked only where there is something to find.
//
// It is an automaton of all alternatives at once, and of what they match or more: lookaround is left out (withoutLooks), counts
// are not counted far (loosen), and a byte outside ASCII, or of white space that is not whitened yet, is whatever an expression
// wants it to be. Its states are sets of places in the alternatives, made when a text first gets there (as in RE2) and kept for
// all texts. It is safe for concurrent use.
type sieve struct {
	patterns []string
	engine   patterns.Engine

	once   sync.Once       // the first text makes what follows
	insts  []resyntax.Inst // of all alternatives; Arg of a match is which of them
	starts []uint32        // by alternative
	class  [256]uint8      // byte -> column
	sample []rune          // column -> one of its bytes
	blind  bool            // an alternative can't be read: all may match anywhere
	graph  atomic.Pointer[graph]
}

// maxGraph is how many states a sieve keeps, and so what hostile programs can make it remember: some 300 KiB, and 160 MiB where
// they fill all that the built-in rules have. One that is full has no answer for the text at hand and begins again; ordinary
// programs need some dozens.
const maxGraph = 256

// columns is how many there are at most: each byte of ASCII, all others, the end of the text.
const columns = utf8.RuneSelf + 2

// graph is the states there are.
type graph struct {
	sync.Mutex // for those who add one

	states map[string]*state
	first  []atomic.Pointer[state] // where a text begins: by alternative, and then all of them; by what is before

	way, reached, to []uint32 // of those who add, kept for the next one
	seen             []bool
	key              []byte
}

// state is what may have matched so far, and what may go on to.
type state struct {
	next     [columns]atomic.Pointer[state] // by column; it is no slice, as that takes a third more of the time
	rest     atomic.Pointer[state]          // the same where matches don't begin any more
	places   []uint32
	last     lastByte
	starting bool   // matches may begin here, and at all that comes
	which    uint64 // alternatives that match up to before the last byte, see bit
	over     bool   // nothing can come any more
	tells    bool   // which is not empty, or it is over
}

// anything is what may match when nobody knows.
const anything = ^uint64(0)

// lost is the state when a graph is full.
var lost = &state{which: anything, over: true, tells: true}

// The samples of what is no byte of ASCII.
const (
	highByte  rune = utf8.RuneSelf
	endOfText rune = -1
)

// bit stands for an alternative; from the 64th on they are as one.
func bit(alternative int) uint64 { return 1 << min(alternative, 63) }

// lastByte is what is before a place, as far as expressions ask for it.
type lastByte uint8

const (
	noByte lastByte = iota
	lineBreak
	wordChar
	otherChar
	foreign // outside ASCII: engines don't agree on what a letter is there
	lastBytes
)

func lastByteOf(r rune) lastByte {
	switch {
	case r >= utf8.RuneSelf:
		return foreign
	case r == '\n':
		return lineBreak
	case resyntax.IsWordChar(r):
		return wordChar
	}
	return otherChar
}

// which is the alternatives that may match in a view, with matches that begin before an offset.
func (s *sieve) which(view []byte, before int) uint64 {
	s.once.Do(s.make)
	g := s.graph.Load()
	before = min(before, len(view))
	at, found := s.walk(g, s.begin(g, len(s.patterns), noByte), view[:before], anything)
	if before < len(view) {
		last, more := s.walk(g, s.settle(g, at), view[before:], anything)
		at, found = last, found|more
	}
	return found | s.finish(g, at)
}

// near is how many bytes are looked at to tell whether a match begins, so that a place takes no longer in a long text.
const near = 64

// begins reports whether a match of an alternative may begin at an offset of a view.
func (s *sieve) begins(view []byte, at, alternative int) bool {
	s.once.Do(s.make)
	g := s.graph.Load()
	first := noByte
	if at > 0 {
		first = lastByteOf(rune(view[at-1]))
	}
	rest := view[at:min(at+near, len(view))]
	last, found := s.walk(g, s.begin(g, alternative, first), rest, bit(alternative))
	switch {
	case found != 0:
		return true
	case at+len(rest) < len(view):
		return !last.over
	}
	return s.finish(g, last) != 0
}

// walk goes over a text until enough has been found, or nothing more can be.
func (s *sieve) walk(g *graph, at *state, text []byte, enough uint64) (last *state, found uint64) {
	if at.over {
		return at, at.which
	}
	for _, b := range text {
		column := s.class[b]
		next := at.next[column].Load()
		if next == nil {
			next = s.grow(g, at, int(column))
		}
		if at = next; at.tells {
			if found |= at.which; at.over || found == enough {
				break
			}
		}
	}
	return at, found
}

// finish is what matches up to the end of a text.
func (s *sieve) finish(g *graph, at *state) uint64 {
	if at.over {
		return at.which
	}
	return s.follow(g, at, len(s.sample)).which
}

// follow is the state behind one more byte of a column; the one behind the last sample is the end of the text.
func (s *sieve) follow(g *graph, at *state, column int) *state {
	if next := at.next[column].Load(); next != nil {
		return next
	}
	return s.grow(g, at, column)
}

// settle is a state with matches that began before it only.
func (s *sieve) settle(g *graph, at *state) *state {
	if at.over {
		return at
	}
	if rest := at.rest.Load(); rest != nil {
		return rest
	}
	g.Lock()
	defer g.Unlock()
	rest := s.state(g, at.places, at.last, false, 0)
	at.rest.Store(rest)
	return rest
}

// begin is the state before a text, for one alternative that begins there, or for all that begin anywhere.
func (s *sieve) begin(g *graph, alternative int, last lastByte) *state {
	slot := &g.first[alternative*int(lastBytes)+int(last)]
	if at := slot.Load(); at != nil {
		return at
	}
	g.Lock()
	defer g.Unlock()
	var at *state
	if alternative == len(s.patterns) {
		at = s.state(g, nil, last, true, 0)
	} else {
		at = s.state(g, s.reach(g, 0, s.starts[alternative:alternative+1]), last, false, 0)
	}
	slot.Store(at)
	return at
}

// grow makes the state that follows.
func (s *sieve) grow(g *graph, at *state, column int) *state {
	g.Lock()
	defer g.Unlock()
	sample, last := endOfText, noByte
	if column < len(s.sample) {
		sample = s.sample[column]
		last = lastByteOf(sample)
	}
	from := [][]uint32{at.places}
	if at.starting {
		from = append(from, s.starts)
	}
	g.to = g.to[:0]
	var which uint64
	for _, place := range s.reach(g, holds(at.last, sample), from...) {
		switch inst := &s.insts[place]; {
		case inst.Op == resyntax.InstMatch:
			which |= bit(int(inst.Arg))
		case inst.Op == resyntax.InstEmptyWidth || sample == endOfText: // what does not hold; and nothing comes
		case sample < highByte:
			if inst.MatchRune(sample) {
				g.to = append(g.to, inst.Out)
			}
		case mayBeForeign(inst):
			g.to = append(g.to, place, inst.Out) // the letter may go on
		}
	}
	next := s.state(g, s.reach(g, 0, g.to), last, at.starting, which)
	at.next[column].Store(next)
	return next
}

// state is the state of these places, made when there is none. A graph that is full is replaced.
func (s *sieve) state(g *graph, places []uint32, last lastByte, starting bool, which uint64) *state {
	slices.Sort(places)
	g.key = binary.LittleEndian.AppendUint64(append(g.key[:0], byte(last), 0), which)
	if starting {
		g.key[1] = 1
	}
	for _, place := range places {
		g.key = binary.LittleEndian.AppendUint32(g.key, place)
	}
	if known, ok := g.states[string(g.key)]; ok {
		return known
	}
	if len(g.states) == maxGraph {
		if s.graph.Load() == g {
			s.forget()
		}
		return lost
	}
	over := len(places) == 0 && !starting
	made := &state{
		places: slices.Clone(places), last: last, starting: starting, which: which, over: over, tells: over || which != 0,
	}
	g.states[string(g.key)] = made
	return made
}

// reach is where one gets to from places without a byte, when so much may hold: matches, what takes a byte, what does not hold. It
// is good until the next call.
func (s *sieve) reach(g *graph, holds resyntax.EmptyOp, places ...[]uint32) []uint32 {
	clear(g.seen)
	g.way, g.reached = g.way[:0], g.reached[:0]
	for _, some := range places {
		g.way = append(g.way, some...)
	}
	for len(g.way) > 0 {
		last := len(g.way) - 1
		place := g.way[last]
		g.way = g.way[:last]
		if g.seen[place] {
			continue
		}
		g.seen[place] = true
		switch inst := &s.insts[place]; inst.Op {
		case resyntax.InstAlt, resyntax.InstAltMatch:
			g.way = append(g.way, inst.Out, inst.Arg)
		case resyntax.InstCapture, resyntax.InstNop:
			g.way = append(g.way, inst.Out)
		case resyntax.InstEmptyWidth:
			if resyntax.EmptyOp(inst.Arg)&^holds == 0 { //nolint:gosec // it is one
				g.way = append(g.way, inst.Out)
			} else {
				g.reached = append(g.reached, place)
			}
		case resyntax.InstFail:
		default:
			g.reached = append(g.reached, place)
		}
	}
	return g.reached
}

// holds is what may hold between two bytes.
func holds(last lastByte, next rune) (ops resyntax.EmptyOp) {
	if last == noByte {
		ops |= resyntax.EmptyBeginText
	}
	if last == noByte || last == lineBreak {
		ops |= resyntax.EmptyBeginLine
	}
	if next == endOfText {
		ops |= resyntax.EmptyEndText
	}
	if next == endOfText || next == '\n' {
		ops |= resyntax.EmptyEndLine
	}
	if last == foreign || next == highByte {
		return ops | resyntax.EmptyWordBoundary | resyntax.EmptyNoWordBoundary
	}
	if (last == wordChar) != resyntax.IsWordChar(next) {
		return ops | resyntax.EmptyWordBoundary
	}
	return ops | resyntax.EmptyNoWordBoundary
}

// forget begins a new graph.
func (s *sieve) forget() {
	g := &graph{
		states: map[string]*state{}, first: make([]atomic.Pointer[state], (len(s.patterns)+1)*int(lastBytes)),
		seen: make([]bool, len(s.insts)),
	}
	for i := range g.first {
		if s.blind {
			g.first[i].Store(lost)
		}
	}
	s.graph.Store(g)
}
