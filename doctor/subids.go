package doctor

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/moby/sys/user"
)

const (
	// unusedIDs begins a stretch that systemd's list of id ranges leaves unused and useradd does not hand out.
	unusedIDs = 1879048192
	// idBlock is what adduser gives a user, and what a rootless Podman needs for the ids in common images.
	idBlock = 65536
)

// subIDs are the lines of /etc/subuid or /etc/subgid.
type subIDs struct {
	file   string
	ranges []user.SubID
}

func (m *machine) readSubIDs(file string) subIDs {
	text, err := m.read(file)
	if err != nil {
		return subIDs{file: file} // no file is no lines
	}
	ranges, err := user.ParseSubIDFilter(strings.NewReader(text), func(s user.SubID) bool { return s.Name != "" && s.Count > 0 })
	if err != nil {
		return subIDs{file: file}
	}
	return subIDs{file, ranges}
}

// checkSubIDs is about where the user ids of cells come from: rootful, each cell gets a piece of the line of the user
// "containers"; rootless, all of them live in the user's own.
func checkSubIDs(_ context.Context, m *machine) Check {
	files := []subIDs{m.readSubIDs("/etc/subuid"), m.readSubIDs("/etc/subgid")}
	if m.rootless() {
		return m.checkOwnIDs(files)
	}
	return m.checkCellIDs(files)
}

func (m *machine) checkCellIDs(files []subIDs) Check {
	const name = "containers"
	wanted := int64(m.MaxCells * m.IDsPerCell)
	wanted = max((wanted+idBlock-1)/idBlock, 8) * idBlock // what scripts/setup gives: enough for 256 cells
	if lacking := lackingIDs(files, name); len(lacking) > 0 {
		line := fmt.Sprintf("%s:%d:%d", name, freeIDs(files, wanted), wanted)
		return failf("no line for %q in %s: cells get no user ids of their own", name, strings.Join(lacking, " and ")).
			do("echo %s | tee -a %s", line, strings.Join(lacking, " "))
	}
	if other := sharedIDs(files, name); other != "" {
		return warnf("the ids of %q are also those of %s: cells and that user could reach one another", name, other).
			do("give one of them another range in /etc/subuid and /etc/subgid; free ids begin at %d", freeIDs(files, wanted))
	}
	cells := min(idsOf(files[0], name), idsOf(files[1], name)) / int64(m.IDsPerCell)
	if cells < int64(m.MaxCells) {
		return warnf("%q has ids for %d cells at a time, and there may be %d", name, cells, m.MaxCells).
			do("echo %s:%d:%d | tee -a /etc/subuid /etc/subgid", name, freeIDs(files, wanted), wanted)
	}
	return okf("%q has ids for %d cells at a time", name, cells)
}

func (m *machine) checkOwnIDs(files []subIDs) Check {
	me := m.userName()
	if lacking := lackingIDs(files, me, strconv.Itoa(m.uid)); len(lacking) > 0 {
		return failf("no line for %s in %s: rootless Podman maps no ids", me, strings.Join(lacking, " and ")).
			do("echo %s:%d:%d | tee -a %s, as root; then: podman system migrate",
				me, freeIDs(files, idBlock), idBlock, strings.Join(lacking, " "))
	}
	if _, err := m.Look("newuidmap"); err != nil {
		return failf("newuidmap is not installed: rootless Podman maps no ids").do("apt-get install uidmap")
	}
	if other := sharedIDs(files, me, strconv.Itoa(m.uid)); other != "" {
		return warnf("the ids of %s are also those of %s: their containers could reach one another", me, other).
			do("usermod --add-subuids and --add-subgids another range; free ids begin at %d", freeIDs(files, idBlock))
	}
	if n := min(idsOf(files[0], me, strconv.Itoa(m.uid)), idsOf(files[1], me, strconv.Itoa(m.uid))); n < idBlock {
		return warnf("%s has %d ids, and images may use up to %d", me, n, idBlock).
			do("echo %s:%d:%d | tee -a /etc/subuid /etc/subgid, as root; then: podman system migrate",
				me, freeIDs(files, idBlock), idBlock)
	}
	return okf("%s has ids of its own", me)
}

// lackingIDs are the files without a line for any of a user's names.
func lackingIDs(files []subIDs, names ...string) []string {
	var lacking []string
	for _, f := range files {
		if idsOf(f, names...) == 0 {
			lacking = append(lacking, f.file)
		}
	}
	return lacking
}

func idsOf(f subIDs, names ...string) (n int64) {
	for _, r := range f.ranges {
		if isOneOf(r, names) {
			n += r.Count
		}
	}
	return n
}

func isOneOf(r user.SubID, names []string) bool {
	for _, name := range names {
		if r.Name == name {
			return true
		}
	}
	return false
}

// sharedIDs is somebody else whose range overlaps one of ours, in the same file; empty if nobody's does.
func sharedIDs(files []subIDs, names ...string) string {
	for _, f := range files {
		for _, mine := range f.ranges {
			for _, r := range f.ranges {
				if isOneOf(mine, names) && !isOneOf(r, names) && overlap(mine, r) {
					return fmt.Sprintf("%s (%s)", r.Name, f.file)
				}
			}
		}
	}
	return ""
}

func overlap(a, b user.SubID) bool { return a.SubID < b.SubID+b.Count && b.SubID < a.SubID+a.Count }

// freeIDs is where count ids begin that nobody has in either file: the unused stretch, or after everybody's ranges.
func freeIDs(files []subIDs, count int64) int64 {
	want := user.SubID{SubID: unusedIDs, Count: count}
	last, free := int64(0), true
	for _, f := range files {
		for _, r := range f.ranges {
			last = max(last, r.SubID+r.Count)
			free = free && !overlap(want, r)
		}
	}
	if free {
		return unusedIDs
	}
	return (last + idBlock - 1) / idBlock * idBlock
}
