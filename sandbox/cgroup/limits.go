package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// ErrInUse says that memory can't be limited to less than what is in use and can't be given back: files in tmpfs, say.
var ErrInUse = errors.New("more memory is in use than the limit would allow")

// ErrNotOurs says that the cgroup's files are somebody else's to write: systemd's, say, or those of another user namespace.
var ErrNotOurs = errors.New("the cgroup is not ours to change")

// Apply puts the limits in force that differ from those last applied, and reads each back: a limit that the kernel did not
// take is an error. Where it returns ErrNotOurs somebody else may do it, and Confirm whether that was done.
func (g *Group) Apply(l Limits) error {
	changed := l.since(g.applied)
	writes := g.layout.limits(changed)
	if changed.Memory > g.applied.Memory {
		writes = raiseSwapFirst(writes)
	}
	if changed.Memory > 0 && changed.Memory < g.applied.Memory {
		if err := g.fits(changed.Memory); err != nil {
			return err
		}
	}
	for _, w := range writes {
		if err := g.write(w); err != nil {
			return err
		}
	}
	g.applied = l.over(g.applied)
	return nil
}

// Confirm reads limits back that somebody else has put in force.
func (g *Group) Confirm(l Limits) error {
	for _, w := range g.layout.limits(l) {
		if err := g.readBack(w); err != nil {
			return err
		}
	}
	g.applied = l.over(g.applied)
	return nil
}

// fits asks v1 by trying: its kernel gives back what it can and refuses the rest with EBUSY. A v2 kernel would kill instead,
// the agent perhaps, so there what is in use has to fit beforehand, caches included.
func (g *Group) fits(memory int64) error {
	if g.layout.inUse == (file{}) {
		return nil
	}
	text, err := os.ReadFile(g.at(g.layout.inUse))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	used, err := parse(text, "")
	if err == nil && used > memory {
		err = fmt.Errorf("%w: %d bytes of %d", ErrInUse, used, memory)
	}
	return err
}

// since is l without what is the same in before.
func (l Limits) since(before Limits) Limits {
	if l.Memory == before.Memory {
		l.Memory = 0
	}
	if l.Processes == before.Processes {
		l.Processes = 0
	}
	if l.CPUQuota == before.CPUQuota && l.CPUPeriod == before.CPUPeriod {
		l.CPUQuota = 0
	}
	if l.CPUWeight == before.CPUWeight {
		l.CPUWeight = 0
	}
	return l
}

// over is before with what l sets.
func (l Limits) over(before Limits) Limits {
	if l.Memory == 0 {
		l.Memory = before.Memory
	}
	if l.Processes == 0 {
		l.Processes = before.Processes
	}
	if l.CPUQuota == 0 {
		l.CPUQuota, l.CPUPeriod = before.CPUQuota, before.CPUPeriod
	}
	if l.CPUWeight == 0 {
		l.CPUWeight = before.CPUWeight
	}
	return l
}

const memoryAndSwapV1 = "memory.memsw.limit_in_bytes"

func limitsV1(l Limits) []write {
	var w []write
	if l.Memory > 0 {
		bytes := strconv.FormatInt(pages(l.Memory), 10)
		w = append(w, write{file{"memory", "memory.limit_in_bytes", ""}, bytes}, write{file{"memory", memoryAndSwapV1, ""}, bytes})
	}
	if l.Processes > 0 {
		w = append(w, write{file{"pids", "pids.max", ""}, strconv.FormatInt(l.Processes, 10)})
	}
	if l.CPUQuota > 0 {
		w = append(w, write{file{"cpu", "cpu.cfs_period_us", ""}, strconv.FormatInt(l.CPUPeriod.Microseconds(), 10)},
			write{file{"cpu", "cpu.cfs_quota_us", ""}, strconv.FormatInt(l.CPUQuota.Microseconds(), 10)})
	}
	if l.CPUWeight > 0 {
		w = append(w, write{file{"cpu", "cpu.shares", ""}, strconv.FormatInt(l.CPUWeight*1024/100, 10)}) // 1024 is the kernel's default
	}
	return w
}

func limitsV2(l Limits) []write {
	var w []write
	if l.Memory > 0 {
		bytes := strconv.FormatInt(pages(l.Memory), 10)
		w = append(w, write{file{"", "memory.max", ""}, bytes}, write{file{"", "memory.swap.max", ""}, "0"})
	}
	if l.Processes > 0 {
		w = append(w, write{file{"", "pids.max", ""}, strconv.FormatInt(l.Processes, 10)})
	}
	if l.CPUQuota > 0 {
		w = append(w, write{file{"", "cpu.max", ""}, fmt.Sprintf("%d %d", l.CPUQuota.Microseconds(), l.CPUPeriod.Microseconds())})
	}
	if l.CPUWeight > 0 {
		w = append(w, write{file{"", "cpu.weight", ""}, strconv.FormatInt(l.CPUWeight, 10)})
	}
	return w
}

// raiseSwapFirst: in v1 memory+swap may never be below memory, so the order depends on the direction.
func raiseSwapFirst(writes []write) []write {
	for i, w := range writes {
		if w.name == memoryAndSwapV1 {
			writes[i-1], writes[i] = writes[i], writes[i-1]
		}
	}
	return writes
}

// pages rounds down to whole pages, as the kernel does, so that reading back compares.
func pages(bytes int64) int64 {
	size := int64(os.Getpagesize())
	return bytes / size * size
}

func (g *Group) write(w write) error {
	path := g.at(w.file)
	err := writeExisting(path, w.value)
	switch {
	case err == nil:
		return g.readBack(w)
	case w.mayBeMissing(err):
		return nil
	case errors.Is(err, syscall.EBUSY):
		err = errors.Join(ErrInUse, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		err = errors.Join(ErrNotOurs, err)
	}
	return fmt.Errorf("set %s to %s: %w", path, w.value, err)
}

func (g *Group) readBack(w write) error {
	path := g.at(w.file)
	got, err := os.ReadFile(path) //nolint:gosec // below the cell's own cgroup
	if w.mayBeMissing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read back %s: %w", path, err)
	}
	if strings.TrimSpace(string(got)) != w.value {
		return fmt.Errorf("set %s to %s: the kernel says %.40q", path, w.value, got)
	}
	return nil
}

// mayBeMissing: a kernel may not account swap; without swap there is nothing to limit, and doctor says so.
func (w write) mayBeMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) && strings.Contains(w.name, "sw")
}

// writeExisting never creates: a kernel file that is missing is a feature that is missing.
func writeExisting(path, value string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0) //nolint:gosec // below the cell's own cgroup
	if err != nil {
		return err
	}
	_, err = f.WriteString(value)
	return errors.Join(err, f.Close())
}
