package main

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"paddock/anomalylog"
	"paddock/anomalylog/webhook"
	"paddock/monitor"
	"paddock/sandbox"
)

// mostScrapes is how many may read the metrics at a time; Prometheus is one.
const mostScrapes = 4

// metrics is what GET /metrics answers: what has been counted, what rooms count by themselves, and this process. It is called once.
func (a *app) metrics(load *monitor.Monitor, anomalies *anomalylog.Log) http.Handler {
	a.meters.registry.MustRegister(
		poolMetrics(a.pool.Stats, a.config.Pool.Slots, a.config.Pool.MaxCells), anomalyMetrics(anomalies.Counts),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	if load != nil {
		a.meters.registry.MustRegister(loadMetrics(load.Now))
	}
	return promhttp.HandlerFor(a.meters.registry, promhttp.HandlerOpts{MaxRequestsInFlight: mostScrapes})
}

// snapshot tells numbers that a room keeps, as they are when they are asked for. Labels are few and ours: kinds of cells, never
// whose they are.
type snapshot func(tell)

type tell func(d *prometheus.Desc, t prometheus.ValueType, v float64, labels ...string)

// Describe names no metric: which there are, Collect says.
func (snapshot) Describe(chan<- *prometheus.Desc) {}

// Collect tells the numbers as they are now.
func (s snapshot) Collect(out chan<- prometheus.Metric) {
	s(func(d *prometheus.Desc, t prometheus.ValueType, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, t, v, labels...)
	})
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

	eventsWritten = describe("anomalies_written_total", "Security events that are in the file.")
	eventsDropped = describe("anomalies_dropped_total", "Security events that found no room.")
	eventsQueued  = describe("anomalies_queued", "Security events on their way to the file.")

	alertsOut     = describe("webhook_deliveries_total", "Alerts, by what became of them.", "webhook", "outcome")
	alertsFailed  = describe("webhook_failed_tries_total", "Tries to deliver an alert that failed.", "webhook")
	alertsCounted = describe("webhook_suppressed_total", "Security events that were counted, and not sent by themselves.", "webhook")
	alertsPending = describe("webhook_pending", "Alerts that wait, or are under way.", "webhook")

	loadLevel = describe("load_level", "1 for the level of the host's load, 0 for the others.", "level")
	loadNow   = describe("load", "The host's load: 0 at rest, 1 where requests begin to wait, 2 where they are refused.")
	loadUsed  = describe("load_used_ratio", "Of all there is: CPU used by others, memory, waiting time.", "what")
)

// poolMetrics are the pool's.
func poolMetrics(stats func() sandbox.Stats, slots, maxCells int) snapshot {
	return func(tell tell) {
		s := stats()
		for d, v := range map[*prometheus.Desc]int{
			cellsMax: maxCells, cells: s.Cells, cellsParked: s.Parked, cellsLeaving: s.Leaving, cellsWaited: s.Waiting,
			slotsMax: slots, slotsLent: s.SlotsLent, slotsWaited: s.SlotsWaiting,
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
}

// anomalyMetrics are the anomaly log's.
func anomalyMetrics(counts func() anomalylog.Counts) snapshot {
	return func(tell tell) {
		n := counts()
		tell(eventsWritten, prometheus.CounterValue, float64(n.Written))
		tell(eventsDropped, prometheus.CounterValue, float64(n.Dropped))
		tell(eventsQueued, prometheus.GaugeValue, float64(n.Queued))
	}
}

// alertMetrics are those of webhooks, by their names.
func alertMetrics(counts func() map[string]webhook.Counts) snapshot {
	return func(tell tell) {
		for name, n := range counts() {
			for outcome, count := range map[string]int64{
				"delivered": n.Delivered, "given_up": n.GivenUp, "lost": n.Lost, "dropped": n.Dropped,
			} {
				tell(alertsOut, prometheus.CounterValue, float64(count), name, outcome)
			}
			tell(alertsFailed, prometheus.CounterValue, float64(n.FailedTries), name)
			tell(alertsCounted, prometheus.CounterValue, float64(n.Suppressed), name)
			tell(alertsPending, prometheus.GaugeValue, float64(n.Pending), name)
		}
	}
}

// loadMetrics are the monitor's.
func loadMetrics(now func() monitor.Snapshot) snapshot {
	return func(tell tell) {
		s := now()
		for _, level := range []monitor.Level{monitor.Normal, monitor.Elevated, monitor.Saturated} {
			is := 0.0
			if s.Level == level {
				is = 1
			}
			tell(loadLevel, prometheus.GaugeValue, is, string(level))
		}
		tell(loadNow, prometheus.GaugeValue, s.Load)
		for what, percent := range map[monitor.Cause]float64{
			monitor.CauseCPU: s.Reading.CPU, monitor.CauseMemory: s.Reading.Memory, monitor.CauseQueue: s.Reading.Queue,
		} {
			tell(loadUsed, prometheus.GaugeValue, percent/100, string(what))
		}
	}
}
