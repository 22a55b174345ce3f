package cgroup

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Runnable says whether any thread in the group runs or waits for a core: what waits only for a core is not asleep, however
// little it has used.
func (g *Group) Runnable() (bool, error) {
	lists := []string{g.at(g.layout.tasks)}
	if below, err := filepath.Glob(filepath.Join(filepath.Dir(lists[0]), "*", filepath.Base(lists[0]))); err == nil {
		lists = append(lists, below...) // crun keeps the processes one level down
	}
	for _, list := range lists {
		ids, err := os.ReadFile(list) //nolint:gosec // below the cell's own cgroup
		if err != nil {
			return false, err
		}
		for id := range bytes.FieldsSeq(ids) {
			stat, err := os.ReadFile(filepath.Join(g.proc, string(id), "stat"))
			if errors.Is(err, fs.ErrNotExist) {
				continue // it has just ended
			}
			if err != nil {
				return false, err
			}
			if state(stat) == 'R' {
				return true, nil
			}
		}
	}
	return false, nil
}

// state is what a thread does, by the letter of proc(5). It stands behind the name, which may contain anything.
func state(stat []byte) byte {
	rest := stat[bytes.LastIndexByte(stat, ')')+1:]
	if len(rest) < 2 {
		return 0
	}
	return rest[1]
}
