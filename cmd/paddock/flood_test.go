package main

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
)

// The flood: so many events a second, in so many phases between which there is none, while one user runs one program after
// the other.
const (
	floodRate   = 10_000
	floodPhases = 5
	floodRuns   = 60 // in each phase, and in each between
)

// flood records events at the flood's rate until ctx ends, and counts them.
func flood(ctx context.Context, log *anomalylog.Log) (recorded int) {
	const beat = 10 * time.Millisecond
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for began := time.Now(); ; {
		select {
		case <-ctx.Done():
			return recorded
		case <-tick.C:
			for due := int(time.Since(began) * floodRate / time.Second); recorded < due; recorded++ {
				log.Record(anomalylog.Event{
					Type: anomalylog.CodeBlocked, UserID: "mallory", IP: "192.0.2.1",
					Details: anomalylog.Details{"rules": []string{"py.exec.os-system"}, "language": "python"},
				})
			}
		}
	}
}

// Ten thousand events a second, for some seconds, harm no run: not one line is torn, each event is written or counted as dropped,
// and the runs' median is what it is between the floods.
func TestAFloodOfAnomaliesHarmsNoRun(t *testing.T) {
	needPodman(t)
	c := liveConfig(t.TempDir())
	a, err := newApp(t.Context(), c, zerolog.Nop())
	require.NoError(t, err)
	path := filepath.Join(c.StateDir, anomalyFile)
	log, err := anomalylog.New(anomalylog.Options{Path: path})
	require.NoError(t, err)
	rules, err := newValidation(c, zerolog.Nop())
	require.NoError(t, err)
	handler, err := a.handler(rules, log)
	require.NoError(t, err)
	web := httptest.NewServer(handler)
	s := &server{url: web.URL, config: c, log: &logBuffer{}}

	median := func() time.Duration {
		var took []time.Duration
		for range floodRuns {
			began := time.Now()
			wantVerdict(t, s.python(t, "print(1)", object{"user_id": "ada"}), "ok")
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		return took[len(took)/2]
	}
	median() // the first makes the cell
	recorded, lasted := 0, time.Duration(0)
	var ratios []float64
	for range floodPhases {
		before := median()
		ctx, end := context.WithCancel(t.Context())
		done := make(chan int)
		began := time.Now()
		go func() { done <- flood(ctx, log) }()
		during := median()
		end()
		lasted += time.Since(began)
		recorded += <-done
		ratios = append(ratios, float64(during)/float64(before))
	}
	slices.Sort(ratios)
	t.Logf("%d events; the runs' median, during against before: %.2f", recorded, ratios)
	assert.Less(t, ratios[len(ratios)/2], 1.5)

	web.Close()
	require.NoError(t, a.stop())
	require.NoError(t, log.Close())
	files, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	written, dropped := 0, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			var e struct {
				Type    anomalylog.Type
				Details struct{ Dropped int }
			}
			require.NoError(t, json.Unmarshal([]byte(line), &e), "%q", line)
			switch e.Type {
			case anomalylog.CodeBlocked:
				written++
			case anomalylog.EventsDropped:
				dropped += e.Details.Dropped
			default:
			}
		}
	}
	assert.Equal(t, recorded, written+dropped, "each is there or counted")
	assert.Equal(t, int(log.Counts().Dropped), dropped)
	assert.Greater(t, recorded, floodRate/2)
	assert.Greater(t, float64(recorded)/lasted.Seconds(), 0.9*floodRate, "of what is asked for")
}
