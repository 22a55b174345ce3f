package main

import (
	"math"
	"slices"
	"time"
)

// sample is one run that gave the right answer.
type sample struct {
	took    time.Duration // from the request to the whole answer, or from fork to the end
	cell    time.Duration // the program alone, compiler included, where the other side tells
	word    string        // that the program told
	late    bool          // it had to wait, for a slot or for a cell to be made
	parked  bool          // it ran in a cell that its tenant had before; of thinking cases only
	fresh   bool          // it ran in a cell that was made after it had been asked for; of thinking cases only
	refused bool          // and nothing else is known of it; of thinking cases only
}

// series is one side of a case, summed up.
type series struct {
	Side string  `json:"side"`
	N    int     `json:"n"`
	P50  float64 `json:"p50_ms"`
	P95  float64 `json:"p95_ms"`
	P99  float64 `json:"p99_ms"`
	Rate float64 `json:"runs_per_s"`
	Late int     `json:"late"` // how many of them had to wait, for a slot or for a cell to be made
	// Thinking cases only. Refused ones are none of N.
	Parked  int `json:"parked,omitzero"` // in a cell that their tenant had before
	New     int `json:"new,omitzero"`    // in a cell made after they were asked for
	Refused int `json:"refused,omitzero"`
	// Of runs/s in throughput cases, where more is better; of p50 elsewhere, where less is. Null where that side was not
	// measured, or nothing of it was served.
	ToBare   *float64 `json:"ratio_to_bare"`
	ToPodman *float64 `json:"ratio_to_podman_run"`
}

// caseResult is what was measured of a case.
type caseResult struct {
	Name        string      `json:"name"`
	What        string      `json:"what"`
	Mode        mode        `json:"mode"`
	Concurrency int         `json:"concurrency"`
	Sides       []series    `json:"sides"`
	Crowd       *crowded    `json:"crowd,omitempty"` // thinking cases
	Idle        []footprint `json:"idle,omitempty"`  // idle cases, instead of sides
	Budgets     []verdict   `json:"budgets"`
}

func (r caseResult) side(name string) (series, bool) {
	i := slices.IndexFunc(r.Sides, func(s series) bool { return s.Side == name })
	if i < 0 {
		return series{}, false
	}
	return r.Sides[i], true
}

// conclude sums a case up: its sides' ratios to each other, and its budgets.
func conclude(c benchCase, workers int, sides []series) (caseResult, error) {
	return caseResult{Concurrency: workers, Sides: sides}.of(c)
}

// of completes a result.
func (r caseResult) of(c benchCase) (caseResult, error) {
	r.Name, r.What, r.Mode = c.name, c.what, c.mode
	for i := range r.Sides {
		r.Sides[i].ToBare = r.ratio(r.Sides[i], sideBare)
		r.Sides[i].ToPodman = r.ratio(r.Sides[i], sidePodman)
	}
	for _, b := range c.budgets {
		v, err := b.judge(r)
		if err != nil {
			return r, err
		}
		r.Budgets = append(r.Budgets, v)
	}
	return r, nil
}

func (r caseResult) ratio(s series, to string) *float64 {
	other, ok := r.side(to)
	if !ok || s.Side == to || s.N == 0 || other.N == 0 {
		return nil
	}
	ratio := s.P50 / other.P50
	if r.Mode == throughput {
		ratio = s.Rate / other.Rate
	}
	return &ratio
}

// sumUp makes a series of samples. The rate is that of runs one after the other.
func sumUp(side string, samples []sample) series {
	s := series{Side: side}
	var sorted []time.Duration
	var total time.Duration
	for _, one := range samples {
		if one.refused {
			s.Refused++
			continue
		}
		s.N++
		sorted = append(sorted, one.took)
		total += one.took
		if one.late {
			s.Late++
		}
		if one.fresh {
			s.New++
		}
		if one.parked {
			s.Parked++
		}
	}
	if s.N == 0 {
		return s
	}
	slices.Sort(sorted)
	s.Rate = float64(s.N) / total.Seconds()
	s.P50 = milliseconds(percentile(sorted, 50))
	s.P95 = milliseconds(percentile(sorted, 95))
	s.P99 = milliseconds(percentile(sorted, 99))
	return s
}

// percentile is by nearest rank: the smallest of the sorted values that p percent of them do not exceed. It invents no
// value between two samples, which would flatter the upper percentiles of a short series. There must be a value.
func percentile(sorted []time.Duration, p float64) time.Duration {
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
