package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// CPU is the CPU time that all cgroups of an instance have used together, those that are gone among them: kernels count it in their
// parent. It is zero where there is none yet.
func CPU(root, instance string) (time.Duration, error) {
	mount := filepath.Join(root, "sys", "fs", "cgroup")
	for _, parent := range []string{Parent(instance), Parent(instance) + SliceSuffix} {
		for _, l := range []layout{v2, v1} {
			text, err := os.ReadFile(filepath.Join(mount, l.cpu.controller, parent, l.cpu.name)) //nolint:gosec // the kernel's
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return 0, err
			}
			n, err := parse(text, l.cpu.key)
			if err != nil {
				return 0, fmt.Errorf("CPU time of %s: %w", parent, err)
			}
			return time.Duration(n) * l.cpuScale, nil
		}
	}
	return 0, nil
}
