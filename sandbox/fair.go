package sandbox

import "slices"

// fair is a queue of what tenants wait with: in turns among tenants, first come first served among a tenant's own.
type fair[T comparable] struct {
	lines []*line[T] // whose turn it is first; none is empty
	len   int        // in all lines
}

// line is what one tenant waits with.
type line[T comparable] struct {
	tenant Tenant
	waits  []T
}

func (f *fair[T]) lineOf(t Tenant) *line[T] {
	if i := slices.IndexFunc(f.lines, func(l *line[T]) bool { return l.tenant == t }); i >= 0 {
		return f.lines[i]
	}
	return nil
}

// push puts x at the end of t's line.
func (f *fair[T]) push(t Tenant, x T) {
	l := f.lineOf(t)
	if l == nil {
		l = &line[T]{tenant: t}
		f.lines = append(f.lines, l)
	}
	l.waits = append(l.waits, x)
	f.len++
}

// first is whose turn it is. There has to be one.
func (f *fair[T]) first() T { return f.lines[0].waits[0] }

// next takes the first of the tenant whose turn it is. There has to be one.
func (f *fair[T]) next() T {
	x, _ := f.serve(func(T) bool { return true })
	return x
}

// serve takes the first that suits, in the order of turns, and its tenant's next turn comes last.
func (f *fair[T]) serve(suits func(T) bool) (x T, ok bool) {
	for n, l := range f.lines {
		if i := slices.IndexFunc(l.waits, suits); i >= 0 {
			f.lines = append(slices.Delete(f.lines, n, n+1), l)
			return f.drop(l, i), true
		}
	}
	return x, false
}

// remove takes x out, and says whether it was there. Nobody's turn changes by that.
func (f *fair[T]) remove(x T) bool {
	for _, l := range f.lines {
		if i := slices.Index(l.waits, x); i >= 0 {
			f.drop(l, i)
			return true
		}
	}
	return false
}

// turnAway makes room for one more of t: it takes whoever came last of the tenant that has most waiting, but nobody when that
// is t itself. One who asks for much must not be why others are refused.
func (f *fair[T]) turnAway(t Tenant) (x T, ok bool) {
	length := 0
	if mine := f.lineOf(t); mine != nil {
		length = len(mine.waits)
	}
	var longest *line[T]
	for _, l := range f.lines {
		if longest == nil || len(l.waits) > len(longest.waits) {
			longest = l
		}
	}
	if longest == nil || len(longest.waits) <= length+1 {
		return x, false
	}
	return f.drop(longest, len(longest.waits)-1), true
}

// drop takes one out of its line, and the line away when that was the last.
func (f *fair[T]) drop(l *line[T], i int) T {
	x := l.waits[i]
	l.waits = slices.Delete(l.waits, i, i+1)
	f.len--
	if len(l.waits) == 0 {
		f.lines = slices.DeleteFunc(f.lines, func(other *line[T]) bool { return other == l })
	}
	return x
}
