package monitor

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// pressure is pressure stall information (Linux 4.20): the share of the last ten seconds, in percent, in which some task, or all
// that had something to do, stood still for lack of something.
type pressure struct{ some, full float64 }

// parsePressure reads a file of /proc/pressure:
//
//	some avg10=0.12 avg60=0.05 avg300=0.01 total=12345
//	full avg10=0.00 avg60=0.00 avg300=0.00 total=1234
//
// That of CPU had no second line before Linux 5.13.
func parsePressure(text string) (p pressure, err error) {
	found := false
	for line := range strings.Lines(text) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch kind {
		case "some":
			found = true
			p.some, err = average10(rest)
		case "full":
			p.full, err = average10(rest)
		}
		if err != nil {
			return pressure{}, err
		}
	}
	if !found {
		return pressure{}, fmt.Errorf("no pressure in %.80q", text)
	}
	return p, nil
}

// average10 is the value of avg10 among name=value pairs.
func average10(pairs string) (float64, error) {
	for pair := range strings.FieldsSeq(pairs) {
		if value, ok := strings.CutPrefix(pair, "avg10="); ok {
			if n, err := strconv.ParseFloat(value, 64); err == nil && n >= 0 && !math.IsInf(n, 1) {
				return min(n, 100), nil
			}
		}
	}
	return 0, fmt.Errorf("no percentage avg10 in %.80q", pairs)
}
