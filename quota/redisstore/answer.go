package redisstore

import (
	"fmt"
	"time"

	"paddock/quota"
)

// answer is what a script said, read from the front. What is not as expected is an error that stays.
type answer struct {
	values []any
	err    error
}

func next[V any](a *answer) (v V) {
	if a.err != nil {
		return v
	}
	if len(a.values) == 0 {
		a.err = fmt.Errorf("redis: an answer ends where a %T was expected", v)
		return v
	}
	v, ok := a.values[0].(V)
	if !ok {
		a.err = fmt.Errorf("redis: an answer has a %T where a %T was expected", a.values[0], v)
	}
	a.values = a.values[1:]
	return v
}

func (a *answer) count() int64 { return next[int64](a) }

func (a *answer) yes() bool { return a.count() == 1 }

// microseconds are what scripts count time in.
func (a *answer) microseconds() time.Duration { return time.Duration(a.count()) * time.Microsecond }

// counts are all that is left.
func (a *answer) counts() (n []int64) {
	for len(a.values) > 0 && a.err == nil {
		n = append(n, a.count())
	}
	return n
}

// known is what is known against a subject, without the signals.
func (a *answer) known(subject string) quota.Known {
	k := quota.Known{Subject: subject, Score: a.count()}
	k.Block.For = a.microseconds()
	k.Block.Reason = next[string](a)
	return k
}

// listed is known, and the signals in all that is left.
func (a *answer) listed(subject string) quota.Known {
	k := a.known(subject)
	k.Signals = map[string]int64{}
	for len(a.values) > 0 && a.err == nil {
		kind := next[string](a)
		k.Signals[kind] = a.count()
	}
	return k
}
