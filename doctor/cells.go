package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ImageState is how a language's image stands to the files it is built from.
type ImageState string

// The states of an image.
const (
	ImagePresent ImageState = "present"
	ImageStale   ImageState = "stale" // built from other files than there are now
	ImageMissing ImageState = "missing"
)

// Image is one language's image.
type Image struct {
	Language string
	State    ImageState
}

// checkImages never fails: a server without images is a server without languages, and says so to those who ask.
func checkImages(ctx context.Context, m *machine) Check {
	if m.Images == nil {
		return Check{}
	}
	images, err := m.Images(ctx)
	if err != nil {
		return warnf("cannot list them: %v", err).do("paddock images list")
	}
	by := map[ImageState][]string{}
	for _, i := range images {
		by[i.State] = append(by[i.State], i.Language)
	}
	var found, rebuild []string
	for _, state := range []ImageState{ImagePresent, ImageStale, ImageMissing} {
		if languages := by[state]; len(languages) > 0 {
			slices.Sort(languages)
			found = append(found, fmt.Sprintf("%s: %s", state, strings.Join(languages, ", ")))
			if state != ImagePresent {
				rebuild = append(rebuild, languages...)
			}
		}
	}
	what := listOr(found, "no languages")
	if len(rebuild) > 0 {
		return warnf("%s", strings.Join(found, "; ")).do("paddock images build %s", strings.Join(rebuild, " "))
	}
	return okf("%s", what)
}

// CanaryResult is what a real cell showed.
type CanaryResult struct {
	// Runtime is the OCI runtime that it ran on.
	Runtime string
	// Took is the time from asking for the cell until it was gone again.
	Took time.Duration
	// Proofs has at least one for each of memory, pids and cpu.
	Proofs []Proof
}

// Proof is a limit that was put to the test.
type Proof struct {
	Limit   string // memory, pids, cpu, or another
	InForce bool
	// Evidence is what was seen, in a few words: "killed at 32 MiB of 32 MiB".
	Evidence string
}

// checkCanary holds nothing for proven that was not seen.
func checkCanary(ctx context.Context, m *machine) Check {
	if m.Canary == nil {
		return Check{}
	}
	result, err := m.Canary(ctx)
	if err != nil {
		return failf("no cell would run: %v", err).do("see the lines above; the same by hand: podman run --rm --network none IMAGE true")
	}
	var loose, seen []string
	proven := map[string]bool{}
	for _, p := range result.Proofs {
		proven[p.Limit] = true
		seen = append(seen, fmt.Sprintf("%s (%s)", p.Limit, p.Evidence))
		if !p.InForce {
			loose = append(loose, fmt.Sprintf("%s (%s)", p.Limit, p.Evidence))
		}
	}
	for _, limit := range limiting {
		if !proven[limit] {
			loose = append(loose, limit+" (not put to the test)")
		}
	}
	on := fmt.Sprintf("a cell on %s", result.Runtime)
	if len(loose) > 0 {
		return failf("%s ran without these limits in force: %s", on, strings.Join(loose, ", ")).
			do("see the lines about cgroups, swap and runtime")
	}
	return okf("%s kept its limits: %s; it took %s", on, strings.Join(seen, ", "), result.Took.Round(time.Millisecond))
}
