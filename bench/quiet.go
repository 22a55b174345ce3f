package main

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"
)

// quiet waits for moments in which the machine does nothing else, and counts those in which it did not find one: a run is
// slowed by whatever else wants the cores, and that is neither side's doing.
type quiet struct {
	patience time.Duration // for all waits together: somebody else's work may go on for hours
	look     func(context.Context) (busy float64, err error)
	Turns    int `json:"turns"`
	Busy     int `json:"busy_turns"` // of them, those measured all the same
}

// The share of the cores' time that others may use, and how long to look. A tick is 10 ms, so that a look at one core has ten
// of them.
const (
	quietShare = 0.1
	quietLook  = 100 * time.Millisecond
)

// errNoCPUTimes says that /proc/stat is not what it should be.
var errNoCPUTimes = errors.New("no cpu line in /proc/stat")

// await looks until the machine has been quiet for one look. The first look costs no patience: Podman's own cleanup ends a
// little after what it cleans up.
func (q *quiet) await(ctx context.Context) error {
	q.Turns++
	for first := true; ; first = false {
		share, err := q.look(ctx)
		if err != nil || share <= quietShare {
			return err
		}
		if !first {
			q.patience -= quietLook
		}
		if q.patience <= 0 {
			q.Busy++
			return nil
		}
	}
}

// busyShare is how much of the cores' time was used during one look.
func busyShare(ctx context.Context) (float64, error) {
	before, err := readCPUTimes()
	if err != nil {
		return 0, err
	}
	if err := sleep(ctx, quietLook); err != nil {
		return 0, err
	}
	after, err := readCPUTimes()
	return after.busySince(before), err
}

// cpuTimes are ticks of all cores together.
type cpuTimes struct{ busy, all uint64 }

func readCPUTimes() (cpuTimes, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return cpuTimes{}, err
	}
	return parseCPUTimes(string(text))
}

// parseCPUTimes reads the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal, and two that are
// part of the first two.
func parseCPUTimes(stat string) (t cpuTimes, err error) {
	const idle, iowait, counted = 3, 4, 8
	line, _, _ := strings.Cut(stat, "\n")
	words := strings.Fields(line)
	if len(words) < 1+counted || words[0] != "cpu" {
		return t, errNoCPUTimes
	}
	for i, word := range words[1 : 1+counted] {
		n, err := strconv.ParseUint(word, 10, 64)
		if err != nil {
			return t, errors.Join(errNoCPUTimes, err)
		}
		t.all += n
		if i != idle && i != iowait {
			t.busy += n
		}
	}
	return t, nil
}

func (t cpuTimes) busySince(before cpuTimes) float64 {
	if t.all <= before.all {
		return 0 // no tick passed
	}
	return float64(t.busy-before.busy) / float64(t.all-before.all)
}
