package main

import (
	"math"
	"slices"
	"time"
)

// sample is one run that gave the right answer.
type sample struct {
	took time.Duration // from the request to the whole answer, or from fork to the end
	cell time.Duration // the program alone, where the other side tells
	cold bool          // it had to wait for a cell to be made
}

// series is one side of a case, summed up.
type series struct {
	Side string  `json:"side"`
	N    int     `json:"n"`
	P50  float64 `json:"p50_ms"`
	P95  float64 `json:"p95_ms"`
	P99  float64 `json:"p99_ms"`
	Rate float64 `json:"runs_per_s"`
	Cold int     `json:"cold"` // how many of them found no warm cell
	// Of p50 in latency cases, where less is better; of runs/s in throughput cases, where more is. Null where that side was
	// not measured.
	ToBare   *float64 `json:"ratio_to_bare"`
	ToPodman *float64 `json:"ratio_to_podman_run"`
}

// caseResult is what was measured of a case.
type caseResult struct {
	Name        string    `json:"name"`
	What        string    `json:"what"`
	Mode        mode      `json:"mode"`
	Concurrency int       `json:"concurrency"`
	Sides       []series  `json:"sides"`
	Budgets     []verdict `json:"budgets"`
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
	r := caseResult{Name: c.name, What: c.what, Mode: c.mode, Concurrency: workers, Sides: sides}
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
	if !ok || s.Side == to {
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
	s := series{Side: side, N: len(samples)}
	sorted := make([]time.Duration, len(samples))
	var total time.Duration
	for i, one := range samples {
		sorted[i] = one.took
		total += one.took
		if one.cold {
			s.Cold++
		}
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
