package main

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ms(values ...float64) []time.Duration {
	list := make([]time.Duration, len(values))
	for i, v := range values {
		list[i] = fromMilliseconds(v)
	}
	return list
}

func TestPercentileIsByNearestRank(t *testing.T) {
	t.Parallel()
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i + 1)
	}
	// The first five are the textbook's example of nearest rank.
	five := ms(15, 20, 35, 40, 50)
	for _, c := range []struct {
		name   string
		sorted []time.Duration
		p      float64
		want   time.Duration
	}{
		{"a low one is the first", five, 5, 15 * time.Millisecond},
		{"between ranks, the upper", five, 30, 20 * time.Millisecond},
		{"just on a rank", five, 40, 20 * time.Millisecond},
		{"middle of an odd number", five, 50, 35 * time.Millisecond},
		{"all of them", five, 100, 50 * time.Millisecond},
		{"zero is the first", five, 0, 15 * time.Millisecond},
		{"one sample is every percentile", ms(7), 99, 7 * time.Millisecond},
		{"middle of an even number is the lower", ms(1, 2, 3, 4), 50, 2 * time.Millisecond},
		{"p99 of 100", hundred, 99, 99},
		{"p95 of 100", hundred, 95, 95},
	} {
		assert.Equal(t, c.want, percentile(c.sorted, c.p), c.name)
	}
}

func TestSumUpSortsAndCountsLateOnes(t *testing.T) {
	t.Parallel()
	s := sumUp(sidePaddock, []sample{
		{took: 30 * time.Millisecond, late: true}, {took: 10 * time.Millisecond}, {took: 20 * time.Millisecond}, {took: 40 * time.Millisecond},
	})
	assert.Equal(t, series{Side: sidePaddock, N: 4, P50: 20, P95: 40, P99: 40, Rate: 40, Late: 1}, s)
}

func TestSumUpKeepsRefusalsApart(t *testing.T) {
	t.Parallel()
	s := sumUp(sidePaddock, []sample{
		{took: 20 * time.Millisecond, parked: true}, {took: time.Hour, refused: true}, {took: 10 * time.Millisecond, fresh: true}, {refused: true},
	})
	assert.Equal(t, series{Side: sidePaddock, N: 2, P50: 10, P95: 20, P99: 20, Rate: 2 / 0.03, Parked: 1, New: 1, Refused: 2}, s)
	assert.Equal(t, series{Side: sidePaddock, Refused: 1}, sumUp(sidePaddock, []sample{{refused: true}}), "nobody was served")
}

func result(m mode, sides ...series) caseResult {
	return caseResult{Name: "some-case", Mode: m, Concurrency: 1, Sides: sides}
}

func TestRatios(t *testing.T) {
	t.Parallel()
	ours := series{Side: sidePaddock, N: 1, P50: 12, Rate: 80}
	theirs := series{Side: sideBare, N: 1, P50: 10, Rate: 100}
	podman := series{Side: sidePodman, N: 1, P50: 120, Rate: 10}
	quiet, busy := result(latency, ours, theirs, podman), result(throughput, ours, theirs, podman)

	assert.InDelta(t, 1.2, *quiet.ratio(ours, sideBare), 1e-9, "of p50, where one runs at a time")
	assert.InDelta(t, 0.1, *quiet.ratio(ours, sidePodman), 1e-9)
	assert.InDelta(t, 12, *quiet.ratio(podman, sideBare), 1e-9)
	assert.InDelta(t, 0.8, *busy.ratio(ours, sideBare), 1e-9, "of runs/s, where several do")
	assert.InDelta(t, 8, *busy.ratio(ours, sidePodman), 1e-9)
	assert.Nil(t, quiet.ratio(theirs, sideBare), "to itself says nothing")
	assert.Nil(t, result(latency, ours, theirs).ratio(ours, sidePodman), "a side that was not measured")
	assert.Nil(t, result(thinking, ours, series{Side: sideBare}).ratio(ours, sideBare), "a side of which nothing was served")
}

func TestConcludeHoldsACaseAgainstItsBudgets(t *testing.T) {
	t.Parallel()
	c := benchCase{name: "x", mode: latency, budgets: []budget{
		{what: "p50", unit: "x", limit: 1.05, measure: p50Ratio},
		{what: "p99", unit: "x", limit: 2, measure: p99Ratio},
		{what: "more", unit: " ms", limit: 0.7, measure: p50More},
		{what: "rate", unit: "x", limit: 1.5, atLeast: true, measure: rateToPodman},
		{what: "rate", unit: "x", limit: 0.1, atLeast: true, measure: rateToBare},
		{what: "own p50", unit: " ms", limit: 10, measure: ownP50},
		{what: "own p99", unit: " ms", limit: 21, measure: ownP99},
	}}
	r, err := conclude(c, 1, []series{
		{Side: sidePaddock, P50: 10.5, P99: 21, Rate: 14},
		{Side: sideBare, P50: 10, P99: 10, Rate: 100},
		{Side: sidePodman, P50: 100, P99: 100, Rate: 10},
	})
	require.NoError(t, err)
	want := []struct {
		measured float64
		within   bool
	}{{1.05, true}, {2.1, false}, {0.5, true}, {1.4, false}, {0.14, true}, {10.5, false}, {21, true}}
	require.Len(t, r.Budgets, len(want))
	for i, w := range want {
		assert.InDelta(t, w.measured, r.Budgets[i].Measured, 1e-9, r.Budgets[i].What)
		assert.Equal(t, w.within, r.Budgets[i].Within, r.Budgets[i].What)
		assert.Equal(t, budgetSource, r.Budgets[i].Source)
	}
}

func TestABudgetNeedsBothSides(t *testing.T) {
	t.Parallel()
	c := benchCase{name: "x", budgets: []budget{{what: "p50", measure: p50Ratio}}}
	_, err := conclude(c, 1, []series{{Side: sidePaddock, P50: 1}})
	assert.ErrorContains(t, err, "were not both measured")
	_, err = caseResult{}.of(benchCase{budgets: []budget{{what: "memory", measure: idleMemory}}})
	assert.ErrorContains(t, err, "paddock was not measured")
}

func TestCasesAreComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range cases {
		assert.False(t, seen[c.name], "%s is there twice", c.name)
		seen[c.name] = true
		assert.Contains(t, programs, c.program)
		assert.NotEmpty(t, c.what)
		tells := programs[c.program].tells
		switch c.mode {
		case latency, throughput:
			assert.NotEmpty(t, c.tenancy, c.name)
			assert.False(t, tells, "%s has no use for a word", c.name)
		case firstByte:
			assert.NotEmpty(t, c.tenancy, c.name)
			assert.True(t, tells, "%s needs the time", c.name)
		case thinking:
			assert.Positive(t, c.crowd.tenants, c.name)
			assert.Positive(t, c.crowd.think, c.name)
			assert.True(t, tells, "%s needs the cell", c.name)
		case idle:
		default:
			assert.Fail(t, "a mode that nothing measures", c.name)
		}
	}
	for _, budgeted := range []string{caseWarm, "c-static", caseTiny, caseFirstByte, caseOneTenant, caseNewTenants, caseIdle} {
		i := slices.IndexFunc(cases, func(c benchCase) bool { return c.name == budgeted })
		require.GreaterOrEqual(t, i, 0, budgeted)
		assert.NotEmpty(t, cases[i].budgets, "%s has a budget in the design", budgeted)
	}
}

func TestSelectCases(t *testing.T) {
	t.Parallel()
	all, err := selectCases("")
	require.NoError(t, err)
	assert.Len(t, all, len(cases))
	one, err := selectCases("c-static")
	require.NoError(t, err)
	require.Len(t, one, 1)
	assert.Equal(t, "c-static", one[0].name)
	two, err := selectCases("idle-cells,python-hello")
	require.NoError(t, err)
	assert.Len(t, two, 2)
	_, err = selectCases("nothing")
	assert.ErrorContains(t, err, "python-hello", "it says what there is")
}
