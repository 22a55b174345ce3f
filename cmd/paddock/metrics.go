package main

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"paddock/sandbox"
)

// metrics is what GET /metrics answers: what the pool counts, the build, and this process.
func (a *app) metrics() http.Handler {
	registry := prometheus.NewRegistry()
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "paddock_build_info", Help: "1, labelled with the version that runs.",
		ConstLabels: prometheus.Labels{"version": buildVersion()},
	})
	build.Set(1)
	failures := prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "paddock_limit_store_failures_total", Help: "Times that the store of limits began to fail.",
	}, func() float64 { return float64(a.storeFailures.Load()) })
	registry.MustRegister(
		build, failures, &poolCollector{stats: a.pool.Stats, slots: a.config.Pool.Slots, maxCells: a.config.Pool.MaxCells},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// poolCollector tells a pool's snapshot. Labels are few and ours: kinds of cells, never whose they are.
type poolCollector struct {
	stats    func() sandbox.Stats
	slots    int
	maxCells int
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("paddock_"+name, help, labels, nil)
}

var (
	cellsMax     = describe("cells_max", "Most cells there may be at once.")
	cells        = describe("cells", "Cells there are, those being made and removed included.")
	cellsWarm    = describe("cells_warm", "Warm cells that belong to nobody yet.", "kind")
	cellsParked  = describe("cells_parked", "Cells that wait for their own tenant.")
	cellsLeaving = describe("cells_leaving", "Cells being removed.")
	cellsWaited  = describe("cell_waiters", "Requests that wait for a cell.")
	cellsTaken   = describe("cells_taken_total", "Cells handed out, by where they came from: parked, warm or new.", "from")
	cellsMade    = describe("cells_made_total", "Cells made.")
	cellsNotMade = describe("cells_not_made_total", "Cells that could not be made.")
	notReset     = describe("cells_not_reset_total", "Cells removed because they could not be proven clean.")
	cellsExpired = describe("cells_expired_total", "Parked cells removed because nobody came, or for their age.")
	cellsEvicted = describe("cells_evicted_total", "Parked and warm cells removed for their place.")
	leaks        = describe("leaks_total", "What was found of this server and not in its books: container, directory, cgroup.", "what")
	slotsMax     = describe("slots_max", "Slots there are for programs to run in.")
	slotsLent    = describe("slots_lent", "Slots that programs run in.")
	slotsWaited  = describe("slot_waiters", "Requests that wait for a slot.")
)

// Describe names no metric: which there are, Collect says.
func (c *poolCollector) Describe(chan<- *prometheus.Desc) {}

// Collect tells the pool's numbers as they are now.
func (c *poolCollector) Collect(out chan<- prometheus.Metric) {
	s := c.stats()
	tell := func(d *prometheus.Desc, t prometheus.ValueType, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, t, v, labels...)
	}
	for d, v := range map[*prometheus.Desc]int{
		cellsMax: c.maxCells, cells: s.Cells, cellsParked: s.Parked, cellsLeaving: s.Leaving, cellsWaited: s.Waiting,
		slotsMax: c.slots, slotsLent: s.SlotsLent, slotsWaited: s.SlotsWaiting,
	} {
		tell(d, prometheus.GaugeValue, float64(v))
	}
	for d, v := range map[*prometheus.Desc]uint64{
		cellsMade: s.Made, cellsNotMade: s.NotMade, notReset: s.NotReset, cellsExpired: s.Expired, cellsEvicted: s.Evicted,
	} {
		tell(d, prometheus.CounterValue, float64(v))
	}
	for kind, n := range s.Warm {
		tell(cellsWarm, prometheus.GaugeValue, float64(n), kind)
	}
	for _, from := range []string{sandbox.TakenParked, sandbox.TakenWarm, sandbox.TakenNew} {
		tell(cellsTaken, prometheus.CounterValue, float64(s.Taken[from]), from)
	}
	for _, what := range []string{sandbox.LeakContainer, sandbox.LeakDirectory, sandbox.LeakCgroup} {
		tell(leaks, prometheus.CounterValue, float64(s.Leaked[what]), what)
	}
}
