package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

const (
	// filesPerCell is what the server holds open for one running cell: its socket, the ends of three pipes on either side,
	// cgroup files, a client's connection, and room.
	filesPerCell = 16
	// filesBeside is what it holds beside the cells: listeners, logs, waiting clients.
	filesBeside = 1024
	// filesAtLeast is below what Podman and a language's runtime need to start at all.
	filesAtLeast = 256

	// capSysResource may raise a hard limit; its number is from capability.h.
	capSysResource = 24
)

// checkRlimits looks at the hard limits: the soft ones we raise ourselves.
func checkRlimits(_ context.Context, m *machine) Check {
	files, err := m.hardLimit("Max open files")
	if err != nil {
		return warnf("cannot read our limits: %v", err).do("ulimit -Hn should say %d or more", filesBeside)
	}
	needed := max(int64(filesBeside+filesPerCell*m.MaxCells), int64(m.CellFiles))
	if files >= needed {
		return okf("%s open files at most, %d needed for %d cells", count(files), needed, m.MaxCells)
	}
	found := warnf
	if files < filesAtLeast {
		found = failf
	}
	check := found("%s open files at most, %d needed for %d cells", count(files), needed, m.MaxCells)
	if m.capable(capSysResource) {
		return check.do("ulimit -n %[1]d, or LimitNOFILE=%[1]d in the unit", needed)
	}
	return check.do("LimitNOFILE=%d in the unit, or %s hard nofile in /etc/security/limits.d; "+
		"from here it cannot be raised (no CAP_SYS_RESOURCE)", needed, m.userName())
}

const unlimited = 1<<63 - 1

func count(n int64) string {
	if n == unlimited {
		return "any number of"
	}
	return strconv.FormatInt(n, 10)
}

// hardLimit reads one line of /proc/self/limits: the name, the soft limit, the hard limit, the unit.
func (m *machine) hardLimit(name string) (int64, error) {
	text, err := m.read("/proc/self/limits")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, name)
		fields := strings.Fields(rest)
		if !ok || len(fields) < 2 {
			continue
		}
		if fields[1] == "unlimited" {
			return unlimited, nil
		}
		return strconv.ParseInt(fields[1], 10, 64)
	}
	return 0, fmt.Errorf("no line %q in /proc/self/limits", name)
}

// capable tells whether we hold a capability, by its number.
func (m *machine) capable(number int) bool {
	set, err := strconv.ParseUint(procStatus(m.Host, "CapEff"), 16, 64)
	return err == nil && set&(1<<number) != 0
}

// Thresholds of free room. Images of all eight languages take about 4 GB, and a build holds its layers twice.
const (
	roomForImages = 5 << 30
	// roomForCells is what starting cells takes: a few files each, none of them big, as the programs write to memory.
	roomForCells = 64 << 20
	// roomForState is a good while of the anomaly log.
	roomForState = 1 << 30
	// filesForCells is the same in files.
	filesForCells = 10_000
)

func checkDisk(_ context.Context, m *machine) Check {
	worst := okf("")
	var found []string
	look := func(what, dir string, wanted uint64, reason string) {
		if dir == "" {
			return
		}
		c := m.checkSpace(what, dir, wanted, reason)
		found = append(found, c.Found)
		if worst.Status == OK || c.Status == Fail {
			worst = c
		}
	}
	if info, err := m.podman(); err == nil {
		look("images", info.Store.GraphRoot, roomForImages, "a build of all images takes up to 5 GiB")
	}
	look("state", m.StateDir, roomForState, "the anomaly log grows there")
	if len(found) == 0 {
		return Check{}
	}
	worst.Found = strings.Join(found, "; ")
	return worst
}

func (m *machine) checkSpace(what, dir string, wanted uint64, reason string) Check {
	s, err := m.spaceOf(dir)
	if err != nil {
		return warnf("%s: %v", what, err).do("look at %s", dir)
	}
	free := fmt.Sprintf("%s: %s free at %s", what, size(s.Free), dir)
	switch {
	case s.Free < roomForCells:
		return failf("%s, no cell would start", free).do("make room: podman image prune, or a bigger disk")
	case s.TotalFiles > 0 && s.FreeFiles < filesForCells:
		return warnf("%s, but only %d more files", free, s.FreeFiles).do("make room: podman image prune")
	case s.Free < wanted:
		return warnf("%s, %s", free, reason).do("make room: podman image prune, or a bigger disk")
	default:
		return okf("%s", free)
	}
}

// spaceOf looks at the nearest directory that exists: neither store nor state directory need to be there yet.
func (m *machine) spaceOf(dir string) (Space, error) {
	for {
		s, err := m.Space(dir)
		if !errors.Is(err, fs.ErrNotExist) || path.Dir(dir) == dir {
			return s, err
		}
		dir = path.Dir(dir)
	}
}

func size(n uint64) string {
	if n >= 1<<30 {
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%d MiB", n>>20)
}
