package monitor

// Level is how loaded the host is.
type Level string

// The levels.
const (
	Normal    Level = "normal"
	Elevated  Level = "elevated"  // requests wait a little, those of low tiers longest
	Saturated Level = "saturated" // requests are refused, those of low tiers first
)

// transition is where a level goes when all of so many loads in a row, the last ones, call for it.
type transition struct {
	to      Level
	asked   func(load float64) bool
	samples int
}

// transitions are all there are; of those that are asked for the first one is made. Rising takes two looks, for one may see a
// moment that is over. Falling takes three, goes by one level at a time, and begins well below where the level rose: who was
// refused comes back, and that must not be what refuses the next.
var transitions = map[Level][]transition{
	Normal:    {{Saturated, from(2), 2}, {Elevated, from(1), 2}},
	Elevated:  {{Saturated, from(2), 2}, {Normal, below(0.95), fall}},
	Saturated: {{Elevated, below(1.75), fall}},
}

// fall is how many looks it takes at least until a level falls: so long who is refused stays away.
const fall = 3

func from(edge float64) func(float64) bool  { return func(load float64) bool { return load >= edge } }
func below(edge float64) func(float64) bool { return func(load float64) bool { return load < edge } }

// ladder is a level, and for how many loads in a row each of its transitions has been asked for.
type ladder struct {
	level Level
	asked [2]int
}

// next is where one more load leads.
func (l ladder) next(load float64) ladder {
	for i, t := range transitions[l.level] {
		if !t.asked(load) {
			l.asked[i] = 0
			continue
		}
		l.asked[i]++
		if l.asked[i] == t.samples {
			return ladder{level: t.to}
		}
	}
	return l
}
